"""An engine in place of a cluster: this process does the parts, the last one first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext

import pytest

from ner_tui import __version__
from ner_tui.cluster import ray_engine
from ner_tui.cluster.ray_engine import Outcome
from ner_tui.cluster.worker import Worker, row
from ner_tui.session.parts.marks import PartJob, mark_of


def have_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``--ray`` need no Ray, to the end of a test."""
    monkeypatch.setattr(ray_engine, "require_ray", lambda: None)
    monkeypatch.setattr(ray_engine, "cluster", lambda address: nullcontext())
    monkeypatch.setattr(ray_engine, "do_parts", _here)


def _here(jobs: Sequence[PartJob], options: object, *, gpus: int = 0) -> Iterator[Outcome]:
    worker = Worker(options, ".", __version__)  # type: ignore[arg-type]
    for job in reversed(jobs):
        done = worker({"job": [row(job)["job"]]})
        yield Outcome(done["number"][0], mark_of(done["mark"][0]), done["here"][0], done["error"][0])

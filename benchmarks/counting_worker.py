"""A worker of a cluster that writes down each run of its model's graph, for who counts what was computed twice.

A line is written for each batch as soon as it is computed, so that a kill loses none: the number of the part, how many
sub-tokens there are, padding included, a checksum of them, the process, and the time.
"""

from __future__ import annotations

import os
import pickle
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from ner_tui.api.labelling import ModelOptions
from ner_tui.cluster import ray_engine
from ner_tui.cluster.worker import STUCK_AFTER, Worker

_WRITTEN_TO = "NER_TUI_COUNTED"
"""The environment variable that names the file to a worker."""


class CountingWorker(Worker):
    """Labels parts as any worker does; for models that onnxruntime runs."""

    def __init__(self, options: ModelOptions, folder: str, version: str, stuck_after: float = STUCK_AFTER) -> None:
        """See ``Worker``."""
        super().__init__(options, folder, version, stuck_after)
        from onnxruntime import InferenceSession

        out = os.open(os.environ[_WRITTEN_TO], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        run = InferenceSession.run
        self._number = -1

        def counted(session: Any, outputs: Sequence[str], feed: Mapping[str, Any], *rest: Any) -> Any:
            found = run(session, outputs, feed, *rest)
            ids = np.ascontiguousarray(feed["input_ids"])
            what = f"{self._number} {ids.size} {sha256(ids.tobytes()).hexdigest()}"
            os.write(out, f"{what} {os.getpid()} {time.time()}\n".encode())
            return found

        InferenceSession.run = counted

    def __call__(self, rows: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """See ``Worker``."""
        self._number = pickle.loads(rows["job"][0]).number
        return super().__call__(rows)


@contextmanager
def counting(folder: Path) -> Iterator[None]:
    """Have the workers of a cluster that is made while the block runs write down what they compute."""
    with (
        patch.dict(os.environ, {_WRITTEN_TO: str(folder / "computed")}),
        patch.object(ray_engine, "Worker", CountingWorker),
    ):
        yield


@dataclass
class Computed:
    """What workers computed."""

    times: int
    """How often the batch was computed that was computed most often."""
    most: float
    """Sub-tokens that were computed of a part, for each that it has: of the part for which these are most."""
    all: float
    """The same, of all parts together."""
    begun: float
    """When the last process to begin had computed a batch, in seconds of the clock."""
    since: float
    """The share of the sub-tokens that were computed after that."""


def computed(folder: Path) -> Computed:
    """Return what was computed since this was asked last."""
    times: Counter[tuple[int, int, str]] = Counter()
    path = folder / "computed"
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    first: dict[str, float] = {}
    for number, size, batch, process, at in lines:
        times[int(number), int(size), batch] += 1
        first.setdefault(process, float(at))
    path.unlink()
    begun = max(first.values())
    since = sum(int(size) for _, size, _, _, at in lines if float(at) > begun)
    once, done = Counter[int](), Counter[int]()
    for (part, pieces, _), often in times.items():
        once[part] += pieces
        done[part] += pieces * often
    most = max(done[part] / once[part] for part in once)
    return Computed(max(times.values()), most, done.total() / once.total(), begun, since / done.total())

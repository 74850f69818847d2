"""What a worker does where something is wrong: it says so, or ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ner_tui import __version__
from ner_tui.api.labelling import ModelOptions
from ner_tui.cluster.worker import Worker, row
from ner_tui.session.parts.marks import PartJob
from ner_tui.session.parts.planning import ReadingOptions, plan_file

STUCK = """
import time
from ner_tui.cluster.worker import Worker
Worker(None, ".", "1", stuck_after=0.2)._note_alive()
time.sleep(60)
"""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PartJob:
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text("Ada\tB-PER\nleft\tO\n\n")
    plan = plan_file("a.conll", ReadingOptions(), lambda told: None)
    return PartJob(plan, plan.parts[0], str(tmp_path), 0, "conll", "iob2", " ", False, False)


def test_another_version_writes_nothing(job: PartJob) -> None:
    done = Worker(ModelOptions("none"), ".", "0.0")({"job": [row(job)["job"]]})
    assert done["mark"] == [""]
    assert done["error"] == [f"a worker has ner-tui {__version__}, and the command 0.0: install one version"]
    assert not job.text.exists()


def test_a_model_that_is_not_there_is_told(job: PartJob) -> None:
    done = Worker(ModelOptions("no/such folder"), ".", __version__)({"job": [row(job)["job"]]})
    assert done["mark"] == [""]
    assert "no/such folder" in done["error"][0]


def test_a_worker_that_is_stuck_ends() -> None:
    assert subprocess.run([sys.executable, "-c", STUCK], timeout=50, check=False).returncode == 75

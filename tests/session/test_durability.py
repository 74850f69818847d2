"""Durability: what the disk refuses is kept, drawn, counted and undone, and is saved as soon as the disk takes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="limits on the size of files are set in the POSIX way")

SITTING = """
import json, resource, signal, sys
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.rebuild import check_project
from pathlib import Path

folder = Path(sys.argv[1])
source = folder / "text.txt"
source.write_text("Ada met Bob in Bath. " * 200)
def sit():
    return open_session([str(source)], SessionOptions(project=str(folder / "p.ner"), annotator="ada"))
def decided(session):
    return [mark.span.start for mark in session.document.spans(0, len(session.document.text))]
session = sit()
c = session.corrections
said = {}
c.label(0, 3, "PER", cursor=0)
said["before"] = session.unsaved
# What the write-ahead log has grown to is all that it may grow to.
limit = (folder / "p.ner-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
for at in range(1, 41):
    c.label(21 * at, 21 * at + 3, "PER", cursor=21 * at)
said["full"] = session.unsaved
said["because"] = session.unsaved_because
said["drawn"] = len(decided(session))
said["counted"] = session.row().spans
c.undo()
said["undone"] = len(decided(session))
c.redo()
said["retried in vain"] = session.save_pending()
said["drawn then"] = len(decided(session))
import sqlite3
other = sqlite3.connect(folder / "p.ner")
said["on disk"] = other.execute("SELECT count(*) FROM decision").fetchone()[0]
other.close()
if sys.argv[2] == "space":
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said["saved"] = session.save_pending()
    said["left"] = session.unsaved
    c.label(21 * 60, 21 * 60 + 3, "PER", cursor=0)
    said["next"] = session.unsaved
    session.close()
    session = sit()
    said["again"] = len(decided(session))
    while session.corrections.undo():
        pass
    said["all undone"] = len(decided(session))
    session.close()
else:
    session.close()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    session = sit()
    said["again"] = len(decided(session))
    session.close()
said["faults"] = [str(fault) for fault in check_project(folder / "p.ner", [])]
print(json.dumps(said))
"""


def sat(folder: Path, end: str) -> dict[str, object]:
    """What a session on a disk that fills up says; ``end``: whether there is space again before it closes."""
    ran = subprocess.run([sys.executable, "-c", SITTING, str(folder), end], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_edits_on_a_full_disk_are_kept_drawn_and_undone_and_saved_when_there_is_space(tmp_path: Path) -> None:
    said = sat(tmp_path, "space")
    assert said["before"] == 0
    assert said["full"] == 40
    assert said["because"]
    assert (said["drawn"], said["counted"], said["undone"], said["drawn then"]) == (41, 41, 40, 41)
    assert said["retried in vain"] is False
    assert said["on disk"] == 1
    assert (said["saved"], said["left"], said["next"]) == (True, 0, 0)
    assert (said["again"], said["all undone"]) == (42, 0)
    assert said["faults"] == []


def test_what_was_never_saved_is_gone_and_what_was_saved_is_not(tmp_path: Path) -> None:
    said = sat(tmp_path, "no space")
    assert said["again"] == 1
    assert said["faults"] == []

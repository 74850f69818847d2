"""Stamps: a project whose session was killed is what it was, whatever of it had come into its file by then."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ner_tui.store.file.log_stamp import PARTIAL, log_size, put_stamp, stamp_alone, stamp_in
from ner_tui.store.project import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be copied there")


def killed_when_it_had_just_become_partial(folder: Path) -> Path:
    """A project beside the log of a session that was killed before the log could say that all is whole with it."""
    path, killed = folder / "p.ner", folder / "killed.ner"
    project = Project.open(path, create=True)
    with project.transaction():
        project.set_setting("theme", "nord")
    project.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        put_stamp(database, stamp_in(database).next(PARTIAL, stamp_alone(path)))
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", f"{killed}{end}")
    alone = stamp_alone(killed)
    assert alone is not None
    assert (alone.state, bool(log_size(killed))) == (PARTIAL, True)
    return killed


@pytest.mark.parametrize("looked_at", [0, 1, 2])
def test_a_project_of_a_session_that_was_killed_goes_on_however_often_it_was_looked_at_before(
    tmp_path: Path, looked_at: int
) -> None:
    path = killed_when_it_had_just_become_partial(tmp_path)
    for _ in range(looked_at):
        reader = Project.open(path, read_only=True)
        assert reader.setting("theme") == "nord"
        reader.close()
    project = Project.open(path)
    assert project.setting("theme") == "nord"
    project.close()
    assert log_size(path) is None


def killed_with_edits_in_the_log(folder: Path) -> Path:
    """A project beside the log of a session that was killed after it had saved an edit."""
    path, killed = folder / "p.ner", folder / "killed.ner"
    Project.open(path, create=True).close()
    project = Project.open(path)
    with project.transaction():
        project.set_setting("theme", "nord")
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", f"{killed}{end}")
    project.close()
    return killed


def test_who_reads_a_project_whose_session_was_killed_has_its_edits_and_leaves_one_file(tmp_path: Path) -> None:
    path = killed_with_edits_in_the_log(tmp_path)
    reader = Project.open(path, read_only=True)
    assert reader.setting("theme") == "nord"
    reader.close()
    assert [each.name for each in tmp_path.glob("killed*")] == ["killed.ner"]


def test_a_project_that_is_checked_stays_as_its_session_that_was_killed_left_it(tmp_path: Path) -> None:
    path = killed_with_edits_in_the_log(tmp_path)
    kept = (path, Path(f"{path}-wal"))
    before = [each.read_bytes() for each in kept]
    checked = Project.open(path, to_check=True)
    assert (checked.setting("theme"), list(checked.faults())) == ("nord", [])
    checked.close()
    assert [each.read_bytes() for each in kept] == before

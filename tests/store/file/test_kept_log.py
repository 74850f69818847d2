"""The log of a project that is open: what the file is without it, and what is said of a file that wandered."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from ner_tui.errors import ProjectError
from ner_tui.store.file.log_stamp import PARTIAL, WHOLE, log_size, stamp_alone
from ner_tui.store.project import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be moved there")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project that nobody has open."""
    Project.open(tmp_path / "p.ner", create=True).close()
    return tmp_path / "p.ner"


def changed(path: Path, value: str = "nord") -> Project:
    """Open a project and change something in it."""
    project = Project.open(path)
    with project.transaction():
        project.set_setting("theme", value)
    return project


def state(path: Path) -> str:
    """What a file says of itself without what is beside it."""
    alone = stamp_alone(path)
    assert alone is not None
    return alone.state


def theme(path: Path) -> str | None:
    project = Project.open(path, read_only=True)
    try:
        return project.setting("theme")
    finally:
        project.close()


def test_a_file_is_whole_alone_unless_it_is_open(path: Path) -> None:
    assert state(path) == WHOLE
    project = changed(path)
    assert state(path) == PARTIAL
    project.close()
    assert (state(path), theme(path), project.misplaced) == (WHOLE, "nord", "")


def test_a_copy_of_an_open_file_without_its_log_is_refused_and_can_be_checked(path: Path) -> None:
    project, copy = changed(path), path.with_name("copy.ner")
    shutil.copy(path, copy)
    project.close()
    with pytest.raises(ProjectError, match=r"lacks its last edits, which were in copy\.ner-wal"):
        Project.open(copy)
    looked_into = Project.open(copy, to_check=True)
    told = [(fault.kind, fault.where, fault.what) for fault in looked_into.faults()]
    looked_into.close()
    assert told == [("file", "log", "the last edits are missing, with the -wal that was beside it")]


@pytest.mark.parametrize("tries", [True, False])
def test_a_file_that_is_written_over_while_it_is_open_stays_as_it_is_then_and_the_log_is_kept(
    path: Path, tries: bool
) -> None:
    other = path.with_name("other.ner")
    Project.open(other, create=True).close()
    project = changed(path)
    path.write_bytes(other.read_bytes())
    if tries:
        with pytest.raises(ProjectError, match=r"p\.ner was written over while it was open"), project.transaction():
            pass
    project.close()
    assert project.misplaced.startswith("it was written over while it was open")
    assert path.read_bytes() == other.read_bytes()
    assert log_size(path)


def test_a_log_that_is_brought_in_beside_a_reader_of_an_older_state_is_still_that_of_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ner_tui.store.file.kept_log._LIMIT", 200_000)
    project = Project.open(path)

    def put(sign: str) -> None:
        with project.transaction():
            for at in range(30):
                project.set_setting(f"s{at}", sign * 3000)

    put("a")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM setting").fetchone()
    put("b")
    # Of the pages those are there that nobody wrote since the reader began: the first, and not the last that it counts.
    assert stamp_alone(path) is None
    put("c")
    reader.close()
    put("d")
    project.close()
    assert (project.misplaced, state(path)) == ("", WHOLE)
    again = Project.open(path, read_only=True)
    assert {again.setting(f"s{at}") for at in range(30)} == {"d" * 3000}
    again.close()


def test_a_file_that_is_moved_while_it_is_open_holds_all_where_it_is_then(path: Path) -> None:
    project, moved = changed(path), path.with_name("moved.ner")
    path.rename(moved)
    project.close()
    assert project.misplaced.startswith("it was moved, removed or replaced while it was open")
    assert [each.name for each in path.parent.iterdir()] == ["moved.ner"]
    assert theme(moved) == "nord"


def test_what_is_in_a_log_that_is_removed_is_put_into_the_file_as_soon_as_it_is_noticed(path: Path) -> None:
    project = changed(path)
    Path(f"{path}-wal").unlink()
    assert log_size(path) is None
    with pytest.raises(ProjectError, match=r"p\.ner-wal was removed or replaced"), project.transaction():
        pass
    # Then the process ends without leaving: what is on the disk is this.
    killed = path.with_name("killed.ner")
    shutil.copy(path, killed)
    project.close()
    looked_into = Project.open(killed, to_check=True)
    assert looked_into.setting("theme") == "nord"
    looked_into.close()


def test_a_file_that_is_open_by_another_of_its_names_is_refused_with_that_name(path: Path) -> None:
    other, stranger = path.with_name("q.ner"), path.with_name("stranger.ner")
    other.hardlink_to(path)
    Project.open(stranger, create=True).close()
    beside = changed(stranger)
    Project.open(other).close()
    project = changed(path)
    with pytest.raises(ProjectError, match=r"has another name, by which it is open .* in p\.ner-wal: open .*p\.ner$"):
        Project.open(other)
    project.close()
    assert theme(other) == "nord"
    beside.close()

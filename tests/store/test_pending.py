"""Pending changes: what the disk does not take is there for this session, and on disk as soon as it can be."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ner_tui.errors import EditRefused, ProjectError
from ner_tui.store import pending as pending_module
from ner_tui.store.file import log_stamp
from ner_tui.store.project import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the size of files cannot be limited")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.open(tmp_path / "p.ner", create=True)
    made.set_setting("first", "there")
    yield made
    made.close()


@contextmanager
def full_disk(project: Project) -> Iterator[None]:
    """Let no file grow beyond what the project's log has."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = Path(f"{project.path}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def put(project: Project, name: str) -> str:
    def change() -> str:
        project.set_setting(name, "x" * 5000)
        return name

    return project.pending.carry_out(change)


def on_disk(project: Project) -> set[str]:
    other = Project.open(project.path, read_only=True)
    try:
        rows = other._database.execute("SELECT name FROM setting WHERE name <> ?", (log_stamp.SETTING,))
        return {row[0] for row in rows}
    finally:
        other.close()


def test_a_change_is_on_disk_at_once(project: Project) -> None:
    assert put(project, "a") == "a"
    assert (len(project.pending), project.pending.reason, on_disk(project)) == (0, "", {"first", "a"})
    assert project.pending.retry()


def test_what_the_disk_does_not_take_is_seen_here_and_on_disk_when_there_is_room(project: Project) -> None:
    with full_disk(project):
        assert [put(project, name) for name in "abc"] == ["a", "b", "c"]
        assert len(project.pending) == 3
        assert project.pending.reason
        assert project.setting("c") == "x" * 5000
        assert not project.pending.retry()
        assert on_disk(project) == {"first"}
    assert project.pending.retry()
    assert (len(project.pending), project.pending.reason) == (0, "")
    assert on_disk(project) == {"first", *"abc"}
    put(project, "d")
    assert on_disk(project) == {"first", *"abcd"}


def test_the_next_change_takes_along_what_was_pending(project: Project) -> None:
    with full_disk(project):
        put(project, "a")
    put(project, "b")
    assert (len(project.pending), on_disk(project)) == (0, {"first", *"ab"})


def test_with_many_pending_it_is_not_tried_at_each_change(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_module, "_FEW", 2)
    with full_disk(project):
        for name in "ab":
            put(project, name)
    put(project, "c")
    assert (len(project.pending), on_disk(project)) == (3, {"first"})
    assert project.pending.retry()
    assert on_disk(project) == {"first", *"abc"}


def test_a_change_that_fails_beside_pending_ones_leaves_these(project: Project) -> None:
    def fail() -> None:
        project.set_setting("odd", "x")
        raise EditRefused("no")

    with pytest.raises(EditRefused):
        project.pending.carry_out(fail)
    with full_disk(project):
        put(project, "a")
        with pytest.raises(EditRefused):
            project.pending.carry_out(fail)
        assert len(project.pending) == 1
        assert project.setting("odd") is None
    assert project.pending.retry()
    assert on_disk(project) == {"first", "a"}


def test_what_is_wrong_with_the_content_is_not_held_back(project: Project) -> None:
    def change() -> None:
        project._database.execute("INSERT INTO setting VALUES ('first', 'again')")

    with pytest.raises(ProjectError, match="does not hold together"):
        project.pending.carry_out(change)
    assert len(project.pending) == 0


def test_a_project_that_is_looked_at_is_not_changed(project: Project) -> None:
    looking = Project.open(project.path, read_only=True)
    with pytest.raises(EditRefused, match="read-only: nothing can be changed"):
        put(looking, "a")
    looking.close()


def test_what_is_in_no_transaction_any_more_is_made_again(project: Project) -> None:
    with full_disk(project):
        put(project, "a")
        put(project, "b")
    project._database.execute("ROLLBACK")
    assert project.pending.retry()
    assert on_disk(project) == {"first", *"ab"}

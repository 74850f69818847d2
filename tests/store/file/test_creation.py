"""A new project is there when all of it is, and otherwise it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.store.file.creation import discard, making
from ner_tui.store.project import Project


def test_a_project_that_was_made_is_closed_and_there(tmp_path: Path) -> None:
    with making(tmp_path / "p.ner") as project:
        project.set_setting("theme", "nord")
    assert [path.name for path in tmp_path.iterdir()] == ["p.ner"]
    again = Project.open(tmp_path / "p.ner")
    assert again.setting("theme") == "nord"
    again.close()


def test_a_project_that_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), making(tmp_path / "p.ner"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_project_is_taken_away_with_what_sqlite_keeps_beside_it(tmp_path: Path) -> None:
    for name in ("p.ner", "p.ner-wal", "p.ner-shm", "q.ner"):
        (tmp_path / name).write_bytes(b"")
    discard(tmp_path / "p.ner")
    discard(tmp_path / "none.ner")
    assert [path.name for path in tmp_path.iterdir()] == ["q.ner"]

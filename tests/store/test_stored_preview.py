"""A preview of a project file: the document that a person was in, where they stood, and nothing that is odd."""

from __future__ import annotations

from pathlib import Path

import pytest
from store.made import sentences, source

from ner_tui.store.preview import preview
from ner_tui.store.project import Project

TEXT = "Bo met Eve. Al ran."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of two documents, left in the second."""
    project = Project.open(tmp_path / "p.ner", create=True)
    with project.transaction():
        for file, texts in (("/a.txt", ("Ada sat.",)), ("/b.txt", ("Bo met Eve. ", "Al ran."))):
            document = project.content.add_document(project.content.add_source(source(file)), file, "text")
            project.content.add_sentences(document, sentences(*texts))
        project.content.set_cursor(2, 12)
        project.set_setting("document", "2")
    project.close()
    return tmp_path / "p.ner"


def test_the_document_that_was_left_is_shown_where_it_was_left(path: Path) -> None:
    assert preview(path, [], 99) == (TEXT, 12, "")
    project = Project.open(path)
    project.set_setting("theme", "nord")
    project.set_setting("document", "1")
    project.close()
    assert preview(path, [], 99) == ("Ada sat.", 0, "nord")


def test_only_a_document_of_the_files_that_are_asked_for_is_shown(path: Path) -> None:
    assert preview(path, ["/a.txt", "/b.txt"], 99) == preview(path, ["/b.txt"], 99) == (TEXT, 12, "")
    assert preview(path, ["/a.txt"], 99) is None


def test_only_the_beginning_is_read_and_nothing_is_shown_where_the_cursor_is_beyond(path: Path) -> None:
    assert preview(path, [], 13) == (TEXT, 12, "")
    assert preview(path, [], 12) is None


def test_a_project_without_a_document_shows_nothing(tmp_path: Path) -> None:
    Project.open(tmp_path / "p.ner", create=True).close()
    assert preview(tmp_path / "p.ner", [], 99) is None
    assert preview(tmp_path / "none.ner", [], 99) is None

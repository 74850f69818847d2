"""Tables in projects: what a person decides is written beside what the table had, or into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions

TWO_TEXTS = 'id,lead,said\n7,"Ann went off, they say","Ann Lee left, so."\n9,Bo goes home today,Oslo sleeps for now.\n'
WORDS = "Sentence #,Word,POS,Tag\rSentence: 1,Ann,NNP,B-per\r,left,VBD,O\r"


def decided(path: Path, end: int, label: str, *, text: str | None = None) -> Path:
    """Open a file, label its beginning, and return the project."""
    project = path.with_suffix(".ner")
    session = open_session([str(path)], SessionOptions(project=str(project), model="none", read=ReadOptions(text=text)))
    session.open(session.rows()[0].id)
    session.corrections.label(0, end, label, cursor=0)
    session.close()
    return project


def test_metadata_of_a_table_come_back_from_a_project(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TWO_TEXTS)
    project = decided(path, 7, "PER", text="said")
    assert main(["export", str(project), "--to", "csv"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "id,lead,text,spans",
        '7,"Ann went off, they say","Ann Lee left, so.","[{""start"": 0, ""end"": 7, ""label"": ""PER""}]"',
        "9,Bo goes home today,Oslo sleeps for now.,[]",
    ]


def test_a_project_is_made_again_from_the_column_that_was_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TWO_TEXTS)
    project = decided(path, 7, "PER", text="said")
    assert main(["check", str(project)]) == 0
    assert main(["check", str(project), "--rebuild", "-o", str(tmp_path / "b.ner")]) == 0


def test_a_large_table_is_read_on_from_the_column_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ner_tui.session.transfer import adding, indexing
    from ner_tui.store.project import Project

    monkeypatch.setattr(adding, "FIRST", 3)
    path = tmp_path / "a.csv"
    path.write_text(TWO_TEXTS)
    file = decided(path, 7, "PER", text="said")
    project = Project.open(file)
    try:
        for unread in project.bulk_insert.unread():
            assert list(indexing.read_on(project, unread))[-1].notice == ""
        assert [document.words for document in project.content.documents()] == [6, 5]
    finally:
        project.close()


def test_a_table_of_words_comes_back_with_its_tags_corrected(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(WORDS.encode())
    project = decided(path, 3, "ORG")
    for options in ([], ["--to", "csv"]):
        out = tmp_path / "out.csv"
        assert main(["export", str(project), "-o", str(out), *options]) == 0
        assert out.read_bytes().decode() == WORDS.replace("B-per", "B-ORG")

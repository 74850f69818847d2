"""A preview is the text that a session begins with, had without opening one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.session import SessionOptions, open_session
from ner_tui.session.preview import MOST, preview

NEWS = "Ada met Bo in Łódź.\n\nThey left.\n"
TAGGED = "-DOCSTART- O\n\nAda B-PER\nleft O\n\nBo B-PER\n\n-DOCSTART- O\n\nElsewhere O\n"
RECORDS = '{"text": "Ada left.", "spans": []}\n'
FILES = {"news.txt": NEWS, "tagged.conll": TAGGED, "records.jsonl": RECORDS}


@pytest.mark.parametrize("name", FILES)
def test_a_preview_of_a_file_is_the_text_of_its_first_document(tmp_path: Path, name: str) -> None:
    path, project = tmp_path / name, tmp_path / "work.ner"
    path.write_text(FILES[name], encoding="utf-8")
    found = preview(project, [str(path)])
    session = open_session([str(path)], SessionOptions(project=str(project)))
    try:
        assert found is not None
        assert found.text.rstrip() == session.document.text.rstrip()
    finally:
        session.close()


def test_of_a_long_file_it_is_the_beginning_in_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Ada left Łódź.\n" * MOST, encoding="utf-8")
    found = preview(tmp_path / "work.ner", [str(path)])
    assert found is not None
    assert found.text.endswith("Łódź.\n")
    assert len(found.text) <= MOST


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_of_a_line_that_is_longer_it_is_the_whole_characters_it_begins_with(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "line.txt"
    path.write_text("a" + "Łódź" * MOST, encoding=encoding)
    found = preview(tmp_path / "work.ner", [str(path)], encoding=encoding)
    assert found is not None
    assert MOST / 4 < len(found.text) <= MOST
    assert ("a" + "Łódź" * MOST).startswith(found.text)


def test_of_a_project_it_is_the_document_the_person_was_in_and_where(tmp_path: Path) -> None:
    paths = []
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(f"{name} begins. Ada left {name}.\n", encoding="utf-8")
        paths.append(str(tmp_path / name))
    project = tmp_path / "work.ner"
    session = open_session(paths, SessionOptions(project=str(project)))
    session.open(2)
    session.remember_cursor(16)
    session.theme = "nord"
    session.close()
    for asked in ([], paths, paths[1:]):
        found = preview(project, asked)
        assert found is not None
        assert (found.text[: len("two.txt")], found.cursor, found.theme) == ("two.txt", 16, "nord")
    assert preview(project, paths[:1]) is None, "the session will begin elsewhere"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xfd", b"a\0b", b"SQLite format 3\0"])
def test_where_anything_is_amiss_there_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    assert preview(tmp_path / "work.ner", [str(path)]) is None
    assert preview(path, []) is None
    assert preview(tmp_path / "work.ner", [str(tmp_path / "none.txt")]) is None

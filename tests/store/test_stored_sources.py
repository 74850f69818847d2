"""Sources in the project file: the text as it was read, and whatever a stranger's file has in its place."""

from __future__ import annotations

import zlib

import pytest
from store.made import project_of, sentences, source

from ner_tui.domain.annotation.edits import Decision
from ner_tui.domain.spans import Span
from ner_tui.errors import ProjectError
from ner_tui.store import sources as sources_module
from ner_tui.store.content import NewSource, StoredSource
from ner_tui.store.project import Project

ADA = Span(0, 3, "PER")


def test_a_file_is_kept_with_what_is_known_of_it_and_replaced_by_its_path() -> None:
    content = Project.scratch().content
    first = NewSource("/a.conll", "1" * 64, "latin-1", True, "conll", "iob1", "Ada B-PER\n")
    number = content.add_source(first)
    other = content.add_source(source("/b.txt"))
    assert content.source("/a.conll") == StoredSource(number, "/a.conll", "1" * 64, "latin-1", "conll", "1" * 64)
    assert content.source("/c.txt") is None
    assert content.add_source(NewSource("/a.conll", "2" * 64, "utf-8", False, "conllu", None, "new")) == number
    assert content.source_text(number) == "new"
    assert [(each, found.hash, found.had_bom, found.scheme, found.text) for each, found in content.sources()] == [
        (number, "2" * 64, False, None, ""),
        (other, "0" * 64, False, None, ""),
    ]
    assert (content.source_count(), content.schemes()) == (2, set())
    content.add_source(first)
    assert content.schemes() == {"iob1"}
    ((_, again), _) = content.sources()
    assert (again.had_bom, again.encoding, again.format) == (True, "latin-1", "conll")


def test_a_document_knows_its_source() -> None:
    content = Project.scratch().content
    content.add_source(source("/a.txt"))
    document = content.add_document(content.add_source(source("/b.txt")), "d", "tokens")
    assert content.source_of(document).path == "/b.txt"
    assert content.document(document).origin == "tokens"


def test_a_text_in_pieces_is_one_text() -> None:
    project = Project.scratch()
    number = project.content.add_source(source("/a.txt", "Ada \ud800"))
    project.bulk_insert.add_piece(number, 1, "é")
    project.bulk_insert.add_piece(number, 0, "met ")
    assert project.content.source_text(number) == "Ada \ud800met é"
    assert project.bulk_insert.pieces(number) == 2
    project.bulk_insert.forget_pieces(number)
    assert project.content.source_text(number) == "Ada \ud800"


def test_a_file_is_what_it_was_saved_as_last_until_it_is_read_anew() -> None:
    content = Project.scratch().content
    saved, other = (content.add_source(source(path, "as it was read")) for path in ("/a.txt", "/b.txt"))
    content.keep_saved(saved, "1" * 64, ["as it was ", "saved ", "first"])
    content.keep_saved(saved, "2" * 64, ["as it ", "was saved"])
    assert content.saved_hashes() == {saved: "2" * 64}
    stored = content.source("/a.txt")
    assert stored is not None
    assert (stored.hash, stored.on_disk) == ("0" * 64, "2" * 64)
    assert [content.text_on_disk(each) for each in (saved, other)] == ["as it was saved", "as it was read"]
    assert content.source_text(saved) == "as it was read"
    content.add_source(source("/a.txt", "as it is now"))
    assert content.saved_hashes() == {}
    assert content.text_on_disk(saved) == "as it is now"


def test_a_project_of_a_dump_has_no_copy_of_the_text() -> None:
    content = Project.scratch().content
    assert content.has_text(content.add_source(source("/a.txt", "x")))
    assert not content.has_text(content.add_source(source("/b.txt", "")))


@pytest.mark.parametrize("packed", [b"no bytes of zlib", zlib.compress(b"Ada" * 100)[:-4], 7, "Ada"])
def test_a_damaged_copy_is_told_in_a_sentence(packed: object) -> None:
    project = Project.scratch()
    number = project.content.add_source(source("/a.txt", "x"))
    project._database.execute("UPDATE source SET content = ?", (packed,))
    with pytest.raises(ProjectError, match="copy of a file is damaged"):
        project.content.source_text(number)


def test_a_copy_that_unpacks_to_what_no_text_does_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project.scratch()
    number = project.content.add_source(source("/a.txt", "a" * 3000))
    monkeypatch.setattr(sources_module, "_MOST_PACKED", 1)
    monkeypatch.setattr(sources_module, "_ANY_TEXT", 3000)
    assert len(project.content.source_text(number)) == 3000
    monkeypatch.setattr(sources_module, "_ANY_TEXT", 2999)
    with pytest.raises(ProjectError, match="unpacks to more than"):
        project.content.source_text(number)
    # Pieces count together.
    project.bulk_insert.add_piece(number, 0, "a" * 3000)
    monkeypatch.setattr(sources_module, "_ANY_TEXT", 5999)
    with pytest.raises(ProjectError, match="unpacks to more than"):
        project.content.source_text(number)


def test_metadata_stand_by_document_and_by_sentence() -> None:
    table = Project.scratch().metadata
    assert table.is_empty
    table.put_document(1, {"id": "é"})
    table.put_document(1, {"id": 2})
    table.put(1, [(0, {"a": 1}), (9, {"b": None})])
    assert not table.is_empty
    assert (table.of_document(1), table.of_document(2)) == ({"id": 2}, {})
    assert table.of_sentences(1, 0, 9) == {0: {"a": 1}}
    assert table.of_sentences(1, 1, 10) == {9: {"b": None}}
    table.put_document(1, {})
    assert table.of_document(1) == {}
    assert table.of_sentences(1, 0, 10) == {0: {"a": 1}, 9: {"b": None}}


def test_what_a_person_decided_is_counted_by_source() -> None:
    project = project_of(["Ada met Bo."], ["Eve sat."])
    other = project.content.add_source(source("/b.txt"))
    project.content.add_sentences(project.content.add_document(other, "d3", "text"), sentences("Zoe ran."))
    for document, decision in ((1, Decision(ADA)), (2, Decision(ADA)), (2, Decision(Span(4, 7, "X"), "file"))):
        project.items.put(document, decision)
    assert [project.content.decided_in(each) for each in (1, other)] == [2, 0]

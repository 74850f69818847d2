"""Bulk insert: what a file says is there and counted as if it had been put row by row, and how far it was read."""

from __future__ import annotations

import pytest
from store.made import sentences, source

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.edits import Decision, Note, SentenceState
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.store import mention_counts
from ner_tui.store.bulk_insert import UnreadSource, span_text
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import Project

TEXTS = ("Bo met Bo. ", "Bo  left\tRome. ", "Nobody.")
SPANS = ((Span(0, 2, "PER"), Span(7, 9, "ORG")), (Span(11, 13, "PER"), Span(15, 24, "LOC")), ())
NOTE = Note(11, 13, "?")


def block() -> PackedSentences:
    made = PackedSentences()
    first, second, third = sentences(*TEXTS)
    made.add(AnnotatedSentence(first, SPANS[0], status="confirmed", metadata={"id": 1}))
    made.add(AnnotatedSentence(second, SPANS[1], status="in progress", flagged=True, notes=(NOTE,)))
    made.add(AnnotatedSentence(third))
    return made


def in_bulk() -> Project:
    project = Project.scratch()
    owner = project.content.add_source(source())
    document = project.content.add_document(owner, "d", "text")
    project.bulk_insert.begin(owner, "as it is")
    with project.transaction(), project.bulk_insert.triggers_off():
        project.bulk_insert.add(document, block())
    with project.transaction():
        project.bulk_insert.count(source=owner)
    project.bulk_insert.end(owner)
    return project


def one_by_one() -> Project:
    project = Project.scratch()
    document = project.content.add_document(project.content.add_source(source()), "d", "text")
    project.content.add_sentences(document, sentences(*TEXTS))
    project.predictions.add_blocks(document, [SentenceBlock(document, 0, 33, 10)])
    for span in (*SPANS[0], *SPANS[1]):
        project.items.put(document, Decision(span, "file"))
    project.items.put(document, SentenceState(0, "confirmed"))
    project.items.put(document, SentenceState(11, "in progress", True))
    project.items.put(document, NOTE)
    return project


@pytest.mark.parametrize(
    "table", "sentence decision sentence_state note mention mention_by_text label_usage block document".split()
)
def test_the_rows_are_those_that_would_be_there_one_by_one(table: str) -> None:
    ours, theirs = (rows(project, table) for project in (in_bulk(), one_by_one()))
    assert ours == theirs
    assert ours


def rows(project: Project, table: str) -> list[tuple[object, ...]]:
    return project._database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()


def test_the_counts_are_those_that_triggers_would_have_kept() -> None:
    ours, theirs = in_bulk(), one_by_one()
    for document in (0, 1):
        kept = {key: number for key, number in ours.tallies(document).items() if number}
        assert kept == {key: number for key, number in theirs.tallies(document).items() if number}
        assert kept["sentence", ""] == 3
    assert list(ours.faults()) == list(theirs.faults()) == []


def test_one_in_so_many_sentences_with_words_may_be_drawn_by_chance() -> None:
    project = Project.scratch()
    document = project.content.add_document(project.content.add_source(source()), "d", "text")
    many = PackedSentences()
    for sentence in sentences(*(["Ada met Bo. ", "   "] * 60)):
        many.add(AnnotatedSentence(sentence))
    with project.transaction(), project.bulk_insert.triggers_off():
        project.bulk_insert.add(document, many)
    other = Project.scratch()
    other.audits.add(1, [start for start, words in zip(many.starts, many.words, strict=True) if words])
    assert rows(project, "audit") == rows(other, "audit")
    assert rows(project, "audit")


def test_metadata_are_kept_by_sentence() -> None:
    project = in_bulk()
    assert project.metadata.of_sentences(1, 0, 99) == {0: {"id": 1}}


def test_labels_of_words_are_held_against_each_other_once_all_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mention_counts, "_AT_ONCE", 1)
    project = in_bulk()
    project._database.execute("DELETE FROM sentence_state")
    (doubt,) = project.doubts.find(DoubtFilter(reason="mixed"))
    assert (doubt.start, doubt.label, doubt.number, doubt.note) == (7, "ORG", 2, "PER")


def test_what_another_file_says_is_counted_beside_the_first() -> None:
    project = in_bulk()
    owner = project.content.add_source(source("/b.txt"))
    document = project.content.add_document(owner, "e", "text")
    with project.transaction(), project.bulk_insert.triggers_off():
        project.bulk_insert.add(document, block())
    with project.transaction():
        project.bulk_insert.count(source=owner)
    assert list(project.faults()) == []
    assert len(rows(project, "mention_by_text")) == 2 * len(rows(in_bulk(), "mention_by_text"))


@pytest.mark.parametrize("most", [1, 2, 3, 9])
def test_mentions_are_counted_a_few_at_a_time_and_once(most: int) -> None:
    project = in_bulk()
    whole = rows(project, "label_usage")
    project._database.execute("DELETE FROM label_usage")
    project._database.execute("DELETE FROM mention_by_text")
    counts = project.bulk_insert.mention_counts
    for _ in range(2):
        counts.sort(source=1)
        assert counts.waiting == 4
        with project.transaction(), project.bulk_insert.triggers_off():
            counts.count(most)
        assert counts.waiting == max(0, 4 - most)
        while counts.waiting:
            with project.transaction(), project.bulk_insert.triggers_off():
                counts.count(most)
        assert rows(project, "label_usage") == whole
    counts.sort(source=9)
    assert counts.waiting == 0
    counts.sort(document=1)
    assert counts.waiting == 4


def test_how_far_a_file_has_been_read_is_known_until_it_is_there_whole() -> None:
    project = Project.scratch()
    owner = project.content.add_source(source("/a.txt"))
    other = project.content.add_source(source("/b.txt"))
    bulk = project.bulk_insert
    for each in (other, owner):
        bulk.begin(each, "plain")
        bulk.add_piece(each, 0, "more")
    bulk.reach(owner, 2, 17)
    assert bulk.unread() == [
        UnreadSource(owner, "/a.txt", 2, 17, "plain"),
        UnreadSource(other, "/b.txt", 0, 0, "plain"),
    ]
    bulk.begin(owner, "otherwise")
    assert bulk.unread()[0] == UnreadSource(owner, "/a.txt", 0, 0, "otherwise")
    assert (bulk.pieces(owner), bulk.pieces(other)) == (0, 1)
    bulk.end(owner)
    assert [each.source for each in bulk.unread()] == [other]


def test_a_file_that_is_read_anew_has_not_brought_suggestions_yet() -> None:
    project = in_bulk()
    project.predictions.add_given(1, 0, 33, [], "m", time=0.0)
    assert project.predictions.words(beside_given=False) == 0
    project.bulk_insert.begin(1, "")
    assert project.predictions.words(beside_given=False) == 10


def test_problems_are_told_once() -> None:
    project = in_bulk()
    for _ in range(2):
        project.bulk_insert.add_problems(1, [(26, 32, "odd"), (26, 32, "odder")])
    assert project.doubts.problems(1, 0, 99) == [(26, 32, "odd"), (26, 32, "odder")]


@pytest.mark.parametrize(("words", "text"), [("New\r\n  York", "New York"), ("a b", "a b"), (" \ta", " a")])
def test_white_space_of_a_span_is_single_spaces(words: str, text: str) -> None:
    assert span_text(words) == text

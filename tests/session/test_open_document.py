"""The open document: where tokens, sentences and marks stand, and which stretch of a long one is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ner_tui.domain.annotation.edits import Note, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span, Token
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session import open_document as module
from ner_tui.session.drawn_spans import SentenceCounts
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXT = "Ada met Bo.\n\nEve left Rome. She\nwas tired of it all.\n"
EVE = TEXT.index("Eve")
SHE = TEXT.index("She")
ROME = Span(TEXT.index("Rome"), TEXT.index("Rome") + 4, "LOC")
ADA = Span(0, 3, "PER")


def suggest(folder: Path, *said: Suggestion) -> None:
    project = Project.open(folder / "p.ner")
    run = project.predictions.begin(PredictionRun("m", "m", "", ""), time=0.0)
    block = project.predictions.block_at(1, 0)
    assert block is not None
    assert project.predictions.save(block, 0, run, said)
    project.close()


def opened(folder: Path, text: str = TEXT) -> Session:
    (folder / "a.txt").write_text(text)
    return open_session([str(folder / "a.txt")], SessionOptions(project=str(folder / "p.ner"), annotator="ada"))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened(tmp_path).close()
    suggest(
        tmp_path,
        Suggestion(ADA, 0.9, 0.8, (), 1),
        Suggestion(Span(8, 10, "PER"), 0.3, -0.2, (), 1),
        Suggestion(ROME, 0.6, 0.1, (), 1),
    )
    made = opened(tmp_path)
    yield made
    made.close()


def test_what_only_touches_a_stretch_is_not_drawn_on_it(session: Session) -> None:
    def drawn(start: int, end: int) -> list[Span]:
        return [each.span for each in session.document.spans(start, end)]

    assert drawn(0, 3) == drawn(2, 4) == drawn(0, 1) == [ADA]
    assert drawn(3, 8) == []
    assert drawn(ROME.end, len(TEXT)) == drawn(EVE, ROME.start) == []
    assert drawn(ROME.end - 1, len(TEXT)) == drawn(EVE, ROME.start + 1) == [ROME]
    assert session.document.span_at(3) is session.document.span_at(ROME.start - 1) is None
    found = session.document.span_at(2)
    assert found is not None
    assert found.span == ADA


def test_tokens_are_found_by_number_and_by_offset(session: Session) -> None:
    tokens = session.document.tokens
    assert len(tokens) == 15
    assert (tokens[0], tokens[2]) == (Token(0, 3), Token(8, 10))
    assert [tokens.at(offset) for offset in (-1, 0, 2, 3, 4, 10, 11, EVE)] == [0, 0, 0, 0, 1, 3, 3, 4]
    assert [tokens.first_from(offset) for offset in (0, 2, 3, 4, 11, len(TEXT))] == [0, 0, 1, 1, 4, 15]


def test_words_lines_and_sentences_are_those_of_the_text(session: Session) -> None:
    document = session.document
    assert (document.text, document.length) == (TEXT, len(TEXT))
    assert document.words(4, 10) == "met Bo"
    assert document.words(9, 5) == ""
    assert [document.line(offset) for offset in (0, 10, EVE, SHE, SHE + 4, len(TEXT) - 1)] == [1, 1, 3, 3, 4, 4]
    assert [document.sentence_range(offset) for offset in (0, EVE - 1, EVE, SHE)] == [
        (0, EVE), (0, EVE), (EVE, SHE), (SHE, len(TEXT)),
    ]  # fmt: skip
    assert [document.sentence_start(offset) for offset in (EVE - 1, EVE, len(TEXT) + 9)] == [0, EVE, SHE]
    assert document.sentence_at(EVE).words == ["Eve", "left", "Rome", "."]
    assert document.sentence_starts(0, SHE) == [0, EVE]
    assert document.sentence_starts(1, SHE + 1) == [EVE, SHE]


def test_suggestions_are_drawn_by_what_they_are_to_a_reviewer(session: Session) -> None:
    document = session.document
    assert [(each.span, each.kind) for each in document.spans(0, len(TEXT))] == [
        (ADA, "suggested"),
        (ROME, "suggested"),
    ]
    assert document.suggestion_at(8) is None
    assert session.next_places.span(0, 1) == ROME.start
    assert session.row().doubts == 1
    assert session.faint_mode.switch()
    assert session.next_places.span(0, 1) == 8
    assert session.row().doubts == 1
    assert [(each.span, each.kind, each.score, each.doubtful) for each in document.spans(0, len(TEXT))] == [
        (ADA, "suggested", 0.9, False),
        (Span(8, 10, "PER"), "below", 0.3, False),
        (ROME, "suggested", 0.6, True),
    ]
    assert [each.span for each in document.spans(3, 9)] == [Span(8, 10, "PER")]
    assert document.spans(3, 8) == []
    assert [document.suggestion_at(offset) is None for offset in (0, 2, 3, 8, 10)] == [False, False, True, False, True]


def test_a_conflict_is_drawn_behind_the_decision_it_is_about(session: Session) -> None:
    session.corrections.label(0, 7, "ORG", cursor=0)
    session.corrections.undo()
    session.corrections.label(0, 3, "ORG", cursor=0)
    document = session.document
    drawn = document.spans(0, 4)
    assert [(each.span.label, each.kind) for each in drawn] == [("ORG", "decided")]
    at = document.span_at(0)
    assert at is not None
    assert (at.kind, at.score) == ("decided", None)
    assert document.span_at(3) is None


def test_states_notes_and_problems_are_told_by_where_they_begin(session: Session) -> None:
    session.corrections.accept(ROME.start)
    session.corrections.confirm(EVE)
    session.corrections.flag(0)
    session.corrections.note(4, 7, "where?", cursor=4)
    document = session.document
    assert document.sentence_state(EVE + 3) == SentenceState(EVE, "confirmed")
    assert document.sentence_state(2) == SentenceState(0, "untouched", True)
    assert document.sentence_state(SHE) == SentenceState(SHE, "untouched")
    assert document.notes(4, 5) == [Note(4, 7, "where?")]
    assert document.notes(5, 20) == document.notes(0, 4) == []
    assert document.problems(0, len(TEXT)) == []


def test_what_is_wrong_with_the_tags_of_a_file_is_told_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "b.conll").write_text("Ada B-PER\nmet O\n\nBo I-LOC\nleft O\n")
    document = open_session([str(tmp_path / "b.conll")], SessionOptions(project=str(tmp_path / "q.ner"))).document
    [(start, end, what)] = document.problems(0, document.length)
    assert (document.words(start, end), "I-LOC" in what) == ("Bo", True)
    assert document.problems(0, start) == []
    assert document.problems(start, end) == [(start, end, what)]


def test_what_is_read_in_one_go_covers_what_is_inside(session: Session) -> None:
    document = session.document
    document.look_at(5, 20)
    assert document.covers(5, 20)
    assert document.covers(6, 19)
    assert not document.covers(4, 20)
    assert not document.covers(5, 21)
    session.faint_mode.switch()
    assert [each.span.start for each in document.spans(5, 20)] == [8]
    assert [each.span.start for each in document.spans(0, 20)] == [0, 8]


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A document of a hundred sentences of ten characters, of which forty on either side are in memory."""
    for name, size in (("WHOLE", 200), ("HALF", 40), ("MARGIN", 15)):
        monkeypatch.setattr(module, name, size)
    made = opened(tmp_path, "".join(f"Ada {at:03}. \n" for at in range(100)))
    yield made
    made.close()


def test_of_a_long_document_a_stretch_around_the_reader_is_in_memory(long: Session) -> None:
    document = long.document
    size = document.length // 100
    assert document.stretch.start == 0
    assert document.stretch.end < 80
    assert not document.show(document.stretch.end - 15)
    assert document.show(500)
    held = document.stretch
    assert held.start <= 460 < held.start + size
    assert held.end - size < 540 <= held.end
    assert not document.show(500)
    assert document.show(held.end - 14)
    assert document.show(document.length - 1)
    assert document.stretch.end == document.length
    assert document.holds(document.length - 1)


def test_sentences_have_numbers_wherever_the_reader_goes_unless_counting_takes_long(
    long: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = long.document
    size = document.length // 100
    for at in (0, 50, 99, 30, 31, 2):
        document.show(size * at)
        assert document.sentence_number(size * at + 1) == at + 1
    # What is out of memory is not looked at.
    assert document.sentence_number(size * 60) is None
    monkeypatch.setattr(module, "COUNTED", 100)
    document.show(size * 90)
    assert document.sentence_number(size * 90) is None
    document.show(0)
    assert document.sentence_number(0) == 1


def test_what_is_suggested_in_a_sentence_is_counted_beside_what_of_it_is_doubtful(session: Session) -> None:
    document = session.document
    document.look_at(0, document.length)
    assert document.counts(0, EVE) == SentenceCounts(decided=0, suggested=1, doubtful=0)
    assert document.counts(EVE, SHE) == SentenceCounts(decided=0, suggested=1, doubtful=1)
    session.corrections.label(EVE, EVE + 3, "PER", cursor=EVE)
    assert document.counts(EVE, SHE) == SentenceCounts(decided=1, suggested=1, doubtful=1)


def test_a_conflict_is_counted_as_doubtful_and_not_as_suggested(tmp_path: Path) -> None:
    def conll() -> Session:
        (tmp_path / "a.conll").write_text("Ada B-PER\nmet O\nBo O\n")
        return open_session([str(tmp_path / "a.conll")], SessionOptions(project=str(tmp_path / "p.ner")))

    conll().close()
    suggest(tmp_path, Suggestion(Span(0, 3, "ORG"), 0.9, 0.8, (), 1))
    session = conll()
    session.document.look_at(0, session.document.length)
    assert session.document.counts(*session.document.sentence_range(0)) == SentenceCounts(
        decided=1, suggested=0, doubtful=1
    )
    session.close()


def test_a_sentence_is_counted_by_what_is_drawn_on_it(session: Session, tmp_path: Path) -> None:
    document = session.document
    document.look_at(0, document.length)
    session.corrections.label(0, 3, "PER", cursor=0)
    session.corrections.label(8, 10, "LOC", cursor=8)
    assert document.counts(*document.sentence_range(0)) == (2, 0, 0)
    document.look_at(0, 1)
    assert document.counts(*document.sentence_range(0)) == (0, 0, 0)


def test_what_is_not_in_memory_is_read(long: Session) -> None:
    document = long.document
    size, text = document.length // 100, "".join(f"Ada {at:03}. \n" for at in range(100))
    assert document.words(900, 930) == text[900:930]
    assert document.text == text
    document.show(500)
    assert document.words(500, 510) == text[500:510]
    assert [document.line(size * at) for at in (0, 45, 50, 99)] == [1, 46, 51, 100]
    assert document.sentence_range(size * 90 + 3) == (size * 90, size * 91)
    assert document.sentence_start(3) == 0
    assert document.sentence_starts(size * 88, size * 90) == [size * 88, size * 89]


def test_a_boundary_that_was_moved_is_seen_and_the_text_stays(session: Session) -> None:
    revision = session.document.revision
    session.corrections.move_boundary(EVE)
    assert session.document.sentence_range(0) == (0, SHE)
    assert session.document.text == TEXT
    assert [session.document.sentence_number(at) for at in (0, EVE, SHE)] == [1, 1, 2]
    assert session.document.revision > revision
    session.corrections.split_token(0, 1)
    assert session.document.tokens[0] == Token(0, 1)

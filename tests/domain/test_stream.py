"""A stream of documents: each with what stands between its head and the next one's."""

from __future__ import annotations

from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem, by_document

ONE, TWO, EMPTY = DocumentStart("a", "text"), DocumentStart("b", "tokens", 7), DocumentStart("c", "text")
FIRST, SECOND = (AnnotatedSentence(Sentence(4 * at, "Ada ", (Token(4 * at, 4 * at + 3),))) for at in range(2))
PROBLEM = Problem("b", 9, "a guess")
STREAM: list[StreamItem] = [Problem("a", 1, "before all"), ONE, FIRST, SECOND, TWO, PROBLEM, FIRST, EMPTY]


def test_each_document_has_what_stands_behind_its_head() -> None:
    assert [(head, list(rest)) for head, rest in by_document(STREAM)] == [
        (ONE, [FIRST, SECOND]),
        (TWO, [PROBLEM, FIRST]),
        (EMPTY, []),
    ]


def test_what_nobody_took_is_passed_over() -> None:
    assert [(head, next(rest, None)) for head, rest in by_document(STREAM)] == [
        (ONE, FIRST),
        (TWO, PROBLEM),
        (EMPTY, None),
    ]


def test_a_stream_without_a_document_has_none() -> None:
    assert list(by_document([PROBLEM])) == list(by_document([])) == []


def test_a_problem_is_told_with_its_file_and_line() -> None:
    assert str(PROBLEM) == "b:9: a guess"


def test_a_document_begins_in_the_first_line_and_a_sentence_is_untouched_unless_it_is_said() -> None:
    assert (ONE.line, TWO.line, ONE.metadata) == (1, 7, {})
    assert (FIRST.sentence.line, FIRST.status, FIRST.flagged, PROBLEM.lost) == (1, "untouched", False, False)

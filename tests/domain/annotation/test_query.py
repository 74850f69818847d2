"""Queries: how a person writes them, and what of a sentence answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.edits import Decision, Note, SentenceState
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.query import Query, in_sentence, parse
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.errors import InputError

TEXT = "Ada left New\nYork for Paris in 1999. "
WORDS = [Token(0, 3), Token(4, 8), Token(9, 12), Token(13, 17), Token(18, 21), Token(22, 27), Token(28, 30)]
SENTENCE = Sentence(0, TEXT, (*WORDS, Token(31, 35), Token(35, 36)))
HOOD = Neighbourhood(
    "text",
    (SENTENCE,),
    decisions=(Decision(Span(0, 3, "PER")),),
    suggestions=(Suggestion(Span(9, 17, "LOC"), 0.9, 0.8), Suggestion(Span(22, 27, "LOC"), 0.5, 0.01)),
    states=(SentenceState(0, "in progress", flagged=True),),
    notes=(Note(22, 27, "which one?"),),
)


def found(query: str) -> list[str]:
    return [TEXT[start:end] for start, end in in_sentence(parse(query), HOOD, SENTENCE)]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("new york", ["New\nYork"]),
        ("New york", []),
        ('"left New"', ["left New"]),
        ("par", ["Par"]),
        (r"/\d+/", ["1999"]),
        (r"/New\s+Yo", ["New\nYo"]),
        ("/x*/", []),
        ("label:LOC", ["New\nYork", "Paris"]),
        ("label:loc is:doubtful", ["Paris"]),
        ("is:suggested", ["New\nYork", "Paris"]),
        ("is:decided", ["Ada"]),
        ("is:decided is:doubtful", ["Ada", "Paris"]),
        ("score:<0.7", ["Paris"]),
        ("score:>=0.9", ["New\nYork"]),
        ("score:<0.5", []),
        ("score:<=0.5", ["Paris"]),
        ("score:>0.5", ["New\nYork"]),
        ("score:>0.9", []),
        ("score:>=0", ["New\nYork", "Paris"]),
        ("score:<=1", ["New\nYork", "Paris"]),
        ("score:0-1", ["New\nYork", "Paris"]),
        ("score:.904", ["New\nYork"]),
        ("score:.91", []),
        ("score:0.2-0.6", ["Paris"]),
        ("score:.9", ["New\nYork"]),
        ("label:LOC ar", ["ar"]),
        ("label:LOC new", ["New"]),
        ("label:PER a", ["A", "a"]),
        (r"label:LOC /\s/", ["\n"]),
        (r"is:noted /[sr ]/", ["r", "s"]),
        ("is:noted", ["Paris"]),
        ("is:noted label:PER", []),
        ("is:flagged", [TEXT.strip()]),
        ("is:flagged left", ["left"]),
        ("is:confirmed left", []),
        ('"label:LOC"', []),
    ],
)
def test_what_answers_a_query(query: str, hits: list[str]) -> None:
    assert found(query) == hits


@pytest.mark.parametrize(
    ("query", "alone"), [("new york", True), ("label:PER ada", False), ("is:flagged ada", False), ("is:decided", False)]
)
def test_words_and_expressions_are_looked_for_in_the_text_alone(query: str, alone: bool) -> None:
    assert parse(query).text_only == alone


@pytest.mark.parametrize(
    ("query", "anchor"), [("in new york", "york"), ("Äsop in Rom", "Äsop"), ("äsop in rom", ""), ("/rom/", "")]
)
def test_a_sentence_is_known_by_the_longest_word_unless_its_capitals_are_not_of_ascii(query: str, anchor: str) -> None:
    assert parse(query).anchor == anchor


def test_a_note_belongs_to_the_sentence_that_it_touches() -> None:
    first = Sentence(0, "来た。", (Token(0, 2), Token(2, 3)))
    second = Sentence(3, "次。", (Token(3, 4), Token(4, 5)))
    hood = Neighbourhood("text", (first, second), notes=(Note(2, 3, "?"), Note(3, 5, "!")))
    places = [list(in_sentence(parse("is:noted"), hood, each)) for each in (first, second)]
    assert places == [[(2, 3)], [(3, 5)]]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("/(/", "this expression cannot be read: missing )"),
        ("a /b/", "look for words or for one /expression/"),
        ("label:", "which label? write label:LOC"),
        ("score:much", "which scores? write score:<0.7"),
        ("is:odd", "is: takes one of suggested, decided"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(query: str, reason: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(query)
    assert str(raised.value).startswith(reason)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("query", ["", "  ", "/", "//", '"', '""'])
def test_a_query_that_asks_for_nothing_is_empty(query: str) -> None:
    assert parse(query).empty


def test_a_label_with_a_space_is_quoted() -> None:
    assert parse('label:"Work of art"') == Query(label="work of art")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_query_or_one_sentence_of_error(text: str) -> None:
    try:
        list(in_sentence(parse(text), HOOD, SENTENCE))
    except InputError as refused:
        assert str(refused)  # noqa: PT017


@given(st.text(min_size=1, max_size=20).filter(lambda text: '"' not in text and text.strip()))
def test_quoted_words_find_themselves(text: str) -> None:
    whole = Sentence(0, text, (Token(0, len(text)),))
    assert list(in_sentence(parse(f'"{text}"'), Neighbourhood("text", (whole,)), whole))

"""Sentences as other tools give them: each begins with a word, and together they are the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.spans import Token
from ner_tui.formats.standoff.given_sentences import sentences_at

TEXT = " Ada left.  Bob ran."
ADA, BOB = 1, 12


def texts(*starts: int) -> list[str] | None:
    found = sentences_at(starts, TEXT, None)
    return None if found is None else [TEXT[each.start : each.end] for each in found]


@pytest.mark.parametrize(
    ("starts", "first"),
    [
        ((ADA, BOB), " Ada left.  "),
        ((BOB, 0), " Ada left.  "),
        ((BOB,), " Ada left.  "),
        # Before its first word, within that, and in the blanks behind the sentence before.
        ((0, BOB - 1), " Ada left.  "),
        ((0, BOB + 2), " Ada left.  "),
        ((0, 10), " Ada left.  "),
        # Behind a word is before the next one.
        ((0, 4), " Ada "),
        ((0, 9), " Ada left"),
    ],
)
def test_a_sentence_begins_with_the_word_at_or_behind_its_start(starts: tuple[int, ...], first: str) -> None:
    assert texts(*starts) == [first, TEXT[len(first) :]]


def test_starts_that_lead_to_one_word_are_one_and_behind_the_last_there_is_none() -> None:
    assert texts(0, 1, 2) == [TEXT]
    assert texts(0, BOB, BOB + 1, len(TEXT)) == [" Ada left.  ", "Bob ran."]
    assert texts(len(TEXT)) is None
    assert texts() is None
    assert sentences_at([0], "  ", None) is None


def test_tokens_that_are_given_count_and_blanks_among_them_begin_nothing() -> None:
    found = sentences_at([0, 5], "a" + TEXT[1:], [Token(0, 1), Token(1, 9), Token(9, 12), Token(12, 20)]) or []
    assert [(each.start, each.end) for each in found] == [(0, 1), (1, 20)]
    (only,) = sentences_at([0, 5], TEXT, [Token(0, 1), Token(1, 20)]) or []
    assert (only.start, only.end) == (0, 20)


@given(st.lists(st.integers(0, 25), max_size=6))
def test_together_they_are_the_text(starts: list[int]) -> None:
    found = texts(*starts)
    assert found is None or "".join(found) == TEXT
    assert found is None or all(each.strip() for each in found)

"""Occurrences: which places of a sentence say the same words."""

from __future__ import annotations

import re

import pytest

from ner_tui.domain.annotation.occurrences import Matching, Pattern
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token

BASE = 100


def found(pattern: str, text: str, matching: Matching) -> list[str]:
    """Find in a sentence whose tokens are words and single signs, somewhere in a document."""
    tokens = tuple(Token(BASE + m.start(), BASE + m.end()) for m in re.finditer(r"\w+|[^\w\s]", text))
    places = Pattern(pattern, matching).find(Sentence(BASE, text, tokens))
    return [text[start - BASE : end - BASE] for start, end in places]


@pytest.mark.parametrize(
    ("pattern", "text", "hits"),
    [
        ("New York", "New York, New\n  York and new york", ["New York", "New\n  York"]),
        ("New York", "NewYork", []),
        ("York", "Yorkshire York New-York", ["York", "York"]),
        ("York", "Yorks", []),
        ("ork", "York", []),
        ("a.b", "a.b axb", ["a.b"]),
        ("a a", "a a a a a", ["a a", "a a"]),
        ("", "Ada", []),
        ("  ", "Ada", []),
    ],
)
def test_the_same_words_are_found_as_whole_tokens(pattern: str, text: str, hits: list[str]) -> None:
    assert found(pattern, text, Matching()) == hits


def test_with_folded_case_small_and_capital_letters_are_the_same() -> None:
    assert found("york", "York YORK york", Matching()) == ["york"]
    assert found("york", "York YORK york", Matching(fold_case=True)) == ["York", "YORK", "york"]


@pytest.mark.parametrize(
    ("pattern", "text", "hits"),
    [
        ("ork", "New York!", ["York"]),
        ("ew Yo", "in New York!", ["New York"]),
        ("a", "banana bar", ["banana", "bar"]),
    ],
)
def test_inside_of_tokens_a_match_is_widened_to_them_and_given_once(pattern: str, text: str, hits: list[str]) -> None:
    assert found(pattern, text, Matching(whole_tokens=False)) == hits


def test_a_match_that_touches_no_token_is_passed_over() -> None:
    sentence = Sentence(0, "a\u200b b\u200b", (Token(0, 1),))
    assert list(Pattern("\u200b", Matching(whole_tokens=False)).find(sentence)) == []
    assert list(Pattern("b", Matching(whole_tokens=False)).find(sentence)) == []


@pytest.mark.parametrize(
    ("pattern", "fold_case", "anchor"),
    [
        ("in New York", False, "York"),
        ("in Łódź", False, "Łódź"),
        ("in Łódź", True, ""),
        ("in Lodz", True, "Lodz"),
        ("", True, ""),
    ],
)
def test_the_longest_word_is_the_anchor_unless_its_case_cannot_be_folded(
    pattern: str, fold_case: bool, anchor: str
) -> None:
    assert Pattern(pattern, Matching(fold_case=fold_case)).anchor == anchor

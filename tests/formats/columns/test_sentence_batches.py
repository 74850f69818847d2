"""Many sentences at a time, as columns."""

from __future__ import annotations

import pytest

from ner_tui.domain.schemes import EDGE
from ner_tui.formats.columns.sentence_batches import LONGEST, SentenceBatch


def batch(*sentences: list[tuple[str, str]], line: int = 1, between: list[int] | None = None) -> SentenceBatch:
    rows = [row for sentence in sentences for row in [*sentence, ("", EDGE)]]
    words, tags = (list(column) for column in zip(*rows, strict=True))
    return SentenceBatch(words, tags, line, between or [])


ADA, LEFT, LONG, TOO_LONG = ("Ada", "B-PER"), ("left", "O"), ("x" * LONGEST, "O"), ("x" * (LONGEST + 1), "O")


@pytest.mark.parametrize(
    ("sentences", "valid"),
    [
        ([[ADA, LEFT], [LEFT]], 2),
        ([[LONG], [LONG, ADA]], 2),
        ([[LONG], [ADA, TOO_LONG], [LEFT]], 1),
        ([[TOO_LONG]], 0),
        ([[ADA], [LEFT], [("Bo", "I-PER")]], 2),
        ([[ADA], [("Bo", "I-PER")], [TOO_LONG]], 1),
        ([[ADA], [TOO_LONG], [("Bo", "I-PER")]], 1),
    ],
)
def test_sentences_count_up_to_the_first_with_a_problem_or_a_word_too_long(
    sentences: list[list[tuple[str, str]]], valid: int
) -> None:
    made = batch(*sentences)
    assert made.count_valid("iob2") == valid
    if valid:
        assert made.first(valid).count_valid("iob2") == valid


def test_lines_count_what_stands_between_and_an_empty_one_behind_each_sentence() -> None:
    made = batch([ADA, LEFT], [LEFT], line=5, between=[1, 3])
    assert (made.line, made.last, made.sentences) == (6, 11, 2)
    assert list(made.bounds()) == [(0, 2, 6), (3, 4, 11)]

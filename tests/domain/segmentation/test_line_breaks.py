"""Line breaks: a break was meant where the next word would have fitted, which the lines around it tell."""

from __future__ import annotations

import pytest

from ner_tui.domain.segmentation.character_kinds import fold
from ner_tui.domain.segmentation.line_breaks import ends_sentence

WIDE = "w" * 60


def is_meant(before: str, after: str) -> bool:
    """Whether the line break between two texts ends a sentence."""
    folded = fold(f"{before}\n{after}")
    return ends_sentence(folded, len(before))


@pytest.mark.parametrize(("length", "meant"), [(54, True), (55, False)])
@pytest.mark.parametrize(
    ("above", "after"), [(f"{WIDE}\n", "Rome."), (f"\n{WIDE}\n", "Rome."), ("", f"Rome. {'w' * 54}")]
)
def test_how_long_a_line_may_be_is_told_by_the_line_above_and_the_line_below(
    above: str, after: str, length: int, meant: bool
) -> None:
    assert is_meant(f"{above}{'w' * length}", after) is meant


@pytest.mark.parametrize("word", ["I", "Rome", "Springfield"])
def test_a_break_was_meant_as_long_as_the_next_word_would_have_fitted_behind_a_blank(word: str) -> None:
    fitting = len(WIDE) - len(f" {word}")
    assert is_meant(f"{WIDE}\n{'w' * fitting}", word)
    assert not is_meant(f"{WIDE}\n{'w' * (fitting + 1)}", word)


@pytest.mark.parametrize(("above", "below"), [(f"{WIDE}\nw\n", ""), (f"{WIDE}\n\n", ""), ("", f"\n{WIDE}")])
def test_lines_further_off_do_not_tell_how_long_a_line_may_be(above: str, below: str) -> None:
    assert not is_meant(f"{above}{'w' * 40}", f"Rome.{below}")


def test_white_space_at_the_end_of_a_line_does_not_make_it_longer() -> None:
    assert is_meant(f"{WIDE}\n{'w' * 54}  ", "Rome.")


@pytest.mark.parametrize(("length", "meant"), [(33, True), (34, False), (35, False)])
@pytest.mark.parametrize(("wide", "next_line"), ["中国", "ひが", "カタ", "한국"])
def test_lines_without_blanks_may_end_two_characters_early(wide: str, next_line: str, length: int, meant: bool) -> None:
    assert is_meant(f"{wide * 36}\n{wide * length}", f"{next_line * 9}。") is meant

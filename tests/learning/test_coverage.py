"""Which sentences teach most: those that many others are like, and nothing decided is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.learning.coverage import choices, traits, vectors

DRUGS = ["She took aspirin daily", "She took codeine daily", "She took insulin daily"]
TOWNS = ["Paris lies in France", "Rome lies in Italy"]
OTHER = "42 %"


def order(candidates: list[str], decided: list[str]) -> list[tuple[str, int]]:
    rows = vectors([traits(each.split()) for each in [*candidates, *decided]])
    found = choices(rows[: len(candidates)], rows[len(candidates) :])
    return [(candidates[number], others) for number, _, others in found]


def test_first_comes_what_most_are_like_and_then_what_that_is_not_like() -> None:
    (first, alike), (second, _), *rest = order([OTHER, *TOWNS, *DRUGS], [])
    assert first in DRUGS
    assert alike >= 2
    assert second in TOWNS
    assert rest[0][0] == OTHER


def test_what_is_like_something_decided_waits() -> None:
    assert order([*DRUGS, *TOWNS], ["She took warfarin daily"])[0][0] in TOWNS
    assert order([*DRUGS, *TOWNS], ["Oslo lies in Norway"])[0][0] in DRUGS


def test_the_case_of_words_makes_no_difference_to_what_they_are_but_to_how_they_look() -> None:
    one, same, shouted = vectors([traits(each.split()) for each in ("the cat sat", "the cat sat", "THE CAT SAT")])
    assert np.allclose(one, same)
    assert 0 < one @ shouted < 1 - 1e-3


@given(st.lists(st.lists(st.text(min_size=1, max_size=4), max_size=5), min_size=1, max_size=8))
def test_all_come_once_and_what_each_brings_is_never_more_than_the_one_before(sentences: list[list[str]]) -> None:
    rows = vectors([traits(words) for words in sentences])
    found = list(choices(rows, rows[:1]))
    assert sorted(number for number, _, _ in found) == list(range(len(sentences)))
    gains = [gain for _, gain, _ in found]
    assert all(later <= before + 1e-4 for before, later in pairwise(gains))

"""The audit: chance that can be repeated, an interval that holds what it promises, and what counts as a correction."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.edits import Decision, Item, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.evaluation.auditing import Estimate, chance_rank, corrects, interval
from ner_tui.domain.spans import Span

ADA = Span(0, 3, "PER")


@pytest.mark.parametrize(
    ("wrong", "checked", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (2, 40, 0.0061, 0.1692),
        (5, 100, 0.0164, 0.1128),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_clopper_and_pearsons(wrong: int, checked: int, low: float, high: float) -> None:
    assert interval(wrong, checked) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 3000), st.data())
def test_the_interval_holds_the_share_that_was_seen(checked: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, checked))
    low, high = interval(wrong, checked)
    assert 0 <= low <= wrong / checked <= high <= 1


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("checked", [20, 100])
def test_in_simulated_projects_the_truth_lies_within_the_bounds_at_least_95_times_in_100(
    share: float, checked: int
) -> None:
    chance = random.Random(f"{share} {checked}")
    intervals = [interval(wrong, checked) for wrong in range(checked + 1)]
    held = 0
    projects = 2000
    for _ in range(projects):
        wrong = sum(chance.random() < share for _ in range(checked))
        low, high = intervals[wrong]
        held += low <= share <= high
    assert held / projects >= 0.945


def test_an_estimate_speaks_of_the_sentences_that_are_left() -> None:
    estimate = Estimate.of(40, 2, 2000)
    assert estimate.expected == 100
    assert estimate.bounds == (12, 339)
    assert Estimate.of(0, 0, 50).bounds == (0, 50)


def test_chance_is_the_same_everywhere_and_even() -> None:
    assert chance_rank(7, 3, 120) == chance_rank(7, 3, 120)
    assert chance_rank(7, 3, 120) != chance_rank(8, 3, 120)
    assert sum(chance_rank(0, 1, offset) % 8 == 0 for offset in range(8000)) == pytest.approx(1000, abs=120)


def test_accepting_and_confirming_correct_nothing() -> None:
    suggestion = Suggestion(ADA, 0.9, 0.8)
    assert not corrects((suggestion,), (Decision(ADA), SentenceState(0, "confirmed")), 0, 20)


@pytest.mark.parametrize(
    ("removed", "added"),
    [
        ((Suggestion(ADA, 0.9, 0.8),), (Rejection(ADA),)),
        ((), (Decision(ADA),)),
        ((Suggestion(ADA, 0.9, 0.8),), (Decision(Span(0, 3, "ORG")),)),
        ((Suggestion(ADA, 0.2, -0.6),), (Decision(ADA),)),
        ((Decision(ADA, "file"),), (Rejection(ADA),)),
    ],
)
def test_whatever_changes_an_export_is_a_correction_of_its_sentence_alone(
    removed: tuple[Item, ...], added: tuple[Item, ...]
) -> None:
    assert corrects(removed, added, 0, 20)
    assert not corrects(removed, added, 20, 40)


def test_the_rank_fits_into_a_column_of_the_project() -> None:
    ranks = [chance_rank(0, 1, offset) for offset in range(200)]
    assert len(set(ranks)) == 200
    assert 1 << 62 < max(ranks) < 1 << 63


def test_the_share_is_of_the_checked_ones() -> None:
    assert Estimate.of(40, 2, 100).share == 0.05
    assert (Estimate.of(0, 0, 10).share, Estimate.of(0, 0, 10).expected) == (0, 0)


@pytest.mark.parametrize(
    ("removed", "added", "is_correction"),
    [
        # What was too faint to be exported: to reject it changes nothing.
        ((Suggestion(ADA, 0.39, -0.2),), (Rejection(ADA),), False),
        ((Suggestion(ADA, 0.4, -0.2),), (Rejection(ADA),), True),
        ((), (Rejection(ADA),), False),
        ((Suggestion(ADA, 0.9, 0.8),), (), False),
        ((Decision(ADA),), (Decision(ADA, "file"),), True),
        ((SentenceState(0, "untouched", True),), (SentenceState(0, "confirmed"),), False),
    ],
)
def test_what_leaves_an_export_as_it_was_is_no_correction(
    removed: tuple[Item, ...], added: tuple[Item, ...], is_correction: bool
) -> None:
    assert corrects(removed, added, 0, 20) is is_correction


@pytest.mark.parametrize(("start", "end", "counted"), [(0, 1, True), (2, 9, True), (3, 9, False)])
@pytest.mark.parametrize("side", [((Decision(ADA),), ()), ((), (Decision(ADA),))])
def test_a_correction_is_one_of_the_stretch_it_shares_a_character_with(
    side: tuple[tuple[Item, ...], tuple[Item, ...]], start: int, end: int, counted: bool
) -> None:
    assert corrects(*side, start, end) is counted


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("checked", [1, 40])
def test_where_none_or_all_were_wrong_the_bound_has_a_formula(checked: int, confidence: float) -> None:
    bound = 1 - ((1 - confidence) / 2) ** (1 / checked)
    assert interval(0, checked, confidence) == pytest.approx((0, bound))
    assert interval(checked, checked, confidence) == pytest.approx((1 - bound, 1))

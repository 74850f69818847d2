"""The audit: chance that can be repeated, an interval that holds what it promises, and what counts as a correction."""

from __future__ import annotations

import random
from math import comb, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.edits import Decision, Item, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.evaluation.auditing import (
    FEW,
    MANY,
    Audited,
    Estimate,
    bounds_of,
    chance_rank,
    changes,
    corrects,
    opens_blind,
)
from ner_tui.domain.spans import Span

ADA = Span(0, 3, "PER")


@given(st.integers(1, 400), st.integers(0, 5000), st.data())
def test_the_bounds_hold_what_was_seen_and_no_more_than_there_is(checked: int, left: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, checked))
    low, high = bounds_of(wrong, checked, left)
    assert 0 <= low <= round(wrong / checked * left) <= high <= left


@given(st.integers(1, 40), st.integers(1, 60), st.sampled_from([0.5, 0.95]), st.data())
def test_the_bounds_are_those_of_all_numbers_tried_one_by_one(
    checked: int, left: int, confidence: float, data: st.DataObject
) -> None:
    wrong = data.draw(st.integers(0, checked))

    def log_beta(one: float, other: float) -> float:
        return lgamma(one) + lgamma(other) - lgamma(one + other)

    def log_share(of: int, some: int, few: float, many: float) -> float:
        """Return the log of the beta-binomial probability."""
        return log(comb(of, some)) + log_beta(some + few, of - some + many) - log_beta(few, many)

    ratios = [
        log_share(checked + left, wrong + more, FEW, MANY) - log_share(left, more, FEW + wrong, MANY + checked - wrong)
        for more in range(left + 1)
    ]
    # A number that is just on the limit may be on either side of it, as its sum is rounded.
    strict, lax = (
        [more for more, ratio in enumerate(ratios) if ratio < -log(1 - confidence) + slack] for slack in (-1e-9, 1e-9)
    )
    low, high = bounds_of(wrong, checked, left, confidence)
    assert lax[0] <= low <= strict[0] <= strict[-1] <= high <= lax[-1]


@pytest.mark.thorough
@pytest.mark.parametrize("wrong", [0, 20, 100, 400])
def test_in_simulated_projects_the_truth_lies_within_the_bounds_at_every_look_95_times_in_100(wrong: int) -> None:
    chance, total, projects, held = random.Random(wrong), 2_000, 300, 0
    sentences = [number < wrong for number in range(total)]
    for _ in range(projects):
        seen, always = 0, True
        for checked, is_wrong in enumerate(chance.sample(sentences, 150), 1):
            seen += is_wrong
            low, high = bounds_of(seen, checked, total - checked)
            always = always and low <= wrong - seen <= high
        held += always
    assert held / projects >= 0.95


def test_more_that_was_looked_at_says_more() -> None:
    widths = [high - low for low, high in (bounds_of(checked // 20, checked, 2000) for checked in (20, 100, 400))]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 200


def test_an_estimate_speaks_of_the_sentences_that_are_left() -> None:
    estimate = Estimate.of(40, 2, 2000)
    assert estimate.expected == 100
    assert estimate.bounds == bounds_of(2, 40, 2000)
    assert Estimate.of(0, 0, 50).bounds == (0, 50)
    assert Estimate.of(50, 3, 0).bounds == (0, 0)


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
        # To say of what stands there that it is right changes nothing either.
        ((Decision(ADA, "file"),), (Decision(ADA),), False),
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


def test_spans_that_are_gone_and_new_are_told_by_what_came_of_all_edits() -> None:
    ada, bob, cleo = ADA, Span(4, 7, "PER"), Span(8, 12, "ORG")
    edits: list[tuple[tuple[Item, ...], tuple[Item, ...]]] = [
        ((Decision(ada, "file"),), (Decision(Span(0, 3, "ORG")),)),
        ((Suggestion(bob, 0.9, 0.8),), (Decision(bob),)),
        ((), (Decision(cleo),)),
        ((Decision(Span(0, 3, "ORG")),), (Decision(Span(0, 3, "LOC")),)),
        ((Suggestion(Span(13, 15, "LOC"), 0.2, -0.6),), (Rejection(Span(13, 15, "LOC")),)),
    ]
    assert changes(edits, 0, 20) == (1, 2)
    assert changes(edits, 20, 40) == (0, 0)
    assert changes([*edits, ((Decision(cleo),), ())], 0, 20) == (1, 1)


def test_the_f1_of_an_export_goes_with_the_errors_that_are_left() -> None:
    estimate = Estimate.of_audited(Audited(100, 10, removed=10, added=15), left=900, exported=2_000)
    low, high = estimate.bounds
    assert estimate.f1 is not None

    def f1(sentences: int) -> float:
        right, wrong, missing = 2_000 - sentences, sentences, 1.5 * sentences
        return 2 * right / (2 * right + wrong + missing)

    assert list(estimate.f1) == pytest.approx([f1(high), f1(low)])
    assert Estimate.of_audited(Audited(0, 0), 900, 2_000).f1 is None
    assert Estimate.of_audited(Audited(900, 0), 0, 2_000).f1 == (1, 1)


def test_how_much_suggestions_sway_is_the_difference_of_what_was_corrected_without_and_with_them() -> None:
    estimate = Estimate.of_audited(Audited(120, 15, blind=(20, 10)), 900, 2_000)
    assert estimate.sway is not None
    difference, low, high = estimate.sway
    assert difference == pytest.approx(10 / 20 - 5 / 100)
    # Agresti and Caffo: a success and a failure more for either.
    center, reach = 11 / 22 - 6 / 102, 1.96 * (0.5 * 0.5 / 22 + 6 / 102 * 96 / 102 / 102) ** 0.5
    assert (low, high) == pytest.approx((center - reach, center + reach))
    assert Estimate.of_audited(Audited(100, 5), 900, 2_000).sway is None


def test_a_tenth_is_opened_blind() -> None:
    assert sum(opens_blind(1, offset) for offset in range(4_000)) == pytest.approx(400, abs=70)

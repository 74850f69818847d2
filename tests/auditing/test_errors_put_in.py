"""Errors that are put into annotations to learn from, and what is learnt."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.auditing.evidence import NAMES, sigmoid
from ner_tui.auditing.gold import USUAL, weights_of
from ner_tui.auditing.injecting import with_error
from ner_tui.auditing.weighing import EvidenceWeights

WORDS = [f"w{number}" for number in range(10)]


@settings(max_examples=examples(200))
@given(st.integers(), st.sampled_from([((0, 2, "X"),), ((0, 1, "X"), (1, 3, "Y")), ((4, 10, "Y"),)]))
def test_one_span_is_another_or_gone(seed: int, spans: tuple[tuple[int, int, str], ...]) -> None:
    wrong, (first, end) = with_error(WORDS, spans, ["X", "Y"], Random(seed))
    assert set(wrong) != set(spans)
    assert len(set(spans) - set(wrong)) == 1
    assert list(wrong) == sorted(wrong)
    assert all(one[1] <= other[0] for one, other in pairwise(wrong))
    assert all(first <= span[0] and span[1] <= end for span in set(spans) ^ set(wrong))
    assert all(0 <= span[0] < span[1] <= len(WORDS) for span in wrong)


def test_where_there_is_one_label_no_other_is_given() -> None:
    assert all(
        label == "X" for seed in range(50) for _, _, label in with_error(WORDS, ((0, 2, "X"),), ["X"], Random(seed))[0]
    )


def test_each_piece_of_evidence_has_a_usual_weight() -> None:
    assert len(USUAL.of) == len(NAMES)


def test_without_examples_the_weights_stay() -> None:
    assert USUAL.fitted([], []) == USUAL


def test_many_examples_outweigh_what_was_thought_before() -> None:
    before = EvidenceWeights((-1.0,), 0.0)
    after = before.fitted([(1.0,), (-1.0,)] * 500, [True, False] * 500)
    assert after.of[0] > 1
    few = before.fitted([(1.0,), (-1.0,)], [True, False])
    assert -1 < few.of[0] < 0


def evidence(likelier: float) -> tuple[float, ...]:
    return (likelier, *(0.0 for _ in NAMES[1:]))


def probabilities_of(
    many: list[tuple[float, ...]], wrong: list[tuple[float, ...]], settled: list[tuple[float, ...]], expected: float
) -> list[float]:
    weights = weights_of(many, wrong, settled, expected)
    return [sigmoid(weights.log_odds(each)) for each in many]


def test_what_looks_like_the_errors_that_were_put_in_is_likely() -> None:
    many = [evidence(-4.0)] * 300 + [evidence(8.0)] * 3
    chances = probabilities_of(many, [evidence(8.0)] * 200, [], expected=5)
    assert min(chances[-3:]) > 0.5 > 0.05 > max(chances[:300])


def test_what_a_person_confirmed_speaks_against_what_looks_alike() -> None:
    many, wrong = [evidence(-4.0)] * 300 + [evidence(6.0)] * 5, [evidence(8.0)] * 100
    asked = probabilities_of(many, wrong, [], expected=5)
    told = probabilities_of(many, wrong, [evidence(6.0)] * 40, expected=5)
    assert told[-1] < asked[-1]

"""What answers say of the possible errors that are left."""

from __future__ import annotations

import pytest

from ner_tui.auditing.answers import Answerable, after_answers
from ner_tui.auditing.evidence import sigmoid
from ner_tui.auditing.weighing import EvidenceWeights

WEIGHTS = EvidenceWeights((0.5,), -1.0)


def error(value: float, change: str = "LOC → ORG", words: str = "") -> Answerable:
    return Answerable((value,), change, lambda: words)


def test_without_answers_the_audit_has_the_say() -> None:
    assert after_answers(WEIGHTS, [], [error(4.0)]) == [pytest.approx(sigmoid(1.0))]


@pytest.mark.parametrize("wrong", [True, False])
def test_an_answer_speaks_of_the_same_change_and_more_of_the_same_words(wrong: bool) -> None:
    answered = [
        (error(4.0, words="Leeds"), wrong),
        (error(4.0, words="Leeds"), wrong),
        (error(4.0, words="Hull"), wrong),
    ]
    places = [
        error(2.0, words="leeds"),
        error(2.0, words="York"),
        error(2.0, "LOC → PER", "Leeds"),
        error(2.0, "no entity → ORG"),
    ]
    same, change, *others = after_answers(WEIGHTS, answered, places)
    assert others == [pytest.approx(sigmoid(0.0), abs=0.02)] * 2
    sign = 1 if wrong else -1
    assert sign * (same - change) > 0.05
    assert sign * (change - others[0]) > 0.01


def test_that_the_likeliest_are_not_right_does_not_turn_the_order_of_others_round() -> None:
    answered = [(error(8.0 + number / 10), False) for number in range(30)]
    chances = after_answers(WEIGHTS, answered, [error(value, "no entity → PER") for value in (0.0, 2.0, 4.0, 6.0)])
    assert chances == sorted(chances)


def test_words_are_asked_for_only_where_an_answer_is_about_the_change() -> None:
    def unasked() -> str:
        raise AssertionError

    answered = [(error(4.0, words="Leeds"), True)]
    assert len(after_answers(WEIGHTS, answered, [Answerable((1.0,), "PER → ORG", unasked)])) == 1

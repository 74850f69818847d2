"""The gate: the model's own reading stays unless another one is so much likelier that it was mostly right elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.gate import SHUT, STEPS, TwoReadings, find_gate
from ner_tui.learning.learner import fit
from ner_tui.learning.lessons import Lesson, TagTable
from ner_tui.learning.prior import ModelView

TABLE = TagTable(["PER", "ORG"])
HELD = np.arange(5)
PER = frozenset([(0, 1, "PER")])
NOTHING = frozenset[tuple[int, int, str]]()


def reading(person: float, learnt: float, *, words: int = 1) -> TwoReadings:
    """Return a sentence whose first word is a person by these log odds, for the model and with what was learnt."""
    prior, scores = np.full((2, words, 5), -9.0, np.float32)
    prior[:, 0] = scores[:, 0] = 0.0
    prior[0, 1], scores[0, 1] = person, learnt
    return TwoReadings(prior, scores, HELD)


def test_it_is_shut_where_nothing_was_repaired() -> None:
    assert find_gate([], [], TABLE.tags) == SHUT
    assert find_gate([reading(2, 1)] * 50, [PER] * 50, TABLE.tags) == SHUT
    assert find_gate([reading(2, -3)] * 50, [PER] * 50, TABLE.tags) == SHUT, "it would have broken what was right"


def test_it_opens_as_far_as_it_repairs_and_does_not_break() -> None:
    repaired, broken = [reading(-1, 2.5)] * 12, [reading(2, -1.2)] * 4
    assert find_gate(repaired, [PER] * 12, TABLE.tags) == 2.0
    assert find_gate([*repaired, *broken], [PER] * 16, TABLE.tags) == 2.0
    assert find_gate([*repaired, *[reading(2, -3.0)] * 8], [PER] * 20, TABLE.tags) == SHUT


def test_a_few_repairs_may_be_chance() -> None:
    assert find_gate([reading(-1, 5)] * 1, [PER], TABLE.tags) == SHUT
    assert find_gate([reading(-1, 5)] * 12, [PER] * 12, TABLE.tags) == max(step for step in STEPS if step < 5)


def test_what_is_found_too_much_counts_against() -> None:
    both = [reading(-1, 5)] * 12
    assert find_gate(both, [PER] * 6 + [NOTHING] * 6, TABLE.tags) == SHUT


@pytest.mark.parametrize(("gate", "is_through"), [(1.0, True), (3.0, False), (SHUT, False)])
def test_where_it_holds_the_model_is_as_sure_as_it_was(gate: float, is_through: bool) -> None:
    one = reading(-1, 2)
    found = one.through(gate)[0]
    expected = one.scores[0] if is_through else one.prior[0]
    assert found - found[0] == pytest.approx(expected - expected[0])


def test_what_was_learnt_may_make_the_model_surer_and_not_less_sure() -> None:
    surer, less = reading(1, 3), reading(3, 1)
    assert (surer.through(1.0) == surer.scores).all()
    assert surer.through(SHUT)[0, 1] - surer.through(SHUT)[0, 0] == 1
    assert less.through(1.0)[0, 1] - less.through(1.0)[0, 0] == 3


def test_a_span_is_let_through_whole() -> None:
    one = reading(-1, 4, words=3)
    one.scores[1, 2] = 0.5
    assert (one.through(2.0)[:2] == one.scores[:2]).all()
    assert (one.through(2.0)[2] == one.prior[2]).all()


def test_labels_that_the_model_does_not_know_pass() -> None:
    one = TwoReadings(reading(-1, 2).prior, reading(-1, 2).scores, np.array([0, 1, 2]))
    one.scores[0, 3] = 5
    found = one.through(SHUT)[0]
    assert found[3] == 5
    assert found[1] - found[0] == -1


def test_a_model_that_is_right_is_never_overruled_by_chance() -> None:
    """States that say nothing, a model that finds every person: what was learnt changes no reading."""
    draw = np.random.default_rng(4)
    lessons, known = [], []
    for _ in range(60):
        probabilities = np.tile(np.array([0.96, 0.03, 0.01], np.float32), (8, 1))
        at = int(draw.integers(8))
        probabilities[at] = (0.3, 0.68, 0.02)
        lessons.append(Lesson(tuple(f"w{draw.integers(40)}" for _ in range(8)), ((at, at + 1, "PER"),)))
        known.append(
            ModelView(probabilities, draw.standard_normal((8, 6)).astype(np.float16), frozenset(lessons[-1].spans))
        )
    learner = fit(lessons[:40], known[:40], TagColumns.of(["O", "B-PER", "I-PER"]))
    assert learner.gate == SHUT
    for rows, said in zip(
        learner.probabilities([one.words for one in lessons[40:]], known[40:]), known[40:], strict=True
    ):
        assert rows == pytest.approx(said.probabilities, abs=1e-3)

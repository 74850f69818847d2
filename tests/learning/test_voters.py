"""The learner's voters, each by itself: the head, the memory, the transitions, the features."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from ner_tui.learning.features import MOST, Projection
from ner_tui.learning.head import fit_head, minimise
from ner_tui.learning.lessons import FloatArray, Lesson, TagTable
from ner_tui.learning.memory import Memory
from ner_tui.learning.mixing import EVERY, counts_of, mixing
from ner_tui.learning.transitions import NEVER, marginals, transitions_of

TABLE = TagTable(["PER", "ORG"])
NONE, B_PER, I_PER, B_ORG, I_ORG = range(5)


def lesson(text: str, *spans: tuple[int, int, str], whole: bool = True) -> Lesson:
    return Lesson(tuple(text.split()), spans, is_whole=whole)


def test_the_least_of_a_quadratic_is_found() -> None:
    draw = np.random.default_rng(1)
    root = draw.standard_normal((20, 20))
    matrix, goal = root @ root.T + np.eye(20), draw.standard_normal(20)

    def loss(here: np.ndarray) -> tuple[float, np.ndarray]:
        away = here - goal
        return float(away @ matrix @ away) / 2, matrix @ away

    assert minimise(loss, np.zeros(20), np.full(20, 20.0), steps=200) == pytest.approx(goal, abs=0.05)


def examples() -> tuple[np.ndarray, np.ndarray]:
    """Words of two kinds: those with a positive first feature are persons."""
    rows = np.random.default_rng(3).standard_normal((60, 4)).astype(np.float32)
    return rows, (rows[:, 0] > 0)


def allowed_of(persons: np.ndarray) -> np.ndarray:
    allowed = np.zeros((len(persons), 5), np.bool_)
    allowed[persons, B_PER] = allowed[~persons, NONE] = True
    return allowed


ALONE = np.eye(5, dtype=np.float32)
"""No tag learns from another."""
FLAT = np.zeros((60, 5), np.float32)


def test_a_head_learns_what_tells_the_tags_apart() -> None:
    rows, persons = examples()
    found = fit_head(rows, FLAT, allowed_of(persons), ALONE).logits(rows).argmax(axis=1)
    assert (found == np.where(persons, B_PER, NONE)).mean() > 0.9


def test_words_of_which_nothing_is_known_change_nothing() -> None:
    rows, persons = examples()
    allowed = allowed_of(persons)
    alone = fit_head(rows[:30], FLAT[:30], allowed[:30], ALONE)
    allowed[30:] = True
    beside = fit_head(rows, FLAT, allowed, ALONE)
    assert beside.weights == pytest.approx(alone.weights, abs=1e-4)


def test_without_lessons_a_head_says_nothing() -> None:
    rows, _ = examples()
    assert not fit_head(rows, FLAT, np.ones((60, 5), np.bool_), ALONE).logits(rows).any()


def test_a_word_that_stands_for_two_counts_twice() -> None:
    rows, persons = examples()
    twice, both = np.concatenate((rows, rows[:10])), np.concatenate((persons, persons[:10]))
    repeated = fit_head(twice, np.zeros((70, 5), np.float32), allowed_of(both), ALONE)
    counts = np.ones(60, np.float32)
    counts[:10] = 2
    counted = fit_head(rows, FLAT, allowed_of(persons), ALONE, counts)
    assert counted.weights == pytest.approx(repeated.weights, abs=1e-3)


def test_a_prior_is_believed_the_more_the_closer_the_weights_are_held() -> None:
    rows, persons = examples()
    wrong = FLAT.copy()
    wrong[:, B_ORG] = 3.0
    free, held = (fit_head(rows, wrong, allowed_of(persons), ALONE * scale).weights for scale in (1.0, 0.03))
    assert np.abs(held).sum() < 0.2 * np.abs(free).sum()


def test_tags_that_are_mixed_learn_together() -> None:
    rows, persons = examples()
    head, apart = (fit_head(rows, FLAT, allowed_of(persons), mixed) for mixed in (mixing(TABLE, (), 1.0), ALONE))
    # What begins a person is likelier to be inside one, and to begin an organisation, than to be in nothing.
    assert head.weights[0, I_PER] > apart.weights[0, I_PER] + 0.05
    assert head.weights[0, B_ORG] > apart.weights[0, B_ORG] + 0.05
    assert head.weights[0, I_PER] > head.weights[0, I_ORG]


def test_labels_that_the_model_knows_are_held_closer() -> None:
    free, held = mixing(TABLE, ["PER"], 1.0), mixing(TABLE, ["PER"], 10.0)
    assert held[B_PER, B_PER] < 0.5 * free[B_PER, B_PER]
    assert held[NONE, NONE] == free[NONE, NONE], "O is what the other label is told from, too"
    assert held[B_ORG, B_ORG] == pytest.approx(free[B_ORG, B_ORG], rel=0.2)


def test_of_many_words_that_are_surely_in_no_span_some_stand_for_all() -> None:
    allowed = TABLE.allowed(lesson(" ".join("abcdefghijkl"), (0, 1, "PER")))
    sure = np.ones(12, np.bool_)
    sure[11] = False
    assert counts_of(allowed, sure).tolist() == [1, 1, EVERY, 0, 0, 0, 0, 0, 0, 0, EVERY, 1]
    assert counts_of(allowed, np.zeros(12, np.bool_)).tolist() == [1] * 12


@pytest.mark.parametrize(
    ("one", "rows"),
    [
        (lesson("Ada left", (0, 1, "PER")), [[B_PER], [NONE]]),
        (lesson("Ada Lovelace left", (0, 2, "PER")), [[B_PER], [I_PER], [NONE]]),
        (lesson("Ada left", (0, 1, "PER"), whole=False), [[B_PER], [NONE, B_PER, I_PER, B_ORG, I_ORG]]),
        (Lesson(("Ada",), (), ((0, 1, "PER"),), is_whole=False), [[NONE, B_ORG, I_ORG]]),
        (Lesson(("Ada", "X"), (), ((0, 2, "PER"),), is_whole=False), [[NONE, I_PER, B_ORG, I_ORG], [0, 1, 2, 3, 4]]),
    ],
)
def test_what_is_decided_says_which_tags_a_word_may_have(one: Lesson, rows: list[list[int]]) -> None:
    assert [np.flatnonzero(row).tolist() for row in TABLE.allowed(one)] == rows


def hits(memory: Memory, text: str) -> list[tuple[int, int, str]]:
    return [span for span, _ in memory.hits(text.split())]


def test_a_string_is_remembered_the_longest_first_and_without_its_case() -> None:
    known = [lesson(text, (0, 3, "ORG")) for text in ("Bank of Ghana said", "Bank of Ghana rose")]
    memory = Memory.of([*known, lesson("Bank Ghana fell", (0, 2, "ORG"))], [()] * 3)
    assert hits(memory, "the BANK OF GHANA today") == [(1, 4, "ORG")]
    assert hits(memory, "Bank Ghana fell") == [(0, 2, "ORG")]
    assert not hits(memory, "a bank")


def test_a_word_that_is_mostly_in_no_span_is_not_spoken_of() -> None:
    known = [lesson("May came", (0, 1, "PER")), lesson("May be"), lesson("May I"), lesson("Ada ran", (0, 1, "PER"))]
    known += [lesson("Ada came", (0, 1, "PER"))]
    memory = Memory.of(known, [()] * len(known))
    assert hits(memory, "May and Ada") == [(2, 3, "PER")]


def test_a_label_that_would_break_more_than_it_mends_is_silent() -> None:
    known = [lesson("Ada came", (0, 1, "PER")), lesson("Ada ran", (0, 1, "PER"))]
    # The model finds them itself: nothing is gained.
    assert not hits(Memory.of(known, [[(0, 1, "PER")]] * 2, ["PER"]), "Ada sang")
    assert hits(Memory.of(known, [()] * 2, ["PER"]), "Ada sang")


def all_sequences(scores: FloatArray, transitions: np.ndarray) -> np.ndarray:
    """Return what `marginals` is to find of a sentence, by going through all sequences of five tags."""
    found = np.zeros(scores.shape)
    for tags in product(range(5), repeat=len(scores)):
        steps = zip((5, *tags), tags, strict=False)
        chance = np.exp(sum(scores[at, tag] for at, tag in enumerate(tags)) + sum(transitions[a, b] for a, b in steps))
        for at, tag in enumerate(tags):
            found[at, tag] += chance
    found /= found.sum(axis=1, keepdims=True)
    return found


def test_marginals_are_those_of_all_sequences_of_each_sentence() -> None:
    transitions = transitions_of(TABLE)
    assert transitions[NONE, I_PER] == transitions[B_ORG, I_PER] == transitions[5, I_PER] == NEVER
    assert transitions[B_PER, I_PER] == transitions[I_PER, I_PER] == transitions[I_PER, B_PER] == 0
    draw = np.random.default_rng(5)
    several = [draw.standard_normal((words, 5)).astype(np.float32) for words in (2, 4, 0, 1, 4, 3)]
    found = marginals(several, transitions)
    assert [len(rows) for rows in found] == [2, 4, 0, 1, 4, 3]
    for scores, rows in zip(several, found, strict=True):
        assert rows == pytest.approx(all_sequences(scores, transitions), abs=1e-5)


def test_features_keep_what_varies_and_know_their_neighbours_and_their_sentence() -> None:
    draw = np.random.default_rng(2)
    latent = draw.standard_normal((400, 3))
    states = (latent @ draw.standard_normal((3, 50)) * 4 + 7).astype(np.float16)
    projection = Projection.of(states)
    own = projection.own(states[:5])
    features = Projection.features(own, [5])
    width = own.shape[1]
    assert features.shape == (5, 4 * width)
    assert not features[0, width : 2 * width].any()
    assert features[1, width : 2 * width] == pytest.approx(own[0] / 2, abs=1e-2)
    assert features[3, 2 * width : 3 * width] == pytest.approx(own[4] / 2, abs=1e-2)
    assert features[3, 3 * width :] == pytest.approx(own.mean(axis=0, dtype=np.float32), abs=1e-2)
    # Sentences, some without a word, do not reach into each other.
    parts = [Projection.features(some, [len(some)]) for some in (own[:2], own[:0], own[2:])]
    assert Projection.features(own, [2, 0, 3]) == pytest.approx(np.concatenate(parts), abs=1e-6)
    # Distances between words are kept up to one scale.
    apart = [np.linalg.norm(a - b) for a, b in ((own[0], own[1]), (own[2], own[3]))]
    spread = states.astype(np.float32).std(axis=0)
    true = [np.linalg.norm((states[a] - states[b]) / spread) for a, b in ((0, 1), (2, 3))]
    assert apart[0] / apart[1] == pytest.approx(true[0] / true[1], rel=0.05)


@pytest.mark.parametrize(
    "states",
    [
        pytest.param(np.full((40, 12), 3.0), id="all alike"),
        pytest.param(np.zeros((1, 12)), id="one word"),
        pytest.param(np.column_stack((np.arange(40.0), np.full((40, 11), 7.0))), id="one channel varies"),
        pytest.param(np.full((40, 12), np.nan), id="no numbers"),
        pytest.param(np.where(np.arange(480).reshape(40, 12) == 5, np.inf, 1.0), id="one beyond all bounds"),
    ],
)
def test_states_that_say_little_are_no_reason_for_wild_numbers(states: np.ndarray) -> None:
    projection = Projection.of(states.astype(np.float16))
    for seen in (states, states + 1, np.full((3, 12), np.inf), np.full((3, 12), 60_000.0)):
        own = projection.own(seen.astype(np.float16))
        assert np.isfinite(own).all()
        assert np.abs(own).max() <= MOST

"""Neighbours: a word is likely to be what the decided words are that are most like it."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from learning.test_learner import NEWS, TEXTS, taught

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.head import Head
from ner_tui.learning.learner import fit
from ner_tui.learning.lessons import BoolArray, FloatArray
from ner_tui.learning.neighbours import MOST, NONE, WEIGHT, Neighbours

TAGS = 3


def decided(*tags: int) -> BoolArray:
    return np.eye(TAGS, dtype=np.bool_)[list(tags)]


def words(*angles: float) -> FloatArray:
    """Return states of words in two dimensions; the smaller the angle between two, the more alike they are."""
    return np.array([[np.cos(each), np.sin(each)] for each in angles], np.float32)


def made(features: FloatArray, allowed: BoolArray) -> Neighbours:
    found = Neighbours.of(features, allowed, np.ones(len(features), np.float32))
    assert found is not None
    return found


def test_the_most_alike_word_counts_most() -> None:
    near = made(words(0.0, 1.5), decided(1, 2))
    assert near.logits(words(0.1, 1.4)).argmax(axis=1).tolist() == [1, 2]


def test_how_long_a_state_is_does_not_matter() -> None:
    near = made(words(0.0, 1.5), decided(1, 2))
    np.testing.assert_allclose(near.logits(7 * words(0.1)), near.logits(words(0.1)), rtol=1e-5)
    assert np.isfinite(near.logits(np.zeros((1, 2), np.float32))).all()


def test_a_tag_that_no_neighbour_has_is_unlikely_and_not_excluded() -> None:
    (found,) = made(words(0.0), decided(1)).logits(words(0.0))
    np.testing.assert_allclose(found, WEIGHT * np.log(np.array([0, 1, 0]) + NONE), rtol=1e-5)


def test_a_word_that_may_have_two_tags_speaks_for_both_and_one_that_may_have_all_for_none() -> None:
    allowed = np.array([[True, True, False], [True, True, True]])
    near = made(words(0.0, 0.01), allowed)
    assert near.shares.tolist() == [[0.5, 0.5, 0.0]]
    assert Neighbours.of(words(0.0), allowed[1:], np.ones(1, np.float32)) is None


def test_a_word_that_stands_for_many_counts_so_often() -> None:
    near = Neighbours.of(words(0.0, 0.0), decided(1, 2), np.array([1, 8], np.float32))
    assert near is not None
    assert near.logits(words(0.0)).argmax() == 2


def test_only_the_nearest_are_asked() -> None:
    near = made(words(*[0.0] * MOST, *[0.02] * 100), decided(*[1] * MOST, *[2] * 100))
    assert near.logits(words(0.0)).argmax() == 1


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(0, TAGS - 1)), min_size=1, max_size=MOST), st.randoms())
def test_in_which_order_words_were_decided_does_not_matter(known: list[tuple[float, int]], chance: Random) -> None:
    other = list(known)
    chance.shuffle(other)
    one, two = (made(words(*(a for a, _ in some)), decided(*(t for _, t in some))) for some in (known, other))
    asked = words(0.0, 1.0, 2.0)
    np.testing.assert_allclose(one.logits(asked), two.logits(asked), rtol=1e-4, atol=1e-5)


def test_where_the_head_is_sure_of_no_entity_they_are_not_asked() -> None:
    head = Head(np.zeros((2, TAGS), np.float32), np.array([9, 0, 0], np.float32), made(words(0.0), decided(1)))
    assert head.logits(words(0.0)).tolist() == [[9, 0, 0]]
    unsure = Head(head.weights, np.zeros(TAGS, np.float32), head.neighbours)
    assert unsure.logits(words(0.0)).argmax() == 1


def test_they_are_asked_where_the_head_is_as_sure_of_an_entity_as_can_be() -> None:
    near = made(words(0.0), decided(1))
    head = Head(np.zeros((2, TAGS), np.float32), np.array([0, 200, 0], np.float32), near)
    with np.errstate(all="raise"):
        found = head.logits(words(0.0))
    np.testing.assert_allclose(found, head.bias + near.logits(words(0.0)), rtol=1e-5)


def test_they_have_a_say_where_a_label_is_new_to_the_model_alone() -> None:
    learnt = fit(*taught(*TEXTS), TagColumns.of(NEWS), ["PER", "DRUG"])
    assert learnt.head is not None
    assert learnt.head.neighbours is not None
    lessons, said = taught("he slept well", "they were gone", "nobody came", "all was done")
    known = fit(lessons, said, TagColumns.of(NEWS), ["PER"])
    assert known.head is not None
    assert known.head.neighbours is None

"""Dawid and Skene over spans: who is careless counts for less, and the least sure places are those that are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from ner_tui.domain.evaluation.dawid_skene import Numbers, fitted, votes_of

LABELS, NOTHING = 3, 3
PLACES = 3_000


@pytest.fixture(scope="module")
def truth() -> Numbers:
    return np.random.default_rng(1).choice(4, PLACES, p=[0.4, 0.3, 0.2, 0.1])


def said(truth: Numbers, *right: float) -> Numbers:
    """Return what annotators say who are right so often, and else take a label for the next one, or for nothing."""
    random, columns = np.random.default_rng(2), []
    for share in right:
        slips = random.random(len(truth)) >= share
        columns.append(np.where(slips, (truth + random.integers(1, 4, len(truth))) % 4, truth))
    return np.stack(columns, axis=1)


def most(votes: Numbers) -> Numbers:
    found: Numbers = np.array([np.bincount(row, minlength=4).argmax() for row in votes])
    return found


def test_two_careful_annotators_are_believed_against_three_careless_ones(truth: Numbers) -> None:
    votes = said(truth, 0.95, 0.95, 0.5, 0.5, 0.5)
    model = fitted(votes, LABELS)
    found = model.posterior(votes).argmax(axis=1)
    assert (found == truth).mean() > (most(votes) == truth).mean() + 0.02
    right = [np.trace(each * model.prior[:, None]) for each in model.chances]
    assert right == pytest.approx([0.95, 0.95, 0.5, 0.5, 0.5], abs=0.04)


def test_the_least_sure_places_are_those_where_it_errs(truth: Numbers) -> None:
    votes = said(truth, 0.85, 0.8, 0.75, 0.7)
    posterior = fitted(votes, LABELS).posterior(votes)
    wrong = (posterior.argmax(axis=1) != truth)[np.argsort(posterior.max(axis=1))]
    tenth = PLACES // 10
    assert wrong[:tenth].sum() > wrong.sum() / 2
    assert wrong[-PLACES // 2 :].mean() < 0.01


def test_a_label_that_one_always_takes_for_another_says_as_much_as_the_right_one() -> None:
    truth = np.array([0, 1] * 200)
    swapped = np.stack([truth, truth, truth, 1 - truth], axis=1)
    model = fitted(swapped, 2)
    assert model.posterior(np.array([[0, 0, 1, 1], [1, 1, 0, 0]])).argmax(axis=1).tolist() == [0, 1]


def test_a_group_is_as_sure_as_the_least_sure_place_in_it(truth: Numbers) -> None:
    votes = said(truth, 0.9, 0.9, 0.8, 0.6)
    model = fitted(votes, LABELS)
    group = np.array([[0, 0, 0, 0], [0, 1, 2, 3]])
    assert model.sureness(group) == model.sureness(group[1:]) < model.sureness(group[:1])


def test_votes_are_taken_at_each_place_that_somebody_has() -> None:
    one, other = np.array([[0, 1, 0], [4, 6, 1]]), np.array([[0, 1, 2], [4, 5, 1]])
    assert votes_of([one, other, np.empty((0, 3), np.int64)], LABELS).tolist() == [
        [0, 2, NOTHING],
        [NOTHING, 1, NOTHING],
        [1, NOTHING, NOTHING],
    ]
    assert votes_of([np.empty((0, 3), np.int64)] * 4, LABELS).shape == (0, 4)

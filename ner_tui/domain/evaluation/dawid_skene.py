"""How sure several annotators make one of a place, by how reliable each of them is with each label.

The model is that of Dawid and Skene (1979), over places of spans: each place has one label or none, and each annotator
gives each label, or nothing, with chances of their own that depend on it alone. Labels and chances are found together,
by expectation and maximisation, from nothing but what the annotators say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

_ROUNDS = 50
_STILL = 1e-4
"""A change of the probabilities that is none any more."""
_SMOOTHING = 0.1
"""Added to what was counted of each annotator: of a rare label little is known."""


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """What is known of annotators. Labels go by their numbers, the one behind the last stands for no span."""

    prior: Values
    """How probable each label is at a place."""
    chances: Values
    """For each annotator, a row for each label that is there, a column for each that they say."""

    def posterior(self, votes: Numbers) -> Values:
        """Return how probable each label is at places, a row for each.

        Args:
            votes: a row for each place, the label that each annotator has there.
        """
        logs = np.log(self.prior)[None, :] + sum(
            np.log(chances).T[votes[:, annotator]] for annotator, chances in enumerate(self.chances)
        )
        found = np.exp(logs - logs.max(axis=1, keepdims=True))
        shares: Values = found / found.sum(axis=1, keepdims=True)
        return shares

    def sureness(self, votes: Numbers) -> float:
        """Return how sure the least sure of some places is: the probability of its likeliest label."""
        return float(self.posterior(votes).max(axis=1).min())


def fitted(votes: Numbers, labels: int) -> DawidSkene:
    """Find out how reliable annotators are.

    Args:
        votes: a row for each place where somebody has a span, the label that each annotator has there, or ``labels``.
        labels: how many there are.
    """
    kinds, numbers = np.unique(votes, axis=0, return_counts=True)
    size, annotators = labels + 1, votes.shape[1]
    given = np.zeros((annotators, len(kinds), size))
    for annotator in range(annotators):
        given[annotator, np.arange(len(kinds)), kinds[:, annotator]] = 1
    # It begins with what most of them say.
    shares = given.mean(axis=0)
    for _ in range(_ROUNDS):
        weighted = shares * numbers[:, None]
        prior = weighted.sum(axis=0) + _SMOOTHING
        chances = np.einsum("kc,akv->acv", weighted, given) + _SMOOTHING
        model = DawidSkene(prior / prior.sum(), chances / chances.sum(axis=2, keepdims=True))
        before, shares = shares, model.posterior(kinds)
        if np.abs(shares - before).max(initial=0) < _STILL:
            break
    return model


def votes_of(spans: Sequence[Numbers], labels: int) -> Numbers:
    """Return what each annotator has at each place where somebody has a span; ``labels`` stands for none.

    Args:
        spans: of each annotator: first word, word behind the last, label; ascending, disjoint.
    """
    places = np.unique(np.concatenate([each[:, :2] for each in spans]), axis=0)
    votes = np.full((len(places), len(spans)), labels)
    longest = int((places[:, 1] - places[:, 0]).max(initial=0)) + 1
    keys = places[:, 0] * longest + places[:, 1] - places[:, 0]
    for annotator, each in enumerate(spans):
        at = np.searchsorted(keys, each[:, 0] * longest + each[:, 1] - each[:, 0])
        votes[at, annotator] = each[:, 2]
    return votes

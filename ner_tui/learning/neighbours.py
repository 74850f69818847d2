"""The decided words that are most like a word, and what they were decided to be.

A linear head draws one border for each tag. Where a label holds several kinds of names, what is near says more: with it
suggestions of labels that a model does not know are some 4 F1 better after ten sentences, 1 after a hundred. Of labels
that it knows, it says more than the neighbours do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ner_tui.learning.features import DIMENSIONS
from ner_tui.learning.lessons import BoolArray, FloatArray

MOST = 16
"""Neighbours that are asked."""
SPREAD = 0.05
"""By how much less alike a neighbour is that counts e times less than the nearest."""
WEIGHT = 0.4
"""Of the log share of the neighbours that have a tag."""
NONE = 0.01
"""Added to each share: that no neighbour has a tag does not exclude it."""
_SMALLEST = 1e-6
_AT_ONCE = 256
"""Words that are compared with all others at a time: of 10,000 others, 10 MB."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Decided words, to be found by how alike they are (Cover & Hart 1967; for entities Wang et al. 2022, kNN-NER)."""

    features: FloatArray
    """words x dimensions, each of length 1."""
    shares: FloatArray
    """words x tags: 1 for the tag a word has, or parts of 1 for those that it may have."""
    counts: FloatArray
    """(words,): for how many words each stands."""

    @classmethod
    def of(cls, features: FloatArray, allowed: BoolArray, counts: FloatArray) -> Neighbours | None:
        """Remember words; None if nothing is known of any.

        Args:
            features: words x features, a word's own in the first `DIMENSIONS` or fewer columns.
            allowed: words x tags, as decided; words that may have all of them are left out.
            counts: for how many words each stands.
        """
        known = ~allowed.all(axis=1)
        if not known.any():
            return None
        own, shares = features[:, :DIMENSIONS][known], allowed[known].astype(np.float32)
        return cls(_directions(own), shares / shares.sum(axis=1, keepdims=True), counts[known])

    def logits(self, features: FloatArray) -> FloatArray:
        """Return what is added to the tags' log probabilities, words x tags.

        Args:
            features: words x features, as `of` takes them.
        """
        asked = _directions(features)
        result = np.empty((len(asked), self.shares.shape[1]), np.float32)
        for first in range(0, len(asked), _AT_ONCE):
            result[first : first + _AT_ONCE] = self._shares(asked[first : first + _AT_ONCE])
        result += np.float32(NONE)
        np.log(result, out=result)
        result *= np.float32(WEIGHT)
        return result

    def _shares(self, asked: FloatArray) -> FloatArray:
        """Return the shares of the nearest that have each tag, words x tags."""
        alike = asked @ self.features.T
        most = min(MOST, len(self.features))
        near = np.argpartition(alike, -most, axis=1)[:, -most:]
        found = np.take_along_axis(alike, near, axis=1)
        weights = np.exp((found - found.max(axis=1, keepdims=True)) / np.float32(SPREAD)) * self.counts[near]
        shares: FloatArray = np.einsum("wn,wnt->wt", weights, self.shares[near]) / weights.sum(axis=1, keepdims=True)
        return shares


def _directions(features: FloatArray) -> FloatArray:
    own = features[:, :DIMENSIONS]
    lengths = np.linalg.norm(own, axis=1, keepdims=True)
    result: FloatArray = own / np.maximum(lengths, np.float32(_SMALLEST))
    return result

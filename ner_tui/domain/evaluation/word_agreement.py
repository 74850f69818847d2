"""The agreement of several annotators on the label of each word: Cohen's and Fleiss' kappa, Krippendorff's alpha.

All three are functions of how often each combination of labels was given to a word, one label by each annotator. Every
function takes such counts in many rows at once, the first for all documents and one for each resample of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


class Combinations:
    """The combinations of labels that occur at words, and how often in each unit of resampling."""

    def __init__(self, spans: Sequence[Numbers], words: int, labels: int, units: Numbers, number: int) -> None:
        """Count them.

        Args:
            spans: of each annotator: first word, word behind the last, number of the label from 0.
            words: how many there are.
            labels: how many there are.
            units: the unit of each word, from 0.
            number: how many units there are.
        """
        self.categories = labels + 1
        """The last one stands for no label."""
        given = np.stack([_of_words(each, words, labels) for each in spans])
        # Most words are in no span: what all say of them is one combination, the last.
        labelled = np.flatnonzero((given != labels).any(axis=0))
        given = given[:, labelled]
        codes, kinds = np.zeros(len(labelled), np.int64), 1
        for row in given:
            codes *= self.categories
            codes += row
            # Numbered anew, they stay small however many annotators there are.
            seen = np.zeros(kinds * self.categories, np.bool_)
            seen[codes] = True
            codes, kinds = (np.cumsum(seen) - 1)[codes], int(np.count_nonzero(seen))
        first = np.empty(kinds if len(labelled) else 0, np.int64)
        first[codes] = np.arange(len(codes))
        self.labels: Numbers = np.vstack([given[:, first].T, np.full(len(spans), labels)]).astype(np.int64)
        """A row for each combination: the label that each annotator gave."""
        kinds = len(first)
        self.counts: Values = np.zeros((number, kinds + 1))
        """A row for each unit, a column for each combination."""
        at = units[labelled] * kinds + codes
        self.counts[:, :-1] = np.bincount(at, minlength=number * kinds).reshape(number, kinds)
        self.counts[:, -1] = np.bincount(units, minlength=number) - self.counts.sum(axis=1)
        self._labelled, self._codes = labelled, codes

    def within(self, first: int, last: int) -> Values:
        """Return how often each combination occurs at words ``[first, last)``."""
        low, high = np.searchsorted(self._labelled, (first, last))
        found = np.bincount(self._codes[low:high], minlength=len(self.labels)).astype(np.float64)
        found[-1] = last - first - (high - low)
        return found

    def given(self) -> Values:
        """Return how many annotators gave each category in each combination."""
        found = np.zeros((len(self.labels), self.categories))
        for column in self.labels.T:
            found[np.arange(len(column)), column] += 1
        return found

    def pair(self, one: int, other: int, counts: Values) -> Values:
        """Return the square tables of two annotators' labels, for each row of counts."""
        size = self.categories**2
        places = self.labels[:, one] * self.categories + self.labels[:, other]
        kinds, at = np.unique(places, return_inverse=True)
        chosen = np.zeros((len(places), len(kinds)))
        chosen[np.arange(len(places)), at] = 1
        table = np.zeros((len(counts), size))
        table[:, kinds] = counts @ chosen
        return table.reshape(len(counts), self.categories, self.categories)


def _of_words(spans: Numbers, words: int, nothing: int) -> NDArray[np.int32]:
    """Return the label of each word; the later span where two overlap."""
    labels = np.full(words, nothing, np.int32)
    for length in np.unique(spans[:, 1] - spans[:, 0]):
        some = spans[spans[:, 1] - spans[:, 0] == length]
        for step in range(int(length)):
            labels[some[:, 0] + step] = some[:, 2]
    return labels


def cohen_kappas(tables: Values) -> Values:
    """Return Cohen's kappa of each square table of two annotators' labels; not a number where chance agrees on all."""
    total = tables.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        agreed = np.trace(tables, axis1=1, axis2=2) / total
        chance = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1) / total**2
        return _beyond(agreed, chance)


def binary_tables(tables: Values, label: int) -> Values:
    """Return the tables of one label against all else."""
    both, one, other = tables[:, label, label], tables[:, label].sum(axis=1), tables[:, :, label].sum(axis=1)
    rest = tables.sum(axis=(1, 2)) - one - other + both
    return np.stack([both, one - both, other - both, rest], axis=1).reshape(-1, 2, 2)


def fleiss_kappas(counts: Values, given: Values) -> Values:
    """Return Fleiss' kappa for each row of counts.

    Args:
        counts: how often each combination occurs.
        given: how many annotators gave each category in each combination.
    """
    agreed, totals = _agreed(counts, given)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _beyond(agreed, ((totals / totals.sum(axis=1, keepdims=True)) ** 2).sum(axis=1))


def nominal_alphas(counts: Values, given: Values) -> Values:
    """Return Krippendorff's alpha for labels without an order, for each row of counts as in ``fleiss_kappas``."""
    agreed, totals = _agreed(counts, given)
    number = totals.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = (totals * (totals - 1)).sum(axis=1) / (number * (number - 1))
        return _beyond(agreed, chance)


def binary(given: Values, label: int) -> Values:
    """Return how many gave one label, and how many did not."""
    return np.stack([given[:, label], given.sum(axis=1) - given[:, label]], axis=1)


def _agreed(counts: Values, given: Values) -> tuple[Values, Values]:
    """Return the share of pairs of annotators that agree, and how often each category was given."""
    annotators = given[0].sum()
    of_kind = ((given**2).sum(axis=1) - annotators) / (annotators * (annotators - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return counts @ of_kind / counts.sum(axis=1), counts @ given


def _beyond(agreed: Values, chance: Values) -> Values:
    # Where one category is all there is, rounding may leave a little less than 1.
    return np.where(chance < 1 - 1e-15, (agreed - chance) / (1 - chance), np.nan)

"""Krippendorff's alpha for units that annotators cut out of a continuum themselves: spans, not words.

It is the measure of "On the reliability of unitizing continuous data" (1995), for each label by itself. Two spans of a
label that overlap disagree by the squares of the distances of their edges, a span where the other annotator has none
by the square of its length; that is held against what spans of these lengths would disagree by in any places. The
continuum is the words of all documents, one behind the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.evaluation.pairing import Pairing

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


class Units:
    """The spans of one label, and what they disagree by in each unit of resampling."""

    def __init__(self, spans: Sequence[Numbers], disagreement: Values, words: int, units: Numbers, number: int) -> None:
        """Count them.

        Args:
            spans: of each annotator: first word and word behind the last, of this label; ascending, disjoint.
            disagreement: of each unit, the sum of ``distances`` over all pairs of annotators.
            words: how many there are.
            units: the unit of each word, from 0.
            number: how many units there are.
        """
        self._annotators = len(spans)
        self._disagreement = disagreement
        begins = np.concatenate([each[:, 0] for each in spans])
        lengths = np.concatenate([each[:, 1] - each[:, 0] for each in spans])
        self._lengths, at = np.unique(lengths, return_inverse=True)
        kinds = len(self._lengths)
        counted = np.bincount(units[begins] * kinds + at, minlength=number * kinds)
        self._spans: Values = counted.reshape(number, kinds).astype(np.float64)
        self._room = np.zeros((number, kinds))
        for each in spans:
            starts, ends = np.concatenate(([0], each[:, 1])), np.concatenate((each[:, 0], [words]))
            gaps, at_unit = (ends - starts)[ends > starts], units[ends[ends > starts] - 1]
            for column, length in enumerate(self._lengths):
                fits = gaps >= length
                self._room[:, column] += np.bincount(at_unit[fits], weights=gaps[fits] - length + 1.0, minlength=number)

    def disagreements(self, weights: Values, words: Values) -> tuple[Values, Values]:
        """Return the observed and the expected disagreement.

        Args:
            weights: a row for each resample: how often each unit is in it.
            words: how many words each resample has.
        """
        annotators, lengths = self._annotators, self._lengths.astype(np.float64)
        spans, room = weights @ self._spans, weights @ self._room
        observed = 2 * (weights @ self._disagreement) / (annotators * (annotators - 1) * words**2)
        others = (spans.sum(axis=1, keepdims=True) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
        expected = 2 / words * (spans * (others + lengths**2 * room)).sum(axis=1)
        places = annotators * words
        return observed, expected / (places * (places - 1) - spans @ (lengths * (lengths - 1)))


def distances(ours: Numbers, theirs: Numbers, pairing: Pairing) -> tuple[Numbers, Numbers, Values]:
    """Return a word, a label and the disagreement there, for two annotators' spans that are not the same."""
    one, other = ours[pairing.touching[:, 0]], theirs[pairing.touching[:, 1]]
    alike = one[:, 2] == other[:, 2]
    gaps = one[alike, :2] - other[alike, :2]
    alone = ~pairing.same, np.ones(len(theirs), np.bool_)
    alone[0][pairing.touching[alike, 0]] = False
    alone[1][pairing.touching[alike, 1]] = False
    alone[1][pairing.of_theirs] = False
    single = np.concatenate([ours[alone[0]], theirs[alone[1]]])
    rows = np.concatenate([one[alike], single])
    apart = np.concatenate([(gaps**2).sum(axis=1), (single[:, 1] - single[:, 0]) ** 2])
    return rows[:, 0], rows[:, 2], apart.astype(np.float64)

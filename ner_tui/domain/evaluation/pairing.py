"""Spans of two annotators of whole texts in pairs: ``matching.match_spans``, for a million spans at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOBODY = -1
"""The number of a span where one annotator has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairing:
    """How the spans of two annotators compare; they go by their numbers, in order."""

    same: Flags
    """Of each span of the first, whether the other has it with the same label."""
    of_theirs: Flags
    """Of each span of the other, the same."""
    placed: tuple[Flags, Flags]
    """Of each span of either, whether the other has one at the same place, whatever its label."""
    touching: Numbers
    """Rows of the first's span and the other's: all that share a word and are not the same."""
    matches: Numbers
    """Rows of the first's span and the other's, of which one may be ``NOBODY``: each span that is not the same once."""


def pair_spans(ours: Numbers, theirs: Numbers) -> Pairing:
    """Pair spans.

    Args:
        ours: rows of first word, word behind the last and label; ascending, disjoint.
        theirs: the other annotator's.
    """
    placed, places = _at_same_place(ours, theirs)
    same = placed.copy()
    same[placed] = ours[placed, 2] == theirs[places, 2]
    of_theirs, placed_there = np.zeros(len(theirs), np.bool_), np.zeros(len(theirs), np.bool_)
    placed_there[places] = True
    of_theirs[places[same[placed]]] = True
    left, right = np.flatnonzero(~same), np.flatnonzero(~of_theirs)
    touching = _touching(ours[left], theirs[right])
    matched = touching[_chosen(ours[left], theirs[right], touching)]
    alone = np.ones(len(left), np.bool_), np.ones(len(right), np.bool_)
    for side in (0, 1):
        alone[side][matched[:, side]] = False
    single = left[alone[0]], right[alone[1]]
    nobody = [np.full(len(each), NOBODY) for each in single]
    return Pairing(
        same,
        of_theirs,
        (placed, placed_there),
        np.stack([left[touching[:, 0]], right[touching[:, 1]]], axis=1),
        np.concatenate(
            [
                np.stack([left[matched[:, 0]], right[matched[:, 1]]], axis=1),
                np.stack([single[0], nobody[0]], axis=1),
                np.stack([nobody[1], single[1]], axis=1),
            ]
        ),
    )


def _at_same_place(ours: Numbers, theirs: Numbers) -> tuple[Flags, Numbers]:
    """Return which of ours have one of theirs at the same place, and the numbers of these."""
    if not len(theirs):
        return np.zeros(len(ours), np.bool_), np.empty(0, np.int64)
    at = np.minimum(np.searchsorted(theirs[:, 0], ours[:, 0]), len(theirs) - 1)
    placed = (theirs[at, 0] == ours[:, 0]) & (theirs[at, 1] == ours[:, 1])
    return placed, at[placed]


def _touching(ours: Numbers, theirs: Numbers) -> Numbers:
    """Return rows of one's number and the other's for all that share a word."""
    low = np.searchsorted(theirs[:, 1], ours[:, 0], side="right")
    number = np.searchsorted(theirs[:, 0], ours[:, 1], side="left") - low
    mine = np.repeat(np.arange(len(ours)), number)
    steps = np.arange(len(mine)) - np.repeat(np.cumsum(number) - number, number)
    return np.stack([mine, steps + np.repeat(low, number)], axis=1)


def _chosen(ours: Numbers, theirs: Numbers, touching: Numbers) -> Numbers:
    """Return the rows of ``touching`` that make pairs: of the same label first, then of the longest overlap."""
    mine, other = touching[:, 0], touching[:, 1]
    one, two = ours[mine], theirs[other]
    # Most have nobody else to be paired with.
    alone = (np.bincount(mine)[mine] == 1) & (np.bincount(other)[other] == 1)
    rest = np.flatnonzero(~alone)
    shared = np.minimum(one[rest, 1], two[rest, 1]) - np.maximum(one[rest, 0], two[rest, 0])
    order = rest[np.lexsort((other[rest], mine[rest], -shared, one[rest, 2] != two[rest, 2]))]
    free: tuple[set[int], set[int]] = set(mine[rest].tolist()), set(other[rest].tolist())
    taken = []
    for at, (left, right) in zip(order.tolist(), touching[order].tolist(), strict=True):
        if left in free[0] and right in free[1]:
            free[0].remove(left)
            free[1].remove(right)
            taken.append(at)
    return np.concatenate([np.flatnonzero(alone), np.array(taken, np.int64)])

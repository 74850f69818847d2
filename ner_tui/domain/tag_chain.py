"""The chain that a sentence's tag probabilities are read as, which spans are decoded from.

The tags' probabilities of a word are merged to, for each label X, *begin* mass B (prefixes B, S, U) and *inside* mass I
(I, E, L, M or no prefix); m = B + I, and O is what is left. A sentence is then read as a chain:

- after a word of another label, or none, a word takes X with all its mass m: either prefix begins a span there, which
  reads IOB1 and IOB2 checkpoints alike (in IOB1 a span starts with I);
- after a word of X it continues the span with I, begins another span of X with B.

The chances of a word always sum to 1, so a word has label X with chance m whatever stands before it, and

    P([a, b) is X) = (m(a-1) B(a) + (1 - m(a-1)) m(a)) * I(a+1) * ... * I(b-1) * (1 - I(b))

with m = 0 before and I = 0 after the sentence. Prefixes that mark an end (E, S, L, U) show the same cut from the
other side: the chance of a cut between two words of X is then the mean of what the second word's begin mass and the
first word's end mass say, and B and I are shifted to agree with it.

Sentences are stacked with rows of zeros around each; what the formulas need beyond the ends of a sentence is there by
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.schemes import Role, prefix_role, split_tag

TINY = 1e-30
"""Stands for zero under a logarithm."""

FloatMatrix = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class TagColumns:
    """What the columns of a tag distribution mean in the project's labels."""

    labels: tuple[str, ...]
    """The labels that can come out, in the order of the model's tags."""
    columns: tuple[tuple[int, Role], ...]
    """For each tag the index of its label and its role; (-1, ``outside``) for O and for dropped labels."""

    @classmethod
    def of(cls, tags: Sequence[str], label_map: LabelMap | None = None) -> TagColumns:
        """Read a model's tags, in the order of its outputs, through a label map.

        Labels that the map makes one share their mass; the mass of dropped labels goes to O.
        """
        mapped = label_map or LabelMap()
        labels: dict[str, int] = {}
        columns: list[tuple[int, Role]] = []
        for tag in tags:
            prefix, label = split_tag(tag)
            role = prefix_role(prefix)
            # Some models count "nothing" among the labels and write B-O and I-O.
            target = None if role == "outside" or label == "O" else mapped.target(label)
            if target is None:
                columns.append((-1, "outside"))
            else:
                columns.append((labels.setdefault(target, len(labels)), role))
        return cls(tuple(labels), tuple(columns))


@dataclass(frozen=True, slots=True)
class TagChain:
    """The chain's factors; rows are words, with rows of zeros around each sentence, columns are labels."""

    outside: NDArray[np.float64]
    """p(O), one value a row."""
    mass: FloatMatrix
    """m: the word has this label."""
    cut: FloatMatrix
    """B: it begins a span, given that the word before has this label too."""
    stay: FloatMatrix
    """I: it continues the span."""

    @property
    def begin(self) -> FloatMatrix:
        """Chance that a span of the label begins at the word, whatever stands before it."""
        before = np.vstack((np.zeros_like(self.mass[:1]), self.mass[:-1]))
        result: FloatMatrix = before * self.cut + (1.0 - before) * self.mass
        return result


def stacked_chain(
    probabilities: Sequence[NDArray[np.float32]], columns: TagColumns, around: int
) -> tuple[TagChain, IntArray]:
    """Stack sentences with a row of zeros between them; return the chain and the row where each sentence begins.

    Args:
        probabilities: for each sentence words x tags.
        columns: what the tags mean.
        around: rows of zeros before the first and after the last sentence.
    """
    lengths = [len(rows) for rows in probabilities]
    firsts = np.cumsum([around, *(length + 1 for length in lengths[:-1])], dtype=np.intp)
    rows = int(firsts[-1]) + lengths[-1] + around
    stacked = np.zeros((rows, len(columns.columns)), dtype=np.float64)
    for first, length, values in zip(firsts.tolist(), lengths, probabilities, strict=True):
        stacked[first : first + length] = values
    stacked /= np.maximum(stacked.sum(axis=1, keepdims=True), TINY)

    # One column after the other, not a matrix product: its rounding would depend on how many rows there are.
    shape = (rows, len(columns.labels))
    outside = np.zeros(rows)
    begins, mass, ends = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for column, (label, role) in zip(stacked.T, columns.columns, strict=True):
        if role == "outside":
            outside += column
            continue
        mass[:, label] += column
        if role in ("begin", "single"):
            begins[:, label] += column
        if role in ("end", "single"):
            ends[:, label] += column
    cut = mass * _cut_chance(begins, mass, ends, columns)
    return TagChain(outside, mass, cut, mass - cut), firsts


def _cut_chance(begins: FloatMatrix, mass: FloatMatrix, ends: FloatMatrix, columns: TagColumns) -> FloatMatrix:
    """Return the chance of a cut before each word, given that it and the word before have the label."""
    roles: list[set[Role]] = [set() for _ in columns.labels]
    for label, role in columns.columns:
        if label >= 0:
            roles[label].add(role)
    says_begin = np.array([bool(known & {"begin", "single"}) for known in roles], dtype=np.float64)
    says_end = np.array([bool(known & {"end", "single"}) for known in roles], dtype=np.float64)
    safe = np.maximum(mass, TINY)
    begin, end = begins / safe, ends / safe
    end_before = np.vstack((np.zeros_like(end[:1]), end[:-1]))
    estimates = np.maximum(says_begin + says_end, 1.0)
    result: FloatMatrix = (begin * says_begin + end_before * says_end) / estimates
    return result

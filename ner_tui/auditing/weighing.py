"""How pieces of evidence are weighed: a logistic regression that begins with weights from other texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.head import minimise

STRENGTH = 20.0
"""Examples that the weights to begin with are worth."""
_STEPS = 60
_SMALLEST = 1e-6

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """Of the pieces of evidence, and of none of them, in log odds."""

    of: tuple[float, ...]
    bias: float

    def log_odds(self, evidence: Sequence[float]) -> float:
        """Return the log odds that a hypothesis is right."""
        return self.bias + sum(weight * value for weight, value in zip(self.of, evidence, strict=True))

    def fitted(
        self,
        evidence: Sequence[Sequence[float]],
        right: Sequence[bool],
        counts: Sequence[float] | None = None,
        held: Sequence[float] | None = None,
    ) -> EvidenceWeights:
        """Return the weights that examples give, held back towards these.

        Args:
            evidence: of each example.
            right: whether the hypothesis is right.
            counts: for how many examples each stands; one each if not given.
            held: how closely each weight is held, the bias last; as by `STRENGTH` examples if not given.
        """
        if not evidence:
            return self
        rows = np.column_stack((np.array(evidence, dtype=np.float64), np.ones(len(evidence))))
        targets = np.array(right, dtype=np.float64)
        share = np.ones(len(rows)) if counts is None else np.array(counts, dtype=np.float64)
        begin = np.array((*self.of, self.bias))
        hold = np.array(held if held is not None else [held_by(STRENGTH, column) for column in rows.T])

        def loss(vector: Vector) -> tuple[float, Vector]:
            scores = np.clip(rows @ vector, -50, 50)
            chances = 1 / (1 + np.exp(-scores))
            value = float((share * (np.logaddexp(0, scores) - targets * scores)).sum())
            away = vector - begin
            slope = rows.T @ (share * (chances - targets)) + hold * away
            return value + float((hold * away * away).sum() / 2), slope

        curvature = (rows * rows * share[:, None]).sum(axis=0) / 4 + hold
        found = minimise(loss, begin.copy(), curvature, _STEPS)
        return EvidenceWeights(tuple(found[:-1].tolist()), float(found[-1]))


def held_by(examples: float, values: Sequence[float] | Vector) -> float:
    """Return how closely a weight is held by so many examples in which its piece of evidence has such values."""
    found = np.asarray(values, dtype=np.float64)
    # A piece of evidence that varies much needs a smaller weight to say the same.
    return float(examples * ((found * found).mean() + _SMALLEST) / 4)

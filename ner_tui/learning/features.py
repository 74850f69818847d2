"""Features of words: the encoder's states in fewer dimensions, those of both neighbours beside a word's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.lessons import FloatArray

DIMENSIONS = 384
"""Kept of the states' channels: twice as many gained half a percent of the corrections."""
SAMPLE = 2_000
"""Words that the dimensions are found from."""
NEIGHBOUR = 0.5
"""Weight of the neighbours' features beside a word's own."""
LENGTH = 8.0
"""Of a word's features, on the mean: what the strength of the head's regularisation is meant for."""
_EXTRA = 16
_SMALLEST = 1e-3


@dataclass(frozen=True, slots=True)
class Projection:
    """From states to features; the same for all words of a project."""

    mean: FloatArray
    """(channels,)"""
    basis: FloatArray
    """(channels, dimensions), spreads and scale included."""

    @classmethod
    def of(cls, states: NDArray[np.float16]) -> Projection:
        """Find the directions in which states vary most, by randomised projection (Halko et al. 2011).

        Args:
            states: words x channels, of text like that to come; `SAMPLE` of them are looked at.
        """
        step = max(1, len(states) // SAMPLE)
        rows = states[::step].astype(np.float32)
        mean, spread = rows.mean(axis=0), rows.std(axis=0) + _SMALLEST
        rows = (rows - mean) / spread
        kept = min(DIMENSIONS, *rows.shape)
        draw = np.random.default_rng(0).standard_normal((rows.shape[1], min(kept + _EXTRA, *rows.shape)))
        found, _ = np.linalg.qr(rows @ draw.astype(np.float32))
        found, _ = np.linalg.qr(rows @ (rows.T @ found))
        _, _, directions = np.linalg.svd(found.T @ rows, full_matrices=False)
        basis = directions[:kept].T / spread[:, None]
        lengths = np.linalg.norm(rows * spread @ basis, axis=1).mean()
        # A word's own features and both neighbours' make up the length together.
        scale = LENGTH / max(float(lengths) * (1 + 2 * NEIGHBOUR**2) ** 0.5, _SMALLEST)
        return cls(mean, np.ascontiguousarray(basis * scale, dtype=np.float32))

    def own(self, states: NDArray[np.float16]) -> NDArray[np.float16]:
        """Return each word's own features, words x dimensions, as they are kept."""
        found = (states.astype(np.float32) - self.mean) @ self.basis
        most = np.finfo(np.float16).max
        kept: NDArray[np.float16] = np.clip(found, -most, most).astype(np.float16)
        return kept

    @staticmethod
    def features(kept: NDArray[np.float16]) -> FloatArray:
        """Return the features of a sentence's words, words x (3 x dimensions): their own, and both neighbours'."""
        own = kept.astype(np.float32)
        none = np.zeros_like(own[:1])
        before = np.concatenate((none, own[:-1])) * NEIGHBOUR
        after = np.concatenate((own[1:], none)) * NEIGHBOUR
        result: FloatArray = np.concatenate((own, before, after), axis=1)
        return result

"""Features of words: the encoder's states in fewer dimensions, beside a word's own its neighbours' and sentence's."""

from __future__ import annotations

from collections.abc import Sequence
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
NEAR_DIMENSIONS = 128
"""Kept of the neighbours' and the sentence's features, those that vary most: the others cost time alone."""
LENGTH = 8.0
"""Of a word's features, on the mean: what the strength of the head's regularisation is meant for."""
MOST = 100.0
"""Of a feature: a word that is like none of the sample is no reason for numbers beyond all bounds."""
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
        rows = np.nan_to_num(states[::step].astype(np.float32), posinf=0.0, neginf=0.0)
        mean, spread = rows.mean(axis=0), rows.std(axis=0)
        # A channel that is the same everywhere tells no words apart, and may say anything of the next one.
        share = np.where(spread > _SMALLEST, 1 / np.maximum(spread, _SMALLEST), np.float32(0))
        rows = (rows - mean) * share
        kept = min(DIMENSIONS, *rows.shape)
        draw = np.random.default_rng(0).standard_normal((rows.shape[1], min(kept + _EXTRA, *rows.shape)))
        found, _ = np.linalg.qr(rows @ draw.astype(np.float32))
        found, _ = np.linalg.qr(rows @ (rows.T @ found))
        _, _, directions = np.linalg.svd(found.T @ rows, full_matrices=False)
        basis = directions[:kept].T
        length = float(np.linalg.norm(rows @ basis, axis=1).mean())
        # A word's own features and both neighbours' make up the length together.
        scale = LENGTH / (length * (1 + 2 * NEIGHBOUR**2) ** 0.5) if length > _SMALLEST else 0.0
        return cls(mean, np.ascontiguousarray(basis * share[:, None] * scale, dtype=np.float32))

    def own(self, states: NDArray[np.float16]) -> NDArray[np.float16]:
        """Return each word's own features, words x dimensions, as they are kept."""
        found = (np.nan_to_num(states.astype(np.float32), posinf=0.0, neginf=0.0) - self.mean) @ self.basis
        kept: NDArray[np.float16] = np.clip(found, -MOST, MOST).astype(np.float16)
        return kept

    @staticmethod
    def features(kept: NDArray[np.float16], lengths: Sequence[int], more: FloatArray | None = None) -> FloatArray:
        """Return the features of words: their own, some of both neighbours', and of all words' mean of a sentence.

        Args:
            kept: of the words of some sentences, one below the other.
            lengths: how many words each sentence has.
            more: features that stand behind these, words x further ones.
        """
        words, width = kept.shape
        near = min(NEAR_DIMENSIONS, width)
        further = 0 if more is None else more.shape[1]
        result = np.empty((words, width + 3 * near + further), np.float32)
        # One array, filled in place: of thousands of words each copy takes longer than what is worked out.
        own, before, after, mean, rest = np.split(result, np.cumsum((width, near, near, near)), axis=1)
        own[:] = kept
        some = own[:, :near]
        before[1:], after[:-1] = some[:-1], some[1:]
        sizes = np.array([length for length in lengths if length], dtype=np.intp)
        if len(sizes):
            ends = np.cumsum(sizes)
            starts = ends - sizes
            before[starts] = after[ends - 1] = 0
            # What the sentence is about tells a writer from whom a film is about.
            means = np.add.reduceat(some, starts, axis=0) / sizes[:, None].astype(np.float32)
            mean[:] = np.repeat(means, sizes, axis=0)
        for each in (before, after):
            each *= np.float32(NEIGHBOUR)
        if more is not None:
            rest[:] = more
        return result

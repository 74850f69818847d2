"""How the tags' weights hang together, and which words are left out because they teach nothing new."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ner_tui.learning.lessons import BoolArray, FloatArray, TagTable

ALONE, LABEL, PLACE, ANY = 0.4, 0.2, 0.2, 0.2
"""Shares of a tag's weights that are its own, its label's, that of all first or all further words, and of all spans."""
SURE = 0.98
"""Probability of O from which on a word that is decided to be in no span is one of many such."""
EVERY = 8
"""Of those, one in so many is learnt from, in place of all."""


def mixing(table: TagTable, known: Collection[str], held: float) -> FloatArray:
    """Return the root of how the weights of tags vary together, tags x tags.

    Args:
        table: the tags.
        known: labels that the model knows.
        held: how many times closer the weights of these are held to nothing.
    """
    place = np.arange(len(table.tags))
    label, further, inside = (place - 1) // 2, (place - 1) % 2, place > 0
    both = inside[:, None] & inside
    alike = ALONE * np.eye(len(place))
    alike += both * (ANY + LABEL * (label[:, None] == label) + PLACE * (further[:, None] == further))
    alike[0, 0] = 1.0
    is_new = np.array([tag != "O" and tag[2:] not in known for tag in table.tags])
    is_new[0] = is_new.any()
    scale = np.where(is_new, 1.0, held**-0.5)
    values, vectors = np.linalg.eigh(alike * scale[:, None] * scale)
    root: FloatArray = ((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T).astype(np.float32)
    return root


def counts_of(allowed: BoolArray, sure: BoolArray) -> FloatArray:
    """Return for how many words each word stands: 0 if another one stands for it.

    Args:
        allowed: words x tags, as decided.
        sure: the words that the model is sure to be in no span.
    """
    counts = np.ones(len(allowed), np.float32)
    inside = ~(allowed[:, 0] & ~allowed[:, 1:].any(axis=1))
    near = inside | np.roll(inside, 1) | np.roll(inside, -1)
    places = np.flatnonzero(sure & ~near)
    counts[places] = 0
    counts[places[::EVERY]] = EVERY
    return counts

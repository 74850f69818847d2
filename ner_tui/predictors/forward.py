"""What a backend brings: a model's forward pass, arrays of sub-tokens in, logits out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ner_tui.predictors.pieces import IntArray

FloatArray = NDArray[np.float32]
StateArray = NDArray[np.float16]


class ModelInputs(NamedTuple):
    """A batch of windows, padded on the right: three arrays of windows x sub-tokens, int64."""

    ids: IntArray
    mask: IntArray
    """1 for a sub-token, 0 for padding."""
    types: IntArray
    """Token types; all 0 unless the model is fed letter shapes."""


Forward = Callable[[ModelInputs], FloatArray]
"""Runs the model: logits of windows x sub-tokens x tags. Raises ``ModelError`` when it fails."""


class StateForward(NamedTuple):
    """Runs the model and gives the states of some of its layers too."""

    channels: int
    """Of all these layers together."""
    run: Callable[[ModelInputs], tuple[FloatArray, FloatArray]]
    """Logits of windows x sub-tokens x tags, states of windows x sub-tokens x channels."""


def padded(
    ids: Sequence[IntArray], types: Sequence[IntArray], before: Sequence[int], after: Sequence[int], pad_id: int
) -> ModelInputs:
    """Return windows as one batch, special sub-tokens around each.

    Args:
        ids: the sub-tokens of each window.
        types: their token types.
        before: special sub-tokens in front of each.
        after: and behind it.
        pad_id: the sub-token that fills the shorter ones up.
    """
    shape = (len(ids), len(before) + max(map(len, ids)) + len(after))
    inputs = ModelInputs(np.full(shape, pad_id, dtype=np.int64), *np.zeros((2, *shape), dtype=np.int64))
    for row, (window, kinds) in enumerate(zip(ids, types, strict=True)):
        start, end = len(before), len(before) + len(window)
        inputs.ids[row, : end + len(after)] = [*before, *window, *after]
        inputs.mask[row, : end + len(after)] = 1
        inputs.types[row, start:end] = kinds
    return inputs

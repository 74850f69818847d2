"""Which tag may follow which, and what that makes of the tags of words one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.lessons import FloatArray, TagTable

NEVER = -30.0
_TINY = 1e-30


def transitions_of(table: TagTable) -> NDArray[np.float64]:
    """Return log weights of the steps from tag to tag, tags + 1 x tags; the last row is the beginning of a sentence.

    All that may be weighs the same: how often one tag follows another is in the features of neighbours already, and
    counted twice it costs one correction in six.
    """
    count = len(table.tags)
    scores = np.zeros((count + 1, count))
    for column in range(2, count, 2):
        # A further word stands behind a first or a further word of its label.
        others = np.ones(count + 1, dtype=np.bool_)
        others[column - 1 : column + 1] = False
        scores[others, column] = NEVER
    return scores


def marginals(scores: Sequence[FloatArray], transitions: NDArray[np.float64]) -> list[FloatArray]:
    """Return the probability of each tag at each word of some sentences, by the forward-backward algorithm.

    Args:
        scores: of each sentence the log probabilities of its words one by one, words x tags; one has a word at least.
        transitions: as `transitions_of` gives them.
    """
    order = sorted(range(len(scores)), key=lambda number: -len(scores[number]))
    lengths = np.array([len(scores[number]) for number in order])
    # All sentences go on by one word at a time. The first words of all stand together, the longest sentence first,
    # then the second words of those that have one, and so on.
    going = [int((lengths > word).sum()) for word in range(int(lengths[0]))]
    starts = np.concatenate(([0], np.cumsum(going)))
    rows = [starts[:length] + rank for rank, length in enumerate(lengths)]
    count = scores[0].shape[1]
    onward = np.exp(transitions[:count])
    said = np.empty((int(starts[-1]), count))
    for number, places in zip(order, rows, strict=True):
        said[places] = scores[number]
    forward, backward = said.copy(), np.zeros_like(said)
    forward[: going[0]] += transitions[count]
    for word in range(1, len(going)):
        here, others = slice(starts[word], starts[word + 1]), slice(starts[word - 1], starts[word - 1] + going[word])
        forward[here] += _log_product(forward[others], onward)
    for word in range(len(going) - 2, -1, -1):
        ahead = slice(starts[word + 1], starts[word + 2])
        here = slice(starts[word], starts[word] + going[word + 1])
        backward[here] = _log_product(said[ahead] + backward[ahead], onward.T)
    both = forward + backward
    powers = np.exp(both - both.max(axis=1, keepdims=True))
    shares = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    found: list[FloatArray] = [shares] * len(scores)
    for number, places in zip(order, rows, strict=True):
        found[number] = shares[places]
    return found


def _log_product(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithms of a product of exponentiated scores, sentences x tags, and weights, tags x tags."""
    most = scores.max(axis=1, keepdims=True)
    result: NDArray[np.float64] = most + np.log(np.exp(scores - most) @ weights + _TINY)
    return result

"""Which tag may follow which, and what that makes of the tags of words one by one."""

from __future__ import annotations

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


def marginals(scores: FloatArray, transitions: NDArray[np.float64]) -> FloatArray:
    """Return the probability of each tag at each word of a sentence, by the forward-backward algorithm.

    Args:
        scores: log probabilities of the words one by one, words x tags.
        transitions: as `transitions_of` gives them.
    """
    words, count = scores.shape
    onward = np.exp(transitions[:count])
    forward, backward = np.zeros((words, count)), np.zeros((words, count))
    forward[0] = scores[0] + transitions[count]
    for word in range(1, words):
        most = forward[word - 1].max()
        forward[word] = scores[word] + most + np.log(np.exp(forward[word - 1] - most) @ onward + _TINY)
    for word in range(words - 2, -1, -1):
        ahead = scores[word + 1] + backward[word + 1]
        most = ahead.max()
        backward[word] = most + np.log(onward @ np.exp(ahead - most) + _TINY)
    both = forward + backward
    powers = np.exp(both - both.max(axis=1, keepdims=True))
    result: FloatArray = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return result

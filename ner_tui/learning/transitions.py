"""Which tag follows which, learnt from decided sentences, and what that makes of the tags of words one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.lessons import BoolArray, FloatArray, TagTable

SMOOTHING = 10.0
"""Steps by chance that are counted beside those from each tag."""
NEVER = -30.0
_TINY = 1e-30


def learn_transitions(allowed: Sequence[BoolArray], table: TagTable) -> NDArray[np.float64]:
    """Return log P(tag | tag before) - log P(tag), tags + 1 x tags; the last row is the beginning of a sentence.

    Args:
        allowed: of each whole sentence, words x tags, one in each row.
    """
    count = len(table.tags)
    steps = np.zeros((count + 1, count))
    for rows in allowed:
        tags = rows.argmax(axis=1)
        np.add.at(steps, (np.concatenate(([count], tags[:-1])), tags), 1)
    chance = steps.sum(axis=0) + 1
    chance /= chance.sum()
    steps += SMOOTHING * chance
    scores = np.log(steps / steps.sum(axis=1, keepdims=True) / chance)
    for column in range(2, count, 2):
        # A further word stands behind a first or a further word of its label.
        others = np.ones(count + 1, dtype=np.bool_)
        others[column - 1 : column + 1] = False
        scores[others, column] = NEVER
    result: NDArray[np.float64] = scores
    return result


def marginals(scores: FloatArray, transitions: NDArray[np.float64]) -> FloatArray:
    """Return the probability of each tag at each word of a sentence, by the forward-backward algorithm.

    Args:
        scores: log probabilities of the words one by one, words x tags.
        transitions: as `learn_transitions` gives them.
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

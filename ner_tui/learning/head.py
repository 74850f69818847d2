"""A multinomial logistic head on features of words, beside what is known of the tags before, fitted by L-BFGS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.lessons import BoolArray, FloatArray

STEPS, FEWER = 80, 16
"""Evaluations of the loss, at the most: from nothing, and from a head that was fitted to nearly the same."""
REMEMBERED = 8
"""Pairs of steps and changes of the gradient that L-BFGS keeps."""
_ENOUGH = 1e-5
"""Share by which a step lessens the loss when it is the last."""
_SUFFICIENT = 1e-4
LOWEST = -40.0
"""Log odds beyond which a tag is as good as excluded."""
_Vector = NDArray[np.float64]


class Interrupted(Exception):
    """Nobody waits any more for what is being fitted."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of features for tags."""

    weights: FloatArray
    """(features, tags)"""
    bias: FloatArray
    """(tags,)"""

    def logits(self, features: FloatArray) -> FloatArray:
        """Return what is added to the tags' prior log probabilities, words x tags."""
        result: FloatArray = features @ self.weights + self.bias
        return result


def fit_head(
    features: FloatArray,
    prior: FloatArray,
    allowed: BoolArray,
    penalty: FloatArray,
    start: Head | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Head:
    """Fit a head: the mean of - log P(a word has one of its allowed tags) and the penalised squares of the weights.

    Args:
        features: words x features.
        prior: log probabilities of the tags before, words x tags; they are not learnt.
        allowed: words x tags; at least one in each row, all of them if nothing is known of the word.
        penalty: of each tag's weights.
        start: a head to begin from; the loss has one minimum, so it changes nothing but the time.
        cancelled: whether to give up; asked between two steps.

    Raises:
        Interrupted: it was cancelled.
    """
    known = ~allowed.all(axis=1)
    rows, before, targets = features[known], prior[known], allowed[known]
    tags, count = prior.shape[1], features.shape[1]
    if not len(rows):
        return Head(np.zeros((count, tags), np.float32), np.zeros(tags, np.float32))

    def loss(vector: _Vector) -> tuple[float, _Vector]:
        if cancelled():
            raise Interrupted
        both = vector.reshape(count + 1, tags).astype(np.float32)
        scores = rows @ both[:-1] + both[-1] + before
        scores -= scores.max(axis=1, keepdims=True)
        # Numbers too small for float32's full precision cost a hundred times as much in a product.
        powers = np.exp(np.maximum(scores, np.float32(LOWEST)))
        right = np.where(targets, powers, np.float32(0)) + np.float32(1e-30)
        total, good = powers.sum(axis=1, keepdims=True), right.sum(axis=1, keepdims=True)
        value = float(np.log(total / good).mean() + (penalty * (both * both)).sum())
        apart = (powers / total - right / good) / np.float32(len(rows))
        slope = np.empty_like(both)
        slope[:-1] = rows.T @ apart
        slope[-1] = apart.sum(axis=0)
        # The bias is held back too: that a label did not come up yet does not speak against it.
        slope += 2 * penalty * both
        return value, slope.ravel().astype(np.float64)

    begin = np.zeros((count + 1, tags)) if start is None else np.vstack((start.weights, start.bias)).astype(np.float64)
    curvature = float((rows * rows).sum(axis=1).mean()) / 4
    least = minimise(loss, begin.ravel(), STEPS if start is None else FEWER, curvature).reshape(count + 1, tags)
    found: FloatArray = least.astype(np.float32)
    return Head(found[:-1], found[-1])


def minimise(
    loss: Callable[[_Vector], tuple[float, _Vector]], start: _Vector, steps: int = STEPS, curvature: float = 1.0
) -> _Vector:
    """Return where a smooth convex function is small, by limited-memory BFGS (Nocedal & Wright, algorithm 7.5).

    Args:
        loss: gives the value and the gradient.
        start: where to begin.
        steps: evaluations of the function, at the most.
        curvature: of the function, about; the first step is as long as it allows.
    """
    here, (value, slope) = start, loss(start)
    moves: list[tuple[_Vector, _Vector]] = []
    left = steps
    while left > 0:
        way = -_inverse_hessian(slope, moves, curvature)
        falls = float(slope @ way)
        if falls >= 0:
            break
        length = 1.0
        while True:
            there = here + length * way
            next_value, next_slope = loss(there)
            left -= 1
            if next_value <= value + _SUFFICIENT * length * falls or left <= 0:
                break
            length /= 2
        if next_value >= value:
            break
        move, change = there - here, next_slope - slope
        if move @ change > 0:
            moves = [*moves, (move, change)][-REMEMBERED:]
        is_enough = value - next_value < _ENOUGH * abs(value)
        here, value, slope = there, next_value, next_slope
        if is_enough:
            break
    return here


def _inverse_hessian(slope: _Vector, moves: list[tuple[_Vector, _Vector]], curvature: float) -> _Vector:
    """Multiply a gradient with what is known of the inverse Hessian (two-loop recursion)."""
    found, shares = slope.copy(), []
    for move, change in reversed(moves):
        share = float(move @ found) / float(move @ change)
        found -= share * change
        shares.append(share)
    if moves:
        move, change = moves[-1]
        found *= float(move @ change) / float(change @ change)
    else:
        found /= curvature
    for (move, change), share in zip(moves, reversed(shares), strict=True):
        found += (share - float(change @ found) / float(move @ change)) * move
    return found

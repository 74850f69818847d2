"""A multinomial logistic head on features of words, beside what is known of the tags before, fitted by L-BFGS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.lessons import BoolArray, FloatArray
from ner_tui.learning.neighbours import Neighbours

STEPS = 16
"""Evaluations of the loss, at the most: with more it fits the lessons better and other sentences no better."""
PENALTY = 5e-4
"""Of the squares of the free weights."""
REMEMBERED = 8
"""Pairs of steps and changes of the gradient that L-BFGS keeps."""
_ENOUGH = 1e-5
"""Share by which a step lessens the loss when it is the last."""
_SUFFICIENT = 1e-4
SURE = 0.95
"""Probability of O from which on the neighbours are not asked."""
LOWEST = -40.0
"""Log odds beyond which a tag is as good as excluded; as far above nothing, it is as good as certain."""
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
    neighbours: Neighbours | None = None
    """They have their say where the head is not sure of O."""

    def logits(self, features: FloatArray) -> FloatArray:
        """Return what is added to the tags' prior log probabilities, words x tags."""
        result: FloatArray = features @ self.weights + self.bias
        if self.neighbours is not None:
            odds = np.exp(np.clip(result - result[:, :1], np.float32(LOWEST), np.float32(-LOWEST)))
            open_ones = np.flatnonzero(odds.sum(axis=1) * SURE > 1)
            result[open_ones] += self.neighbours.logits(features[open_ones])
        return result


def fit_head(
    features: FloatArray,
    prior: FloatArray,
    allowed: BoolArray,
    mixing: FloatArray,
    counts: FloatArray | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Head:
    """Fit a head: the mean of - log P(a word has one of its allowed tags) and the penalised squares of free weights.

    Args:
        features: words x features.
        prior: log probabilities of the tags before, words x tags; they are not learnt.
        allowed: words x tags; at least one in each row, all of them if nothing is known of the word.
        mixing: tags x tags; the weights are free weights times this, so that tags that are mixed learn together.
        counts: for how many words each stands; one each if not given.
        cancelled: whether to give up; asked between two products of all words.

    Raises:
        Interrupted: it was cancelled.
    """
    known = ~allowed.all(axis=1)
    tags, count = prior.shape[1], features.shape[1]
    if not known.any():
        return Head(np.zeros((count, tags), np.float32), np.zeros(tags, np.float32))
    weight = np.ones(len(features), np.float32) if counts is None else counts
    rows, before, targets = features, prior, allowed
    if not known.all():
        rows, before, targets, weight = rows[known], before[known], targets[known], weight[known]
    weight = weight / weight.sum()
    # Tags x words: sums over few tags, and products of few rows, are far faster in this order.
    before, targets = np.ascontiguousarray(before.T), np.ascontiguousarray(targets.T)

    def go_on() -> None:
        if cancelled():
            raise Interrupted

    def loss(vector: _Vector) -> tuple[float, _Vector]:
        go_on()
        free = vector.reshape(tags, count + 1).astype(np.float32)
        both = mixing.T @ free
        scores = np.ascontiguousarray((rows @ np.ascontiguousarray(both[:, :-1].T)).T)
        go_on()
        scores += both[:, -1:]
        scores += before
        scores -= scores.max(axis=0)
        # Numbers too small for float32's full precision cost a hundred times as much in a product.
        np.maximum(scores, np.float32(LOWEST), out=scores)
        powers = np.exp(scores, out=scores)
        right = powers * targets
        right += np.float32(1e-30)
        total, good = powers.sum(axis=0), right.sum(axis=0)
        value = float((np.log(total / good) * weight).sum() + PENALTY * (free * free).sum())
        powers *= weight / total
        right *= weight / good
        apart = np.subtract(powers, right, out=powers)
        go_on()
        slope = np.empty_like(free)
        slope[:, :-1] = apart @ rows
        slope[:, -1] = apart.sum(axis=1)
        # The bias is held back too: that a label did not come up yet does not speak against it.
        slope = mixing @ slope + np.float32(2 * PENALTY) * free
        return value, slope.ravel().astype(np.float64)

    # The second derivative of a weight is at most the mean square of its feature over four, and its penalty's.
    spread = np.append(np.einsum("ij,ij,i->j", rows, rows, weight), 1.0)
    curvature = np.tile(spread / 4 + 2 * PENALTY, tags).astype(np.float64)
    least = minimise(loss, np.zeros(tags * (count + 1)), curvature).reshape(tags, count + 1)
    found: FloatArray = np.ascontiguousarray((mixing.T @ least.astype(np.float32)).T)
    return Head(found[:-1], found[-1])


def minimise(
    loss: Callable[[_Vector], tuple[float, _Vector]], start: _Vector, curvature: _Vector, steps: int | None = None
) -> _Vector:
    """Return where a smooth convex function is small, by limited-memory BFGS (Nocedal & Wright, algorithm 7.5).

    Args:
        loss: gives the value and the gradient.
        start: where to begin.
        curvature: of the function, about, along each coordinate; the first step is as long as it allows.
        steps: evaluations of the function, at the most; `STEPS` if not given.
    """
    here, (value, slope) = start, loss(start)
    moves: list[tuple[_Vector, _Vector]] = []
    left = STEPS if steps is None else steps
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


def _inverse_hessian(slope: _Vector, moves: list[tuple[_Vector, _Vector]], curvature: _Vector) -> _Vector:
    """Multiply a gradient with what is known of the inverse Hessian (two-loop recursion)."""
    found, shares = slope.copy(), []
    for move, change in reversed(moves):
        share = float(move @ found) / float(move @ change)
        found -= share * change
        shares.append(share)
    found /= curvature
    if moves:
        move, change = moves[-1]
        found *= float(move @ change) / float(change @ (change / curvature))
    for (move, change), share in zip(moves, reversed(shares), strict=True):
        found += (share - float(change @ found) / float(move @ change)) * move
    return found

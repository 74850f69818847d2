"""One temperature for honest scores, and how honest they are before and after.

Logits are divided by the temperature before the softmax; the order of tags stays. It is fitted
on dev sets by the likelihood of the words' tags, on the int8 graph that will be used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ner_tui.training.measure import Scored

BINS = 15
"""Equal bins of confidence in the expected calibration error."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A temperature and the figures that speak for it."""

    temperature: float
    nll: tuple[float, float]
    """Mean negative log-likelihood of a word's tag, before and after, in nats."""
    error: tuple[float, float]
    """Expected calibration error over all words, before and after, 0 to 1."""
    name_error: tuple[float, float]
    """The same over words that are a name or are taken for one: where scores are looked at."""


def calibrate(scored: Sequence[Scored]) -> Calibration:
    """Fit the temperature on dev sets; each word counts once, whatever its set."""
    logits = torch.cat([s.logits for s in scored]).double()
    admitted = torch.cat([s.admitted for s in scored])
    temperature = fit_temperature(logits, admitted)
    names = ~admitted[:, 0] | (logits.argmax(1) != 0)
    return Calibration(
        temperature=temperature,
        nll=(_nll(logits, admitted), _nll(logits / temperature, admitted)),
        error=(expected_error(logits, admitted), expected_error(logits / temperature, admitted)),
        name_error=(
            expected_error(logits[names], admitted[names]),
            expected_error(logits[names] / temperature, admitted[names]),
        ),
    )


def fit_temperature(logits: torch.Tensor, admitted: torch.Tensor) -> float:
    """Find the temperature of least negative log-likelihood, between 1/4 and 8, to 3 digits.

    Args:
        logits: (words, tags).
        admitted: which tags are right; bool, (words, tags).
    """
    # The likelihood has one peak over log-temperature, near enough; the golden section needs no gradient.
    low, high = math.log(0.25), math.log(8.0)
    shrink = (math.sqrt(5) - 1) / 2

    def loss(log_temperature: float) -> float:
        return _nll(logits / math.exp(log_temperature), admitted)

    left, right = high - shrink * (high - low), low + shrink * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > 1e-3:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - shrink * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + shrink * (high - low)
            at_right = loss(right)
    return round(math.exp((low + high) / 2), 3)


def expected_error(logits: torch.Tensor, admitted: torch.Tensor, bins: int = BINS) -> float:
    """Give the expected calibration error: |confidence - accuracy| per bin of confidence, weighted by words.

    The confidence of a word is the mass of its most probable tag; where several tags are admitted
    and that tag is one of them, the mass of them all, since any is counted right.
    """
    if not len(logits):
        return 0.0
    masses = logits.softmax(dim=1)
    best = masses.argmax(dim=1, keepdim=True)
    right = admitted.gather(1, best).squeeze(1)
    confidence = torch.where(right, (masses * admitted).sum(1), masses.gather(1, best).squeeze(1))
    place = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.zeros(bins, dtype=confidence.dtype).index_add_(0, place, confidence - right.to(confidence.dtype))
    return float(gaps.abs().sum() / len(logits))


def _nll(logits: torch.Tensor, admitted: torch.Tensor) -> float:
    logs = torch.log_softmax(logits, dim=1).masked_fill(~admitted, float("-inf"))
    return float(-torch.logsumexp(logs, dim=1).mean())

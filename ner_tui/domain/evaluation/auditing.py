"""Audits: sentences chosen by chance outside all doubts, and the estimate of remaining errors that they give.

Doubts show where a model is uncertain. What it gets wrong with certainty is only found by looking at sentences chosen
by chance: they are ranked by a hash, and the first of them are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from ner_tui.domain.annotation.edits import Decision, Item, Rejection
from ner_tui.domain.annotation.suggestions import Suggestion

EVERY = 20
"""One in so many entries of the queue is there by chance."""
CONFIDENCE = 0.95
FEW, MANY = 0.5, 4.0
"""Wrong and right ones that the prior is worth: a few of a hundred are expected to be wrong."""


def chance_rank(seed: int, document: int, offset: int) -> int:
    """Return the random rank of the sentence at ``offset``: the same for the same seed, below 2 to the 63."""
    digest = blake2b(f"{seed}:{document}:{offset}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many sentences without a doubt still need a correction."""

    checked: int
    """Sentences drawn by chance and looked at."""
    wrong: int
    """Those of them that needed a correction."""
    left: int
    """Sentences of the same kind that nobody has looked at."""
    bounds: tuple[int, int]
    """Between how many and how many of those left need a correction: both hold, at every look that is ever taken, in at
    least 95 of 100 projects."""

    @classmethod
    def of(cls, checked: int, wrong: int, left: int) -> Estimate:
        """Estimate from a sample."""
        return cls(checked, wrong, left, bounds_of(wrong, checked, left))

    @property
    def share(self) -> float:
        """Share of the checked ones that needed a correction, 0 to 1."""
        return self.wrong / self.checked if self.checked else 0.0

    @property
    def expected(self) -> int:
        """About how many of those left need a correction."""
        return round(self.share * self.left)


def bounds_of(wrong: int, checked: int, left: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Return between how many and how many of those left are wrong, after ``wrong`` of ``checked`` were.

    Sentences are drawn without replacement, and a person looks at the estimate, and stops, whenever they like: the
    bounds hold at all looks together, since the ratio of prior to posterior at the truth exceeds
    ``1 / (1 - confidence)`` in too few projects ever (Waudby-Smith & Ramdas 2020). The prior is beta-binomial.
    """
    total, limit = checked + left, -math.log1p(-confidence)
    posterior = _log_beta(FEW + wrong, MANY + checked - wrong) - _log_beta(FEW, MANY)

    def is_possible(more: int) -> bool:
        return posterior + _log_ways(total, wrong + more) - _log_ways(left, more) < limit

    # The likeliest number; from it on, in both directions, all become less and less likely.
    likeliest = min(max(round((total + 1) * wrong / max(checked, 1) - wrong), 0), left) if checked else left // 2
    return (
        _first(0, likeliest, is_possible),
        left - _first(0, left - likeliest, lambda fewer: is_possible(left - fewer)),
    )


def _first(low: int, high: int, is_possible: Callable[[int], bool]) -> int:
    """Return the first number that is possible, which all from there on to ``high`` are."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_possible(middle) else (middle + 1, high)
    return low


def _log_ways(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)


def _log_beta(one: float, other: float) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)


def corrects(removed: Sequence[Item], added: Sequence[Item], start: int, end: int) -> bool:
    """Whether an edit changed what would have been exported of ``[start, end)``, beyond accepting it as it was."""
    suggested = {item.span for item in removed if isinstance(item, Suggestion) and not item.below_threshold}
    before, after = ({each.span for each in side if isinstance(each, Decision)} for side in (removed, added))
    if any(span.overlaps(start, end) for span in (before - after) | (after - before - suggested)):
        return True
    for item in added:
        # To reject what was too faint to be exported changes nothing.
        if isinstance(item, Rejection) and item.span in suggested and item.span.overlaps(start, end):
            return True
    return False

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
_HALVINGS = 60


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
    low: float
    """``[low, high]`` holds the share in need of a correction in at least 95 of 100 projects."""
    high: float

    @classmethod
    def of(cls, checked: int, wrong: int, left: int) -> Estimate:
        """Estimate from a sample."""
        return cls(checked, wrong, left, *interval(wrong, checked))

    @property
    def share(self) -> float:
        """Share of the checked ones that needed a correction, 0 to 1."""
        return self.wrong / self.checked if self.checked else 0.0

    @property
    def expected(self) -> int:
        """About how many of those left need a correction."""
        return round(self.share * self.left)

    @property
    def bounds(self) -> tuple[int, int]:
        """Between how many and how many of those left need a correction."""
        return math.floor(self.low * self.left), math.ceil(self.high * self.left)


def interval(wrong: int, checked: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact (Clopper-Pearson) interval of a share of which ``wrong`` of ``checked`` were seen.

    It covers the true share in at least ``confidence`` of all samples, whatever the share and however few they are.
    """
    if checked == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    # The chance of at least `wrong` rises with the share, that of at most `wrong` falls.
    low = 0.0 if wrong == 0 else _solve(lambda p: 1 - _at_most(wrong - 1, checked, p) < tail)
    high = 1.0 if wrong == checked else _solve(lambda p: _at_most(wrong, checked, p) > tail)
    return low, high


def corrects(removed: Sequence[Item], added: Sequence[Item], start: int, end: int) -> bool:
    """Whether an edit changed what would have been exported of ``[start, end)``, beyond accepting it as it was."""
    suggested = {item.span for item in removed if isinstance(item, Suggestion) and not item.below_threshold}
    for item in removed:
        if isinstance(item, Decision) and item.span.overlaps(start, end):
            return True
    for item in added:
        if isinstance(item, Decision) and item.span not in suggested and item.span.overlaps(start, end):
            return True
        # To reject what was too faint to be exported changes nothing.
        if isinstance(item, Rejection) and item.span in suggested and item.span.overlaps(start, end):
            return True
    return False


def _solve(too_low: Callable[[float], bool]) -> float:
    """Return the share where ``too_low`` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return (low + high) / 2


def _at_most(wrong: int, checked: int, share: float) -> float:
    """Return the chance to see at most ``wrong`` of ``checked`` where ``share`` is the truth."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 1.0 if wrong >= checked else 0.0
    yes, no, all_ways = math.log(share), math.log1p(-share), math.lgamma(checked + 1)
    return math.fsum(
        math.exp(all_ways - math.lgamma(k + 1) - math.lgamma(checked - k + 1) + k * yes + (checked - k) * no)
        for k in range(wrong + 1)
    )

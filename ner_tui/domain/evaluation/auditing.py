"""Audits: sentences chosen by chance outside all doubts, and the estimate of remaining errors that they give.

Doubts show where a model is uncertain. What it gets wrong with certainty is only found by looking at sentences chosen
by chance: they are ranked by a hash, and the first of them are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from ner_tui.domain.annotation.edits import Decision, Item, Rejection
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span

EVERY = 20
"""One in so many entries of the queue is there by chance."""
BLIND = 10
"""One in so many of the sentences by chance is opened blind: how much suggestions sway a person shows beside them."""
_BLIND_SEED = 1
CONFIDENCE = 0.95
FEW, MANY = 0.5, 4.0
"""Wrong and right ones that the prior is worth: a few of a hundred are expected to be wrong."""


def chance_rank(seed: int, document: int, offset: int) -> int:
    """Return the random rank of the sentence at ``offset``: the same for the same seed, below 2 to the 63."""
    digest = blake2b(f"{seed}:{document}:{offset}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def opens_blind(document: int, offset: int) -> bool:
    """Whether what a model says of the sentence at ``offset`` is hidden at first where chance sends a person there."""
    return chance_rank(_BLIND_SEED, document, offset) % BLIND == 0


@dataclass(frozen=True, slots=True)
class Audited:
    """What became of the sentences drawn by chance."""

    checked: int
    """Confirmed or corrected."""
    wrong: int
    """Corrected."""
    removed: int = 0
    """Spans that would have been exported of them and are not there any more."""
    added: int = 0
    """Spans that are there and would not have been exported."""
    blind: tuple[int, int] = (0, 0)
    """How many were opened blind of those checked, and of those corrected."""


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
    f1: tuple[float, float] | None = None
    """Between which F1 scores an export lies, if sentences that need a correction need as many as those that were
    corrected; None where nothing was checked, or nothing would be exported."""
    sway: tuple[float, float, float] | None = None
    """How much larger the share of corrected ones is where suggestions were hidden at first, and between which values
    that lies at 95 %; None where none of either kind was checked."""

    @classmethod
    def of(cls, checked: int, wrong: int, left: int) -> Estimate:
        """Estimate from a sample."""
        return cls(checked, wrong, left, bounds_of(wrong, checked, left))

    @classmethod
    def of_audited(cls, audited: Audited, left: int, exported: int) -> Estimate:
        """Estimate from what became of sentences drawn by chance.

        Args:
            left: sentences of the same kind that nobody has looked at.
            exported: spans that an export has.
        """
        checked, wrong = audited.checked, audited.wrong
        bounds = bounds_of(wrong, checked, left)
        # Where nothing was wrong yet, an error is a label that is another.
        removed, added = (audited.removed / wrong, audited.added / wrong) if wrong else (1.0, 1.0)
        low, high = (_f1(exported, removed * number, added * number) for number in reversed(bounds))
        seen, of_these = audited.blind
        sway = _difference(of_these, seen, wrong - of_these, checked - seen) if 0 < seen < checked else None
        return cls(checked, wrong, left, bounds, (low, high) if checked and exported else None, sway)

    @property
    def share(self) -> float:
        """Share of the checked ones that needed a correction, 0 to 1."""
        return self.wrong / self.checked if self.checked else 0.0

    @property
    def expected(self) -> int:
        """About how many of those left need a correction."""
        return round(self.share * self.left)


def _f1(exported: int, removed: float, added: float) -> float:
    """Return the F1 score of spans of which so many are wrong, and so many are missing beside them."""
    right = max(0.0, exported - removed)
    return 2 * right / max(2 * right + removed + added, 1e-9)


def _difference(one: int, of_one: int, other: int, of_other: int) -> tuple[float, float, float]:
    """Return by how much a share exceeds another, and the bounds of that at 95 % (Agresti & Caffo 2000)."""
    first, second = (one + 1) / (of_one + 2), (other + 1) / (of_other + 2)
    reach = 1.96 * math.sqrt(first * (1 - first) / (of_one + 2) + second * (1 - second) / (of_other + 2))
    return one / of_one - other / of_other, first - second - reach, first - second + reach


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
    likeliest = min(max(round((total + 1) * wrong / max(checked, 1) - wrong), 0), left)
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


def changes(edits: Iterable[tuple[Sequence[Item], Sequence[Item]]], start: int, end: int) -> tuple[int, int]:
    """Return how many spans of ``[start, end)`` an export had before some edits and has no more, and how many are new.

    Args:
        edits: the items removed and added by each, in order.
    """
    before, now = set[Span](), set[Span]()
    for removed, added in edits:
        for item in removed:
            match item:
                case Decision(span) if span.overlaps(start, end) and span not in now:
                    before.add(span)
                case Suggestion(span) if span.overlaps(start, end) and not item.below_threshold and span not in now:
                    before.add(span)
        now.difference_update(item.span for item in removed if isinstance(item, Decision))
        now.update(item.span for item in added if isinstance(item, Decision) and item.span.overlaps(start, end))
    return len(before - now), len(now - before)


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

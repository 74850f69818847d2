"""Spans of two annotations of a sentence in pairs, for scores and comparisons.

A span is paired with one of the other side at the most: at the same place, else of the same label, else that of the
longest overlap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Literal, NamedTuple

from ner_tui.domain.schemes import TagSpan

MatchKind = Literal["correct", "label", "boundaries", "both", "missed", "spurious"]
"""``label``: same place, other label; ``boundaries``: they overlap, same label; ``both``: they overlap, other label."""
BoundaryError = Literal["same", "too long", "too short"]


class Match(NamedTuple):
    """A gold span and the predicted one it is paired with; one of the two may be missing, never both."""

    gold: TagSpan | None
    predicted: TagSpan | None

    @property
    def kind(self) -> MatchKind:
        """How they compare."""
        gold, predicted = self
        if gold is None:
            return "spurious"
        if predicted is None:
            return "missed"
        if gold[:2] == predicted[:2]:
            return "correct" if gold.label == predicted.label else "label"
        return "boundaries" if gold.label == predicted.label else "both"

    @property
    def start(self) -> int:
        """The first word of either."""
        return min(span.start for span in self if span)

    @property
    def end(self) -> int:
        """The word after the last of either."""
        return max(span.end for span in self if span)

    @property
    def edges(self) -> tuple[BoundaryError, BoundaryError]:
        """How the predicted span compares at its left and its right; both ``same`` unless there are two spans."""
        gold, predicted = self
        if gold is None or predicted is None:
            return "same", "same"
        return _edge(gold.start - predicted.start), _edge(predicted.end - gold.end)


def _edge(excess: int) -> BoundaryError:
    return "same" if not excess else "too long" if excess > 0 else "too short"


def match_spans(gold: Sequence[TagSpan], predicted: Sequence[TagSpan]) -> list[Match]:
    """Pair the spans of a sentence, ascending on both sides; return pairs and single ones in the order of the text."""
    if gold == predicted:
        return [Match(span, span) for span in gold]
    found: list[Match] = []
    gold, predicted = _pair_equal(gold, predicted, lambda span: span, found)
    gold, predicted = _pair_equal(gold, predicted, lambda span: span[:2], found)
    ours, theirs = set(range(len(gold))), set(range(len(predicted)))
    for *_, mine, other in sorted(_overlaps(gold, predicted)):
        if mine in ours and other in theirs:
            ours.remove(mine)
            theirs.remove(other)
            found.append(Match(gold[mine], predicted[other]))
    found += [Match(gold[at], None) for at in ours]
    found += [Match(None, predicted[at]) for at in theirs]
    return sorted(found, key=lambda match: (match.start, match.end, match.gold is None))


def _pair_equal(
    gold: Sequence[TagSpan], predicted: Sequence[TagSpan], key: Callable[[TagSpan], Hashable], found: list[Match]
) -> tuple[list[TagSpan], list[TagSpan]]:
    """Take out the spans that have an equal one on the other side, and return the others."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for at, span in enumerate(predicted):
        waiting[key(span)].append(at)
    rest: list[TagSpan] = []
    taken: set[int] = set()
    for span in gold:
        if waiting.get(key(span)):
            at = waiting[key(span)].pop(0)
            taken.add(at)
            found.append(Match(span, predicted[at]))
        else:
            rest.append(span)
    return rest, [span for at, span in enumerate(predicted) if at not in taken]


def _overlaps(gold: Sequence[TagSpan], predicted: Sequence[TagSpan]) -> Iterator[tuple[bool, int, int, int]]:
    """Yield (whether the labels differ, minus the overlap, index, index) for the spans that share a word."""
    low = 0
    for mine, span in enumerate(gold):
        while low < len(predicted) and predicted[low].end <= span.start:
            low += 1
        for at in range(low, len(predicted)):
            other = predicted[at]
            if other.start >= span.end:
                break
            shared = min(span.end, other.end) - max(span.start, other.start)
            if shared > 0:
                yield span.label != other.label, -shared, mine, at

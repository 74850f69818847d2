"""Errors put into annotations at random, as annotators make them, to learn what errors look like."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ner_tui.learning.lessons import WordSpan

MIX = (("drop", 0.45), ("relabel", 0.35), ("cut", 0.2))
"""Shares of the kinds: a span is left out, has another label, or begins or ends elsewhere."""


def with_error(
    words: Sequence[str], spans: Sequence[WordSpan], labels: Sequence[str], dice: Random
) -> tuple[tuple[WordSpan, ...], tuple[int, int]]:
    """Return the spans of a sentence with an error in one of them, and the words ``[first, end)`` that it touches.

    Args:
        spans: ascending; at least one.
        labels: that there are.
    """
    span = dice.choice(spans)
    first, end, label = span
    rest = [each for each in spans if each != span]
    what = dice.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
    if what == "relabel" and len(labels) > 1:
        other = (first, end, dice.choice([each for each in labels if each != label]))
        return tuple(sorted([*rest, other])), (first, end)
    if what == "cut":
        cuts = [cut for cut in _cuts(first, end, len(words)) if not any(_overlap(cut, each) for each in rest)]
        if cuts:
            cut = dice.choice(cuts)
            touched = min(first, cut[0]), max(end, cut[1])
            return tuple(sorted([*rest, (*cut, label)])), touched
    return tuple(rest), (first, end)


def _cuts(first: int, end: int, words: int) -> list[tuple[int, int]]:
    """Return where a span may end up that begins or ends a word too early or too late."""
    near = [(first - 1, end), (first + 1, end), (first, end - 1), (first, end + 1)]
    return [(one, other) for one, other in near if 0 <= one < other <= words]


def _overlap(one: tuple[int, int], other: WordSpan) -> bool:
    return one[0] < other[1] and other[0] < one[1]

"""Windows: how text is cut for a model. Pure functions over counts of words and sub-tokens; nothing is ever left out.

A block of sentences (``domain/blocks.py``) is cut into *windows* that the model reads in one piece, and
windows of like lengths share a *batch*. Each cut depends on the text since the document's start and on nothing else, so
a whole run, a resumed one and the app give the same bytes (what shares a batch changes int8 results a little).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from ner_tui.domain.blocks import BLOCK_WORDS
from ner_tui.predictors.base import Context

WINDOW_WORDS = 160
"""Words of a window, at most: what the bundled model was trained on, and best for it."""
LEFT_WORDS = 24
"""Words before its own that a window may begin with, for context alone.

With 24 the bundled model gained 0.35 F1 on the mean of four dev sets (-0.05 to +1.0) for a seventh more work; 48 and
100 gained no more.
"""
OVERLAP = 0.25
"""Share of a full window that two windows over one long sentence have in common, at least."""
WORD_PIECES = 200
"""Sub-tokens of a word that a model reads; a longer word (a key, an address, noise) is read by its beginning."""


class Limits(NamedTuple):
    """What a window may hold, special sub-tokens not counted."""

    words: int
    pieces: int

    @property
    def word_pieces(self) -> int:
        """Sub-tokens of one word, at most: a window then holds four words or more, so windows can overlap."""
        return max(1, min(WORD_PIECES, self.pieces // 4))


class Window(NamedTuple):
    """Words ``[start, end)`` of a block, read together; the model's word on ``[own_start, own_end)`` is taken."""

    start: int
    own_start: int
    own_end: int
    end: int


def rule(limits: Limits, batch_pieces: int) -> str:
    """Say how text is cut; the words change whenever results could."""
    return (
        f"windows-2: blocks {BLOCK_WORDS} words or a landmark, "
        f"windows {limits.words} words {limits.pieces} sub-tokens, "
        f"{LEFT_WORDS} words before, batches {batch_pieces}"
    )


def plan(sentences: Sequence[int], pieces: Sequence[int], limits: Limits, context: Context) -> list[Window]:
    """Cut a block into windows that own every word exactly once, in order.

    Args:
        sentences: how many words each sentence has.
        pieces: how many sub-tokens each word has, ``limits.word_pieces`` at most.
        limits: what a window may hold.
        context: whether a window may hold more than one sentence.
    """
    # Sub-tokens before each word: sums of a range are differences.
    before = list(accumulate(pieces, initial=0))
    bounds = list(accumulate(sentences, initial=0))

    def fits(start: int, end: int) -> bool:
        return end - start <= limits.words and before[end] - before[start] <= limits.pieces

    alone = context == "sentence"
    windows: list[Window] = []
    own_start = own_end = 0
    for first, last in pairwise(bounds):
        if own_end > own_start and (alone or not fits(max(0, own_start - LEFT_WORDS), last)):
            windows.append(Window(own_start, own_start, own_end, own_end))
            own_start = first
        if fits(first, last):
            own_end = last
        else:
            windows += overlapping(first, last, before, limits)
            own_start = own_end = last
    if own_end > own_start:
        windows.append(Window(own_start, own_start, own_end, own_end))
    return windows if alone else [_with_context(window, fits) for window in windows]


def _with_context(window: Window, fits: Callable[[int, int], bool]) -> Window:
    """Begin a window up to ``LEFT_WORDS`` earlier, as far as there is room; one that overlaps another does already."""
    start = window.start
    if start == window.own_start:
        while start > max(0, window.own_start - LEFT_WORDS) and fits(start - 1, window.end):
            start -= 1
    return window._replace(start=start)


def overlapping(first: int, last: int, before: Sequence[int], limits: Limits) -> list[Window]:
    """Cut words ``[first, last)`` into full windows that overlap; each word belongs to where it is most central.

    Args:
        before: sub-tokens before each word and, last, of all words.
    """

    def share(start: int, end: int) -> float:
        return max((end - start) / limits.words, (before[end] - before[start]) / limits.pieces)

    ranges: list[tuple[int, int]] = []
    start = first
    while True:
        end = start + 1
        while end < last and share(start, end + 1) <= 1:
            end += 1
        ranges.append((start, end))
        if end == last:
            break
        # A full window is more than three quarters full, and a step back at most half a window: this goes forward.
        following = end
        while following > start + 1 and share(following, end) < OVERLAP:
            following -= 1
        start = following
    # A word of two windows belongs to the left one unless it is nearer to its end than to the right one's start.
    cuts = [(end + start + 1) // 2 for (_, end), (start, _) in pairwise(ranges)]
    owned = zip([first, *cuts], [*cuts, last], strict=True)
    return [Window(start, low, high, end) for (start, end), (low, high) in zip(ranges, owned, strict=True)]


def batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Group windows of like lengths so that each batch, padded to its longest, holds at most ``budget`` sub-tokens.

    A window longer than the budget is alone, so each is with a budget of 0. Batches come in the order of their first
    window.
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda place: (lengths[place], place)):
        # Sorted by length, so this window is the longest of its batch.
        if not groups or lengths[index] * (len(groups[-1]) + 1) > budget:
            groups.append([])
        groups[-1].append(index)
    return sorted(sorted(group) for group in groups)

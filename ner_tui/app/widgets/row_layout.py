"""Which line of the view shows which row of the text, with or without a row of labels under each."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from ner_tui.app.layout import TextLayout

if TYPE_CHECKING:
    from ner_tui.session.kept_view import KeptView

GUTTER = 4
"""Cells left of the text: a bar beside the current sentence, how far the row's sentences are, notes, and the key of the
label of what begins the row."""
SPARE = 2
"""Cells of a row that are left free for keys of labels where these stand in the text: text that was wrapped at 72
columns, as mail is, still has its own lines in a window of 80."""
ROOMY_FROM = 28
"""Lines from which on the labels get rows of their own unless a person chose otherwise."""


def is_roomy(height: int, kept: KeptView | None) -> bool:
    """Whether labels get rows of their own in a view of so many lines."""
    chosen = kept.roomy(wide=height >= ROOMY_FROM) if kept else None
    return height >= ROOMY_FROM if chosen is None else chosen


def text_width(cells: int, *, roomy: bool) -> int:
    """Return how many cells the text has of so many."""
    return cells - GUTTER - 1 - (0 if roomy else SPARE)


class RowLayout:
    """Rows of text one below the other; with ``roomy`` each row that is not empty has one for labels under it."""

    def __init__(self, layout: TextLayout, *, roomy: bool) -> None:
        self.roomy = roomy
        self._tops: array[int] | None = None
        if roomy:
            heights = (1 if empty else 2 for empty in layout.emptiness())
            self._tops = array("q", accumulate(heights, initial=0))
        self.height = len(layout) if self._tops is None else self._tops[-1]
        """How many lines there are."""

    def top(self, row: int) -> int:
        """Return the line where ``row`` is shown; for the number of rows, the line after the last."""
        return row if self._tops is None else self._tops[row]

    def at(self, line: int) -> tuple[int, bool]:
        """Return (row, whether ``line`` is the one for its labels); the last row for lines below."""
        line = min(max(line, 0), self.height - 1)
        if self._tops is None:
            return line, False
        row = bisect_right(self._tops, line) - 1
        return row, line > self._tops[row]

    def keeping(self, row: int, top: int, height: int) -> int:
        """Return the first of ``height`` lines in sight that have ``row`` among them.

        It is ``top`` if it can be, else a third of the height further, or as far as it takes.
        """
        y, lines = self.top(row), 2 if self.roomy else 1
        # No margin: what a key accepts is what is in sight, and to step on the last row must not push the first out.
        low, high = y + lines - height, y
        if low <= top <= high:
            return top
        third = max(lines, height // 3)
        near = top + third if top < low else top - third
        target = near if low <= near <= high else y - third
        return max(0, min(self.top(self.at(target)[0]), self.height - height))

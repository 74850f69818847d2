"""The stack: which line of the view shows which row of the text, with or without a row of labels under each."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate

from ner_tui.app.layout import Layout


class Stack:
    """Rows of text one below the other; with ``roomy`` each row that is not empty has one for labels under it."""

    def __init__(self, layout: Layout, *, roomy: bool) -> None:
        self.roomy = roomy
        self._rows = len(layout)
        self._tops: array[int] | None = None
        if roomy:
            heights = (1 if empty else 2 for empty in layout.emptiness())
            self._tops = array("q", accumulate(heights, initial=0))

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self._rows if self._tops is None else self._tops[-1]

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

"""Where each character of a text is on the screen, in rows and terminal cells.

Rows partition the text: each runs to the start of the next, its line break or the space it was wrapped at included.
Words stay whole where they fit. Knows nothing of widgets; offsets are code points, columns are cells.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ner_tui.app.glyphs import ODD, Unit, units
from ner_tui.app.wrapping import drawn_end, wrap

NARROWEST = 8
"""Cells a row has at the least."""


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """One row, ready to be drawn."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last character that is drawn; a line break is not."""
    text: str
    """The text the row is of."""
    parts: tuple[Unit, ...] | None
    """The units of the row; None where every character takes one cell and stands for itself."""
    columns: tuple[int, ...] = ()
    """The column of each unit, and one more: where the row ends."""
    base: int = 0
    """Offset of the first character of ``text``."""

    @property
    def width(self) -> int:
        """Cells that are drawn, a space at the end included."""
        return self.columns[-1] if self.parts is not None else self.end - self.start

    def column(self, offset: int) -> int:
        """Return the column of the unit that holds ``offset``, clamped to the row."""
        offset = min(max(offset, self.start), self.end)
        if self.parts is None:
            return offset - self.start
        if offset >= self.end:
            return self.width
        return self.columns[self._unit_at(offset)]

    def offset(self, column: int) -> int:
        """Return where the unit over ``column`` starts; right of the row the last one, left of it the first."""
        if self.start == self.end:
            return self.start
        if self.parts is None:
            return min(max(self.start + column, self.start), self.end - 1)
        at = bisect_right(self.columns, max(column, 0), hi=len(self.parts)) - 1
        return self.parts[at].start

    def has_space(self, offset: int) -> bool:
        """Whether a space stands before ``offset`` in the row."""
        return offset > self.start and self.text[offset - 1 - self.base : offset - self.base] == " "

    def shown(self, start: int, end: int) -> Iterator[tuple[str, bool]]:
        """Yield (what is drawn, whether it is a stand-in) for the units that start in ``[start, end)``."""
        start, end = max(start, self.start), min(end, self.end)
        if self.parts is None:
            if start < end:
                yield self.text[start - self.base : end - self.base], False
            return
        run, of_stand_ins = "", False
        for unit in self.parts:
            # A cell that was put in is its owner's to draw.
            if start <= unit.start < end and unit.end > unit.start:
                if unit.stand_in is not of_stand_ins and run:
                    yield run, of_stand_ins
                    run = ""
                of_stand_ins = unit.stand_in
                run += unit.shown
        if run:
            yield run, of_stand_ins

    def with_cells(self, offsets: Collection[int], width: int) -> LayoutRow:
        """Return the row with an empty cell put in before each of ``offsets``, as far as ``width`` cells take them."""
        if not offsets:
            return self
        own = self.parts if self.parts is not None else units(self.text, self.start - self.base, self.end - self.base)
        shift = 0 if self.parts is not None else self.base
        parts, columns, free = list[Unit](), [0], width - self.width
        for unit in own:
            start = unit.start + shift
            if start in offsets and free > 0:
                parts.append(Unit(start, start, " ", 1, stand_in=False))
                columns.append(columns[-1] + 1)
                free -= 1
            parts.append(unit._replace(start=start, end=unit.end + shift))
            columns.append(columns[-1] + unit.width)
        return LayoutRow(self.start, self.end, self.text, tuple(parts), tuple(columns), self.base)

    def has_cell(self, offset: int) -> bool:
        """Whether an empty cell was put in before ``offset``."""
        if self.parts is None:
            return False
        at = self._unit_at(offset)
        return at > 0 and self.parts[at - 1].start == self.parts[at - 1].end == offset

    def _unit_at(self, offset: int) -> int:
        assert self.parts is not None
        return max(0, bisect_right(self.parts, offset, key=lambda unit: unit.start) - 1)


class TextLayout:
    """A text, or a stretch of one, wrapped to a width."""

    def __init__(self, text: str, width: int, base: int = 0) -> None:
        """Wrap a text.

        Args:
            width: cells a row takes at the most, but for a space it is wrapped at.
            base: offset of its first character.
        """
        self.text = text
        self.base = base
        self.width = max(width, NARROWEST)
        """Cells a row takes at the most; only a space it is wrapped at may stand one further."""
        self._starts = array("q")
        wrap(text, self.width, self._starts)

    def __len__(self) -> int:
        return len(self._starts)

    def bounds(self, row: int) -> tuple[int, int]:
        """Return ``[start, end)`` of a row, its line break included."""
        following = row + 1
        end = self._starts[following] if following < len(self._starts) else len(self.text)
        return self.base + self._starts[row], self.base + end

    def emptiness(self) -> Iterator[bool]:
        """Yield for each row whether it is an empty line."""
        text, starts = self.text, self._starts
        for start, end in pairwise((*starts, len(text))):
            yield end - start <= 2 and drawn_end(text, start, end) == start

    def row_of(self, offset: int) -> int:
        """Return the row that holds ``offset``, clamped to the text."""
        return max(0, bisect_right(self._starts, offset - self.base) - 1)

    def row(self, at: int) -> LayoutRow:
        """Return row ``at`` measured for drawing."""
        base = self.base
        start, end = (edge - base for edge in self.bounds(at))
        end = drawn_end(self.text, start, end)
        if ODD.search(self.text, start, end) is None:
            return LayoutRow(base + start, base + end, self.text, None, base=base)
        parts = tuple(
            unit._replace(start=base + unit.start, end=base + unit.end)
            for unit in _fitting(self.text, start, end, self.width)
        )
        columns = [0]
        for unit in parts:
            columns.append(columns[-1] + unit.width)
        return LayoutRow(base + start, base + end, self.text, parts, tuple(columns), base)

    def locate(self, offset: int) -> tuple[int, int]:
        """Return (row, column) where the character at ``offset`` is drawn."""
        at = self.row_of(offset)
        return at, self.row(at).column(offset)

    def offset(self, row: int, column: int) -> int:
        """Return the offset of the unit drawn at (row, column), both clamped to what is there."""
        return self.row(min(max(row, 0), len(self) - 1)).offset(column)


def _fitting(text: str, start: int, end: int, width: int) -> Iterator[Unit]:
    """Yield the units of a row; a tab ends at the right edge at the latest."""
    column = 0
    for unit in units(text, start, end):
        if unit.width + column > width and unit.shown.isspace() and column < width:
            unit = unit._replace(shown=" " * (width - column), width=width - column)
        yield unit
        column += unit.width

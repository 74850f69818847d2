"""Layout: where each character of a text stands on the screen, in rows and terminal cells.

Rows partition the text: each runs to the start of the next, its line break or the space it was wrapped at included.
Words stay whole where they fit. Knows nothing of widgets; offsets are code points, columns are cells.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ner_tui.app.glyphs import NARROW, ODD, ODD_ASCII, TAB, WIDE, Unit, lone, units

_ODD = f"[^ {NARROW}{WIDE}]"
_NOT_FIRST = frozenset("、。，．！？：；）］｝〉》」』】〕ゝゞ々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?:;)]}’”…")
"""Characters that do not begin a row after a wide one."""
NARROWEST = 8
"""Cells a row has at the least."""
MEASURED = 1 << 18
"""Characters of a line that are measured: only a word of a size that no word has makes a longer line of odd ones."""


@cache
def _runs() -> re.Pattern[str]:
    """Return what cuts a line into runs that are measured alike; an odd run keeps the character it may lean on."""
    # It takes milliseconds to compile, and a text without odd characters does without it.
    return re.compile(
        f"(?P<space> +)(?!{_ODD})|(?P<wide>[{WIDE}]+)(?!{_ODD})|(?P<word>[{NARROW}]+)(?!{_ODD})|(?P<odd>.{_ODD}*)",
        re.DOTALL,
    )


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

    def character(self, offset: int) -> str:
        """Return the character at ``offset``, or nothing beyond the text."""
        return self.text[offset - self.base : offset - self.base + 1]

    def shown(self, start: int, end: int) -> Iterator[tuple[str, bool]]:
        """Yield (what is drawn, whether it is a stand-in) for the units that start in ``[start, end)``."""
        start, end = max(start, self.start), min(end, self.end)
        if self.parts is None:
            if start < end:
                yield self.text[start - self.base : end - self.base], False
            return
        run, of_stand_ins = "", False
        for unit in self.parts:
            if start <= unit.start < end:
                if unit.stand_in is not of_stand_ins and run:
                    yield run, of_stand_ins
                    run = ""
                of_stand_ins = unit.stand_in
                run += unit.shown
        if run:
            yield run, of_stand_ins

    def _unit_at(self, offset: int) -> int:
        assert self.parts is not None
        low, high = 0, len(self.parts)
        while high - low > 1:
            middle = (low + high) // 2
            if self.parts[middle].start <= offset:
                low = middle
            else:
                high = middle
        return low


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
        _wrap(text, self.width, self._starts)

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
            yield end - start <= 2 and _drawn_end(text, start, end) == start

    def row_of(self, offset: int) -> int:
        """Return the row that holds ``offset``, clamped to the text."""
        return max(0, bisect_right(self._starts, offset - self.base) - 1)

    def row(self, at: int) -> LayoutRow:
        """Return row ``at`` measured for drawing."""
        base = self.base
        start, end = (edge - base for edge in self.bounds(at))
        end = _drawn_end(self.text, start, end)
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


def _drawn_end(text: str, start: int, end: int) -> int:
    if end > start and text[end - 1] == "\n":
        end -= 1
        if end > start and text[end - 1] == "\r":
            end -= 1
    return end


def _fitting(text: str, start: int, end: int, width: int) -> Iterator[Unit]:
    """Yield the units of a row; a tab ends at the right edge at the latest."""
    column = 0
    for unit in units(text, start, end):
        if unit.width + column > width and unit.shown.isspace() and column < width:
            unit = unit._replace(shown=" " * (width - column), width=width - column)
        yield unit
        column += unit.width


def _wrap(text: str, width: int, starts: array[int]) -> None:
    odd = ODD_ASCII if text.isascii() else ODD
    find, add = text.find, starts.append
    match = odd.search(text)
    next_odd = match.start() if match else len(text) + 1
    start, length = 0, len(text)
    while True:
        stop = find("\n", start)
        end = length if stop < 0 else stop
        if next_odd < end:
            add(start)
            _wrap_odd(text, start, _drawn_end(text, start, end + 1) if stop >= 0 else end, width, starts)
            match = odd.search(text, end)
            next_odd = match.start() if match else length + 1
        elif end - start <= width:
            add(start)
        else:
            _wrap_plain(text, start, end, width, starts)
        if stop < 0:
            return
        start = end + 1


def _wrap_plain(text: str, start: int, end: int, width: int, starts: array[int]) -> None:
    """Add the rows of a line in which every character takes one cell."""
    rfind, add = text.rfind, starts.append
    if text[end - 1] == "\r":
        end -= 1
    while True:
        add(start)
        if end - start <= width:
            return
        space = rfind(" ", start, start + width + 1)
        start = space + 1 if space >= start else start + width
        if start >= end:
            return


class _Line:
    """The state of wrapping one line that needs its characters measured."""

    def __init__(self, start: int, width: int, starts: array[int]) -> None:
        self.width = width
        self.starts = starts
        self.row = start
        self.column = 0
        self.opening = start
        """The last offset where the row may be broken."""
        self.opening_column = 0

    def may_break(self, offset: int) -> None:
        self.opening, self.opening_column = offset, self.column

    def make_room(self, cells: int, offset: int) -> None:
        """Break so that ``cells`` more fit at ``offset``, at the last opening if that is enough."""
        if self.column + cells <= self.width:
            return
        if self.row < self.opening and self.column - self.opening_column + cells <= self.width:
            self.row = self.opening
            self.column -= self.opening_column
        else:
            self.row, self.column = offset, 0
        self.starts.append(self.row)
        self.opening, self.opening_column = self.row, 0


def _wrap_odd(text: str, start: int, end: int, width: int, starts: array[int]) -> None:
    """Add the rows of a line after its first, measuring what is not plain."""
    if 2 * (end - start) + TAB * text.count("\t", start, end) <= width:
        return
    line = _Line(start, width, starts)
    measured = min(end, start + MEASURED)
    for run in _runs().finditer(text, start, measured):
        if run.lastgroup == "word":
            _place_word(line, run.start(), run.end())
        elif run.lastgroup == "space":
            _place_spaces(line, run.start(), run.end())
        elif run.lastgroup == "wide":
            _place_wide(line, text, run.start(), run.end())
        else:
            _place_odd(line, text, run.start(), run.end())
    if measured == end:
        return
    if ODD.search(text, measured, end) is None:
        _wrap_plain(text, measured, end, width, starts)
    else:
        # So few characters to a row that they fit whatever they are.
        starts.extend(range(measured, end, width // (TAB if "\t" in text[measured:end] else 2)))


def _place_word(line: _Line, start: int, end: int) -> None:
    cells = end - start
    if line.column + cells > line.width and line.row < line.opening:
        line.make_room(min(cells, line.width), start)
    while line.column + cells > line.width:
        fits = line.width - line.column
        start, cells = start + fits, cells - fits
        line.column = line.width
        line.make_room(1, start)
    line.column += cells


def _place_spaces(line: _Line, start: int, end: int) -> None:
    for offset in range(start, end):
        if line.column > line.width:
            line.make_room(1, offset)
        line.column += 1
        line.may_break(offset + 1)


def _place_wide(line: _Line, text: str, start: int, end: int) -> None:
    if text[start] not in _NOT_FIRST:
        line.may_break(start)
    at = start
    while at < end:
        fits = min((line.width - line.column) // 2, end - at)
        if fits <= 0:
            line.make_room(2, at)
            continue
        at += fits
        line.column += 2 * fits
        # A closing mark is not to begin the next row: the character before it may go there with it.
        back = at - 1 if at < end and text[at] in _NOT_FIRST else at
        if back > max(start, line.row):
            line.opening, line.opening_column = back, line.column - 2 * (at - back)
    if end >= len(text) or text[end] not in _NOT_FIRST:
        line.may_break(end)


def _place_odd(line: _Line, text: str, start: int, end: int) -> None:
    at = start
    while at < end:
        if width := lone(text, at, end):
            # There may be millions of them in a line.
            if width > 1 and text[at] not in _NOT_FIRST:
                line.may_break(at)
            line.make_room(width, at)
            line.column += width
            at += 1
            if width > 1:
                line.may_break(at)
            continue
        unit = next(units(text, at, end, line.column))
        tab = text[at] == "\t"
        if unit.width > 1 and not tab and text[at] not in _NOT_FIRST:
            line.may_break(at)
        if tab:
            if line.column >= line.width:
                line.make_room(1, at)
                continue
            line.column = min(line.column + unit.width, line.width)
        else:
            line.make_room(unit.width, at)
            line.column += unit.width
        at = unit.end
        if unit.width > 1 or tab or unit.shown == " ":
            line.may_break(at)

"""Where the rows of a text begin that is wrapped to a width. Words stay whole where they fit."""

from __future__ import annotations

import re
from array import array
from functools import cache

from ner_tui.app.glyphs import NARROW, ODD, ODD_ASCII, TAB, WIDE, lone, units

_ODD = f"[^ {NARROW}{WIDE}]"
_NOT_FIRST = frozenset("、。，．！？：；）］｝〉》」』】〕ゝゞ々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?:;)]}’”…")
"""Characters that do not begin a row after a wide one."""
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


def drawn_end(text: str, start: int, end: int) -> int:
    """Return where what is drawn of a row ends: a line break is not."""
    if end > start and text[end - 1] == "\n":
        end -= 1
        if end > start and text[end - 1] == "\r":
            end -= 1
    return end


def wrap(text: str, width: int, starts: array[int]) -> None:
    """Add the offsets where the rows of ``text`` begin to ``starts``; a row takes ``width`` cells at the most."""
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
            _wrap_odd(text, start, drawn_end(text, start, end + 1) if stop >= 0 else end, width, starts)
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

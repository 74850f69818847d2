"""How the rows of a table are written: what separates their cells, and whether quotes stand around cells.

Rows are read by the standard library's ``csv``; a row ends at a line end that is in no quotes.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import accumulate, chain, islice
from typing import NamedTuple

from ner_tui.domain.schemes import split_tag
from ner_tui.errors import FormatError
from ner_tui.formats.files.source import Source

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "TAB", "|": "|"}
"""What may separate cells, with what it is called."""
_NONE = "\x1f"
"""Of a table of one column."""
_SAMPLE = 1 << 16
"""Characters from which it is found."""
RULED_TABLE = r"\|.*\|[ \t]*\r?\n[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+"
"""What a table in Markdown begins with: its cells have blanks around them, and its second line is a rule."""
_AGREE = 0.9
"""The share of rows that have to have the same number of cells."""
_LONGEST = 1 << 27
"""Characters of a cell at the most."""

Row = tuple[int, list[str]]
"""The line that a row begins in, counted from 1, and its cells; a blank line is a row without any."""
RowBlock = tuple[Sequence[int], list[list[str]]]
"""The lines that rows begin in, and the rows."""
_AT_ONCE = 256
"""Rows of a block: enough that what a block costs is little, and too few to have the collector look at them."""


class Dialect(NamedTuple):
    """How the cells of a row are told apart."""

    separator: str
    quoted: bool = True
    """Whether quotes around a cell are none of its text."""


def rows(source: Source, dialect: Dialect) -> Iterator[Row]:
    """Yield the rows of a source.

    Raises:
        FormatError: quotes are not as they have to be; raised when that is reached.
    """
    return chain.from_iterable(zip(*block, strict=True) for block in row_blocks(source, dialect))


def row_blocks(source: Source, dialect: Dialect) -> Iterator[RowBlock]:
    """Yield the same, some rows at a time."""
    # Unlike the lines of a source, those of a stream are cut without any code of ours.
    lines = chain.from_iterable(StringIO(piece, newline="\n") for piece in source.pieces())
    return _blocks(source.path, lines, dialect)


def beginning(source: Source) -> tuple[str, bool]:
    """Return what a source begins with, in whole lines unless it is one, and whether that is all of it."""
    pieces = source.pieces()
    text = next(pieces, "")
    if len(text) <= _SAMPLE:
        return text, next(pieces, None) is None
    cut = text.rfind("\n", 0, _SAMPLE) + 1
    return text[: cut or _SAMPLE], False


def find_dialect(source: Source, *, sure: bool = False) -> tuple[Dialect, list[Row]] | None:
    """Return how a table is written, and its first rows; None where it has one column, or none that all rows have.

    Args:
        sure: it is a table, however many of its rows have another number of cells than the first.
    """
    text, is_all = beginning(source)
    is_ruled = re.match(rf"\s*{RULED_TABLE}", text) is not None
    found = [
        (share, dialect, sample)
        for separator in SEPARATORS
        if separator in text and not (separator == "|" and is_ruled)
        for dialect, sample in [_way(source.path, text, separator, is_all=is_all)]
        if (share := _agreeing(sample)) >= (1e-9 if sure else _AGREE)
    ]
    if not found:
        return None
    _, dialect, sample = max(found, key=lambda each: (each[0], len(each[2][0][1])))
    return dialect, sample


def one_column(source: Source) -> tuple[Dialect, list[Row]]:
    """Return a source as a table of one column, and its first rows.

    Raises:
        FormatError: see ``rows``.
    """
    dialect = Dialect(_NONE)
    return dialect, list(islice(rows(source, dialect), 100))


def _way(path: str, text: str, separator: str, *, is_all: bool) -> tuple[Dialect, list[Row]]:
    """Return the way, quoted or not, in which rows by a separator are read, with the rows.

    A table that knows no quotes is told by words that are one, with a tag each: between two of them, what would be a
    cell goes over several lines, or none ends. Else it is read as quoted, and where that breaks is an error.
    """
    plain = _sample(path, text, Dialect(separator, quoted=False), is_all=True)
    quoted = _sample(path, text, Dialect(separator), is_all=is_all) if '"' in text else plain
    across = any("\n" in cell for _, row in quoted for cell in row)
    signs = [row for _, row in plain if '"' in row]
    if signs and all(any(map(_is_tag, row)) for row in signs) and (across or not quoted) and _agreeing(plain) == 1:
        return Dialect(separator, quoted=False), plain
    return Dialect(separator), quoted or plain


def _is_tag(cell: str) -> bool:
    prefix, label = split_tag(cell)
    return cell == "O" or bool(prefix and label)


def _sample(path: str, text: str, dialect: Dialect, *, is_all: bool) -> list[Row]:
    """Return the rows of a text, nothing if it is broken; where it is cut, its last one may be."""
    found = list[Row]()
    try:
        for block in _blocks(path, StringIO(text, newline="\n"), dialect):
            found.extend(zip(*block, strict=True))
    except FormatError:
        return [] if is_all else found
    return found


def _agreeing(sample: list[Row]) -> float:
    """Return the share of rows that have as many cells as the first, if those are several."""
    widths = Counter(len(row) for _, row in sample if row)
    first = next((len(row) for _, row in sample if row), 0)
    return widths[first] / widths.total() if first > 1 else 0.0


def _blocks(path: str, lines: Iterable[str], dialect: Dialect) -> Iterator[RowBlock]:
    csv.field_size_limit(_LONGEST)
    if dialect.quoted:
        reader = csv.reader(lines, delimiter=dialect.separator, strict=True)
    else:
        reader = csv.reader(lines, delimiter=dialect.separator, quoting=csv.QUOTE_NONE, strict=True)
    first, broken = 1, None
    while broken is None:
        block = list[list[str]]()
        try:
            block.extend(islice(reader, _AT_ONCE))
        except csv.Error as error:
            # What precedes it is in the block.
            broken = error
        if not block and broken is None:
            return
        following = first + len(block)
        numbers: Sequence[int] = range(first, following)
        if reader.line_num + 1 != following:
            more = (sum(cell.count("\n") for cell in row) for row in block)
            *numbers, following = accumulate((1 + each for each in more), initial=first)
        yield numbers, block
        first = following
    raise FormatError(path, first, _reason(str(broken))) from broken


def _reason(said: str) -> str:
    if "new-line" in said:
        return "a carriage return stands in a cell: put the cell in quotes"
    if "end of data" in said or "limit" in said:
        return 'a quote that opens here is not closed: write "" for a quote within quotes'
    return 'something follows the quote that ends a cell: write "" for a quote within quotes'

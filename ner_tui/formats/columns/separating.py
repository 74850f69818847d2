"""A file of columns written with another separator between them; all its columns are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from ner_tui.errors import InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import conll
from ner_tui.formats.columns.assembly import SentenceLines
from ner_tui.formats.columns.column_layout import cut, is_document_mark
from ner_tui.formats.files.source import Source


def with_separator(
    source: Source, inference: Inference, separator: str, report: Callable[[str], None]
) -> Iterator[str]:
    """Yield the text of ``source`` with ``separator`` between its columns, line by line; comments stay as they are.

    Args:
        report: takes a sentence for each cell that holds the separator, or nothing where blanks separate: ``_`` is
            written for it.

    Raises:
        InputError: it is not a file of columns.
        FormatError: a line breaks the format.
    """
    if inference.format not in ("conll", "conll2003"):
        raise InputError(f"{source.path} is {inference.format}, whose separator is fixed: choose a format with --to")
    before, header = inference.separator, inference.header
    blocks = (block for block in conll.sentence_lines(source, inference) if isinstance(block, SentenceLines))
    words = chain.from_iterable(block.lines for block in blocks)
    word, end = next(words, 0), ""
    for number, line in enumerate(source.lines(), 1):
        mark = is_document_mark(line) and not line.startswith("#")
        if number == word or mark or (header and line.rstrip("\r") == header):
            line = _line_with_separator(line, before, separator, f"{source.path}:{number}", report)
        word = next(words, 0) if number == word else word
        yield end + line
        end = "\n"
    if source.ends_line:
        yield "\n"


def _line_with_separator(line: str, before: str, after: str, place: str, report: Callable[[str], None]) -> str:
    cells = cut(line, before)
    while after == " " and cells and not cells[-1]:
        cells.pop()
    for at, cell in enumerate(cells):
        made = cell.replace(after, "_") or ("_" if after == " " else "")
        if made != cell:
            report(f"{place}: {cell!r} is written as {made!r}")
            cells[at] = made
    return after.join(cells) + line[len(line.rstrip("\r")) :]

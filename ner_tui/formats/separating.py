"""Separating: a file of columns with another separator between them, all its columns kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ner_tui.errors import InputError
from ner_tui.formats import conll
from ner_tui.formats.assembly import Block
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import cut, is_document_mark
from ner_tui.formats.source import Source


def separated(source: Source, inference: Inference, separator: str, tell: Callable[[str], None]) -> Iterator[str]:
    """Yield the text of ``source`` with ``separator`` between its columns, line by line; comments stay as they are.

    Args:
        tell: takes a sentence for each cell that holds the separator, or nothing where blanks separate: ``_`` is
            written for it.

    Raises:
        InputError: it is not a file of columns.
        FormatError: a line breaks the format.
    """
    if inference.format not in ("conll", "conll2003"):
        raise InputError(f"{source.path} is {inference.format}, whose separator is fixed: choose a format with --to")
    words = {line for block in conll.blocks(source, inference) if isinstance(block, Block) for line in block.lines}
    end = ""
    for number, line in enumerate(source.lines(), 1):
        table = number in words or (inference.header and line.rstrip("\r") == inference.header)
        if table or (is_document_mark(line) and not line.startswith("#")):
            line = _separated(line, inference.separator, separator, f"{source.path}:{number}", tell)
        yield end + line
        end = "\n"
    if source.text.endswith("\n"):
        yield "\n"


def _separated(line: str, before: str, after: str, place: str, tell: Callable[[str], None]) -> str:
    cells = cut(line, before)
    while after == " " and cells and not cells[-1]:
        cells.pop()
    for at, cell in enumerate(cells):
        made = cell.replace(after, "_") or ("_" if after == " " else "")
        if made != cell:
            tell(f"{place}: {cell!r} is written as {made!r}")
            cells[at] = made
    return after.join(cells) + line[len(line.rstrip("\r")) :]

"""Tables of texts: a document a row, its other cells metadata."""

from __future__ import annotations

from collections.abc import Iterator

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source
from ner_tui.formats.standoff.offset_spans import MarkedText
from ner_tui.formats.standoff.placing import read_marked
from ner_tui.formats.tables.dialect import rows
from ner_tui.formats.tables.span_cells import spans_in
from ner_tui.formats.tables.table_layout import Table, find_table


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each row; see ``base.Format.read``."""
    table = find_table(source, text=inference.text_column, sure=True)
    if table is None or table.texts is None:
        raise InputError(f"{source.path} is no table of texts")
    found = table
    return read_marked(source, inference, lambda: _texts(source, found))


def _texts(source: Source, table: Table) -> Iterator[MarkedText]:
    assert table.texts is not None
    text, spans = table.texts
    header = list(table.header)
    metadata = [(at, name) for at, name in enumerate(_names(table)) if at not in (text, spans)]
    for line, cells in rows(source, table.dialect):
        if not cells or cells == header:
            continue
        if len(cells) != table.width:
            usual = f"{counted(len(cells), 'cell')} where the others have {table.width}"
            raise FormatError(source.path, line, f"{usual}: put a text with a separator in it in quotes")
        marks = [] if spans is None else spans_in(source.path, line, cells[spans], cells[text])
        yield MarkedText(line, cells[text], marks, metadata={name: cells[at] for at, name in metadata})


def _names(table: Table) -> tuple[str, ...]:
    """Return what the columns are called, by their numbers where no row says."""
    return table.names or tuple(f"column {at}" for at in range(1, table.width + 1))

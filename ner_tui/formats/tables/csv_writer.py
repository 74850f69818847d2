"""The writer of CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import WriteOptions
from ner_tui.formats.records.record_writing import in_json
from ner_tui.formats.standoff.cuts import tell_cuts
from ner_tui.formats.standoff.whole_documents import documents
from ner_tui.formats.tables.span_cells import span_cell
from ner_tui.formats.tables.tagged_words import TaggedWords, begins_with_tokens, from_stream
from ner_tui.formats.tables.waiting_rows import column_names, waiting_rows

_DOCUMENT, _SENTENCE, _WORD, _TAG, _TEXT, _SPANS = "document", "sentence", "word", "tag", "text", "spans"


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a table when the last document is complete: of words if the first document has tokens of its own.

    By TAB if that is the separator of the options, else by comma.
    """
    with_tokens, everything = begins_with_tokens(items)
    if with_tokens:
        write_words(from_stream(everything, options), out, options)
    else:
        _write_texts(everything, _Table(out, options), options)


class _Table:
    """Writes rows whose cells stand in quotes where they need to; ``csv`` knows only of one kind of line end."""

    def __init__(self, out: TextIO, options: WriteOptions) -> None:
        separator = "\t" if options.separator == "\t" else ","
        self._plain = csv.writer(out, delimiter=separator, lineterminator="\n")
        self._quoted = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows."""
        for row in rows:
            (self._quoted if "\r" in "".join(row) else self._plain).writerow(row)


def _cell(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else in_json(value)


def _write_texts(items: Iterable[StreamItem], table: _Table, options: WriteOptions) -> None:
    has_spans = False
    with waiting_rows() as rows:
        for document in documents(items):
            tell_cuts(document, options)
            known = list(document.spans)
            has_spans = has_spans or bool(known)
            rows.add(document.metadata, document.name, document.text, span_cell(known))
        # What has neither ids nor the like is known by its name.
        named = not rows.keys
        last = [_SPANS] if has_spans else []
        table.write([[*([_DOCUMENT] if named else column_names(rows.keys, (_TEXT, _SPANS))), _TEXT, *last]])
        for metadata, values in rows:
            name, text, cell = values
            table.write([[*([name] if named else map(_cell, metadata)), text, *([cell] if has_spans else [])]])


def write_words(sentences: Iterable[TaggedWords], out: TextIO, options: WriteOptions) -> None:
    """Write a table of words."""
    table = _Table(out, options)
    with waiting_rows() as rows:
        for sentence in sentences:
            given = dict(sentence.metadata)
            name = _cell(given.pop(_DOCUMENT, sentence.document))
            rows.add(given, name, sentence.words, sentence.tags)
        own = (_DOCUMENT, _SENTENCE, _WORD, _TAG)
        table.write([[_DOCUMENT, _SENTENCE, *column_names(rows.keys, own), _WORD, _TAG]])
        for number, (metadata, (named, words, tags)) in enumerate(rows, 1):
            before = [str(named), str(number), *map(_cell, metadata)]
            table.write([*before, word, tag] for word, tag in zip(words, tags, strict=True))

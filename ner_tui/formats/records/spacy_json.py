"""spaCy: JSON records with a text and its entities, as its training examples have them.

A sample, and the two shapes that are read as well, ``Doc.to_json`` and the examples of earlier versions in an array::

    {"text": "Ada left.", "entities": [[0, 3, "PER"]]}
    {"text": "Ada left.", "ents": [{"start": 0, "end": 3, "label": "PER"}], "tokens": [{"id": 0, "start": 0, …}, …]}
    [["Ada left.", {"entities": [[0, 3, "PER"]]}], …]

Offsets are code points. A record is a document. Its tokens are those of the record if it has any, white space left
out; else they, and the sentences, are found here.

Written: the first shape, decisions and open suggestions alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import (
    Record,
    find_record,
    infer_records,
    is_triple,
    marked_records,
    read_records,
    unread,
    write_record,
)
from ner_tui.formats.standoff.offset_spans import MarkedText
from ner_tui.formats.standoff.whole_documents import documents

_KEYS = frozenset({"text", "entities", "ents", "tokens"})


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with a text and entities; see ``base.Format.infer``."""
    record = find_record(source, _claim) or find_record(source, _fits)
    shape = "ents" if record and "ents" in record.value else "entities"
    what = f"JSON records with a text and {shape!r}{unread(record, _KEYS)}"
    return infer_records(source, name, record, "a text and 'entities' or 'ents'", what, sure=sure)


def _claim(value: Mapping[str, object]) -> bool | None:
    if not isinstance(value.get("text"), str):
        return False
    if isinstance(value.get("ents"), list):
        return True
    entities = value.get("entities")
    if isinstance(entities, list):
        return is_triple(entities[0]) if entities else None
    return False


def _fits(value: Mapping[str, object]) -> bool:
    """Whether a record is of this format though it has no entity to show it: doccano has relations beside them."""
    return isinstance(value.get("text"), str) and value.get("entities") == [] and "relations" not in value


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record; see ``base.Format.read``."""
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    marks = [record.triple(value) for value in record.items("entities")]
    marks += [record.span(value, "an entity") for value in record.items("ents")]
    marked = MarkedText(record.line, record.text(), marks)
    if tokens := record.tokens():
        marked.origin = "tokens"
        marked.tokens = tokens
    return marked


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items):
        write_record(
            {"text": document.text, "entities": [[span.start, span.end, span.label] for span in document.spans]}, out
        )

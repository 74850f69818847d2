"""spaCy: JSON records with a text and its entities, as its training examples have them.

A sample, and the shapes that are read as well: entities as objects, ``Doc.to_json``, and the examples of earlier
versions in an array::

    {"text": "Ada left.", "entities": [[0, 3, "PER"]]}
    {"text": "Ada left.", "entities": [{"start": 0, "end": 3, "label": "PER"}]}
    {"text": "Ada left.", "ents": [{"start": 0, "end": 3, "label": "PER"}], "tokens": [{"id": 0, "start": 0, …}, …]}
    [["Ada left.", {"entities": [[0, 3, "PER"]]}], …]

Offsets are code points. A record is a document. Its tokens are those of the record if it has any, white space left out,
and its sentences those under ``sents``; else they are found here. An entity that is an object with a ``score`` is a
suggestion; its ``margin``, its ``alternatives`` and its ``model`` are those of ``jsonl``.

Written: the first shape, with metadata under ``meta``, and ``tokens`` and ``sents`` where others would be found in the
text; decisions and open suggestions alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.cut_keys import read_sentences, written_cuts
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.record_writing import suggestion_keys, write_record
from ner_tui.formats.records.records import (
    SUGGESTED,
    Record,
    find_record,
    is_triple,
    marked_records,
    read_records,
    unread,
)
from ner_tui.formats.records.rewriting import NewSpan, SpanShape, rewritten
from ner_tui.formats.standoff.offset_spans import JsonPath, MarkedText, OffsetSpan
from ner_tui.formats.standoff.whole_documents import documents

_KEYS = frozenset({"text", "entities", "ents", "tokens", "sents"})


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with a text and entities; see ``base.Format.infer``."""
    record = find_record(source, _claim) or find_record(source, _fits)
    shape = "ents" if record and "ents" in record.value else "entities"
    what = f"JSON records with a text and {shape!r}{unread(record, _KEYS)}"
    return infer_records(source, name, record, "a text and 'entities' or 'ents'", what, sure=sure, any_spans=True)


def _claim(value: Mapping[str, object]) -> bool | None:
    if not isinstance(value.get("text"), str):
        return False
    if isinstance(value.get("ents"), list):
        return True
    entities = value.get("entities")
    if isinstance(entities, list):
        return is_triple(entities[0]) or _is_object(entities[0]) if entities else None
    return False if "spans" in value else None


def _is_object(value: object) -> bool:
    """Whether a value is an entity as ``ents`` has them."""
    return isinstance(value, dict) and {"start", "end", "label"} <= value.keys()


def _fits(value: Mapping[str, object]) -> bool:
    """Whether a record is of this format though it has no entity to show it: doccano has relations beside them."""
    return isinstance(value.get("text"), str) and value.get("entities") == [] and "relations" not in value


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record; see ``base.Format.read``."""
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    marked = MarkedText(record.line, record.text(), _marks(record))
    if tokens := record.tokens():
        marked.origin = "tokens"
        marked.tokens = tokens
    read_sentences(marked, record, record.value)
    return marked


def _marks(record: Record) -> list[OffsetSpan]:
    marks = []
    for key in ("entities", "ents"):
        for at, value in enumerate(record.items(key)):
            if key == "entities" and not isinstance(value, dict):
                marks.append(record.triple(value, (key, at)))
                continue
            mark, entity = record.span(value, "an entity", at=(key, at)), record.mapping(value, "an entity")
            is_suggested = entity.get("source") == SUGGESTED or entity.get("score") is not None
            marks.append(record.suggested(entity, mark, record.text()) if is_suggested else mark)
    return marks


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with other spans; see ``rewriting``."""
    return rewritten(source, new, SpanShape(_marked, Record.text, _marks, _made, _home))


def _home(record: Record) -> JsonPath:
    return ("ents",) if "ents" in record.value else ("entities",)


def _made(span: NewSpan) -> object:
    key, *_ = _home(span.record)
    if key == "entities" and not any(isinstance(each, dict) for each in span.record.items("entities")):
        return [span.start, span.end, span.label]
    made: dict[str, object] = {"start": span.start, "end": span.end, "label": span.label}
    if span.suggestion is not None:
        made |= {"model": span.suggestion.model} if span.suggestion.model else {}
        made |= suggestion_keys(span.suggestion)
    return made


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items):
        record = {"text": document.text, "entities": [[span.start, span.end, span.label] for span in document.spans]}
        meta = {"meta": dict(document.metadata)} if document.metadata else {}
        write_record(record | written_cuts(document) | meta, out)

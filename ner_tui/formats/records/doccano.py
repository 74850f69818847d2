"""doccano: JSON records with a text and labelled spans of it, in either of its shapes.

A sample of each::

    {"id": 1, "text": "Ada left.", "label": [[0, 3, "PER"]]}
    {"id": 1, "text": "Ada left.", "entities": [{"id": 7, "label": "PER", "start_offset": 0, "end_offset": 3}],
     "relations": []}

``labels`` stands for ``label`` in older exports. Offsets are code points. A record is a document; its tokens and
sentences are found here. Relations are left out and reported. doccano lets spans overlap: see ``placing``.

Written: the first shape, which doccano imports, with metadata as further keys; decisions and open suggestions alike.
Words and sentences that would not be found again in the text are further keys too, which doccano keeps as metadata: see
``cut_keys``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.cut_keys import read_cuts, written_cuts
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.record_writing import beside, write_record
from ner_tui.formats.records.records import (
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

_KEYS = frozenset({"text", "data", "label", "labels", "entities", "relations", "tokens", "sents"})


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with a text and spans in one of the shapes; see ``base.Format.infer``."""
    record = find_record(source, _claim) or find_record(source, _fits if sure else _has_no_span)
    shape = next((key for key in ("entities", "labels", "label") if record and key in record.value), "label")
    what = f"JSON records with a text and {shape!r}{unread(record, _KEYS)}"
    return infer_records(source, name, record, "a text and 'label', 'labels' or 'entities'", what, sure=sure)


def _claim(value: Mapping[str, object]) -> bool | None:
    if not isinstance(value.get("text", value.get("data")), str):
        return False
    for key in ("label", "labels"):
        if isinstance(spans := value.get(key), list):
            return is_triple(spans[0]) if spans else None
    entities = value.get("entities")
    if isinstance(entities, list) and entities:
        return isinstance(entities[0], dict) and "start_offset" in entities[0]
    # Nobody may have come to the first texts yet.
    return False if "spans" in value else None


def _has_no_span(value: Mapping[str, object]) -> bool:
    """Whether a record is of this format though no span shows it: spaCy has no relations beside its entities."""
    empty = value.get("label") == [] or value.get("labels") == []
    return isinstance(value.get("text"), str) and (empty or (value.get("entities") == [] and "relations" in value))


def _fits(value: Mapping[str, object]) -> bool:
    return any(isinstance(value.get(key), list) for key in ("label", "labels", "entities"))


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record; see ``base.Format.read``."""
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    marked = MarkedText(record.line, _text(record), _marks(record))
    if relations := record.items("relations"):
        marked.problems.append((record.line, f"left out: {counted(len(relations), 'relation')}"))
    read_cuts(marked, record, record.value)
    return marked


def _text(record: Record) -> str:
    return record.text("text" if "text" in record.value else "data")


def _marks(record: Record) -> list[OffsetSpan]:
    marks = [
        record.span(value, "an entity", "start_offset", "end_offset", at=("entities", at))
        for at, value in enumerate(record.items("entities"))
    ]
    for key in ("label", "labels"):
        marks += [record.triple(value, (key, at)) for at, value in enumerate(record.items(key))]
    return marks


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with other spans; see ``rewriting``."""
    return rewritten(source, new, SpanShape(_marked, _text, _marks, _made, _home))


def _home(record: Record) -> JsonPath:
    return (next((key for key in ("entities", "labels", "label") if key in record.value), "label"),)


def _made(span: NewSpan) -> object:
    if _home(span.record) != ("entities",):
        return [span.start, span.end, span.label]
    numbers = [each["id"] for each in span.record.items("entities") if isinstance(each, dict) and "id" in each]
    made: dict[str, object] = {"label": span.label, "start_offset": span.start, "end_offset": span.end}
    used = [number for number in numbers if isinstance(number, int)]
    return {"id": max(used) + 1 + span.number, **made} if used else made


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items):
        spans = [[span.start, span.end, span.label] for span in document.spans]
        own = {"text": document.text, "label": spans, **written_cuts(document)}
        write_record(beside(own, document.metadata, options, document.name, _KEYS), out)

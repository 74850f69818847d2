r"""JSON Lines of our own: a document a line, with all that is known of it; offsets are code points of its text.

A sample, broken here for reading::

    {"name": "news.txt", "origin": "text", "text": "Hugging Face opened.",
     "tokens": [{"start": 0, "end": 7}, {"start": 8, "end": 12}, …],
     "spans": [{"start": 0, "end": 12, "label": "ORG", "source": "suggested", "model": "bundled (int8)",
                "score": 0.97, "margin": 0.95}],
     "sentences": [{"start": 0, "end": 20, "status": "in progress", "flagged": false}],
     "notes": [{"start": 0, "end": 12, "text": "the company or the site?"}], "meta": {"id": 7}}

``origin`` is ``text`` for raw text that was tokenised here and ``tokens`` for a format with tokens of its own.
``source`` is ``decided`` for a person's and the file's own spans, without a score, and ``suggested`` for a model's;
those have ``alternatives``, other readings of the place, if the model gave any: each with start, end, a label or null
for nothing there, and a score; ``model`` is whose suggestion it is, where that is known. Scores are rounded to four
digits. ``status`` is ``untouched``, ``in progress`` or ``confirmed``; ``flagged`` is true where a person wants to come
back. ``notes`` are a person's remarks, each on the stretch of text that it names. ``meta``, of a document or of a
sentence, is what else its source said of it; there is none where that said nothing. Text stands as itself except for
control characters, which are written ``\u001b``.

Read: all of it, and every record with a ``text``; what else it has of the above counts, and what it lacks is found
here. A suggestion without a margin has the smallest that its score allows. Other keys are metadata, named as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO, cast, get_args

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Origin, Status
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.inferring import infer_records, require_no_other_spans
from ner_tui.formats.records.record_writing import in_json, suggestion_keys
from ner_tui.formats.records.records import (
    SUGGESTED,
    Record,
    find_record,
    marked_records,
    read_records,
    unread,
)
from ner_tui.formats.records.rewriting import NewSpan, SpanShape, rewritten
from ner_tui.formats.registry import FORMATS
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetRange, OffsetSpan
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents

_KEYS = frozenset({"name", "origin", "text", "tokens", "spans", "sentences", "notes"})
_OTHERS = frozenset(key for entry in FORMATS.values() for key in entry.span_keys) - _KEYS
"""Keys under which other formats have spans: a record with them is theirs, whatever else it has."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with a text; see ``base.Format.infer``."""
    record = find_record(source, _claim)
    if record is not None:
        require_no_other_spans(source, _KEYS)
    what = f"JSON records with a text{unread(record, _KEYS)}"
    return infer_records(source, name, record, "'text'", what, sure=sure, any_spans=True)


def _claim(value: Mapping[str, object]) -> bool | None:
    return isinstance(value.get("text"), str) and not any(isinstance(value.get(key), list) for key in _OTHERS)


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record, its sentences as they were written."""
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    name, origin = record.value.get("name"), record.value.get("origin", "text")
    if origin not in get_args(Origin):
        raise record.error('\'origin\' is neither "text" nor "tokens"')
    return MarkedText(
        record.line,
        record.text(),
        _marks(record),
        # It is printed, and so are the paths that it stands in for.
        name=name if isinstance(name, str) and name.isprintable() else "",
        origin=cast(Origin, origin),
        tokens=record.tokens() if "tokens" in record.value else None,
        sentences=[_read_sentence(record, value) for value in record.items("sentences")] or None,
        notes=[_read_note(record, value) for value in record.items("notes")],
    )


def _marks(record: Record) -> list[OffsetSpan]:
    return [_read_span(record, value, at) for at, value in enumerate(record.items("spans"))]


def _read_span(record: Record, value: object, number: int) -> OffsetSpan:
    span = record.mapping(value, "a span")
    decided = record.span(span, "a span", at=("spans", number))
    return record.suggested(span, decided, record.text()) if span.get("source") == SUGGESTED else decided


def _read_sentence(record: Record, value: object) -> OffsetRange:
    sentence = record.mapping(value, "a sentence")
    status = sentence.get("status", "untouched")
    if status not in get_args(Status):
        raise record.error(f"the status of a sentence is none of {', '.join(get_args(Status))}")
    meta = record.mapping(sentence["meta"], "the metadata of a sentence") if "meta" in sentence else NO_METADATA
    place = record.offsets(sentence, "a sentence")
    return OffsetRange(*place, cast(Status, status), sentence.get("flagged") is True, meta)


def _read_note(record: Record, value: object) -> Note:
    note = record.mapping(value, "a note")
    start, end = record.offsets(note, "a note")
    record.require_within(start, end, record.text(), "a note")
    return Note(start, end, record.string(note.get("text"), "the text of a note"))


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with other spans; see ``rewriting``."""
    return rewritten(source, new, SpanShape(_marked, Record.text, _marks, _made, lambda _: ("spans",)))


def rewrite_all(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the same, with what a person has confirmed, flagged and noted in it."""
    shape = SpanShape(_marked, Record.text, _marks, _made, lambda _: ("spans",), others=_states_and_notes)
    return rewritten(source, new, shape)


def _states_and_notes(record: Record, sentences: Sequence[AnnotatedSentence]) -> dict[str, object]:
    """Return the sentences and the notes of a record, where a person's word on them is another than the record's."""
    given = [_read_sentence(record, value) for value in record.items("sentences")]
    found: dict[str, object] = {}
    if {(s.start, s.status, s.flagged) for s in given if _is_said(s.status, flagged=s.flagged)} != {
        (s.sentence.start, s.status, s.flagged) for s in sentences if _is_said(s.status, flagged=s.flagged)
    }:
        found["sentences"] = [_written_sentence(item) for item in sentences]
    notes = [note for item in sentences for note in item.notes]
    if {*notes} != {_read_note(record, value) for value in record.items("notes")}:
        found["notes"] = [_written_note(note) for note in notes]
    return found


def _is_said(status: Status, *, flagged: bool) -> bool:
    return status == "confirmed" or flagged


def _made(span: NewSpan) -> dict[str, object]:
    return _written_span(span.start, span.end, span.label, span.suggestion)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items, whole=True):
        out.write(_written(document, options.annotator) + "\n")


def _written(document: WholeDocument, annotator: str) -> str:
    items = document.sentences
    head = {"name": document.name, "origin": document.origin, "text": document.text}
    if annotator:
        head["annotator"] = annotator
    # There are more tokens than all else, and numbers need no escapes.
    tokens = ", ".join([f'{{"start": {start}, "end": {end}}}' for start, end in document.tokens])
    rest = {
        "spans": [written for item in items for written in _spans(item.spans, item.suggestions)],
        "sentences": [_written_sentence(item) for item in items],
        "notes": [_written_note(note) for item in items for note in item.notes],
    } | ({"meta": dict(document.metadata)} if document.metadata else {})  # fmt: skip
    return f'{in_json(head)[:-1]}, "tokens": [{tokens}], {in_json(rest)[1:]}'


def _written_sentence(item: AnnotatedSentence) -> dict[str, object]:
    sentence = item.sentence
    written: dict[str, object] = {
        "start": sentence.start, "end": sentence.end, "status": item.status, "flagged": item.flagged
    }  # fmt: skip
    if item.metadata:
        written["meta"] = dict(item.metadata)
    return written


def _written_note(note: Note) -> dict[str, object]:
    return {"start": note.start, "end": note.end, "text": note.text}


def _spans(decided: Iterable[Span], suggested: Iterable[Suggestion]) -> Iterator[dict[str, object]]:
    marks: list[tuple[Span, Suggestion | None]] = [(span, None) for span in decided]
    marks += [(suggestion.span, suggestion) for suggestion in suggested]
    for span, suggestion in sorted(marks, key=lambda mark: mark[0]):
        yield _written_span(span.start, span.end, span.label, suggestion)


def _written_span(start: int, end: int, label: str, suggestion: Suggestion | None) -> dict[str, object]:
    written: dict[str, object] = {"start": start, "end": end, "label": label}
    if suggestion is None:
        return written | {"source": "decided"}
    written["source"] = SUGGESTED
    if suggestion.model:
        written["model"] = suggestion.model
    return written | suggestion_keys(suggestion)

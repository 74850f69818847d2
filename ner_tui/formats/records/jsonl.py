r"""JSON Lines of our own: a document a line, with all that is known of it; offsets are code points of its text.

A sample, broken here for reading::

    {"name": "news.txt", "origin": "text", "text": "Hugging Face opened.",
     "tokens": [{"start": 0, "end": 7}, {"start": 8, "end": 12}, …],
     "spans": [{"start": 0, "end": 12, "label": "ORG", "source": "suggested", "score": 0.97, "margin": 0.95}],
     "sentences": [{"start": 0, "end": 20, "status": "in progress", "flagged": false}],
     "notes": [{"start": 0, "end": 12, "text": "the company or the site?"}]}

``origin`` is ``text`` for raw text that was tokenised here and ``tokens`` for a format with tokens of its own.
``source`` is ``decided`` for a person's and the file's own spans, without a score, and ``suggested`` for a model's;
those have ``alternatives``, other readings of the place, if the model gave any: each with start, end, a label or null
for nothing there, and a score. Scores are rounded to four digits. ``status`` is ``untouched``, ``in progress`` or
``confirmed``; ``flagged`` is true where a person wants to come back. ``notes`` are a person's remarks, each on the
stretch of text that it names. Text stands as itself except for control characters, which are written ``\u001b``.

Read: all of it, and every record with a ``text``; what else it has of the above counts, and what it lacks is found
here. A suggestion without a margin has the smallest that its score allows. Other keys are named and left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO, cast, get_args

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.document import Origin, Status
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import StreamItem
from ner_tui.formats import FORMATS
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import (
    Record,
    find_record,
    in_json,
    infer_records,
    marked_records,
    read_records,
    unread,
)
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetRange, OffsetSpan
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents

_KEYS = frozenset({"name", "origin", "text", "tokens", "spans", "sentences", "notes"})
_OTHERS = frozenset(key for entry in FORMATS.values() for key in entry.span_keys) - _KEYS
"""Keys under which other formats have spans: a record with them is theirs, whatever else it has."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with a text; see ``base.Format.infer``."""
    record = find_record(source, _claim)
    return infer_records(source, name, record, "a text", f"JSON records with a text{unread(record, _KEYS)}", sure=sure)


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
        [_read_span(record, value) for value in record.items("spans")],
        # It is printed, and so are the paths that it stands in for.
        name=name if isinstance(name, str) and name.isprintable() else "",
        origin=cast(Origin, origin),
        tokens=record.tokens() if "tokens" in record.value else None,
        sentences=[_read_sentence(record, value) for value in record.items("sentences")] or None,
        notes=[_read_note(record, value) for value in record.items("notes")],
    )


def _read_span(record: Record, value: object) -> OffsetSpan:
    span = record.mapping(value, "a span")
    decided = record.span(span, "a span")
    if span.get("source", "decided") != "suggested":
        return decided
    score = record.probability(span.get("score"), "the score of a suggestion")
    margin = record.probability(span.get("margin", 2 * score - 1), "the margin of a suggestion", -1)
    given = record.listed(span.get("alternatives"), "'alternatives'")
    alternatives = tuple(_read_alternative(record, each) for each in given)
    return decided._replace(score=score, margin=margin, alternatives=alternatives)


def _read_alternative(record: Record, value: object) -> Alternative:
    given = record.mapping(value, "an alternative")
    start, end = record.offsets(given, "an alternative")
    _require_within(record, start, end, "an alternative")
    label = given.get("label")
    score = record.probability(given.get("score"), "the score of an alternative")
    return Alternative(start, end, None if label is None else record.label(label), score)


def _read_sentence(record: Record, value: object) -> OffsetRange:
    sentence = record.mapping(value, "a sentence")
    status = sentence.get("status", "untouched")
    if status not in get_args(Status):
        raise record.error(f"the status of a sentence is none of {', '.join(get_args(Status))}")
    return OffsetRange(*record.offsets(sentence, "a sentence"), cast(Status, status), sentence.get("flagged") is True)


def _read_note(record: Record, value: object) -> Note:
    note = record.mapping(value, "a note")
    start, end = record.offsets(note, "a note")
    _require_within(record, start, end, "a note")
    return Note(start, end, record.string(note.get("text"), "the text of a note"))


def _require_within(record: Record, start: int, end: int, what: str) -> None:
    if not 0 <= start <= end <= len(record.text()):
        raise record.error(f"{what} [{start}, {end}) is outside the text of {len(record.text())} characters")


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items):
        out.write(_written(document) + "\n")


def _written(document: WholeDocument) -> str:
    items = document.sentences
    head = {"name": document.name, "origin": document.origin, "text": document.text}
    # There are more tokens than all else, and numbers need no escapes.
    tokens = ", ".join([f'{{"start": {start}, "end": {end}}}' for start, end in document.tokens])
    rest = {
        "spans": [written for item in items for written in _spans(item.spans, item.suggestions)],
        "sentences": [
            {
                "start": item.sentence.start, "end": item.sentence.end, "status": item.status, "flagged": item.flagged
            } for item in items
        ],
        "notes": [{"start": note.start, "end": note.end, "text": note.text} for item in items for note in item.notes],
    }  # fmt: skip
    return f'{in_json(head)[:-1]}, "tokens": [{tokens}], {in_json(rest)[1:]}'


def _spans(decided: Iterable[Span], suggested: Iterable[Suggestion]) -> Iterator[dict[str, object]]:
    marks: list[tuple[Span, Suggestion | None]] = [(span, None) for span in decided]
    marks += [(suggestion.span, suggestion) for suggestion in suggested]
    for span, suggestion in sorted(marks, key=lambda mark: mark[0]):
        written: dict[str, object] = {"start": span.start, "end": span.end, "label": span.label, "source": "decided"}
        if suggestion is not None:
            written |= {
                "source": "suggested",
                "score": round(suggestion.score, 4),
                "margin": round(suggestion.margin, 4),
            }
            if suggestion.alternatives:
                written["alternatives"] = [_written_alternative(each) for each in suggestion.alternatives]
        yield written


def _written_alternative(each: Alternative) -> dict[str, object]:
    return {"start": each.start, "end": each.end, "label": each.label, "score": round(each.score, 4)}

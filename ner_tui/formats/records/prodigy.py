"""Prodigy: JSON records with a text, its tokens and its spans, one example a line.

A sample, broken here for reading::

    {"text": "Ada left.", "meta": {"source": "a.txt"},
     "tokens": [{"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": true}, {"text": "left", "start": 4, …}, …],
     "spans": [{"start": 0, "end": 3, "label": "PER", "token_start": 0, "token_end": 0}],
     "answer": "accept"}

Offsets are code points; ``token_end`` is the last token, not the one after. Tokens that are there are the tokens, but
for white space, which spaCy counts among them; sentences are found here. A record is a document. ``accept`` stands
for sentences that a person has confirmed; the spans of a record with another answer are wrong or unseen, and are left
out and reported, as are relations. Spans of Prodigy may overlap: see ``placing``.

Written: decisions and open suggestions alike, ``answer`` only where every sentence of the document is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from json import JSONEncoder
from typing import TextIO

from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import (
    Record,
    find_record,
    in_json,
    infer_records,
    marked_records,
    read_records,
    safe,
    unread,
)
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents
from ner_tui.formats.tagged import exported_spans, word_spans

_KEYS = frozenset({"text", "tokens", "spans", "answer", "relations"})
_OWN = ("answer", "_input_hash", "_task_hash", "_view_id", "_is_binary", "_session_id")


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with a text and what else Prodigy writes; see ``base.Format.infer``."""
    record = find_record(source, _fits if sure else _claim)
    what = f"JSON records with a text and spans{unread(record, _KEYS)}"
    return infer_records(source, name, record, "a text and spans", what, sure=sure)


def _fits(value: Mapping[str, object]) -> bool:
    return isinstance(value.get("text"), str)


def _claim(value: Mapping[str, object]) -> bool | None:
    if not _fits(value) or "sentences" in value:
        return False
    if any(key in value for key in _OWN):
        return True
    spans = value.get("spans")
    if isinstance(spans, list) and spans:
        return isinstance(spans[0], dict) and "source" not in spans[0]
    return None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record; see ``base.Format.read``."""
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    answer = record.value.get("answer", "accept")
    marks = [_mark(record, value) for value in record.items("spans")]
    marked = MarkedText(record.line, record.text(), marks)
    if marks and answer != "accept":
        marked.marks = []
        marked.problems.append((record.line, f"the answer is not accept: its {len(marks)} spans are left out"))
    if relations := record.items("relations"):
        marked.problems.append((record.line, f"{len(relations)} relations are left out"))
    if record.value.get("tokens") is not None:
        marked.origin = "tokens"
        marked.tokens = record.tokens()
        marked.words = [record.mapping(value, "a token").get("text") for value in record.items("tokens")]
    if record.value.get("answer") == "accept":
        marked.status = "confirmed"
    return marked


def _mark(record: Record, value: object) -> OffsetSpan:
    text = record.mapping(value, "a span").get("text")
    return record.span(value, "a span")._replace(covered=text if isinstance(text, str) else None)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items):
        out.write(_written(document) + "\n")


def _written(document: WholeDocument) -> str:
    head = {"text": document.text, "meta": {"source": document.name}}
    rest: dict[str, object] = {"spans": list(_spans(document))}
    if document.confirmed:
        rest["answer"] = "accept"
    # There are more tokens than all else: their JSON is made as it stands, without an object for each.
    return f'{in_json(head)[:-1]}, "tokens": [{safe(", ".join(_tokens(document)))}], {in_json(rest)[1:]}'


def _tokens(document: WholeDocument) -> Iterator[str]:
    quoted, text, number = JSONEncoder(ensure_ascii=False).encode, document.text, 0
    for item in document.sentences:
        for word, (start, end) in zip(item.sentence.words, item.sentence.tokens, strict=True):
            space = "true" if text[end : end + 1].isspace() else "false"
            yield f'{{"text": {quoted(word)}, "start": {start}, "end": {end}, "id": {number}, "ws": {space}}}'
            number += 1


def _spans(document: WholeDocument) -> Iterator[dict[str, object]]:
    passed = 0
    for item in document.sentences:
        words = item.sentence.words
        for span, place in zip(exported_spans(item), word_spans(item, words), strict=True):
            yield {
                "start": span.start,
                "end": span.end,
                "label": span.label,
                "token_start": passed + place.start,
                "token_end": passed + place.end - 1,
            }
        passed += len(words)

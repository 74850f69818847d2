"""Prodigy: JSON records with a text, its tokens and its spans, one example a line.

A sample, broken here for reading::

    {"text": "Ada left.", "meta": {"source": "a.txt"},
     "tokens": [{"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": true}, {"text": "left", "start": 4, …}, …],
     "spans": [{"start": 0, "end": 3, "label": "PER", "token_start": 0, "token_end": 0}],
     "answer": "accept"}

Offsets are code points; ``token_end`` is the last token, not the one after. Tokens that are there are the tokens, but
for white space, which spaCy counts among them; sentences are found here, unless the record has them as ``sents``: see
``cut_keys``. A record is a document. ``accept`` stands
for sentences that a person has confirmed; records with the answers ``reject`` and ``ignore`` are none that a person
wanted, and are left out and reported as a number. Relations are left out and reported. Spans of Prodigy may overlap:
see ``placing``. Where nobody has answered, a span with a ``score``, or with a model's name as its ``source``, is that
model's suggestion; its ``margin`` and its ``alternatives`` are those of ``jsonl``.

Written: decisions, and open suggestions with what is known of them; ``answer`` only where every sentence of the
document is confirmed. Metadata go under ``meta``, those with a name like ``_task_hash`` beside it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from json import JSONEncoder
from typing import TextIO

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.counting import counted
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.cut_keys import read_sentences, written_sentences
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.record_writing import in_json, named, safe, suggestion_keys
from ner_tui.formats.records.records import (
    SUGGESTED,
    Record,
    find_record,
    marked_records,
    read_records,
    unread,
)
from ner_tui.formats.records.rewriting import NewSpan, SpanShape, rewritten
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents
from ner_tui.formats.tagged import exported_spans, word_spans

_KEYS = frozenset({"text", "tokens", "sents", "spans", "answer", "relations"})
_DECIDED = "decided"
"""The ``source`` of a span, in the records of ``jsonl``, that a person decided."""
_UNWANTED = ("reject", "ignore")
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
        return isinstance(spans[0], dict) and spans[0].get("source") not in (_DECIDED, SUGGESTED)
    return None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record that is not rejected or ignored; see ``base.Format.read``."""
    left: list[tuple[str, int]] = []
    try:
        yield from read_records(source, inference, lambda part: _wanted(part, left if part is source else []))
    except InputError as error:
        if isinstance(error, FormatError) or not left:
            raise
        reason = f"no example was accepted: the answer to {len(left):,} is reject or ignore"
        raise FormatError(source.path, left[0][1], reason) from error
    if left:
        numbers = Counter(answer for answer, _ in left)
        told = " and ".join(f"{number:,} with the answer {answer}" for answer, number in numbers.items())
        yield Problem(source.path, left[0][1], f"{told}: such records are left out")


def _wanted(source: Source, left: list[tuple[str, int]]) -> Iterator[MarkedText]:
    """Yield the records that are not rejected or ignored; the answers to the others and their lines go to ``left``."""
    left.clear()
    answers: deque[object] = deque()

    def parse(record: Record) -> MarkedText:
        answers.append(record.value.get("answer"))
        return _marked(record)

    for marked in marked_records(source, _KEYS, parse):
        answer = answers.popleft()
        if answer in _UNWANTED:
            left.append((str(answer), marked.line))
        else:
            yield marked


def _marked(record: Record) -> MarkedText:
    answer = record.value.get("answer", "accept")
    marks = _marks(record)
    marked = MarkedText(record.line, record.text(), marks)
    if marks and answer != "accept":
        marked.marks = []
        marked.problems.append((record.line, f"the answer is not accept: left out: {counted(len(marks), 'span')}"))
    if relations := record.items("relations"):
        marked.problems.append((record.line, f"left out: {counted(len(relations), 'relation')}"))
    if record.value.get("tokens") is not None:
        marked.origin = "tokens"
        marked.tokens = record.tokens()
        marked.words = [record.mapping(value, "a token").get("text") for value in record.items("tokens")]
    if record.value.get("answer") == "accept":
        marked.status = "confirmed"
    read_sentences(marked, record, record.value)
    return marked


def _marks(record: Record) -> list[OffsetSpan]:
    return [_mark(record, value, at) for at, value in enumerate(record.items("spans"))]


def _mark(record: Record, value: object, number: int) -> OffsetSpan:
    span = record.mapping(value, "a span")
    text, said = span.get("text"), span.get("source")
    covered = text if isinstance(text, str) else None
    mark = record.span(span, "a span", at=("spans", number), covered=covered)
    by_model = span.get("score") is not None or (isinstance(said, str) and said not in ("", _DECIDED))
    return record.suggested(span, mark, record.text()) if by_model and "answer" not in record.value else mark


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with other spans; see ``rewriting``."""
    shape = SpanShape(_marked, Record.text, _marks, _made, lambda _: ("spans",), is_read=_is_wanted)
    return rewritten(source, new, shape)


def _is_wanted(record: Record) -> bool:
    return record.value.get("answer") not in _UNWANTED


def _made(span: NewSpan) -> dict[str, object]:
    made: dict[str, object] = {"start": span.start, "end": span.end, "label": span.label}
    tokens = span.record.tokens()
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    if span.start in starts and span.end in ends:
        made |= {"token_start": starts.index(span.start), "token_end": ends.index(span.end)}
    return made | _said_of(span.suggestion)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line when a document is complete; scheme and separator do not count."""
    for document in documents(items):
        out.write(_written(document, options.annotator) + "\n")


def _written(document: WholeDocument, annotator: str) -> str:
    own = {name: value for name, value in document.metadata.items() if name.startswith("_")}
    if annotator:
        own["_annotator_id"] = annotator
    meta = {name: value for name, value in document.metadata.items() if name not in own}
    head = {"text": document.text, "meta": {**named("source", document.name, document.metadata), **meta}, **own}
    rest: dict[str, object] = {**written_sentences(document), "spans": list(_spans(document))}
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
        suggested: dict[Span, Suggestion] = {each.span: each for each in item.suggestions}
        for span, place in zip(exported_spans(item), word_spans(item, words), strict=True):
            yield {
                "start": span.start,
                "end": span.end,
                "label": span.label,
                "token_start": passed + place.start,
                "token_end": passed + place.end - 1,
            } | _said_of(suggested.get(span))
        passed += len(words)


def _said_of(suggestion: Suggestion | None) -> dict[str, object]:
    if suggestion is None:
        return {}
    return ({"source": suggestion.model} if suggestion.model else {}) | suggestion_keys(suggestion)

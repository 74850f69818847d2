"""GLiNER's training data: JSON records with the tokens of a sentence, and its entities as the first and last of theirs.

A sample::

    [{"tokenized_text": ["Ada", "Okonkwo", "left", "Lagos"], "ner": [[0, 1, "person"], [3, 3, "place"]]}, …]

``[0, 1, "person"]`` is the tokens 0 and 1: the last one counts. A record is a document of one sentence; its text is its
tokens joined by one space. GLiNER lets entities overlap: see ``placing``. An empty token is read as ``_`` and told.

Written: an array with a record for each sentence; decisions and open suggestions alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import TextIO

from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import EMPTY_WORD
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.record_writing import write_record
from ner_tui.formats.records.records import Record, find_record, marked_records, read_records, unread
from ner_tui.formats.records.rewriting import NewSpan, SpanShape, rewritten
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetRange, OffsetSpan
from ner_tui.formats.tagged import word_spans

_TOKENS, _ENTITIES = "tokenized_text", "ner"
_KEYS = frozenset({_TOKENS, _ENTITIES})


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with tokens under the name that GLiNER has for them; see ``base.Format.infer``."""
    record = find_record(source, lambda value: isinstance(value.get(_TOKENS), list))
    needed = f"{_TOKENS!r} and {_ENTITIES!r}"
    return infer_records(source, name, record, needed, f"JSON records with {needed}{unread(record, _KEYS)}", sure=sure)


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record; see ``base.Format.read``."""
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    words, tokens = _tokens(record)
    empty = record.items(_TOKENS).count("")
    text = " ".join(words)
    marked = MarkedText(record.line, text, _entities(record, tokens), origin="tokens", tokens=tokens)
    marked.sentences = [OffsetRange(0, len(text))] if not text.isspace() else None
    if empty:
        marked.remarks.append((record.line, f"{empty} empty tokens are read as {EMPTY_WORD}"))
    return marked


def _tokens(record: Record) -> tuple[list[str], list[Token]]:
    words = [record.string(word, "a token") or EMPTY_WORD for word in record.items(_TOKENS)]
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    return words, [Token(start, start + len(word)) for start, word in zip(starts, words, strict=False)]


def _text(record: Record) -> str:
    return " ".join(_tokens(record)[0])


def _marks(record: Record) -> list[OffsetSpan]:
    return _entities(record, _tokens(record)[1])


def _entities(record: Record, tokens: list[Token]) -> list[OffsetSpan]:
    return [_entity(record, value, tokens, at) for at, value in enumerate(record.items(_ENTITIES))]


def _entity(record: Record, value: object, tokens: list[Token], number: int) -> OffsetSpan:
    mark = record.triple(value, (_ENTITIES, number))
    first, last = mark.start, mark.end
    if not 0 <= first <= last < len(tokens):
        raise record.error(f"[{first}, {last}] are no tokens, first and last, of {len(tokens)}")
    return mark._replace(start=tokens[first].start, end=tokens[last].end)


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with other spans; see ``rewriting``."""
    return rewritten(source, new, SpanShape(_marked, _text, _marks, _made, lambda _: (_ENTITIES,)))


def _made(span: NewSpan) -> list[object]:
    _, tokens = _tokens(span.record)
    first = next((at for at, token in enumerate(tokens) if token.start == span.start), None)
    last = next((at for at, token in enumerate(tokens) if token.end == span.end), None)
    if first is None or last is None:
        raise span.record.error(f"{span.label} [{span.start}, {span.end}) begins or ends within a token")
    return [first, last, span.label]


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line for each sentence, in an array; scheme and separator do not count.

    Which sentences are of one document is lost where there are several documents.
    """
    before, named = "[", ""
    documents, sentences = 0, 0
    for item in items:
        if isinstance(item, DocumentStart):
            documents, named = documents + 1, named or item.name
        elif isinstance(item, AnnotatedSentence) and (words := item.sentence.words):
            out.write(f"{before}\n")
            write_record(_record(item, words), out, "")
            before, sentences = ",", sentences + 1
    out.write("[]\n" if before == "[" else "\n]\n")
    if sentences > documents > 1:
        reason = f"which sentences are of one of {documents:,} documents is not in it: -o FOLDER/ gives each a file"
        if (report := options.lossy or options.tell) is None:
            raise FormatError(named, 1, reason)
        report(f"{named}: {reason}")


def _record(item: AnnotatedSentence, words: list[str]) -> Mapping[str, object]:
    return {_TOKENS: words, _ENTITIES: [[span.start, span.end - 1, span.label] for span in word_spans(item, words)]}

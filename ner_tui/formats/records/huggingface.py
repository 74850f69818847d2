"""Hugging Face: JSON records with the tokens of a sentence and a tag for each.

A sample, with the tags as they are and as numbers::

    {"document": "a.txt", "tokens": ["Ada", "left", "."], "ner_tags": ["B-PER", "O", "O"]}
    {"id": "1", "tokens": ["So", "?"], "ner_tags": [0, 0], "names": ["O", "B-PER", "I-PER"]}

``words`` stands for ``tokens`` where there are none. Numbers need the names of the tags, in order, in their record or
an earlier one, under ``names``, or under ``id2label`` as an object, or from the person who reads the file. ``tags`` and
``labels`` stand for ``ner_tags`` in some sets. A record is a sentence, and a document begins where ``document`` (or
``document_id``, ``doc_id``) changes, or where records begin to have none; the text of a document is its tokens joined
by one space, its sentences by a line end. The scheme is inferred from the tags; illegal sequences are read as conlleval
reads them, and each is reported. An empty token is read as ``_`` and reported, a record without tokens is left out and
reported.

What else a record has is the metadata of its sentence, such as an id; what names the document is that of the document.

Written: decisions and open suggestions alike, tags by name in the scheme that is asked for, metadata as further keys.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TextIO

from ner_tui.domain.schemes import SCHEMES, CannotEncode, decode, transitions
from ner_tui.domain.spelling import PLAIN, Spelling
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, DocumentStart, Metadata, Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.changed_tags import changed_tags, without_equal
from ner_tui.formats.columns.column_writer import written_tags
from ner_tui.formats.columns.source_tags import source_tags
from ner_tui.formats.columns.unchanged import ExpectedSentences
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.json_values import raw_values
from ner_tui.formats.records.record_edits import RecordEdits
from ner_tui.formats.records.record_writing import beside, named, write_record
from ner_tui.formats.records.records import (
    DOCUMENTS,
    TOKENS,
    Record,
    as_record,
    find_record,
    records,
    unread,
)
from ner_tui.formats.records.tag_names import TAGS, TagNames, tags_key, tags_of, words_key
from ner_tui.formats.tagged import cannot_encode, encode_or_merge

_KEYS = frozenset({*TOKENS, *TAGS, *DOCUMENTS, "names", "id2label"})


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records of tokens and tags, and infer the scheme from all of them; see ``base.Format.infer``.

    Raises:
        FormatError: also where its tags are numbers without names.
    """
    record = find_record(source, _claim)
    if record is None:
        return infer_records(source, name, None, "'tokens' and 'ner_tags'", "", sure=sure)
    return _inference(source, name, record)


def choose(source: Source, name: str, column: str | None, spelling: Spelling | None = None) -> Inference:
    """Read tags that are spelled as a person says.

    Raises:
        InputError: a column is asked for.
    """
    record = find_record(source, _claim)
    if record is None or column is not None:
        raise InputError(f"{source.path} is no file of columns: there is none to choose")
    return _inference(source, name, record, spelling)


def _inference(source: Source, name: str, record: Record, given: Spelling | None = None) -> Inference:
    names = TagNames.of(source)
    pairs: Counter[tuple[str, str]] = Counter()
    for each in records(source):
        pairs.update(transitions(names.tags(each)))
    scheme, spelling, told = source_tags(source.path, pairs, given)
    what = f"{source.path}: read as {name}, JSON records with tokens and tags, {SCHEMES[scheme].title}{told}"
    return Inference(name, what + unread(record, _KEYS), scheme, spelling=spelling)


def _claim(value: Mapping[str, object]) -> bool | None:
    tokens = value.get(words_key(value))
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens[:1]):
        return False
    return True if tokens and any(isinstance(value.get(key), list) for key in TAGS) else None


@dataclass(slots=True)
class _Metadata:
    """What is read beside the sentences, in their order."""

    sentences: deque[Metadata] = field(default_factory=deque)
    documents: deque[Metadata] = field(default_factory=deque)
    """Of those that have an id."""


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the sentences of all records; the tags are decisions unless ``inference`` has no scheme."""
    left_out: list[Problem] = []
    metadata = _Metadata()
    lines = sentence_lines(source, left_out, inference.spelling, metadata, ignore_tags=inference.ignore_tags)
    for item in assemble(source.path, lines, inference.scheme):
        if not isinstance(item, DocumentStart):
            yield from left_out
            left_out.clear()
            if isinstance(item, AnnotatedSentence) and (given := metadata.sentences.popleft()):
                item = replace(item, metadata=given)
        elif metadata.documents:
            item = replace(item, metadata=metadata.documents.popleft())
        yield item
    yield from left_out


def sentence_lines(
    source: Source,
    left_out: list[Problem],
    spelling: Spelling = PLAIN,
    metadata: _Metadata | None = None,
    *,
    ignore_tags: bool = False,
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the records as sentences, and add those that are none to ``left_out``.

    Args:
        metadata: takes those of each sentence and of each document.
        ignore_tags: leave them out; those that are numbers need no names then.

    Raises:
        FormatError: a record is broken.
    """
    names = None if ignore_tags else TagNames.of(source)
    document: object = None
    for record in records(source):
        sentence = _sentence(record, names, spelling)
        if sentence is None:
            left_out.append(Problem(source.path, record.line, "the record has no tokens: it is left out", lost=True))
            continue
        key = next((key for key in DOCUMENTS if key in record.value), None)
        named = None if key is None else record.value[key]
        if named != document:
            document = named
            if metadata is not None:
                metadata.documents.append(NO_METADATA if key is None else {key: named})
            yield DocumentMark(record.line)
        if metadata is not None:
            keys = {words_key(record.value), tags_key(record.value), "names", "id2label", key or "names"}
            metadata.sentences.append(record.metadata(keys))
        yield sentence


def count_transitions(source: Source, inference: Inference) -> Counter[tuple[str, str]]:
    """Count the pairs of neighbouring tags in all records, see ``schemes.transitions``.

    Raises:
        FormatError: a record is broken, or its tags are numbers without names.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for item in sentence_lines(source, [], inference.spelling):
        if isinstance(item, SentenceLines):
            pairs.update(transitions(item.tags))
    return pairs


def _sentence(record: Record, names: TagNames | None, spelling: Spelling) -> SentenceLines | None:
    """Return a record as a sentence, None if it has no tokens; without names, it has no tags."""
    tags = [] if names is None else names.tags(record)
    if not (tags or tags_of(record)):
        return None
    words = record.items(words_key(record.value))
    if not all(type(word) is str for word in words):
        words = [record.string(word, "a token") for word in words]
    return SentenceLines([str(word) for word in words], spelling.normalised(tags), [record.line] * len(words))


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with the spans of ``new``, in which nothing but tags differs; see ``rewriting``.

    Raises:
        FormatError: the sentences are not those of the source, or spans cannot be written in it.
    """
    if new is None:
        yield from _revised(source, inference, lambda _: ())
        return
    scheme = inference.scheme or "iob2"
    expected = ExpectedSentences(source.path, new, scheme)

    def revise(sentence: SentenceLines) -> Sequence[str]:
        spans, before = expected.next(sentence), decode(sentence.tags)
        if spans == before:
            return ()
        try:
            return changed_tags(sentence, before, spans, scheme, inference)
        except CannotEncode as error:
            raise cannot_encode(source.path, sentence.lines[0], error) from error

    yield from _revised(source, inference, revise)
    if not expected.is_over():
        raise FormatError(source.path, 1, "records are missing here: the file has changed")


def in_scheme(
    source: Source, inference: Inference, scheme: str, report: Callable[[str], None] | None = None
) -> Iterator[str]:
    """Yield the text of a source with its spans in another scheme; see ``inplace_edit.in_scheme``."""

    def revise(sentence: SentenceLines) -> Sequence[str]:
        spans = decode(sentence.tags)
        if not spans:
            return ()
        tags = encode_or_merge(spans, len(sentence.words), scheme, source.path, sentence.lines[0], report)
        return without_equal(sentence, tags, bare=inference.spelling.bare)

    yield from _revised(source, inference, revise)


def _revised(source: Source, inference: Inference, revise: Callable[[SentenceLines], Sequence[str]]) -> Iterator[str]:
    """Yield the text of a source with the tags that ``revise`` gives; an empty one, or none at all, changes nothing."""
    names = TagNames.of(source)
    for each in raw_values(source):
        yield each.before
        if each.value is None:
            continue
        record = as_record(source.path, each.line, each.value)
        sentence = _sentence(record, names, inference.spelling)
        tags = revise(sentence) if sentence is not None else ()
        if not any(tags):
            yield each.raw
            continue
        edits = RecordEdits(each.raw, each.value)
        key = tags_key(record.value)
        for at, (tag, old) in enumerate(zip(tags, record.items(key), strict=True)):
            if tag:
                edits.put((key, at), _spelled(record, names, inference.spelling.spell(tag), old))
        yield edits.text()


def _spelled(record: Record, names: TagNames, tag: str, old: object) -> object:
    """Return a tag as its record has tags, by name or by number."""
    if isinstance(old, str):
        return tag
    number = next((number for number, name in names.names.items() if name == tag), None)
    if number is None:
        raise record.error(f"the tag {tag} has no number in this file: add it to the names, or write with --to jsonl")
    return number


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line for each sentence; the separator does not count."""
    head, number = DocumentStart("", "tokens"), 0
    for item in items:
        if isinstance(item, DocumentStart):
            head, number = item, number + 1
        elif isinstance(item, AnnotatedSentence):
            words = item.sentence.words
            metadata = {**head.metadata, **item.metadata}
            if not words and not metadata:
                continue
            own = {"tokens": words, "ner_tags": written_tags(item, head.name, options) if words else []}
            has_id = any(key in metadata for key in DOCUMENTS)
            # What follows another document has to differ from it.
            name = {"document": head.name} if number > 1 else named("document", head.name, metadata)
            write_record(
                ({} if has_id else name) | beside(own, metadata, options, head.name, _KEYS - {*DOCUMENTS}), out
            )

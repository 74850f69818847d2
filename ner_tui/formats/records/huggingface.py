"""Hugging Face: JSON records with the tokens of a sentence and a tag for each.

A sample, with the tags as they are and as numbers::

    {"document": "a.txt", "tokens": ["Ada", "left", "."], "ner_tags": ["B-PER", "O", "O"]}
    {"id": "1", "tokens": ["So", "?"], "ner_tags": [0, 0], "names": ["O", "B-PER", "I-PER"]}

``words`` stands for ``tokens`` where there are none. Numbers need the names of the tags, in order, in their record or
an earlier one: under ``names``, or under ``id2label`` as an object. ``tags`` and ``labels`` stand for ``ner_tags`` in
some sets. A record is a sentence, and a document begins where ``document`` (or ``document_id``, ``doc_id``) changes;
the text of a document is its tokens joined by one space, its sentences by a line end. The scheme is inferred from the
tags; illegal sequences are read as conlleval reads them, and each is reported. An empty token is read as ``_`` and
reported, a record without tokens is left out and reported.

Written: decisions and open suggestions alike, tags by name in the scheme that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from ner_tui.domain.schemes import SCHEMES, transitions
from ner_tui.domain.spelling import PLAIN, Spelling
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.column_writer import written_tags
from ner_tui.formats.columns.source_tags import source_tags
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import Record, find_record, infer_records, records, unread, write_record

_WORDS = ("tokens", "words")
_TAGS = ("ner_tags", "tags", "labels")
_DOCUMENTS = ("document", "document_id", "doc_id")
_KEYS = frozenset({*_WORDS, *_TAGS, *_DOCUMENTS, "names", "id2label"})


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
    names = _Names()
    pairs: Counter[tuple[str, str]] = Counter()
    for each in records(source):
        pairs.update(transitions(names.tags(each)))
    scheme, spelling, told = source_tags(source.path, pairs, given)
    what = f"{source.path}: read as {name}, JSON records with tokens and tags, {SCHEMES[scheme].title}{told}"
    return Inference(name, what + unread(record, _KEYS), scheme, spelling=spelling)


def _claim(value: Mapping[str, object]) -> bool | None:
    tokens = value.get(_words_key(value))
    if not isinstance(tokens, list) or not any(isinstance(value.get(key), list) for key in _TAGS):
        return False
    return isinstance(tokens[0], str) if tokens else None


def _words_key(value: Mapping[str, object]) -> str:
    return next((key for key in _WORDS if key in value), _WORDS[0])


@dataclass(slots=True)
class _Names:
    """The names of tags that are numbers."""

    names: Mapping[object, str] = field(default_factory=dict)

    def tags(self, record: Record) -> list[str]:
        """Return the tags of a record's tokens by name."""
        self._update_names(record)
        key = next((key for key in _TAGS if isinstance(record.value.get(key), list)), _TAGS[0])
        tags = record.items(key)
        tokens = record.items(_words_key(record.value))
        if len(tags) != len(tokens):
            raise record.error(f"there are {len(tokens)} tokens and {len(tags)} tags in {key!r}")
        return [tag if type(tag) is str else self._named(record, tag) for tag in tags]

    def _named(self, record: Record, tag: object) -> str:
        if type(tag) is not int:
            return record.string(tag, "a tag")
        if not self.names:
            raise record.error('tags are numbers: add their names to the first record, "names": ["O", "B-PER", …]')
        if tag not in self.names:
            raise record.error(f"the tag {tag} is none of the {len(self.names)} that have names")
        return self.names[tag]

    def _update_names(self, record: Record) -> None:
        names: Iterable[tuple[object, object]] = ()
        if isinstance(listed := record.value.get("names"), list):
            names = enumerate(listed)
        elif isinstance(mapped := record.value.get("id2label"), dict):
            names = [(int(key) if key.isdecimal() and len(key) < 9 else key, name) for key, name in mapped.items()]
        given = {number: record.string(name, "the name of a tag") for number, name in names}
        self.names = given or self.names


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the sentences of all records; the tags are decisions unless ``inference`` has no scheme."""
    left_out: list[Problem] = []
    for item in assemble(source.path, sentence_lines(source, left_out, inference.spelling), inference.scheme):
        if not isinstance(item, DocumentStart):
            yield from left_out
            left_out.clear()
        yield item
    yield from left_out


def sentence_lines(
    source: Source, left_out: list[Problem], spelling: Spelling = PLAIN
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the records as sentences, and add those that are none to ``left_out``.

    Raises:
        FormatError: a record is broken.
    """
    names = _Names()
    document: object = None
    for record in records(source):
        tags = names.tags(record)
        if not tags:
            left_out.append(Problem(source.path, record.line, "the record has no tokens: it is left out"))
            continue
        key = next((key for key in _DOCUMENTS if key in record.value), None)
        if key is not None and record.value[key] != document:
            document = record.value[key]
            yield DocumentMark(record.line)
        if not spelling.is_literal:
            tags = spelling.normalised(tags)
        words = record.items(_words_key(record.value))
        if not all(type(word) is str for word in words):
            words = [record.string(word, "a token") for word in words]
        yield SentenceLines([str(word) for word in words], tags, [record.line] * len(words))


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a line for each sentence; the separator does not count."""
    name = ""
    for item in items:
        if isinstance(item, DocumentStart):
            name = item.name
        elif isinstance(item, AnnotatedSentence) and (words := item.sentence.words):
            write_record({"document": name, "tokens": words, "ner_tags": written_tags(item, name, options)}, out)

"""Sentences as the writers of tables take them, from a stream or from the lines of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from ner_tui.domain.printable import without_surrogates
from ner_tui.domain.schemes import decode, is_usual
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import EMPTY_WORD, DocumentMark, SentenceLines, sentence_problems
from ner_tui.formats.columns.column_writer import written_tags
from ner_tui.formats.tagged import encode_or_merge


class TaggedWords(NamedTuple):
    """A sentence with its tags, one a word."""

    metadata: Mapping[str, object]
    document: str
    words: list[str]
    tags: list[str]


def begins_with_tokens(items: Iterable[StreamItem]) -> tuple[bool, Iterator[StreamItem]]:
    """Return whether the first document of a stream has tokens of its own, and all of the stream."""
    stream = iter(items)
    first = next(stream, None)
    own = isinstance(first, DocumentStart) and first.origin == "tokens"
    return own, chain([] if first is None else [first], stream)


def from_stream(items: Iterable[StreamItem], options: WriteOptions) -> Iterator[TaggedWords]:
    """Yield the sentences of a stream that have words."""
    head = DocumentStart("", "tokens")
    for item in items:
        if isinstance(item, DocumentStart):
            head = item
        elif isinstance(item, AnnotatedSentence) and (words := item.sentence.words):
            tags = written_tags(item, head.name, options)
            yield TaggedWords({**head.metadata, **item.metadata}, head.name, words, tags)


def from_lines(
    path: str,
    blocks: Iterable[SentenceLines | DocumentMark],
    inference: Inference,
    options: WriteOptions,
    report: Callable[[Problem], None],
) -> Iterator[TaggedWords]:
    """Yield the sentences of columns, by no way of documents and offsets, which takes twice as long.

    Args:
        path: names the documents, as it does where they are read.
        report: takes what is read with a guess.
    """
    documents, usual = 0, set[str]()
    for block in blocks:
        if not documents or not isinstance(block, SentenceLines):
            documents += 1
            name = without_surrogates(path if documents == 1 else f"{path}#{documents}")
        if isinstance(block, SentenceLines):
            problems = list(sentence_problems(path, block, inference.scheme))
            for problem in problems:
                report(problem)
            words = [word or EMPTY_WORD for word in block.words] if "" in block.words else block.words
            tags = block.tags
            usual |= set(filter(is_usual, set(tags) - usual))
            if problems or inference.scheme != options.scheme or not usual.issuperset(tags):
                spans = decode(tags) if inference.scheme else []
                tags = encode_or_merge(spans, len(words), options.scheme, path, block.lines[0], options.lossy)
            yield TaggedWords(NO_METADATA, name, words, tags)

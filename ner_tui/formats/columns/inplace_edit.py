"""The tags of a file of tokens changed in place: of the file, nothing else changes.

Line ends, comments, blank lines, blanks between columns, further columns, a last line without its end are passed on as
they stand, and so is every tag that is right as it is, see ``changed_tags``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import chain, islice
from typing import Protocol, cast

from ner_tui.domain.evaluation.checking import repaired_tags
from ner_tui.domain.schemes import CannotEncode, Repair, decode, encode
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.changed_tags import cell_count, changed_tags, over_cells, without_equal
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.columns.unchanged import ExpectedSentences, unpacked
from ner_tui.formats.files.source import Source
from ner_tui.formats.registry import FORMATS
from ner_tui.formats.tagged import cannot_encode, encode_or_merge

INPLACE_MODULES = frozenset({"columns.conll", "columns.conllu", "tables.csv_tables"})
"""The modules that have the functions of ``InplaceFormat``."""
_AT_ONCE = 1_000
"""Lines that are passed on together where nothing in them changes."""

Revise = Callable[[SentenceLines], "Sequence[str] | None"]
"""From a sentence to the tag of each of its cells, as ``encode`` writes it and ``""`` where the cell stays; or None."""


class InplaceFormat(Protocol):
    """What a format's module has whose tags can be changed in place."""

    def sentence_lines(self, source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
        """Yield the sentences of a source, each line in one at most."""
        ...

    def set_tag(self, line: str, tag: str, inference: Inference) -> str:
        """Return a word's line with another tag.

        Raises:
            ValueError: it would be read back with another one.
        """
        ...


def can_rewrite(inference: Inference) -> bool:
    """Whether the tags of a source so read can be changed in place."""
    return FORMATS[inference.format].module in INPLACE_MODULES and (
        inference.tag_column is not None or bool(inference.key)
    )


def inplace_module(inference: Inference) -> InplaceFormat:
    """Return the module of a format of which ``can_rewrite`` is true."""
    return cast(InplaceFormat, import_module(f"ner_tui.formats.{FORMATS[inference.format].module}"))


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem]) -> Iterator[str]:
    """Yield the text of ``source`` with the spans of ``new``, piece by piece.

    Args:
        inference: how the source is read, its tags included.
        new: its sentences, all of them and in its order; of each, decisions and open suggestions are written.

    Raises:
        InputError: the tags of such a source cannot be changed in place.
        FormatError: the sentences are not those of the source, or a label or a pair of spans cannot be written.
    """
    scheme = inference.scheme or "iob2"
    expected = ExpectedSentences(source.path, new, scheme)

    def revise(sentence: SentenceLines) -> Sequence[str] | None:
        spans = expected.next(sentence)
        # Most sentences have no span, and no tag of theirs has to be looked at.
        before = [] if sentence.tags.count("O") == len(sentence.tags) else decode(sentence.tags)
        if spans == before:
            return None
        try:
            return changed_tags(sentence, before, spans, scheme, inference)
        except CannotEncode as error:
            raise cannot_encode(source.path, sentence.lines[0], error) from error

    yield from _revised(source, inference, revise, expected.skip_unchanged)
    if not expected.is_over():
        raise FormatError(
            source.path, sum(1 for _ in source.lines()) + 1, "sentences are missing here: the file has changed"
        )


def in_scheme(
    source: Source,
    inference: Inference,
    scheme: str,
    report: Callable[[str], None] | None = None,
    watch: Callable[[SentenceLines], None] | None = None,
) -> Iterator[str]:
    """Yield the text of ``source`` with its spans in another scheme, piece by piece.

    Args:
        scheme: a key of ``SCHEMES``.
        report: takes a sentence for each pair of spans that the scheme makes one; None: such a pair is an error.
        watch: takes each sentence as it is read.

    Raises:
        InputError: the tags of such a source cannot be changed in place.
        FormatError: see ``report``.
    """
    spelled = _spelled_in(scheme, inference)

    def revise(sentence: SentenceLines) -> Sequence[str] | None:
        if watch is not None:
            watch(sentence)
        spans = decode(sentence.tags)
        if not spans:
            return None
        wide = over_cells(sentence, spans)
        tags = encode_or_merge(wide, cell_count(sentence), scheme, source.path, sentence.lines[0], report)
        return without_equal(sentence, tags, bare=spelled.spelling.bare)

    yield from _revised(source, spelled, revise)


def repaired(
    source: Source, inference: Inference, scheme: str, how: Repair, report: Callable[[int, str, str], None]
) -> Iterator[str]:
    """Yield the text of ``source`` with tags that are legal in ``scheme``, piece by piece; what is legal stays.

    Args:
        how: see ``schemes.repair``.
        report: takes the line, the tag that was there and the new one, for each word whose tag changes.

    Raises:
        InputError: the tags of such a source cannot be changed in place.
        FormatError: a line is broken, or the scheme has no tags for a pair of spans.
    """
    spelled = _spelled_in(scheme, inference)

    def revise(sentence: SentenceLines) -> Sequence[str] | None:
        try:
            changes = repaired_tags(sentence.tags, scheme, how)
        except CannotEncode as error:
            raise cannot_encode(source.path, sentence.lines[0], error) from error
        if not changes:
            return None
        for word, tag in changes.items():
            old = sentence.tags[word]
            report(sentence.lines[word], spelled.spelling.spell(old) or old, spelled.spelling.spell(tag))
        if sentence.cells is None:
            return [changes.get(word, "") for word in range(len(sentence.words))]
        tags = [changes.get(word, old) for word, old in enumerate(sentence.tags)]
        wide = encode(over_cells(sentence, decode(tags)), cell_count(sentence), scheme)
        words = chain.from_iterable([word] * len(cells) for word, cells in enumerate(sentence.cells))
        return [tag if word in changes else "" for word, tag in zip(words, wide, strict=True)]

    yield from _revised(source, spelled, revise)


def _spelled_in(scheme: str, inference: Inference) -> Inference:
    """Return how tags are written in another scheme: labels without prefixes are tags of IO alone."""
    bare = inference.spelling.bare and scheme == "io"
    return replace(inference, spelling=inference.spelling._replace(bare=bare))


def _revised(
    source: Source, inference: Inference, revise: Revise, unchanged: Callable[[SentenceBatch], bool] | None = None
) -> Iterator[str]:
    """Yield the text of ``source`` with the tags that ``revise`` gives.

    Args:
        unchanged: whether all sentences of a batch stay as they are; where it says so, they are not revised.
    """
    if not can_rewrite(inference):
        raise InputError(f"{source.path} has no tags that could be changed in place: choose a format with --to")
    module = inplace_module(inference)
    lines = source.lines()
    done = same = 0
    for sentence, last in _revisable(module, source, inference, unchanged):
        tags = None if sentence is None else revise(sentence)
        if sentence is None or tags is None:
            same = last
        # What stays as it is waits, to be passed on many lines at a time.
        if same > done and (tags is not None or same - done > _AT_ONCE):
            yield _joined(islice(lines, same - done), done)
            done = same
        if sentence is None or tags is None:
            continue
        piece = list(islice(lines, last - done))
        numbers = sentence.lines if sentence.cells is None else list(chain.from_iterable(sentence.cells))
        for number, tag in [(number, tag) for number, tag in zip(numbers, tags, strict=True) if tag]:
            at = number - done - 1
            try:
                piece[at] = module.set_tag(piece[at], inference.spelling.spell(tag), inference)
            except ValueError as error:
                raise FormatError(source.path, number, f"{error}: choose another label") from error
        yield _joined(piece, done)
        done = last
    rest = list(lines)
    if rest:
        yield _joined(rest, done)
    if source.ends_line:
        yield "\n"


def _revisable(
    module: InplaceFormat, source: Source, inference: Inference, unchanged: Callable[[SentenceBatch], bool] | None
) -> Iterator[tuple[SentenceLines | None, int]]:
    """Yield each sentence, or None for a batch that stays as it is, with the last line there is of it."""
    read = getattr(module, "batched_sentence_lines", module.sentence_lines) if unchanged else module.sentence_lines
    for item in read(source, inference):
        if isinstance(item, SentenceBatch):
            if unchanged is not None and unchanged(item):
                yield None, item.last
            else:
                yield from ((sentence, sentence.lines[-1]) for sentence in unpacked(item))
        elif isinstance(item, SentenceLines):
            cells = map(max, item.cells) if item.cells is not None else ()
            yield item, max([item.lines[-1], *cells])


def _joined(lines: Iterable[str], done: int) -> str:
    """Return lines as they follow ``done`` others."""
    return ("\n" if done else "") + "\n".join(lines)

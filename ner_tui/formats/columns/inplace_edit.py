"""Surgery: a file of tokens with other spans and otherwise the bytes it has.

Everything but the tags of words whose spans changed is passed on as it stands: line ends, comments, blank lines, blanks
between columns, further columns, a last line without its end. A tag changes only where the scheme would write another
one for the new spans than for the old, so illegal tags stay until their own span is edited; where what is left then
reads as other spans than the new ones, the tags beside them are written anew, then those of all the spans that touch
them, and at last the sentence's.
"""

from __future__ import annotations

from codecs import getincrementalencoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Protocol, cast

from ner_tui.domain.evaluation.checking import repaired_tags
from ner_tui.domain.schemes import SCHEMES, CannotEncode, Repair, TagSpan, decode, encode, merged, split_tag
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import EncodingError, FormatError, InputError
from ner_tui.formats import FORMATS
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.columns.unchanged import Expected, blocks_of
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.formats.files.source import Source

_OPERABLE = frozenset({"columns.conll", "columns.conllu"})
"""The modules that have the functions of ``InplaceFormat``."""
_AT_ONCE = 1_000
"""Lines that are passed on together where nothing in them changes."""

Revise = Callable[[SentenceLines], "Sequence[str] | None"]
"""From a sentence to the tag of each of its cells, as ``encode`` writes it and ``""`` where the cell stays; or None."""


class InplaceFormat(Protocol):
    """What a format's module has whose tags can be changed in place."""

    def blocks(self, source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
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
    return FORMATS[inference.format].module in _OPERABLE and (inference.tag_column is not None or bool(inference.key))


def operable(inference: Inference) -> InplaceFormat:
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
    expected = Expected(source.path, new, scheme)

    def revise(block: SentenceLines) -> Sequence[str] | None:
        spans = expected.next(block)
        # In most sentences nothing is marked, and no tag has to be looked at.
        before = [] if block.tags.count("O") == len(block.tags) else decode(block.tags)
        if spans == before:
            return None
        try:
            return _changed(block, before, spans, scheme, inference)
        except CannotEncode as error:
            raise FormatError(source.path, block.lines[0], f"{error}: choose another --scheme") from error

    yield from _revised(source, inference, revise, expected.stands)
    if not expected.is_over():
        raise FormatError(
            source.path, sum(1 for _ in source.lines()) + 1, "sentences are missing here: the file has changed"
        )


def in_scheme(
    source: Source,
    inference: Inference,
    scheme: str,
    tell: Callable[[str], None] | None = None,
    watch: Callable[[SentenceLines], None] | None = None,
) -> Iterator[str]:
    """Yield the text of ``source`` with its spans in another scheme, piece by piece.

    Args:
        scheme: a key of ``SCHEMES``.
        tell: takes a sentence for each pair of spans that the scheme makes one; None: such a pair is an error.
        watch: is shown each sentence as it is read.

    Raises:
        InputError: the tags of such a source cannot be changed in place.
        FormatError: see ``tell``.
    """
    bare = inference.spelling.bare and scheme == "io"
    spelled = replace(inference, spelling=inference.spelling._replace(bare=bare))

    def revise(block: SentenceLines) -> Sequence[str] | None:
        if watch is not None:
            watch(block)
        spans = decode(block.tags)
        if not spans:
            return None
        wide = _over_cells(block, spans)
        try:
            tags = encode(wide, _n_cells(block), scheme)
        except CannotEncode as error:
            if tell is None:
                raise FormatError(source.path, block.lines[0], f"{error}: choose another --scheme") from error
            tell(f"{source.path}:{block.lines[0]}: {error}: they become one")
            tags = encode(merged(wide), _n_cells(block), scheme)
        return _unless_alike(block, tags, bare=bare)

    yield from _revised(source, spelled, revise)


def repaired(
    source: Source, inference: Inference, scheme: str, how: Repair, tell: Callable[[int, str, str], None]
) -> Iterator[str]:
    """Yield the text of ``source`` with tags that are legal in ``scheme``, piece by piece; what is legal stays.

    Args:
        how: see ``schemes.repair``.
        tell: takes the line, the tag that was there and the new one, for each word whose tag changes.

    Raises:
        InputError: the tags of such a source cannot be changed in place.
        FormatError: a line is broken, or the scheme has no tags for a pair of spans.
    """
    bare = inference.spelling.bare and scheme == "io"
    spelled = replace(inference, spelling=inference.spelling._replace(bare=bare))

    def revise(block: SentenceLines) -> Sequence[str] | None:
        try:
            changes = repaired_tags(block.tags, scheme, how)
        except CannotEncode as error:
            raise FormatError(source.path, block.lines[0], f"{error}: choose another --scheme") from error
        if not changes:
            return None
        for word, tag in changes.items():
            tell(block.lines[word], block.tags[word], spelled.spelling.spell(tag))
        if block.cells is None:
            return [changes.get(word, "") for word in range(len(block.words))]
        tags = [changes.get(word, old) for word, old in enumerate(block.tags)]
        wide = encode(_over_cells(block, decode(tags)), _n_cells(block), scheme)
        words = chain.from_iterable([word] * len(cells) for word, cells in enumerate(block.cells))
        return [tag if word in changes else "" for word, tag in zip(words, wide, strict=True)]

    yield from _revised(source, spelled, revise)


def save(out: str | Path, source: Source, pieces: Iterable[str]) -> None:
    """Write text to a file in the encoding of ``source``, its byte order mark included; atomically.

    Raises:
        EncodingError: the encoding has no such character.
        InputError: the file cannot be written.
    """
    require_exact(source)
    try:
        with atomic_writer(out, source.encoding) as stream:
            stream.writelines(with_mark(source, pieces))
    except UnicodeEncodeError as error:
        char = error.object[error.start]
        raise EncodingError(
            f"{out}: {source.encoding} has no character {char!r}: use another label, or a format with --to"
        ) from error


def require_exact(source: Source) -> None:
    """Refuse a source whose text does not give its bytes when it is encoded again.

    Raises:
        EncodingError: its encoding has several ways to write a character.
    """
    digest, encoder = sha256(), getincrementalencoder(source.encoding)()
    for piece in with_mark(source, source.sections()):
        digest.update(encoder.encode(piece))
    if source.sha256 and digest.hexdigest() != source.sha256:
        raise EncodingError(
            f"{source.path}: {source.encoding} does not write back the bytes that it reads: convert it to utf-8 first"
        )


def with_mark(source: Source, pieces: Iterable[str]) -> Iterator[str]:
    """Yield the byte order mark of ``source``, if it had one, and then the pieces of its text."""
    return chain(["\ufeff"] if source.had_bom else [], pieces)


def _revised(
    source: Source, inference: Inference, revise: Revise, stands: Callable[[SentenceBatch], bool] | None = None
) -> Iterator[str]:
    """Yield the text of ``source`` with the tags that ``revise`` gives.

    Args:
        stands: whether all sentences of a run stay as they are; where it says so, they are not revised.
    """
    if not can_rewrite(inference):
        raise InputError(f"{source.path} has no tags that could be changed in place: choose a format with --to")
    module = operable(inference)
    lines = source.lines()
    done = same = 0
    for block, last in _blocks(module, source, inference, stands):
        tags = None if block is None else revise(block)
        if block is None or tags is None:
            same = last
        # What stays as it is waits, to be passed on many lines at a time.
        if same > done and (tags is not None or same - done > _AT_ONCE):
            yield _joined(islice(lines, same - done), done)
            done = same
        if block is None or tags is None:
            continue
        piece = list(islice(lines, last - done))
        numbers = block.lines if block.cells is None else list(chain.from_iterable(block.cells))
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


def _blocks(
    module: InplaceFormat, source: Source, inference: Inference, stands: Callable[[SentenceBatch], bool] | None
) -> Iterator[tuple[SentenceLines | None, int]]:
    """Yield each sentence, or None for some that stand, with the last line there is of it."""
    runs = getattr(module, "runs", module.blocks) if stands is not None else module.blocks
    for item in runs(source, inference):
        if isinstance(item, SentenceBatch):
            if stands is not None and stands(item):
                yield None, item.last
            else:
                yield from ((block, block.lines[-1]) for block in blocks_of(item))
        elif isinstance(item, SentenceLines):
            cells = map(max, item.cells) if item.cells is not None else ()
            yield item, max([item.lines[-1], *cells])


def _joined(lines: Iterable[str], done: int) -> str:
    """Return lines as they follow ``done`` others."""
    return ("\n" if done else "") + "\n".join(lines)


def _changed(
    block: SentenceLines, before: list[TagSpan], after: list[TagSpan], scheme: str, inference: Inference
) -> Sequence[str]:
    """Return the tags to change, as few as give the new spans."""
    # IO has no way to keep touching spans apart: where such a pair is new, it is refused; where it is old, it stays.
    tables = "iob1" if SCHEMES[scheme].touching is None else scheme
    old = encode(_over_cells(block, before), _n_cells(block), tables)
    new = encode(_over_cells(block, after), _n_cells(block), tables)
    touched = [at for at, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    edit = ["" if was == now else now for was, now in zip(old, new, strict=True)]
    if tables != scheme and inference.spelling.bare and any(tag.startswith("B-") for tag in edit):
        raise CannotEncode(f"{SCHEMES[scheme].title} cannot keep two adjacent spans of one label apart")
    runs = _runs(_over_cells(block, [*before, *after]))
    near = {at for start, end in runs if any(start <= cell < end for cell in touched) for at in range(start, end)}
    full = _unless_alike(block, new, bare=inference.spelling.bare)
    beside = {at + step for at in touched for step in (-1, 0, 1)}
    wider = ([tag if at in cells else "" for at, tag in enumerate(full)] for cells in (beside, near))
    for attempt in (edit, *wider, full):
        if _reads_as(block, attempt, after, inference):
            break
    else:
        labels = ", ".join(sorted({span.label for span in after}))
        raise CannotEncode(f"these spans cannot be written in {SCHEMES[scheme].title} (labels {labels})")
    return attempt


def _reads_as(block: SentenceLines, edit: Sequence[str], spans: list[TagSpan], inference: Inference) -> bool:
    """Whether the sentence is read as ``spans`` after an edit."""
    firsts = edit if block.cells is None else [edit[at] for at in list(_offsets(block.cells))[:-1]]
    spell = inference.spelling.spell
    return decode([spell(new) if new else old for old, new in zip(block.tags, firsts, strict=True)]) == spans


def _unless_alike(block: SentenceLines, tags: Sequence[str], *, bare: bool) -> list[str]:
    """Return the tags, empty where the cell says the same in its own spelling; a prefix is not one of bare labels."""
    if block.cells is not None:
        return list(tags)
    if not bare:
        pairs = zip(block.tags, tags, strict=True)
        return ["" if old == new or split_tag(old) == split_tag(new) else new for old, new in pairs]
    both = [(split_tag(old), split_tag(new), new) for old, new in zip(block.tags, tags, strict=True)]
    return ["" if old == now and old[0] != "I" else new for old, now, new in both]


def _runs(spans: Iterable[TagSpan]) -> list[tuple[int, int]]:
    """Return the stretches that spans cover, one where they touch or overlap."""
    runs: list[tuple[int, int]] = []
    for start, end, _ in sorted(spans):
        if runs and start <= runs[-1][1]:
            start, before = runs.pop()
            end = max(before, end)
        runs.append((start, end))
    return runs


def _n_cells(block: SentenceLines) -> int:
    return len(block.words) if block.cells is None else sum(map(len, block.cells))


def _over_cells(block: SentenceLines, spans: list[TagSpan]) -> list[TagSpan]:
    """Return spans over words as spans over cells of tags."""
    if block.cells is None:
        return spans
    offsets = list(_offsets(block.cells))
    return [TagSpan(offsets[start], offsets[end], label) for start, end, label in spans]


def _offsets(cells: Sequence[Sequence[int]]) -> Iterator[int]:
    return accumulate(map(len, cells), initial=0)

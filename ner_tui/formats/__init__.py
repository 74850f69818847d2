"""File formats: bytes in, documents out, and back.

A new format is a module with the functions of ``base.Format``, its specification and a sample in its docstring, and
one row of ``registry.FORMATS``, which the options, the export dialog and the tables of the documentation are made from
or held against. Importing this package loads none of the modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, TextIO, cast

from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import (
    SEPARATORS,
    AmbiguousSpelling,
    Format,
    Inference,
    NamesMissing,
    OtherFormat,
    UnreadSpans,
    WriteOptions,
)
from ner_tui.formats.files.compression import COMPRESSIONS
from ner_tui.formats.files.source import Source, open_source
from ner_tui.formats.registry import (
    BY_SENTENCE,
    FORMATS,
    READERS,
    SUFFIXES,
    WRITERS,
    encoding_of,
    format_of_name,
    misnamed,
    readers_of,
)

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.labelled_texts import WordRows
    from ner_tui.domain.packing import PackedSentences
    from ner_tui.domain.spelling import Spelling

__all__ = [
    "BY_SENTENCE", "COMPRESSIONS", "FORMATS", "READERS", "SEPARATORS", "SUFFIXES", "WRITERS", "Inference", "Source",
    "WriteOptions", "encoding_of", "format_of_name", "infer_format", "is_table", "left_out", "may_hold_texts",
    "misnamed", "open_source", "read", "read_packed", "read_rows", "write",
]  # fmt: skip


def infer_format(
    source: Source,
    fmt: str | None = None,
    *,
    column: str | None = None,
    text: str | None = None,
    tags_as: Spelling | None = None,
    to_preview: bool = False,
) -> Inference:
    """Say how ``source`` is to be read: as ``fmt``, or else by the suffix of its name, or else by its content.

    Args:
        column: where the tags are: a column's number from 1 or its name, or a key of MISC; None: the first there is.
        text: of a table, where the texts are: a column's name, or its number from 1; None: where they evidently are.
        tags_as: how tags are spelled; None: as is found.
        to_preview: take for text what has no format, whatever it looks like: it is read again before it is used.

    Raises:
        InputError: ``fmt`` is no format, or none that can be read, or it has no such column.
        AmbiguousSpelling: its tags can be read in two ways.
        FormatError: the content contradicts what the source is said or named to be.
    """
    if fmt:
        _require(fmt, READERS, "read", source.path)
    named = [fmt] if fmt else readers_of(source.suffix)
    if text is not None:
        return _with_text(source, named, text)
    if column is not None or tags_as is not None:
        return _as_said(source, named, column, tags_as)
    for name in named or READERS:
        # The last one with the suffix takes the file, or says why it cannot.
        sure = named[-1:] == [name]
        if not named and not FORMATS[name].may_be(source):
            continue
        try:
            if name == "text" and not fmt and not to_preview:
                _refuse_lookalike(source)
            inference = _module(name).infer(source, name, sure=sure)
        except OtherFormat:
            if not fmt:
                _refuse_lookalike(source)
            raise
        if inference is not None:
            return _with_remark(source, inference)
    raise AssertionError("text takes whatever is left")


def _with_remark(source: Source, inference: Inference) -> Inference:
    """Return what was inferred, with what is to be told of the source's bytes."""
    return replace(inference, sentence=f"{inference.sentence}; {source.remark}") if source.remark else inference


def is_table(source: Source, fmt: str | None = None) -> bool:
    """Whether a source is, or is called, a table, which tells itself how it is read from its beginning."""
    names = [fmt] if fmt else readers_of(source.suffix)
    return any(name in FORMATS and FORMATS[name].family == "tables" for name in names)


def _refuse_lookalike(source: Source) -> None:
    """Raise ``FormatError`` for what is neither of a format nor prose, with the name that it has."""
    refusal: FormatError | None = import_module("ner_tui.formats.lookalikes").lookalike(source)
    if refusal is not None:
        raise refusal


def _as_said(source: Source, named: Sequence[str], column: str | None, tags_as: Spelling | None) -> Inference:
    for name in named or READERS:
        module = _module(name)
        choose: Callable[..., Inference] | None = getattr(module, "choose", None)
        if choose is not None and (named[-1:] == [name] or _claims(module, source, name)):
            return _with_remark(source, choose(source, name, column, tags_as))
    if column is None:
        # What has no tags is read as ever.
        return infer_format(source, named[0] if len(named) == 1 else None)
    raise InputError(f"{source.path} is no file of columns: there is none to choose")


def _with_text(source: Source, named: Sequence[str], text: str) -> Inference:
    """Return how to read a table with the column of its texts, which a person named."""
    for name in named or READERS:
        choose: Callable[..., Inference] | None = getattr(_module(name), "choose_text", None)
        if choose is not None:
            return _with_remark(source, choose(source, name, text))
    raise InputError(f"{source.path} is no file of texts in columns: there is none to choose")


def _claims(module: Format, source: Source, name: str) -> bool:
    try:
        return module.infer(source, name, sure=False) is not None
    except AmbiguousSpelling:
        return True


def read(
    source: Source, fmt: str | None = None, *, inference: Inference | None = None, ignore_tags: bool = False
) -> Iterator[StreamItem]:
    """Yield each document's start and then its sentences, lazily; a problem stands before its sentence.

    Args:
        inference: what ``infer_format`` said, if it was asked already; ``fmt`` does not count then.
        ignore_tags: give the words alone, whatever the source's tags say.

    Raises:
        InputError: see ``infer_format``.
        FormatError: a line breaks the format; raised when it is reached.
    """
    found = inference or infer_format(source, fmt)
    if ignore_tags:
        found = replace(found, scheme=None, ignore_tags=True)
    return _module(found.format).read(source, found)


def read_packed(
    source: Source, inference: Inference, *, ignore_tags: bool = False
) -> Iterator[StreamItem | PackedSentences]:
    """Yield the same as ``read``, but for sentences that need no looking at, which may come many at a time."""
    found = replace(inference, scheme=None, ignore_tags=True) if ignore_tags else inference
    module = _module(found.format)
    packed: Callable[..., Iterator[StreamItem | PackedSentences]] = getattr(module, "read_packed", module.read)
    return packed(source, found)


def read_rows(source: Source, inference: Inference) -> Iterator[StreamItem | PackedSentences | WordRows]:
    """Yield the same as ``read``, many sentences at a time where there is a way, by words and spans alone."""
    module = _module(inference.format)
    rows: Callable[..., Iterator[StreamItem | PackedSentences | WordRows]] | None = getattr(module, "read_rows", None)
    return rows(source, inference) if rows else read_packed(source, inference)


def left_out(source: Source, inference: Inference) -> list[str]:
    """Return what is in a source that ``read`` passes over in silence, a phrase for each kind."""
    told: Callable[..., list[str]] | None = getattr(_module(inference.format), "left_out", None)
    return told(source, inference) if told else []


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write decisions and open suggestions as ``options`` say. ``out`` must not translate line ends.

    Raises:
        InputError: there is no such format to write.
        FormatError: something cannot be written in this format, or an adjacent pair not in this scheme.
    """
    _require(options.fmt, WRITERS, "written")
    _module(options.fmt).write(items, out, options)


def may_hold_texts(path: str) -> bool:
    """Whether JSON or a table is of one of the formats, or of one that a package is missing for, and no settings."""
    try:
        infer_format(open_source(path))
    except FormatError as error:
        # A person may say more when it is read.
        return isinstance(error, NamesMissing | UnreadSpans)
    except InputError:
        # It is told when it is read.
        pass
    return True


def _require(name: str, names: tuple[str, ...], verb: str, path: str = "") -> None:
    if name not in names:
        place = f"{path}: " if path else ""
        known = f"{name} cannot be {verb}" if name in FORMATS else f"there is no format {name!r}"
        raise InputError(f"{place}{known}: choose one of {', '.join(names)}")


def _module(name: str) -> Format:
    return cast(Format, import_module(f"ner_tui.formats.{FORMATS[name].module}"))

"""Files of every format as documents, and back."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from ner_tui.api.advice import READING, advised
from ner_tui.api.documents import Document, collected, streamed
from ner_tui.domain.schemes import scheme_named
from ner_tui.domain.spelling import spelling_of
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import (
    FORMATS,
    SEPARATORS,
    SUFFIXES,
    WRITERS,
    Source,
    WriteOptions,
    encoding_of,
    format_of_name,
    infer_format,
    may_hold_texts,
    open_source,
)
from ner_tui.formats import read as read_stream
from ner_tui.formats import write as write_stream
from ner_tui.formats.files.atomic import atomic_writer, files_beside
from ner_tui.formats.files.encodings import BINARY
from ner_tui.formats.files.paths import expand
from ner_tui.formats.files.source import source_of
from ner_tui.formats.losses import without_losses

File = str | os.PathLike[str] | IO[bytes] | IO[str]
"""A path, or a file that is open, as bytes or as text."""
_WRITING = frozenset({"fmt", "scheme", "separator"})
"""The arguments of ``write`` that say how a file is written."""


def read(
    file: File,
    fmt: str | None = None,
    *,
    encoding: str | None = None,
    column: str | None = None,
    text: str | None = None,
    names: Sequence[str] = (),
    tags_as: str | None = None,
    ignore_tags: bool = False,
) -> Iterator[Document]:
    """Yield the documents of a file, or of all files of a folder, one at a time.

    What was read with a guess, or left out, is in ``problems`` of the document.

    Args:
        file: a path, or an open file, which is read to its end.
        fmt: one of the names of ``--from``; None: it is inferred.
        encoding: None for UTF-8, or what the byte order mark says; ``auto`` for the one that is found.
        column: where the tags are: a column's number from 1 or its name, or a key of MISC.
        text: of a table, the column of the texts.
        names: of tags that are numbers, in order.
        tags_as: how tags are written, by example, such as ``B_PER,O``.
        ignore_tags: give the words alone.

    Raises:
        InputError: it cannot be read; of a broken line a ``FormatError`` with its number, when it is reached.
    """
    with advised(READING):
        if not isinstance(file, str | os.PathLike):
            sources: Iterable[Source] = [_source_of(file, encoding, names)]
        else:
            files = expand([os.fspath(file)], SUFFIXES, may_hold_texts).files
            sources = (open_source(path, encoding, names) for path in files)
        spelling = spelling_of(tags_as.split(",")) if tags_as else None
        for source in sources:
            inference = infer_format(source, fmt, column=column, text=text, tags_as=spelling)
            yield from collected(read_stream(source, inference=inference, ignore_tags=ignore_tags))


def _source_of(file: IO[bytes] | IO[str], encoding: str | None, names: Sequence[str]) -> Source:
    content = file.read()
    name = str(getattr(file, "name", "")) or "the file"
    if isinstance(content, str):
        return replace(source_of(name, content.encode("utf-8", "surrogatepass"), "utf-8"), tag_names=tuple(names))
    return replace(source_of(name, content, encoding), tag_names=tuple(names))


def write(
    documents: Iterable[Document],
    file: File,
    fmt: str | None = None,
    *,
    scheme: str = "iob2",
    separator: str = "space",
    on_loss: Callable[[str], None] | None = None,
) -> None:
    """Write documents, with decisions and suggestions, to one file.

    At a path the file is complete in the end, or as it was before; it may not be a project.

    Args:
        documents: taken one at a time.
        file: a path, or an open file; formats that are no text need one of bytes.
        fmt: one of the names of ``--to``; None: what the name stands for, else ``conll``.
        scheme: of the tags.
        separator: between columns: ``space`` or ``tab``.
        on_loss: takes a sentence for each thing that the format has no place for, of which the rest is written; None:
            that is an error.

    Raises:
        InputError: it cannot be written, or something would be lost.
    """
    path = os.fspath(file) if isinstance(file, str | os.PathLike) else ""
    known = fmt or format_of_name(path or str(getattr(file, "name", "")), "conll")
    if known not in WRITERS:
        raise InputError(f"there is no format {known!r} to write: choose one of {', '.join(WRITERS)}")
    if separator not in SEPARATORS:
        raise InputError(f"there is no separator {separator!r}: choose one of {', '.join(SEPARATORS)}")
    lose = on_loss or _refuse
    options = WriteOptions(known, scheme_named(scheme), SEPARATORS[separator], on_loss, on_loss)
    items = without_losses(streamed(documents), known, lose, path or "the file", with_suggestions=True)
    with advised(_WRITING):
        if not path:
            _write_open(items, cast("IO[bytes] | IO[str]", file), options)
            return
        with atomic_writer(Path(path), encoding_of(known, path)) as out, files_beside(path) as beside:
            write_stream(items, out, replace(options, beside=beside))


def _refuse(sentence: str) -> None:
    raise InputError(f"{sentence}; on_loss takes what is lost, and the rest is written")


def _write_open(items: Iterable[StreamItem], file: IO[bytes] | IO[str], options: WriteOptions) -> None:
    """Write to a file that is open; how it ends lines is its own business."""
    if isinstance(file, io.TextIOBase):
        if FORMATS[options.fmt].is_binary:
            raise InputError(f"{options.fmt} is no text: give a file that is open for bytes")
        write_stream(items, cast("io.TextIOWrapper", file), options)
        return
    encoding = BINARY if FORMATS[options.fmt].is_binary else "utf-8"
    out = io.TextIOWrapper(cast("IO[bytes]", file), encoding, newline="", write_through=True)
    try:
        write_stream(items, out, options)
        out.flush()
    finally:
        out.detach()

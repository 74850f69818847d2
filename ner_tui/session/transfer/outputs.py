"""Where a stream of sentences goes: standard output, one file, or a folder with a file for each document."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import AnnotatedSentence, StreamItem, by_document
from ner_tui.formats import FORMATS, SUFFIXES, WriteOptions, encoding_of, write
from ner_tui.formats.files.atomic import atomic_writer, files_beside
from ner_tui.formats.files.folders import FileNames, FolderFiles
from ner_tui.formats.files.inputs import ReadFiles
from ner_tui.formats.files.terminal import safe_for_terminal
from ner_tui.store.project import Project


def file_names(tell: Callable[[str], None]) -> FileNames:
    """Return what gives documents the names of their files; see ``FileNames``."""
    return FileNames({*SUFFIXES, ".ann"}, tell)


def write_items(items: Iterable[StreamItem], path: str, options: WriteOptions, *, synced: bool = True) -> None:
    """Write a stream to a file, in one piece or not at all, or to standard output for ``-``.

    Args:
        synced: see ``atomic_writer``.

    Raises:
        InputError: it cannot be written.
    """
    encoding = encoding_of(options.fmt, path)
    with opened(path, encoding, synced=synced) as out, files_beside(path, synced=synced) as beside:
        write(items, out, replace(options, beside=beside))


def write_documents(
    items: Iterable[StreamItem],
    files: FolderFiles,
    names: FileNames,
    options: WriteOptions,
    source: str = "",
) -> int:
    """Write each document of a stream to a file of its own, named after it; return how many have nothing to write.

    Args:
        source: what documents are called in messages, where that is not their own name.
    """
    extension = FORMATS[options.fmt].extension
    empty = 0
    for head, rest in by_document(items):
        first = next((item for item in rest if isinstance(item, AnnotatedSentence)), None)
        if first is None:
            empty += 1
            continue
        path = files.path(names.take(head.name, extension))
        begun = replace(head, name=source) if source else head
        # The folder's files are put on the disk together.
        write_items(chain([begun, first], rest), path, options, synced=False)
    return empty


def without_file(documents: int) -> str:
    """Return a sentence on documents that got no file."""
    return counted(
        documents,
        "document without a sentence to write gets no file",
        "documents without a sentence to write get no file",
    )


def refuse_sources(project: Project, path: str) -> None:
    """Refuse to write over a file that a project was made from: its text may be nowhere else.

    Raises:
        InputError: ``path`` is one, by whatever name.
    """
    ReadFiles(stored.path for _, stored in project.content.sources()).refuse(path)


@contextmanager
def opened(path: str, encoding: str = "utf-8", *, synced: bool = True) -> Iterator[TextIO]:
    """Give a file that is written in one piece or not at all, see ``atomic_writer``, or standard output for ``-``."""
    with standard_output(encoding) if path == "-" else atomic_writer(path, encoding, synced=synced) as out:
        yield out


@contextmanager
def standard_output(encoding: str = "utf-8") -> Iterator[TextIO]:
    """Give standard output in an encoding, line ends as they are, whatever the locale; a terminal gets stand-ins."""
    sys.stdout.flush()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding=encoding, errors="surrogateescape", newline="")
    try:
        yield safe_for_terminal(out)
        out.flush()
    finally:
        # The stream belongs to the process: let go of it, do not close it.
        out.detach()

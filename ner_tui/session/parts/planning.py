"""The plan: which parts files are cut into, found without reading more of a large file than a few places of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ner_tui.formats import Inference, Source, infer_format, open_source
from ner_tui.formats.files.beginning import beginning
from ner_tui.formats.files.compression import compression_of, open_bytes
from ner_tui.formats.files.encodings import HEAD, is_binary
from ner_tui.formats.files.inputs import STDIN, note_input
from ner_tui.formats.files.replacing import Version, version_of
from ner_tui.formats.files.source import LARGE
from ner_tui.session.parts.edges import find_edges, why_whole

if TYPE_CHECKING:
    from ner_tui.domain.spelling import Spelling

SMALLEST = 1 << 18
"""Bytes of the smallest part: some seconds of work, beside which what a part costs is little."""
USUAL = 64
"""Parts that a file is cut into, unless they would be too small or too large."""
LARGEST = 1 << 24
"""Bytes of the largest part that is wanted: a worker has one in memory."""
MOST = 256
"""Parts of a file at the most: each is a place where it is looked at."""
BEGINNING = 1 << 22
"""Bytes of a large file from which it is told how it is read."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person said of how files are read."""

    encoding: str | None = None
    fmt: str | None = None
    text: str | None = None
    tags_as: Spelling | None = None
    tag_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``[start, end)`` of a file, to be labelled on their own."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file with its parts."""

    path: str
    """As it was given."""
    version: Version | None
    """What it was when it was planned."""
    asked: str | None
    """The encoding that a person named."""
    codec: str
    """The one that its beginning is decoded with."""
    inference: Inference
    parts: tuple[Part, ...]
    """In order; together they are the file."""
    tag_names: tuple[str, ...] = ()
    whole: str = ""
    """Why it is one part, where it was not cut."""
    by_beginning: bool = False
    """Whether its beginning alone was looked at to know how it is read."""

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.parts[-1].end


def part_size(size: int) -> int:
    """Return about how many bytes the parts of a file of so many bytes have."""
    return max(SMALLEST, min(size // USUAL, LARGEST), -(-size // MOST))


def plan_file(path: str, options: ReadingOptions, tell: Callable[[str], None]) -> PlannedFile:
    """Cut a file into parts; the same file is cut in the same way each time.

    Args:
        tell: takes a sentence on how it is read.

    Raises:
        InputError: it cannot be read, or not as was said.
    """
    note_input(path)
    version = version_of(path)
    source, by_beginning = _known(path, version, options)
    inference = _inferred(source, options)
    if by_beginning and why_whole(source, inference):
        source, by_beginning = open_source(path, options.encoding, options.tag_names), False
        inference = _inferred(source, options)
    tell(f"{inference.sentence}, as its beginning says" if by_beginning else inference.sentence)
    size = max(1, source.size if version is None else version.size)
    whole = "it is compressed" if compression_of(path) else why_whole(source, inference)
    whole = "it is standard input" if path == STDIN else whole
    edges: Sequence[int] = ()
    if not whole and size > SMALLEST:
        step = part_size(size)
        with open_bytes(path) as file:
            edges = find_edges(file, size, range(step, size - SMALLEST // 2, step), source, inference)
    bounds = [0, *edges, size]
    parts = tuple(Part(start, end) for start, end in pairwise(bounds))
    asked, names = options.encoding, options.tag_names
    return PlannedFile(path, version, asked, source.encoding, inference, parts, names, whole, by_beginning)


def _known(path: str, version: Version | None, options: ReadingOptions) -> tuple[Source, bool]:
    """Return a file, or of a large one its beginning, and whether that is all that was read of it."""
    if path == STDIN or compression_of(path) or version is None or version.size <= LARGE:
        return open_source(path, options.encoding, options.tag_names), False
    with open_bytes(path) as file:
        binary = is_binary(file.read(HEAD))
    if binary:
        return open_source(path, options.encoding, options.tag_names), False
    head = beginning(path, options.encoding, BEGINNING)
    return replace(head, tag_names=options.tag_names), True


def _inferred(source: Source, options: ReadingOptions) -> Inference:
    return infer_format(source, options.fmt, text=options.text, tags_as=options.tags_as)

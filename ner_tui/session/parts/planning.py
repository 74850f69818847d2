"""The plan: which parts files are cut into, found without reading more of a large file than a few places of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from ner_tui.errors import FormatError
from ner_tui.formats import FORMATS, Inference, Source, infer_format, open_source
from ner_tui.formats.base import NamesMissing
from ner_tui.formats.files.beginning import beginning
from ner_tui.formats.files.compression import compression_of, open_bytes
from ner_tui.formats.files.encodings import HEAD, PARQUET, is_binary
from ner_tui.formats.files.inputs import STDIN, note_input
from ner_tui.formats.files.replacing import Version, version_of
from ner_tui.formats.files.source import LARGE
from ner_tui.session.parts.edges import Edge, find_edges, find_row_edges, why_whole

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
MORE = 16 * BEGINNING
"""The same of one with records that are so long that there are few in these."""


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
    inside: bool = False
    """Whether it begins inside a document."""
    rows: range | None = None
    """Of a table that is no text, the rows that are meant, counted from 0: its bytes are what is theirs if all rows are
    of one size."""


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
    """Of tags that are numbers, as a person or its first records name them."""
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
    try:
        inference = _inferred(source, options)
        is_known = not (by_beginning and why_whole(source, inference))
    except FormatError as error:
        if not by_beginning or isinstance(error, NamesMissing):
            raise
        is_known = False
    if not is_known:
        source, by_beginning = open_source(path, options.encoding, options.tag_names), False
        inference = _inferred(source, options)
    tell(f"{inference.sentence}, as its beginning says" if by_beginning else inference.sentence)
    size = max(1, source.size if version is None else version.size)
    whole = "it is compressed" if compression_of(path) else why_whole(source, inference)
    whole = "it is standard input" if path == STDIN else whole
    parts: Sequence[Part] = (Part(0, size),)
    if not whole and size > SMALLEST:
        is_table = FORMATS[inference.format].is_binary
        parts = _parts_of_rows(size, source, inference) if is_table else _parts_of_text(path, size, source, inference)
    names = _names(source, inference) if len(parts) > 1 else source.tag_names
    encoding, codec = options.encoding, source.encoding
    return PlannedFile(path, version, encoding, codec, inference, tuple(parts), names, whole, by_beginning)


def _parts_of_text(path: str, size: int, source: Source, inference: Inference) -> list[Part]:
    with open_bytes(path) as file:
        edges = [Edge(0, inside=False), *find_edges(file, size, _places(size), source, inference)]
    ends = [*(edge.at for edge in edges[1:]), size]
    return [Part(edge.at, end, edge.inside) for edge, end in zip(edges, ends, strict=True)]


def _parts_of_rows(size: int, source: Source, inference: Inference) -> list[Part]:
    from ner_tui.formats.tables.parquet_rows import Parquet

    rows = Parquet(source).groups.bounds[-1]
    wanted = [place * rows // size for place in _places(size)]
    edges = [Edge(0, inside=False), *find_row_edges(wanted, source, inference)]
    ends = [*(edge.at for edge in edges[1:]), rows]
    return [
        Part(edge.at * size // rows, end * size // rows, edge.inside, range(edge.at, end))
        for edge, end in zip(edges, ends, strict=True)
    ]


def _places(size: int) -> range:
    """Return behind which bytes edges are wanted."""
    step = part_size(size)
    return range(step, size - SMALLEST // 2, step)


def _names(source: Source, inference: Inference) -> tuple[str, ...]:
    """Return the names of tags that are numbers: a part may have no record that gives them."""
    if inference.format != "hf" or source.tag_names:
        return source.tag_names
    from ner_tui.formats.records.tag_names import TagNames

    return TagNames.told(source).numbered


def _known(path: str, version: Version | None, options: ReadingOptions) -> tuple[Source, bool]:
    """Return a file, or of a large one its beginning, and whether that is all that was read of it."""
    if path == STDIN or compression_of(path) or version is None or version.size <= LARGE:
        return open_source(path, options.encoding, options.tag_names), False
    with open_bytes(path) as file:
        head = file.read(HEAD)
    if head.startswith(PARQUET):
        from ner_tui.formats.tables.parquet_groups import ParquetRows

        return ParquetRows(path, options.tag_names), False
    if not is_binary(head):
        for size in (BEGINNING, MORE):
            source = replace(beginning(path, options.encoding, size), tag_names=options.tag_names)
            if _shows_records(source):
                return source, True
    return open_source(path, options.encoding, options.tag_names), False


def _shows_records(source: Source) -> bool:
    """Whether a beginning holds as many records as are looked at to find their format, or is none of records."""
    from ner_tui.formats.records.json_values import has_lines
    from ner_tui.formats.records.records import SAMPLE

    lines = (line for line in source.lines() if line and not line.isspace())
    return not has_lines(source) or len(list(islice(lines, SAMPLE))) == SAMPLE


def _inferred(source: Source, options: ReadingOptions) -> Inference:
    return infer_format(source, options.fmt, text=options.text, tags_as=options.tags_as)

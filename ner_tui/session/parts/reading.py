"""A part of a file read and decoded, as a source of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, open_source
from ner_tui.formats.files.compression import open_bytes
from ner_tui.formats.files.encodings import bare, decode, line_ends, require_text, undecodable
from ner_tui.formats.files.line_ends import Newline, newline_of, unified
from ner_tui.formats.files.raw_bytes import PIECE
from ner_tui.formats.files.replacing import version_of
from ner_tui.formats.files.source_part import SourcePart
from ner_tui.session.parts.planning import Part, PlannedFile


def read_part(file: PlannedFile, part: Part) -> Source:
    """Read a part of a file, into memory unless it is all of a large one.

    Raises:
        EncodingError: it is not text in the file's encoding.
        InputError: it cannot be read, or the file is not any more what was planned.
    """
    if len(file.parts) == 1:
        return open_source(file.path, file.asked, file.tag_names)
    if part.rows is not None:
        return _rows(file, part.rows)
    raw = _bytes(file, part)
    text, mark = _decoded(file, part, raw)
    newline: Newline = newline_of(text)
    if newline == "\r":
        # A part of a file whose other lines end otherwise: it holds no line end at all.
        newline = "mixed"
    return SourcePart(
        lambda: open_source(file.path, file.asked, file.tag_names),
        file.path, sha256(raw).hexdigest(), unified(text, newline), file.codec, newline, file.tag_names, had_bom=mark,
    )  # fmt: skip


def hash_of(file: PlannedFile, part: Part) -> str:
    """Return the SHA-256 of a part, hexadecimal, having read it once, to know that it can be decoded.

    Raises:
        EncodingError: it is not text in the file's encoding.
        InputError: it cannot be read, or the file is not any more what was planned.
    """
    return read_part(file, part).sha256


def _bytes(file: PlannedFile, part: Part) -> bytes:
    try:
        with open_bytes(file.path) as stream:
            stream.seek(part.start)
            raw = stream.read(part.end - part.start)
    except OSError as error:
        raise InputError(f"{file.path} cannot be read: {error.strerror or error}") from error
    _require_planned(file)
    return raw


def _rows(file: PlannedFile, rows: range) -> Source:
    from ner_tui.formats.tables.parquet_groups import ParquetRows, hash_of_rows
    from ner_tui.formats.tables.parquet_rows import Parquet

    try:
        groups = Parquet(ParquetRows(file.path, file.tag_names)).groups
        sha256 = hash_of_rows(file.path, groups, rows)
    except OSError as error:
        raise InputError(f"{file.path} cannot be read: {error.strerror or error}") from error
    _require_planned(file)
    return ParquetRows(file.path, file.tag_names, rows, groups, sha256)


def _require_planned(file: PlannedFile) -> None:
    now = version_of(file.path)
    planned = file.version
    if planned is None or now is None or (now.size, now.modified) != (planned.size, planned.modified):
        raise InputError(f"{file.path} has changed while it was read: try again")


def _decoded(file: PlannedFile, part: Part, raw: bytes) -> tuple[str, bool]:
    """Return the text of a part, and whether a byte order mark precedes it."""
    asked = None if file.asked == "auto" else file.asked
    if not part.start:
        text, _, mark = decode(file.path, raw, asked or file.codec)
        require_text(file.path, raw, file.codec, asked)
        return text, mark
    require_text(file.path, raw, file.codec, asked, part.start)
    try:
        return raw.decode(bare(file.codec)), False
    except UnicodeDecodeError as error:
        line = _lines_before(file.path, part.start) + line_ends(raw[: error.start]) + 1
        raise undecodable(file.path, raw, error.start, file.codec, part.start + error.start, line) from error


def lines_before(file: PlannedFile, part: Part) -> int:
    """Count the lines of a file, or the rows of a table, before a part of it."""
    return part.rows.start if part.rows is not None else _lines_before(file.path, part.start)


def lines_in(part: Part, source: Source) -> int:
    """Count the line ends of a part that was read, or the rows."""
    return len(part.rows) if part.rows is not None else sum(chunk.count("\n") for chunk in source.chunks())


def _lines_before(path: str, offset: int) -> int:
    """Count the line ends before an offset of a file."""
    lines = 0
    with open_bytes(path) as stream:
        while offset > 0 and (raw := stream.read(min(PIECE, offset))):
            lines += line_ends(raw)
            offset -= len(raw)
    return lines


@contextmanager
def placed_in_file(file: PlannedFile, part: Part) -> Iterator[None]:
    """Have what is said of a line of a part name the line of the file."""
    try:
        yield
    except FormatError as error:
        if not part.start or error.path != file.path:
            raise
        raise FormatError(error.path, error.line + lines_before(file, part), error.reason) from error

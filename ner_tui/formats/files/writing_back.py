"""A text written back in the encoding of the file that it was read from, byte for byte where nothing changed."""

from __future__ import annotations

from codecs import getincrementalencoder
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path

from ner_tui.errors import EncodingError
from ner_tui.formats.files import line_ends
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.formats.files.replacing import FileRead
from ner_tui.formats.files.source import Source


def save(out: str | Path, source: Source, pieces: Iterable[str], *, replaces: FileRead | None = None) -> str:
    """Write text to a file in the encoding of ``source``, its byte order mark included; atomically.

    Returns the SHA-256 of what was written, as ``Source`` has it.

    Args:
        replaces: see ``atomic_writer``.

    Raises:
        ChangedOnDisk: see ``atomic_writer``.
        EncodingError: the encoding has no such character.
        InputError: the file cannot be written.
    """
    require_exact(source)
    digest, encoder = sha256(), getincrementalencoder(source.encoding)()
    try:
        with atomic_writer(out, source.encoding, replaces=replaces) as stream:
            for piece in as_in_file(source, pieces):
                stream.write(piece)
                digest.update(encoder.encode(piece))
    except UnicodeEncodeError as error:
        raise missing_character(out, source, error) from error
    return digest.hexdigest()


def missing_character(out: str | Path, source: Source, error: UnicodeEncodeError) -> EncodingError:
    """Return the error for a text that the encoding of ``source`` lacks a character for."""
    char = error.object[error.start]
    return EncodingError(
        f"{out}: {source.encoding} has no character {char!r}: use another label, or a format with --to"
    )


def require_exact(source: Source) -> None:
    """Refuse a source whose text does not give its bytes when it is encoded again.

    Raises:
        EncodingError: its encoding has several ways to write a character.
    """
    if not is_exact(source):
        raise EncodingError(
            f"{source.path}: {source.encoding} does not write back the bytes that it reads: convert it to utf-8 first"
        )


def is_exact(source: Source) -> bool:
    """Whether the text of a source gives its bytes when it is encoded again."""
    digest, encoder = sha256(), getincrementalencoder(source.encoding)()
    for piece in as_in_file(source, source.sections()):
        digest.update(encoder.encode(piece))
    return not source.sha256 or digest.hexdigest() == source.sha256


def as_in_file(source: Source, pieces: Iterable[str]) -> Iterator[str]:
    """Yield the text of ``source`` as its file has it: after its byte order mark, if it had one, with its line ends."""
    written = (line_ends.as_in_file(piece, source.newline) for piece in pieces)
    return chain(["\ufeff"] if source.had_bom else [], written)

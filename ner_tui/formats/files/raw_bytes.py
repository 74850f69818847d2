"""What a file holds before anything is decoded: its bytes, decompressed."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from ner_tui.errors import InputError
from ner_tui.formats.files.compression import compression_of, open_bytes
from ner_tui.formats.files.inputs import STDIN
from ner_tui.formats.files.remote import is_remote

PIECE = 1 << 20
"""Bytes or characters of a large file that are read at a time."""


def read_bytes(path: str, most: int) -> bytes:
    """Read a file or standard input.

    Args:
        path: `-` is standard input.
        most: of a compressed file, so many bytes and one more.

    Raises:
        InputError: it cannot be read.
    """
    if path == STDIN:
        try:
            return sys.stdin.buffer.read()
        except OSError as error:
            raise InputError(f"stdin cannot be read: {error.strerror or error}") from error
    try:
        if is_remote(path):
            with open_bytes(path) as file:
                return file.read()
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path} is a folder where a file is needed")
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            raise InputError(f"{path} is a device, not a file")
        with open_bytes(path) as file:
            # More than that of a compressed file is read a piece at a time, like any large one.
            return file.read(most + 1) if compression_of(path) else file.read()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def byte_pieces(path: str) -> Iterator[bytes]:
    """Yield what a file holds, decompressed, a piece at a time."""
    with open_bytes(path) as file:
        while raw := file.read(PIECE):
            yield raw

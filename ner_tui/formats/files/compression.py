"""Compressed files: what is called ``.gz``, ``.bz2`` or ``.xz`` is unpacked as it is read, and packed as it is written.

The suffix before it says what the file is. How much a file may hold for its size is limited, since a few kilobytes can
unfold to fill a disk.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from ner_tui.errors import InputError
from ner_tui.formats.files.remote import is_remote, open_remote

COMPRESSIONS = ("gz", "bz2", "xz")
"""The names that options use; with a dot, the suffixes of files."""
_MAGIC = ((b"\x1f\x8b\x08", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\0", "xz"))
MOST_AT_ONCE = 1 << 26
"""Bytes that any file may hold, however small it is."""
MOST_TIMES = 500
"""How many times its own size a file may hold beyond that; a corpus that says one word over and over holds less."""


def compression_of(path: str | Path) -> str:
    """Return which of ``COMPRESSIONS`` a path names; empty: none."""
    suffix = Path(path).suffix.lower()[1:]
    return suffix if suffix in COMPRESSIONS else ""


def without_compression(path: str | Path) -> Path:
    """Return a path without the suffix of a compression, if it has one."""
    return Path(path).with_suffix("") if compression_of(path) else Path(path)


def suffix_of(path: str | Path) -> str:
    """Return a path's suffix, lower-cased, with its dot; that of a compression does not count."""
    return without_compression(path).suffix.lower()


def with_other_suffix(path: str | Path, suffix: str) -> Path:
    """Return the path of the file beside ``path`` that is called the same but for its suffix, compressed alike."""
    compression = compression_of(path)
    other = without_compression(path).with_suffix(suffix)
    return other.with_name(f"{other.name}.{compression}") if compression else other


def found_compression(head: bytes) -> str:
    """Return which compression some bytes begin like; empty: none."""
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def open_bytes(path: str | Path) -> BinaryIO:
    """Open a file to read its bytes, decompressed if its name says that they are compressed.

    Reading from it raises ``InputError`` where they are broken, or more than such a file may hold.

    Raises:
        OSError: it cannot be opened.
    """
    file = open_remote(path) if isinstance(path, str) and is_remote(path) else Path(path).open("rb")  # noqa: SIM115
    compression = compression_of(path)
    return decompressed(file, compression, str(path)) if compression else file


def decompressed(file: BinaryIO, compression: str, name: str) -> BinaryIO:
    """Return what reads the decompressed bytes of a file; see ``open_bytes``.

    Args:
        file: it is closed with what is returned.
        name: what the file is called in messages.
    """
    return cast(BinaryIO, io.BufferedReader(_Decompressed(file, compression, name), 1 << 16))


class _Counted:
    """Counts the bytes that are read of a file; a pipe cannot tell where it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.count += len(data)
        return data


class _Decompressed(io.RawIOBase):
    def __init__(self, file: BinaryIO, compression: str, name: str) -> None:
        self._file, self._compression, self._name = file, compression, name
        self._packed = _Counted(file)
        self._stream = _stream(cast(BinaryIO, self._packed), compression, "rb")
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        from lzma import LZMAError

        try:
            data = self._stream.read(len(buffer))
        except (OSError, EOFError, ValueError, LZMAError, zlib.error) as error:
            raise InputError(f"{self._name} is no whole {self._compression} file: fetch or pack it again") from error
        self._given += len(data)
        if self._given > MOST_AT_ONCE and self._given > MOST_TIMES * self._packed.count:
            raise InputError(
                f"{self._name} holds more than {MOST_TIMES} times its size, as no text does: "
                "if you trust it, unpack it first"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._file.close()
        super().close()


class _Outlet:
    """Passes on what is written to it until it is closed; a compressor writes its end at the latest when it goes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.is_open = True

    def write(self, data: bytes) -> int:
        return self._file.write(data) if self.is_open else len(data)

    def flush(self) -> None:
        if self.is_open:
            self._file.flush()


@contextmanager
def text_into(file: BinaryIO, compression: str, encoding: str) -> Iterator[TextIO]:
    """Give a text file that writes to a file of bytes, compressed unless ``compression`` is empty.

    Line ends stay. The same text gives the same bytes, whatever the time and the file's name. ``file`` is left open,
    and where the block fails without an end of what is compressed, which would be taken for a whole one.
    """
    outlet = _Outlet(file)
    raw = _stream(cast(BinaryIO, outlet), compression, "wb") if compression else file
    text = io.TextIOWrapper(raw, encoding, newline="")
    try:
        yield text
        text.flush()
    except BaseException:
        outlet.is_open = False
        raise
    finally:
        text.detach()
        if compression:
            raw.close()


def _stream(file: BinaryIO, compression: str, mode: str) -> IO[bytes]:
    if compression == "gz":
        import gzip

        return cast(IO[bytes], gzip.GzipFile("", mode, fileobj=file, mtime=0))
    if compression == "bz2":
        import bz2

        return cast(IO[bytes], bz2.BZ2File(file, mode))  # type: ignore[call-overload]
    import lzma

    return cast(IO[bytes], lzma.LZMAFile(file, mode))

"""Sources: a file's bytes decoded to text, with what is needed to say where something stands and to write it back.

Only here is text bytes. A line ends at ``\\n`` and nowhere else; a byte order mark is taken off and remembered.
"""

from __future__ import annotations

import codecs
import hashlib
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ner_tui.errors import EncodingError, InputError

STDIN = "-"
"""The path that means standard input."""

Newline = Literal["\n", "\r\n", "mixed"]

_BLOCK = 1 << 16
# UTF-32 first: its little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read."""

    path: str
    """As it was given; ``stdin`` for standard input."""
    sha256: str
    """Of the file's bytes, hexadecimal."""
    text: str
    """The decoded file without its byte order mark, line ends as they are."""
    encoding: str
    """The codec that decoded it."""
    had_bom: bool
    newline: Newline
    """``mixed``: some lines end with ``\\r\\n``, others with ``\\n``."""

    @property
    def suffix(self) -> str:
        """The path's suffix, lower-cased, with its dot."""
        return Path(self.path).suffix.lower()

    def lines(self) -> Iterator[str]:
        """Yield the lines without their ``\\n``; nothing follows a final ``\\n``. A ``\\r`` before it is kept."""
        text, at = self.text, 0
        while at < len(text):
            end = text.find("\n", at + _BLOCK)
            end = len(text) if end < 0 else end
            yield from text[at:end].split("\n") if end < len(text) else text[at:].removesuffix("\n").split("\n")
            at = end + 1


def open_source(path: str, encoding: str | None = None) -> Source:
    """Read a file, or standard input for ``-``.

    Args:
        encoding: None for UTF-8, or what the byte order mark says.

    Raises:
        EncodingError: it is not text in that encoding.
        InputError: it is missing, a folder, unreadable, binary or empty, or there is no such encoding.
    """
    raw = _read(path)
    name = "stdin" if path == STDIN else path
    text, used, had_bom = _decode(name, raw, encoding)
    if not text.strip():
        raise InputError(f"{name} is empty: there is nothing to annotate in it")
    return Source(name, hashlib.sha256(raw).hexdigest(), text, used, had_bom, _newline(text))


def _read(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path} is a folder where a file is needed")
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            raise InputError(f"{path} is a device, not a file")
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _decode(name: str, raw: bytes, encoding: str | None) -> tuple[str, str, bool]:
    """Return the text, the codec that was used and whether a byte order mark was taken off."""
    asked = _codec(encoding) if encoding else None
    mark, marked = next(((m, codec) for m, codec in _MARKS if raw.startswith(m)), (b"", ""))
    # A mark counts for its own family only: in latin-1, say, its bytes are letters.
    if asked and not marked.startswith(asked.removesuffix("-sig")):
        mark = b""
    codec = marked if mark else asked or "utf-8"
    if not asked and codec == "utf-8" and b"\0" in raw:
        raise EncodingError(
            f"{name} looks like a binary file: byte {raw.index(0)} is NUL; "
            "if it is text all the same, name its encoding, such as --encoding utf-8 or utf-16-le"
        )
    try:
        return raw[len(mark) :].decode(codec), _bare(codec), bool(mark)
    except UnicodeDecodeError as error:
        raise EncodingError(_undecodable(name, raw, codec, error.start + len(mark))) from error
    except (LookupError, ValueError) as error:
        raise InputError(f"{encoding} is not an encoding of text") from error


def _codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise InputError(f"there is no encoding {encoding!r}: try utf-8, latin-1, cp1252 or utf-16") from None


def _bare(codec: str) -> str:
    """Return the codec that adds no byte order mark of its own when the text is written back."""
    order = "le" if sys.byteorder == "little" else "be"
    return f"{codec}-{order}" if codec in ("utf-16", "utf-32") else codec.removesuffix("-sig")


def _undecodable(name: str, raw: bytes, codec: str, at: int) -> str:
    line = raw.count(b"\n", 0, at) + 1
    other = "latin-1" if codec.startswith("utf-8") else "utf-8"
    return (
        f"{name} is not text in {codec} (byte 0x{raw[at]:02X} at offset {at}, line {line}): "
        f"name its encoding, such as --encoding {other}"
    )


def _newline(text: str) -> Newline:
    ends, pairs = text.count("\n"), text.count("\r\n")
    if not pairs:
        return "\n"
    return "\r\n" if pairs == ends else "mixed"

"""Bytes decoded to text, or an error that says where they are none."""

from __future__ import annotations

import codecs
import re
import sys

from ner_tui.errors import EncodingError, InputError

# UTF-32 first: its little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

BINARY = "iso8859-1"
"""The codec of formats that are no text: a character for each byte, from which their modules make the bytes again."""

DATABASE = b"SQLite format 3\0"
"""What SQLite's files begin with, projects among them."""

AUTO = "auto"
"""What is no encoding's name: it is to be found."""

_C1 = re.compile(rb"[\x80-\x9f]")
# All of them but NEL, which is a line end of some mainframes.
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")

PARQUET = b"PAR1"
"""What a Parquet file begins and ends with."""

HEAD = 512
"""Bytes of a file that say whether it is of a format that is no text."""


def is_binary(head: bytes) -> bool:
    """Whether a file whose first ``HEAD`` bytes these are is of a format that is no text."""
    return head.startswith(PARQUET) or _is_docbin(head)


def _is_docbin(head: bytes) -> bool:
    """Whether it is spaCy's: a small table in MessagePack, packed by zlib, whose first keys are known."""
    import zlib

    if head[:1] != b"\x78":
        return False
    try:
        table = zlib.decompressobj().decompress(head, 16)
    except zlib.error:
        return False
    return b"\x81" <= table[:1] <= b"\x8f" and table[1:].startswith((b"\xa7version", b"\xa5attrs"))


def codec_of(head: bytes, encoding: str | None) -> tuple[bytes, str, str | None]:
    """Return the byte order mark that counts, the codec to decode with, and the one that was asked for.

    Args:
        head: the first four bytes, or fewer.
        encoding: None for what the mark says, or UTF-8.

    Raises:
        InputError: there is no such encoding.
    """
    asked = _codec(encoding) if encoding else None
    mark, marked = next(((m, codec) for m, codec in _MARKS if head.startswith(m)), (b"", ""))
    # A mark counts for its own family only: in latin-1, say, its bytes are letters.
    if asked and not marked.startswith(asked.removesuffix("-sig")):
        mark = b""
    return mark, marked if mark else asked or "utf-8", asked


_KINDS = (
    (b"PK\x03\x04", "a ZIP archive", "unpack it, and name what is in it"),
    (b"%PDF-", "a PDF", "save its text as plain text"),
    (
        DATABASE,
        "a project of ner-tui or another database",
        "`ner-tui review PROJECT` opens a project, `ner-tui export PROJECT` writes what is in it",
    ),
    (b"\xd0\xcf\x11\xe0", "a document of an office program", "save it as plain text"),
)
"""What bytes that are no text begin with, what they are, and the next step."""


def require_text(name: str, raw: bytes, codec: str, asked: str | None, before: int = 0) -> None:
    """Refuse bytes that are no text; ``before`` of the file's precede them.

    Raises:
        EncodingError: one of them is NUL, and nobody said that it is text.
    """
    if kind := next((each for each in _KINDS if not before and raw.startswith(each[0])), None):
        raise EncodingError(f"{name} is {kind[1]}, no text: {kind[2]}")
    if not asked and codec == "utf-8" and b"\0" in raw:
        fault = f"{name} looks like a binary file: byte {before + raw.index(0)} is NUL"
        step = "if it is text all the same, name its encoding, such as --encoding utf-8 or utf-16-le"
        raise EncodingError(f"{fault}; {step}", fault)


def decode(name: str, raw: bytes, encoding: str | None) -> tuple[str, str, bool]:
    """Return the text, the codec that was used and whether a byte order mark was taken off.

    Raises:
        EncodingError: they are not text in that encoding.
        InputError: there is no such encoding.
    """
    mark, codec, asked = codec_of(raw[:4], encoding)
    require_text(name, raw, codec, asked)
    try:
        return raw[len(mark) :].decode(codec), bare(codec), bool(mark)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        raise undecodable(name, raw, at, codec, at, line_ends(raw[:at]) + 1) from error
    except (LookupError, ValueError) as error:
        raise InputError(f"{encoding} is not an encoding of text") from error


def _codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise InputError(f"there is no encoding {encoding!r}: try utf-8, latin-1, cp1252 or utf-16") from None


def bare(codec: str) -> str:
    """Return the codec that adds no byte order mark of its own when the text is written back."""
    order = "le" if sys.byteorder == "little" else "be"
    return f"{codec}-{order}" if codec in ("utf-16", "utf-32") else codec.removesuffix("-sig")


def line_ends(raw: bytes) -> int:
    r"""Return how many line ends some bytes hold, be they ``\n``, ``\r\n`` or ``\r`` alone."""
    return max(raw.count(b"\n"), raw.count(b"\r"))


def undecodable(name: str, raw: bytes, at: int, codec: str, offset: int, line: int) -> EncodingError:
    """Say that a byte of a file is none of its encoding's, and which encoding may be.

    Args:
        raw: the file or a part of it.
        at: where the byte is in ``raw``.
        offset: where it is in the file.
        line: of the byte, counted from 1.
    """
    other = "utf-8"
    if codec.startswith("utf-8"):
        # In latin-1 these are control characters, which no text holds; in cp1252 five of them are nothing.
        other = "latin-1" if not _C1.search(raw) else "cp1252" if _is(raw, "cp1252") else ""
    step = f"name its encoding, such as --encoding {other}, or" if other else "name its encoding, or"
    fault = f"{name} is not text in {codec} (byte 0x{raw[at]:02X} at offset {offset}, line {line})"
    return EncodingError(f"{fault}: {step} say --encoding auto", fault, line)


def controls_read_as(text: str, codec: str) -> str:
    """Return what is to be told of a text in latin-1 that is one in cp1252 rather; empty: nothing."""
    if codec != BINARY or not (found := _CONTROLS.search(text)) or not _is(found[0].encode(codec), "cp1252"):
        return ""
    byte = ord(found[0])
    meant = found[0].encode(codec).decode("cp1252")
    return f"byte 0x{byte:02X} is a control character in latin-1, and {meant!r} in cp1252: see --encoding cp1252"


def _is(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def remark_on(asked: str | None, used: str, doubt: str) -> str:
    """Return what is to be told of how a file was decoded: what was found, or what there is to doubt."""
    return f"its encoding is {used}, which --encoding auto found" if asked == AUTO else doubt

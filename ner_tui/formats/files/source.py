"""Sources: files decoded to text, with what is needed to name a line of theirs and to write them back.

Only in this package is text bytes. A line ends at ``\\n`` and nowhere else, see ``line_ends``; a byte order mark is
taken off and remembered. Of a file of more than ``LARGE`` bytes, lines and sections are read a piece at a time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ner_tui.errors import InputError
from ner_tui.formats.files.beside import has_text_beside
from ner_tui.formats.files.compression import compression_of, found_compression, open_bytes, suffix_of
from ner_tui.formats.files.encodings import (
    AUTO,
    BINARY,
    HEAD,
    bare,
    codec_of,
    controls_read_as,
    decode,
    is_binary,
    remark_on,
)
from ner_tui.formats.files.inputs import STDIN, note_input
from ner_tui.formats.files.line_ends import Newline, newline_of, unified
from ner_tui.formats.files.raw_bytes import PIECE, byte_pieces, read_bytes

LARGE = 1 << 24
"""Bytes of the largest file that is kept in memory."""
_BLOCK = 1 << 16
_GAP = re.compile(r"\n[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read."""

    path: str
    """As it was given; ``stdin`` for standard input."""
    sha256: str
    """Of the file's bytes, of a compressed one's as they are decompressed, hexadecimal."""
    text: str
    """The decoded file without its byte order mark, line ends as ``line_ends`` says."""
    encoding: str
    """The codec that decoded it."""
    had_bom: bool
    newline: Newline
    """``mixed``: some lines end with ``\\r\\n``, others with ``\\n``."""
    tag_names: tuple[str, ...] = ()
    """Of tags that are numbers: their names in order, as a person gave them."""
    remark: str = ""
    """What a person should know of how its bytes were read; empty: nothing."""

    @property
    def suffix(self) -> str:
        """The path's suffix, lower-cased, with its dot; that of a compression does not count."""
        return suffix_of(self.path)

    @property
    def size(self) -> int:
        """About how many characters it has, for a progress bar."""
        return len(self.text)

    @property
    def ends_line(self) -> bool:
        """Whether the last line ends with a line end."""
        return self.text.endswith("\n")

    def with_text(self, text: str) -> Source:
        """Return a source like this one that holds another text."""
        return Source(
            self.path, self.sha256, text, self.encoding, self.had_bom, self.newline, self.tag_names, self.remark
        )

    def chunks(self) -> Iterator[str]:
        """Yield the text in one piece or several, which may end anywhere."""
        yield self.text

    def pieces(self) -> Iterator[str]:
        """Yield the text in one piece or several, each but the last ending with a line end."""
        yield self.text

    def sections(self) -> Iterator[str]:
        """Yield the text in one piece or several, each but the last ending with a blank line."""
        yield self.text

    def lines(self) -> Iterator[str]:
        """Yield the lines without their ``\\n``; nothing follows a final ``\\n``. A ``\\r`` before it is kept."""
        text, at = self.text, 0
        while at < len(text):
            end = text.find("\n", at + _BLOCK)
            end = len(text) if end < 0 else end
            yield from text[at:end].split("\n") if end < len(text) else text[at:].removesuffix("\n").split("\n")
            at = end + 1


class FileSource(Source):
    """A large file: its text is on the disk, and read anew each time it is asked for.

    Raises ``InputError`` where it has changed since it was opened.
    """

    def __init__(
        self, path: str, sha256: str, encoding: str, newline: Newline, size: int, *, had_bom: bool, remark: str = ""
    ) -> None:
        names = ("path", "sha256", "encoding", "had_bom", "newline", "remark", "tag_names")
        for name, value in zip(names, (path, sha256, encoding, had_bom, newline, remark, ()), strict=True):
            object.__setattr__(self, name, value)
        info = Path(path).stat()
        object.__setattr__(self, "_size", size)
        # What a file has grown by since it was read would not be in it; of a compressed one that cannot be told.
        object.__setattr__(self, "_opened", (info.st_size if compression_of(path) else size, info.st_mtime_ns))

    def __repr__(self) -> str:
        return f"FileSource({self.path!r})"

    @property
    def text(self) -> str:
        """All of the text, in memory."""
        return "".join(self.pieces())

    @property
    def size(self) -> int:
        """Its bytes, decompressed."""
        return int(self._size)  # type: ignore[attr-defined]

    @property
    def ends_line(self) -> bool:
        """Whether the last line ends with a line end."""
        end = ("\r" if self.newline == "\r" else "\n").encode(self.encoding)
        if compression_of(self.path):
            return [chunk[-1:] for chunk in self.chunks()][-1:] == ["\n"]
        with Path(self.path).open("rb") as file:
            file.seek(-len(end), 2)
            return file.read() == end

    def sections(self) -> Iterator[str]:
        """Yield the text in pieces, each but the last ending with a blank line."""
        held = ""
        for piece in self.pieces():
            cut = max(piece.rfind("\n\n") + 2, piece.rfind("\n\r\n") + 3)
            if cut <= 3:
                # A blank line may begin in what is held, or have blanks in it.
                piece, held = held + piece, ""
                cut = max((found.end() for found in _GAP.finditer(piece)), default=0)
            if cut:
                yield held + piece[:cut]
                held = piece[cut:]
            else:
                held += piece
        if held:
            yield held

    def lines(self) -> Iterator[str]:
        """Yield the lines as ``Source.lines`` does."""
        for piece in self.pieces():
            yield from piece.removesuffix("\n").split("\n")

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces, each but the last ending with a line end."""
        held = list[str]()
        for chunk in self.chunks():
            cut = chunk.rfind("\n") + 1
            if cut:
                yield "".join([*held, chunk[:cut]])
                held = []
            held.append(chunk[cut:])
        if last := "".join(held):
            yield last

    def chunks(self) -> Iterator[str]:
        """Yield the text in pieces of about a megabyte, which may end anywhere."""
        try:
            info = Path(self.path).stat()
            with io.TextIOWrapper(open_bytes(self.path), self.encoding, newline="") as file:
                if (info.st_size, info.st_mtime_ns) != self._opened:  # type: ignore[attr-defined]
                    raise InputError(f"{self.path} has changed while it was read: try again")
                if self.had_bom:
                    file.read(1)
                while chunk := file.read(PIECE):
                    yield unified(chunk, self.newline)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path} cannot be read any more: {error}") from error


def is_large(source: Source) -> bool:
    """Whether the text of a source is on the disk, and not in memory."""
    return isinstance(source, FileSource)


def without_text(source: Source) -> Source:
    """Return a source like this one whose text is on the disk; one that was no file is returned as it is."""
    path = Path(source.path)
    if is_large(source) or not path.is_file():
        return source
    size = source.size if compression_of(path) else path.stat().st_size
    found = FileSource(
        source.path, source.sha256, source.encoding, source.newline, size, had_bom=source.had_bom, remark=source.remark
    )
    object.__setattr__(found, "tag_names", source.tag_names)
    return found


def open_source(path: str, encoding: str | None = None, tag_names: Sequence[str] = ()) -> Source:
    """Read a file, or standard input for ``-``.

    Args:
        encoding: None for UTF-8, or what the byte order mark says; ``AUTO`` for the one that is found.
        tag_names: of tags that are numbers, in order.

    Raises:
        EncodingError: it is not text in that encoding.
        InputError: it is missing, a folder, unreadable, binary or empty, there is no such encoding, or what is
            written goes there.
    """
    note_input(path)
    source = _open(path, encoding)
    object.__setattr__(source, "tag_names", tuple(tag_names))
    return source


def _open(path: str, encoding: str | None) -> Source:
    if path != STDIN and Path(path).is_file() and Path(path).stat().st_size > LARGE:
        return _open_large(path, encoding)
    raw = read_bytes(path, LARGE)
    if len(raw) > LARGE and compression_of(path):
        return _open_large(path, encoding)
    name = "stdin" if path == STDIN else path
    if packed := found_compression(raw[:8]):
        step = f"say --compression {packed}" if path == STDIN else f"call it {path}.{packed}"
        raise InputError(f"{name} is compressed: {step}")
    return source_of(name, raw, encoding)


def source_of(name: str, raw: bytes, encoding: str | None = None) -> Source:
    """Return the bytes of a file, decompressed, as a source.

    Args:
        name: what people call it; its suffix counts.
        raw: all of them.
        encoding: as in ``open_source``.

    Raises:
        EncodingError: it is not text in that encoding.
        InputError: it is binary or empty, or there is no such encoding.
    """
    binary = is_binary(raw[:HEAD])
    wanted = encoding if binary else named_encoding(name, encoding, [raw])
    text, used, had_bom = decode(name, raw, BINARY if binary else wanted)
    if not text.strip() and not has_text_beside(name):
        raise InputError(f"{name} is empty: there is nothing to annotate in it")
    import hashlib

    newline: Newline = "\n" if binary else newline_of(text)
    source = Source(name, hashlib.sha256(raw).hexdigest(), unified(text, newline), used, had_bom, newline)
    return source if binary else replace(source, remark=remark_on(encoding, used, controls_read_as(text, used)))


def named_encoding(name: str, encoding: str | None, chunks: Iterable[bytes]) -> str | None:
    """Return the encoding to decode with, which is looked for if it is to be found."""
    if encoding != AUTO:
        return encoding
    from ner_tui.formats.files.detecting import detect

    return detect(name, chunks)


def _open_large(path: str, encoding: str | None) -> FileSource:
    """Read a large file once, to know that it can be read."""
    from ner_tui.formats.files.scanning import Scan

    try:
        with open_bytes(path) as file:
            head = file.read(HEAD)
        if packed := found_compression(head):
            raise InputError(f"{path} is compressed: call it {path}.{packed}")
        binary = is_binary(head)
        wanted = encoding if binary else named_encoding(path, encoding, byte_pieces(path))
        mark, codec, asked = codec_of(head[:4], BINARY if binary else wanted)
        scan = Scan(path, codec, asked, mark)
        with open_bytes(path) as file:
            file.read(len(mark))
            while raw := file.read(PIECE):
                scan.take(raw)
        scan.take(b"")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except LookupError as error:
        raise InputError(f"{encoding} is not an encoding of text") from error
    if scan.blank:
        raise InputError(f"{path} is empty: there is nothing to annotate in it")
    newline: Newline = "\n" if binary else scan.ends.newline
    remark = "" if binary else remark_on(encoding, bare(codec), scan.doubt)
    return FileSource(path, scan.sha256, bare(codec), newline, scan.size, had_bom=bool(mark), remark=remark)

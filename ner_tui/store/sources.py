"""Sources in the project file: the files that documents were read from, with their text."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ner_tui.errors import ProjectError


@dataclass(frozen=True, slots=True)
class NewSource:
    """A file to be stored, so that the project can tell what changed and write it again."""

    path: str
    """Absolute path."""
    hash: str
    """SHA-256 of the bytes, hexadecimal."""
    encoding: str
    had_bom: bool
    format: str
    scheme: str | None
    """The scheme of its tags, None where it has none."""
    text: str
    """The decoded file as ``Source.text`` has it; of a large one a first piece."""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A file as it was read."""

    id: int
    path: str
    """Absolute path."""
    hash: str
    """SHA-256 of the bytes, hexadecimal."""
    encoding: str
    format: str
    on_disk: str
    """SHA-256 of the bytes that it was saved with since, or of those that were read."""


_ANY_TEXT = 1 << 26
"""Bytes that a text may have however little it is packed in."""
_MOST_PACKED = 256
"""How many times its size a larger text is packed in; at the level that is used here not even one letter is in less."""

_STORED = (
    "SELECT id, path, hash, encoding, format, "
    "coalesce((SELECT saved.hash FROM saved_source saved WHERE saved.source = source.id), hash) FROM source"
)
_NOTHING = zlib.compress(b"", 1)
"""An empty text as it is packed."""
_DAMAGED = "the project's copy of a file is damaged: put back a copy of the project"


class Sources:
    """Files as they were read."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add_source(self, source: NewSource) -> int:
        """Store a file as it was read and return the source's id; a source of this path is replaced, its id kept."""
        (identifier,) = self._database.execute(
            "INSERT INTO source (path, hash, encoding, bom, format, scheme, content) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET hash = excluded.hash, encoding = excluded.encoding, "
            "bom = excluded.bom, format = excluded.format, scheme = excluded.scheme, "
            "content = excluded.content RETURNING id",
            (
                source.path,
                source.hash,
                source.encoding,
                source.had_bom,
                source.format,
                source.scheme,
                packed_text(source.text),
            ),
        ).fetchone()
        self.forget_saved(identifier)
        return int(identifier)

    def keep_saved(self, source: int, sha256: str, pieces: Iterable[str]) -> None:
        """Keep what a file was saved as, beside what it was read as, which the journal begins with."""
        self.forget_saved(source)
        self._database.execute("INSERT INTO saved_source VALUES (?, ?)", (source, sha256))
        self._database.executemany(
            "INSERT INTO saved_piece VALUES (?, ?, ?)",
            ((source, number, packed_text(piece)) for number, piece in enumerate(pieces)),
        )

    def forget_saved(self, source: int) -> None:
        """Take a file for what it was read as."""
        for table in ("saved_source", "saved_piece"):
            self._database.execute(f"DELETE FROM {table} WHERE source = ?", (source,))

    def source(self, path: str) -> StoredSource | None:
        """Return the source that was read from ``path``."""
        row = self._database.execute(f"{_STORED} WHERE path = ?", (path,)).fetchone()
        return StoredSource(*row) if row else None

    def source_of(self, document: int) -> StoredSource:
        """Return the source a document was read from."""
        row = self._database.execute(
            f"{_STORED} WHERE id = (SELECT source FROM document WHERE id = ?)", (document,)
        ).fetchone()
        return StoredSource(*row)

    def sources(self) -> Iterator[tuple[int, NewSource]]:
        """Yield every file with its id, in order, without its text."""
        query = "SELECT id, path, hash, encoding, bom, format, scheme FROM source ORDER BY id"
        for identifier, path, sha256, encoding, bom, fmt, scheme in self._database.execute(query):
            yield identifier, NewSource(path, sha256, encoding, bool(bom), fmt, scheme, "")

    def source_text(self, source: int) -> str:
        """Return a file's text as it was read; it takes the memory it takes."""
        pieces = self._database.execute(
            "SELECT content, -1 FROM source WHERE id = :id UNION ALL "
            "SELECT content, number FROM source_piece WHERE source = :id ORDER BY 2",
            {"id": source},
        )
        return "".join(_unpacked(packed for packed, _ in pieces))

    def saved_hashes(self) -> dict[int, str]:
        """Return the SHA-256 of what files were saved as, of those that were, by their ids."""
        return dict(self._database.execute("SELECT source, hash FROM saved_source"))

    def text_on_disk(self, source: int) -> str:
        """Return a file's text as it was saved, or else as it was read."""
        if source not in self.saved_hashes():
            return self.source_text(source)
        query = "SELECT content FROM saved_piece WHERE source = ? ORDER BY number"
        return "".join(_unpacked(packed for (packed,) in self._database.execute(query, (source,))))

    def has_text(self, source: int) -> bool:
        """Whether there is a copy of a file's text; a project that was made of a dump elsewhere has none."""
        (packed,) = self._database.execute("SELECT content FROM source WHERE id = ?", (source,)).fetchone()
        return bool(packed != _NOTHING)

    def schemes(self) -> set[str]:
        """Return the tag schemes of the project's files."""
        return {row[0] for row in self._database.execute("SELECT DISTINCT scheme FROM source WHERE scheme NOT NULL")}

    def decided_in(self, source: int) -> int:
        """Return how many decisions of a person are in the documents of a source."""
        (number,) = self._database.execute(
            "SELECT count(*) FROM document JOIN decision ON decision.document = document.id "
            "WHERE document.source = ? AND decision.source <> 'file'",
            (source,),
        ).fetchone()
        return int(number)

    def source_count(self) -> int:
        """Return how many files the project holds."""
        return int(self._database.execute("SELECT count(*) FROM source").fetchone()[0])


def packed_text(text: str) -> bytes:
    """Return a piece of a file's text as it is stored."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def _unpacked(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the text of packed pieces.

    Raises:
        ProjectError: they are not what is packed here.
    """
    packed = unpacked = 0
    for piece in pieces:
        unpacker = zlib.decompressobj()
        try:
            packed += len(piece)
            room = max(_ANY_TEXT, _MOST_PACKED * packed) - unpacked
            raw = unpacker.decompress(piece, room + 1)
        except (zlib.error, TypeError) as error:
            raise ProjectError(_DAMAGED) from error
        unpacked += len(raw)
        if len(raw) > room:
            raise ProjectError(
                f"the project's copy of a file unpacks to more than {unpacked >> 20:,} MB, which no text does: "
                "ask whoever sent the project for `ner-tui dump`, and load that"
            )
        if piece and not unpacker.eof:
            raise ProjectError(_DAMAGED)
        yield raw.decode("utf-8", "surrogatepass")

"""Some rows of a Parquet file, read without those before and behind: rows are stored in groups, which can be found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.formats.files.compression import open_bytes
from ner_tui.formats.files.encodings import BINARY, PARQUET
from ner_tui.formats.files.raw_bytes import PIECE
from ner_tui.formats.files.source_part import SourcePart

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

_TAIL = 8
"""Bytes at the end of a file: the length of what says where the groups are, and the name of the format."""


class RowGroups(NamedTuple):
    """The groups of a file: of very many it takes some time to know them."""

    metadata: FileMetaData
    bounds: list[int]
    """The first row of each group, counted from 0, and how many rows there are."""

    @classmethod
    def of(cls, metadata: FileMetaData) -> RowGroups:
        """Return what the end of a file says of them."""
        sizes = (metadata.row_group(at).num_rows for at in range(metadata.num_row_groups))
        return cls(metadata, list(accumulate(sizes, initial=0)))

    def of_rows(self, rows: range) -> range:
        """Return the groups that rows are in."""
        first, last = bisect_right(self.bounds, rows.start) - 1, bisect_left(self.bounds, rows.stop)
        return range(first, last) if rows else range(0)


class ParquetRows(SourcePart):
    """Rows of a Parquet file that follow each other, of which nothing is read for it.

    A line is the number of a row, the first of them 1.
    """

    rows: range | None
    """Counted from 0; None: all of them."""
    groups: RowGroups | None
    """Of the file, where they are known."""

    def __init__(
        self,
        path: str,
        tag_names: tuple[str, ...],
        rows: range | None = None,
        groups: RowGroups | None = None,
        sha256: str = "",
    ) -> None:
        """Take rows; those of a part with the groups of the file."""
        super().__init__(lambda: ParquetRows(path, tag_names), path, sha256, "", BINARY, "\n", tag_names)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "groups", groups)

    def chunks(self) -> Iterator[str]:
        """Yield what every such file begins with: rows are no text."""
        yield PARQUET.decode(BINARY)


def hash_of_rows(path: str, groups: RowGroups, rows: range) -> str:
    """Return a SHA-256, hexadecimal, of what rows are read from: their groups, and what says how these are read.

    Raises:
        OSError: the file cannot be read.
    """
    digest = sha256()
    with open_bytes(path) as file:
        end = file.seek(0, 2)
        file.seek(end - _TAIL)
        footer = int.from_bytes(file.read(4), "little")
        places = [(end - _TAIL - footer, footer)]
        for group in groups.of_rows(rows):
            found = groups.metadata.row_group(group)
            for column in map(found.column, range(found.num_columns)):
                begins = (column.dictionary_page_offset, column.data_page_offset)
                places.append((min(at for at in begins if at), column.total_compressed_size))
        for begin, left in places:
            file.seek(max(begin, 0))
            while left > 0 and (raw := file.read(min(PIECE, left))):
                digest.update(raw)
                left -= len(raw)
    return digest.hexdigest()

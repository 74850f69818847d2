"""Rows that wait on the disk until all are there, since only then is it known which columns a table needs."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any

_MOST = 1 << 20
"""Characters of texts, or words, that are held in memory."""


class WaitingRows:
    """Rows of metadata and further values, all of them of JSON."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = 0
        self._held: list[tuple[Mapping[str, object], tuple[object, ...]]] = []
        self.keys: dict[str, None] = {}
        """Of the metadata, in the order in which they came."""

    def add(self, metadata: Mapping[str, object], *values: object) -> None:
        """Add a row."""
        if metadata:
            self.keys.update(dict.fromkeys(metadata))
        self._held.append((dict(metadata), values))
        self._size += sum(len(value) for value in values if isinstance(value, str | list))
        if self._size >= _MOST:
            self._put_away()

    def _put_away(self) -> None:
        # Whoever reads these bytes wrote them a moment ago, into a file without a name.
        pickle.dump(self._held, self._file, pickle.HIGHEST_PROTOCOL)
        self._held.clear()
        self._size = 0

    def __iter__(self) -> Iterator[tuple[list[object], tuple[Any, ...]]]:
        """Yield the metadata of each row in the order of the keys, and its values."""
        for metadata, values in chain(self._on_disk(), self._held):
            yield [metadata.get(key) for key in self.keys], values

    def _on_disk(self) -> Iterator[tuple[Mapping[str, object], tuple[Any, ...]]]:
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield from pickle.load(self._file)

    def columns(self, own: Sequence[str]) -> list[str]:
        """Return the names of the columns of metadata, beside others that have the names ``own``."""
        return [f"meta.{key}" if key in own else key for key in self.keys]


@contextmanager
def waiting_rows() -> Iterator[WaitingRows]:
    """Give rows to fill; they are gone when the block ends."""
    with TemporaryFile() as file:
        yield WaitingRows(file)

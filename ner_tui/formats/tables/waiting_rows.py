"""Rows that wait on the disk until all are there, since only then is it known which columns a table needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO


class WaitingRows:
    """Rows of metadata and further values, all of them of JSON."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.keys: dict[str, None] = {}
        """Of the metadata, in the order in which they came."""

    def add(self, metadata: Mapping[str, object], *values: object) -> None:
        """Add a row."""
        if metadata:
            self.keys.update(dict.fromkeys(metadata))
        self._file.write(json.dumps([dict(metadata), *values]) + "\n")

    def __iter__(self) -> Iterator[tuple[list[object], list[object]]]:
        """Yield the metadata of each row in the order of the keys, and its values."""
        self._file.seek(0)
        for line in self._file:
            metadata, *values = json.loads(line)
            yield [metadata.get(key) for key in self.keys], values

    def columns(self, own: Sequence[str]) -> list[str]:
        """Return the names of the columns of metadata, beside others that have the names ``own``."""
        return [f"meta.{key}" if key in own else key for key in self.keys]


@contextmanager
def waiting_rows() -> Iterator[WaitingRows]:
    """Give rows to fill; they are gone when the block ends."""
    with TemporaryFile("w+", encoding="ascii", newline="\n") as file:
        yield WaitingRows(file)

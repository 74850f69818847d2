"""Rows that wait on the disk until all are there, since only then is it known which columns a table needs."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any

from ner_tui.formats.files.scratch import scratch_file

_MOST = 1 << 20
"""Characters of texts, or words, that are held in memory."""
AT_ONCE = 5_000
"""Rows of a block of sentences."""


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


@contextmanager
def waiting_rows() -> Iterator[WaitingRows]:
    """Give rows to fill; they are gone when the block ends."""
    with scratch_file() as file:
        yield WaitingRows(file)


@dataclass(slots=True)
class SentenceColumns:
    """Rows that are sentences, as columns: those of the words one after the other."""

    documents: list[str] = field(default_factory=list)
    metadata: list[Mapping[str, object]] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    """0, and how many words there are up to the end of each row."""
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


class WaitingSentences:
    """Rows of sentences, in blocks of ``AT_ONCE``."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._held: list[SentenceColumns] = []
        self._words = 0
        self.keys: dict[str, None] = {}
        """Of the metadata, in the order in which they came."""

    def add(self, metadata: Mapping[str, object], document: str, words: list[str], tags: list[str]) -> None:
        """Add a row."""
        if metadata:
            self.keys.update(dict.fromkeys(metadata))
        if not self._held or len(self._held[-1].documents) == AT_ONCE:
            if self._words >= _MOST:
                self._put_away()
            self._held.append(SentenceColumns())
        block = self._held[-1]
        block.documents.append(document)
        block.metadata.append(metadata)
        block.words += words
        block.tags += tags
        block.ends.append(len(block.words))
        self._words += len(words)

    def _put_away(self) -> None:
        for block in self._held:
            # Mappings that cannot be changed cannot be pickled.
            block.metadata = [dict(each) for each in block.metadata]
            pickle.dump(block, self._file, pickle.HIGHEST_PROTOCOL)
        self._held.clear()
        self._words = 0

    def __iter__(self) -> Iterator[SentenceColumns]:
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)
        yield from self._held


@contextmanager
def waiting_sentences() -> Iterator[WaitingSentences]:
    """Give rows of sentences to fill; they are gone when the block ends."""
    with scratch_file() as file:
        yield WaitingSentences(file)


def column_names(keys: Iterable[str], own: Sequence[str]) -> list[str]:
    """Return the names of the columns of metadata, beside others that have the names ``own``."""
    return [f"meta.{key}" if key in own else key for key in keys]

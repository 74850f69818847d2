"""Metadata in the project file: what sources say of documents and sentences beside their text and spans."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from ner_tui.domain.stream import NO_METADATA, Metadata

_DOCUMENT = -1
"""Where the metadata of a document itself stand; those of a sentence stand where it starts."""


class MetadataTable:
    """Metadata by document and by the start of the sentence."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @property
    def is_empty(self) -> bool:
        """Whether no source says anything."""
        return not self._database.execute("SELECT EXISTS (SELECT 1 FROM metadata)").fetchone()[0]

    def put_document(self, document: int, metadata: Metadata) -> None:
        """Store what is said of a document, in place of what was."""
        self._database.execute("DELETE FROM metadata WHERE document = ? AND start = ?", (document, _DOCUMENT))
        if metadata:
            self.put(document, [(_DOCUMENT, metadata)])

    def put(self, document: int, metadata: Iterable[tuple[int, Metadata]]) -> None:
        """Store what is said of sentences, each with its start."""
        self._database.executemany(
            "INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)",
            ((document, start, json.dumps(dict(each), ensure_ascii=False)) for start, each in metadata),
        )

    def of_document(self, document: int) -> Metadata:
        """Return what is said of a document."""
        return self.of_sentences(document, _DOCUMENT, 0).get(_DOCUMENT, NO_METADATA)

    def of_sentences(self, document: int, start: int, end: int) -> dict[int, Metadata]:
        """Return what is said of the sentences that start in ``[start, end)``, by their starts, ascending."""
        rows = self._database.execute(
            "SELECT start, content FROM metadata WHERE document = ? AND start >= ? AND start < ? ORDER BY start",
            (document, start, end),
        )
        return {at: json.loads(content) for at, content in rows}

"""Prediction runs in the project file: which model has spoken of which block of sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.store.audits import Audits
from ner_tui.store.items import Items
from ner_tui.store.label_table import LabelTable
from ner_tui.store.tables.schema import transaction


@dataclass(frozen=True, slots=True)
class SentenceBlock:
    """Consecutive sentences that are predicted together; cut once, when the document is read."""

    document: int
    start: int
    """Offset where its first sentence starts."""
    end: int
    """Offset after its last sentence."""
    words: int


@dataclass(frozen=True, slots=True)
class PredictionRun:
    """A model with everything that decides what it says; the same one twice is the same run."""

    model: str
    hash: str
    precision: str
    window_rule: str
    context: str
    map: str


class Predictions:
    """What was predicted by which run, and what is left to predict."""

    def __init__(self, database: sqlite3.Connection, marks: Items, label_list: LabelTable) -> None:
        self._database = database
        self._marks = marks
        self._audits = Audits(database)
        self._label_list = label_list

    def add_blocks(self, document: int, blocks: Iterable[SentenceBlock]) -> None:
        """Store how a document is cut for prediction."""
        self._database.executemany(
            "INSERT INTO block (document, start, end, words) VALUES (?, ?, ?, ?)",
            ((document, block.start, block.end, block.words) for block in blocks),
        )

    def begin(self, run: PredictionRun, *, time: float) -> int:
        """Return the id of a run, made if it is new."""
        fields = (run.model, run.hash, run.precision, run.window_rule, run.context, run.map)
        (identifier,) = self._database.execute(
            "INSERT INTO run (model, hash, precision, window_rule, context, map, time) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET time = excluded.time RETURNING id",
            (*fields, time),
        ).fetchone()
        return int(identifier)

    def run(self, number: int) -> tuple[PredictionRun, float] | None:
        """Return a run and when it was begun last, in seconds since the epoch, or None if there is no such run."""
        row = self._database.execute(
            "SELECT model, hash, precision, window_rule, context, map, time FROM run WHERE id = ?", (number,)
        ).fetchone()
        return (PredictionRun(*row[:6]), float(row[6])) if row else None

    def words(self, run: int | None = None) -> int:
        """Return how many words all documents have, or how many of them ``run`` has predicted."""
        query = "SELECT coalesce(sum(words), 0) FROM block" + ("" if run is None else " WHERE run = ?")
        return int(self._database.execute(query, () if run is None else (run,)).fetchone()[0])

    def block_at(self, document: int, offset: int) -> SentenceBlock | None:
        """Return the block that the character at ``offset`` of a document is predicted with."""
        row = self._database.execute(
            "SELECT document, start, end, words FROM block WHERE document = ? AND start <= ? "
            "ORDER BY start DESC LIMIT 1",
            (document, offset),
        ).fetchone()
        return SentenceBlock(*row) if row else None

    def next_block(self, run: int, document: int, offset: int, within: int | None = None) -> SentenceBlock | None:
        """Return the block that ``run`` should predict next for a reader at ``offset`` of ``document``.

        The block under the reader comes first, then those after it, then those before it in the document,
        then the other documents in order.

        Args:
            within: characters around the reader, of this document and from the start of the next, beyond which
                nothing is wanted; None for everything.
        """
        here: tuple[tuple[str, tuple[int, ...]], ...] = (
            ("document = ? AND end > ? AND run <> ?", (document, offset, run)),
            ("document = ? AND end <= ? AND run <> ?", (document, offset, run)),
        )
        wishes: Sequence[tuple[str, tuple[int, ...]]]
        if within is None:
            wishes = (
                (f"{here[0][0]} ORDER BY start", here[0][1]),
                (f"{here[1][0]} ORDER BY start DESC", here[1][1]),
                ("document > ? AND run <> ? ORDER BY document, start", (document, run)),
                ("document < ? AND run <> ? ORDER BY document, start", (document, run)),
            )
        else:
            following = "document = (SELECT min(id) FROM document WHERE id > ?)"
            wishes = (
                (f"{here[0][0]} AND start < ? ORDER BY start", (*here[0][1], offset + within)),
                (f"{here[1][0]} AND end > ? ORDER BY start DESC", (*here[1][1], offset - within)),
                (f"{following} AND run <> ? AND start < ? ORDER BY start", (document, run, within)),
            )
        for condition, values in wishes:
            row = self._database.execute(
                f"SELECT document, start, end, words FROM block WHERE {condition} LIMIT 1", values
            ).fetchone()
            if row:
                return SentenceBlock(*row)
        return None

    def save(
        self,
        block: SentenceBlock,
        revision: int,
        run: int,
        suggestions: Iterable[Suggestion],
        *,
        part: tuple[int, int] | None = None,
    ) -> bool:
        """Put a run's suggestions in place of older ones; False if the sentences have changed since.

        Decisions and rejections are never touched.

        Args:
            part: ``[start, end)`` of the block that ``suggestions`` are about, None for all of it; the block counts
                as predicted when the part that ends it is saved.
        """
        start, end = part or (block.start, block.end)
        with transaction(self._database):
            row = self._database.execute("SELECT revision FROM document WHERE id = ?", (block.document,)).fetchone()
            if row is None or row[0] != revision:
                return False
            self._marks.clear_suggestions(block.document, start, end)
            # Read here, where no renaming can come between.
            self._marks.add_suggestions(block.document, self._label_list.heard(suggestions))
            if end >= block.end:
                self._database.execute(
                    "UPDATE block SET run = ? WHERE document = ? AND start = ?", (run, block.document, block.start)
                )
            self._marks.restate(block.document, start, end)
            self._audits.restate(block.document, start, end)
        return True

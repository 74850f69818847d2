"""Prediction runs in the project file: which suggestion source has predicted which block of sentences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ner_tui.domain.annotation.suggestions import PredictionRun as PredictionRun
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.store.audits import Audits
from ner_tui.store.decided import DecidedVersion, is_turned_since
from ner_tui.store.file.connection import transaction
from ner_tui.store.items import Items
from ner_tui.store.label_table import LabelTable


@dataclass(frozen=True, slots=True)
class SentenceBlock:
    """Consecutive sentences that are predicted together; cut once, when the document is read."""

    document: int
    start: int
    """Offset where its first sentence starts."""
    end: int
    """Offset after its last sentence."""
    words: int


class Predictions:
    """What was predicted by which run, and what is left to predict."""

    def __init__(self, database: sqlite3.Connection, items: Items, label_list: LabelTable) -> None:
        self._database = database
        self._items = items
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
        (identifier,) = self._database.execute(
            "INSERT INTO prediction_run (source, name, version, settings, time) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET time = excluded.time RETURNING id",
            (run.source, run.name, run.version, run.settings, time),
        ).fetchone()
        return int(identifier)

    def other_versions(self, run: int) -> tuple[int, ...]:
        """Return the runs by other versions of a run's source with the same settings, the last first."""
        query = (
            "SELECT o.id FROM prediction_run o JOIN prediction_run r USING (source, settings) "
            "WHERE r.id = ?1 AND o.id <> ?1 ORDER BY o.time DESC"
        )
        return tuple(identifier for (identifier,) in self._database.execute(query, (run,)))

    def run(self, number: int) -> tuple[PredictionRun, float] | None:
        """Return a run and when it was begun last, in seconds since the epoch, or None if there is no such run."""
        row = self._database.execute(
            "SELECT source, name, version, settings, time FROM prediction_run WHERE id = ?", (number,)
        ).fetchone()
        return (PredictionRun(*row[:4]), float(row[4])) if row else None

    def words(self, runs: Sequence[int] | None = None, *, beside_given: bool = True) -> int:
        """Return how many words all documents have, or how many of them ``runs`` have predicted.

        Args:
            beside_given: count the documents of files that brought suggestions of their own, too.
        """
        every = ALL_WORDS if beside_given else f"{ALL_WORDS} WHERE {_NOT_GIVEN}"
        query = every if runs is None else WORDS_OF_RUNS
        return int(self._database.execute(query, {} if runs is None else {"r": json.dumps(runs)}).fetchone()[0])

    def block_at(self, document: int, offset: int) -> SentenceBlock | None:
        """Return the block that the character at ``offset`` of a document is predicted with."""
        row = self._database.execute(
            "SELECT document, start, end, words FROM block WHERE document = ? AND start <= ? "
            "ORDER BY start DESC LIMIT 1",
            (document, offset),
        ).fetchone()
        return SentenceBlock(*row) if row else None

    def runs_of(self, block: SentenceBlock) -> frozenset[int]:
        """Return the runs that have predicted a block last, one of each source."""
        rows = self._database.execute(
            "SELECT run FROM block_run WHERE document = ? AND start = ?", (block.document, block.start)
        )
        return frozenset(run for (run,) in rows)

    def first_blocks(self, words: int) -> list[SentenceBlock]:
        """Return the first blocks of the project that have words, so many that they have ``words`` together."""
        found: list[SentenceBlock] = []
        query = "SELECT document, start, end, words FROM block WHERE words > 0 ORDER BY document, start"
        for row in self._database.execute(query):
            found.append(SentenceBlock(*row))
            words -= found[-1].words
            if words <= 0:
                break
        return found

    def next_block(
        self,
        runs: Sequence[int],
        document: int,
        offset: int,
        within: int | None = None,
        *,
        beside_given: bool = True,
    ) -> SentenceBlock | None:
        """Return the block that none of ``runs`` has predicted and a reader at ``offset`` of ``document`` wants next.

        The block under the reader comes first, then those after it, then those before it in the document,
        then the other documents in order.

        Args:
            within: characters around the reader, of this document and from the start of the next, beyond which
                nothing is wanted; None for everything.
            beside_given: whether it is to predict in files that brought suggestions of their own.
        """
        values = {"r": json.dumps(runs), "d": document, "o": offset, "w": within}
        for query in next_blocks(within is not None, beside_given=beside_given):
            row = self._database.execute(query, values).fetchone()
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
        learnt: DecidedVersion | None = None,
        held: tuple[int, int] | None = None,
    ) -> bool:
        """Put a run's suggestions in place of its source's older ones; False if the sentences have changed since.

        Decisions, rejections and what other sources say are never touched.

        Args:
            part: ``[start, end)`` of the block that ``suggestions`` are about, None for all of it; the block counts
                as predicted when the part that ends it is saved.
            learnt: up to where the source has learnt; if something was undone since, what it says may come from that,
                and is refused as well.
            held: ``[start, end)`` of the part where what the run's source said before stays; ``suggestions`` are
                about the rest.
        """
        start, end = part or (block.start, block.end)
        with transaction(self._database):
            row = self._database.execute("SELECT revision FROM document WHERE id = ?", (block.document,)).fetchone()
            if row is None or row[0] != revision:
                return False
            if learnt is not None and is_turned_since(self._database, learnt.edits):
                return False
            # Read here, where no renaming can come between.
            said = self._label_list.in_current_names(suggestions)
            unmerged = self._label_list.unmerged
            self._items.suggestion_table.replace(block.document, start, end, run, said, unmerged, held)
            if end >= block.end:
                self._database.execute(
                    "INSERT OR REPLACE INTO block_run SELECT ?, ?, "
                    "coalesce((SELECT source FROM prediction_run WHERE id = ?), ''), ?",
                    (block.document, block.start, run, run),
                )
            self._items.restate(block.document, start, end)
            self._audits.restate(block.document, start, end)
        return True

    def add_given(
        self,
        document: int,
        start: int,
        end: int,
        suggestions: Iterable[Suggestion],
        name: str,
        *,
        time: float,
        named: bool = False,
    ) -> None:
        """Store the suggestions that a file brought for ``[start, end)``, each as the word of the model it names.

        Args:
            name: stands for the model where a suggestion names none.
            named: whether the suggestions have the names that labels have now, or those in the file.
        """
        by_model: dict[str, list[Suggestion]] = {}
        for each in suggestions:
            by_model.setdefault(each.model or name, []).append(each)
        for model, said in by_model.items():
            run = self.begin(PredictionRun(f"{GIVEN}{model}", model, "", ""), time=time)
            theirs: Iterable[Suggestion] = [replace(each, run=run, model="") for each in said]
            if not named:
                theirs = self._label_list.in_current_names(theirs)
            self._items.suggestion_table.replace(document, start, end, run, theirs, self._label_list.unmerged)
        self._database.execute(
            "INSERT OR IGNORE INTO suggesting_source SELECT source FROM document WHERE id = ?", (document,)
        )
        self._items.restate(document, start, end)
        self._audits.restate(document, start, end)

    def run_names(self) -> dict[int, str]:
        """Return what people call each run, by id."""
        return dict(self._database.execute("SELECT id, name FROM prediction_run"))

    def given_runs(self) -> dict[int, str]:
        """Return the names of all runs that stand for suggestions of files, by id."""
        query = "SELECT id, name FROM prediction_run WHERE substr(source, 1, length(?)) = ?"
        return dict(self._database.execute(query, (GIVEN, GIVEN)))


GIVEN = "file: "
"""How the source of a run begins that stands for a file's own suggestions."""
_NOT_GIVEN = (
    "NOT EXISTS (SELECT 1 FROM document d JOIN suggesting_source g ON g.source = d.source WHERE d.id = block.document)"
)
ALL_WORDS = "SELECT coalesce(sum(words), 0) FROM block"
WORDS_OF_RUNS = (
    "SELECT coalesce(sum(b.words), 0) FROM block_run r JOIN block b ON b.document = r.document AND b.start = r.start "
    "WHERE r.run IN (SELECT value FROM json_each(:r))"
)


def next_blocks(near: bool, *, beside_given: bool = True) -> Iterator[str]:
    """Yield the queries for the next block around ``(:d, :o)``, the block wanted first by the first query.

    ``:r`` is a JSON list of runs; what one of them has predicted is left out.

    Args:
        near: nothing is wanted beyond ``:w`` characters.
        beside_given: files that brought suggestions of their own are wanted, too.
    """
    left = (
        "NOT EXISTS (SELECT 1 FROM block_run r WHERE r.document = block.document AND r.start = block.start "
        "AND r.run IN (SELECT value FROM json_each(:r)))"
    )
    if not beside_given:
        left = f"{left} AND {_NOT_GIVEN}"
    if near:
        following = "(SELECT min(id) FROM document WHERE id > :d)"
        wishes: tuple[str, ...] = (
            "document = :d AND end > :o AND start < :o + :w ORDER BY start",
            "document = :d AND start < :o AND end <= :o AND end > :o - :w ORDER BY start DESC",
            f"document = {following} AND start < :w ORDER BY start",
        )
    else:
        wishes = (
            "document = :d AND end > :o ORDER BY start",
            "document = :d AND start < :o AND end <= :o ORDER BY start DESC",
            "document > :d ORDER BY document, start",
            "document < :d ORDER BY document, start",
        )
    for wish in wishes:
        yield f"SELECT document, start, end, words FROM block WHERE {left} AND {wish} LIMIT 1"

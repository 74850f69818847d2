"""Sentences by chance in the project file: those an audit may draw, what became of them, and samples for a session."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import nsmallest

from ner_tui.domain.annotation.edits import Item
from ner_tui.domain.evaluation.auditing import Audited as Audited
from ner_tui.domain.evaluation.auditing import chance_rank, changes, corrects, opens_blind
from ner_tui.store.codec import load_items
from ner_tui.store.tables.predicates import BEYOND, DOUBTS, INDEXED, confirmed, sentence_end

SEED = 0
"""Of the order in which sentences are drawn."""
SHARE = 8
"""One in so many sentences may be drawn; they are all there is to choose from, and far more than anyone checks."""
BATCH = 50
_END = sentence_end("audit")
_NOT_PREDICTED, _CLEAR, _DOUBTFUL = 0, 1, 2
_FREE = (
    f"(state = {_CLEAR} OR (state = {_NOT_PREDICTED} AND NOT EXISTS (SELECT 1 FROM prediction_run))) AND NOT EXISTS "
    f"(SELECT 1 FROM problem p WHERE p.document = audit.document AND p.start >= audit.start AND p.start < {_END})"
)
"""The condition for sentences that nothing pointed at when they were read or predicted."""


class Audits:
    """Draws sentences and remembers which."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, document: int, starts: Iterable[int]) -> None:
        """Put sentences that were just stored, and have words, among those that may be drawn."""
        ranked = ((document, start, chance_rank(SEED, document, start)) for start in starts)
        self._database.executemany(
            "INSERT OR REPLACE INTO audit (document, start, rank) VALUES (?, ?, ?)",
            (row for row in ranked if row[2] % SHARE == 0),
        )

    def restate(self, document: int, start: int, end: int) -> None:
        """Note which sentences of ``[start, end)`` a prediction just made doubtful."""
        self._database.execute(
            f"UPDATE audit SET state = {_CLEAR} + EXISTS (SELECT 1 FROM suggestion g WHERE g.document = audit.document "
            f"AND g.start >= audit.start AND g.start < {_END} AND g.{DOUBTS}) "
            "WHERE document = ? AND start >= ? AND start < ?",
            (document, start, end),
        )

    def waiting(self) -> Iterator[tuple[int, int]]:
        """Yield (document, start) of sentences to be checked, in the order of chance."""
        after = -1
        while True:
            rows = self._database.execute(
                f"SELECT document, start, rank FROM audit WHERE rank > ? AND {_FREE} AND NOT {confirmed('audit')} "
                f"ORDER BY rank LIMIT {BATCH}",
                (after,),
            ).fetchall()
            for document, start, _ in rows:
                if not self._is_corrected(document, start):
                    yield document, start
            if len(rows) < BATCH:
                return
            after = rows[-1][2]

    def holds(self, document: int, start: int) -> bool:
        """Whether a sentence that was drawn still waits to be checked."""
        row = self._database.execute(
            f"SELECT {confirmed('audit')} FROM audit WHERE document = ? AND start = ?", (document, start)
        ).fetchone()
        return row is not None and not row[0] and not self._is_corrected(document, start)

    def draw(self, document: int, start: int) -> None:
        """Note that a person was sent to a sentence by chance alone."""
        self._database.execute("UPDATE audit SET drawn = 1 WHERE document = ? AND start = ?", (document, start))

    def audited(self) -> Audited:
        """Return what became of the sentences that were drawn."""
        drawn = f"SELECT document, start, {confirmed('audit')} FROM audit WHERE drawn AND {_FREE}"
        return self._outcome(self._database.execute(drawn).fetchall(), 0)

    def read_again(self, places: Iterable[tuple[int, int]], after: int) -> Audited:
        """Return what became of sentences, (document, start), that were all read behind an entry of the journal."""
        found = self._outcome([(*place, 1) for place in places], after)
        return replace(found, blind=(0, 0))

    def _outcome(self, places: Iterable[tuple[int, int, int]], after: int) -> Audited:
        """Count sentences: document, start, and whether it is confirmed."""
        checked = wrong = removed = added = blind = blind_wrong = 0
        for document, start, is_confirmed in places:
            end, edits = self._edits(document, start, after)
            is_wrong = any(corrects(*edit, start, end) for edit in edits)
            if not is_confirmed and not is_wrong:
                continue
            checked, wrong = checked + 1, wrong + is_wrong
            if opens_blind(document, start):
                blind, blind_wrong = blind + 1, blind_wrong + is_wrong
            if is_wrong:
                gone, new = changes(edits, start, end)
                removed, added = removed + gone, added + new
        return Audited(checked, wrong, removed, added, (blind, blind_wrong))

    def left(self) -> int:
        """Return how many sentences nobody has confirmed and nothing doubtful stands in."""
        (total,) = self._database.execute(
            "SELECT coalesce(sum(CASE kind WHEN 'sentence' THEN number ELSE -number END), 0) FROM tally "
            "WHERE document = 0 AND kind IN ('sentence', 'confirmed')"
        ).fetchone()
        (doubtful,) = self._database.execute(
            "SELECT count(*) FROM (SELECT DISTINCT g.document, (SELECT max(s.start) FROM sentence s "
            "WHERE s.document = g.document AND s.start <= g.start) "
            f"FROM suggestion g INDEXED BY suggestion_doubt WHERE g.{INDEXED} AND g.{DOUBTS})"
        ).fetchone()
        return max(0, int(total) - int(doubtful))

    def _is_corrected(self, document: int, start: int) -> bool:
        end, edits = self._edits(document, start)
        return any(corrects(*edit, start, end) for edit in edits)

    def _edits(
        self, document: int, start: int, after: int = 0
    ) -> tuple[int, list[tuple[tuple[Item, ...], tuple[Item, ...]]]]:
        """Return where a sentence ends, and what each edit in force there has removed and added, in order."""
        (end,) = self._database.execute(
            "SELECT min(start) FROM sentence WHERE document = ? AND start > ?", (document, start)
        ).fetchone()
        end = BEYOND if end is None else end
        rows = self._database.execute(
            "SELECT id, removed, added FROM journal WHERE document = ? AND cursor >= ? AND cursor < ? AND state = 1 "
            "AND id > ?",
            (document, start, end, after),
        )
        return end, [(load_items(removed), load_items(added)) for _, removed, added in sorted(rows)]


class Samples:
    """Subsets of a project's sentences that chance chose, the same for the same seed."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def draw(self, number: int, seed: int) -> str:
        """Choose ``number`` sentences of all documents and return the sample's name; one that is there is kept."""
        name = f"{number} {seed}"
        if not self._database.execute("SELECT 1 FROM sample WHERE name = ? LIMIT 1", (name,)).fetchone():
            # A sentence without words is a blank document.
            places = self._database.execute("SELECT document, start FROM sentence WHERE length(tokens) > 1")
            ranked = ((chance_rank(seed, document, start), document, start) for document, start in places)
            chosen = nsmallest(number, ranked)
            self._database.executemany(
                "INSERT INTO sample VALUES (?, ?, ?)", [(name, document, start) for _, document, start in chosen]
            )
        return name

    def forget(self) -> None:
        """Forget all samples: there are other sentences to choose from now."""
        self._database.execute("DELETE FROM sample")

    def next(
        self, name: str, place: tuple[int, int], step: int, *, unconfirmed: bool = False
    ) -> tuple[int, int] | None:
        """Return the next (1) or previous (-1) sentence of a sample from ``place``, (document, offset), or None."""
        order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
        also = f"AND NOT {confirmed('sample')} " if unconfirmed else ""
        return self._database.execute(  # type: ignore[no-any-return]
            f"SELECT document, start FROM sample WHERE name = ? AND (document, start) {sign} (?, ?) {also}"
            f"ORDER BY document {order}, start {order} LIMIT 1",
            (name, *place),
        ).fetchone()

    def progress(self, name: str) -> tuple[int, int]:
        """Return (confirmed, all) sentences of a sample."""
        done, every = self._database.execute(
            f"SELECT coalesce(sum({confirmed('sample')}), 0), count(*) FROM sample WHERE name = ?", (name,)
        ).fetchone()
        return int(done), int(every)

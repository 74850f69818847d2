"""Outcomes in the project file: what was suggested, what was decided and how fast, a batch of rows at a time.

Nothing here leaves a query open between two batches, so whoever counts can pause as often as there are batches, and
write meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from ner_tui.domain.annotation.suggestions import FLOOR, Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.store.codec import load_items
from ner_tui.store.tables.predicates import sentence_end

BATCH = 200
"""Rows read at a time."""
STEPS = 2000
"""Entries of the journal whose times are read at a time."""
_GAP = 10_000
"""Characters between two sentences from which on they are looked at one by one."""
_NAMED = '"suggestion"'
Range = tuple[int, int]


class Outcomes:
    """Reads what statistics are made of."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def tallies(self) -> Iterator[tuple[int, str, dict[str, int]]]:
        """Yield (document, name, counts by kind) for all documents in order."""
        after = 0
        while True:
            names = dict(
                self._database.execute(
                    "SELECT id, name FROM document WHERE id > ? ORDER BY id LIMIT ?", (after, BATCH)
                ).fetchall()
            )
            if not names:
                return
            first, after = min(names), max(names)
            counts: dict[int, dict[str, int]] = {document: {} for document in names}
            for document, kind, number in self._database.execute(
                "SELECT document, kind, sum(number) FROM tally WHERE document BETWEEN ? AND ? GROUP BY document, kind",
                (first, after),
            ).fetchall():
                counts[document][kind] = number
            for document, name in names.items():
                yield document, name, counts[document]

    def entries_since(self, number: int) -> Counter[Verb]:
        """Return how many edits in force with a higher number than ``number`` there are, by verb."""
        found: Counter[Verb] = Counter()
        for verb, entries in self._database.execute(
            "SELECT verb, count(*) FROM journal WHERE id > ? AND state = 1 GROUP BY verb", (number,)
        ):
            found[Verb.named(verb)] += entries
        return found

    def steps(self) -> Iterator[list[tuple[float, str, Verb]]]:
        """Yield batches of (time, annotator, verb) of the whole journal, in order."""
        after = 0
        while True:
            rows = self._database.execute(
                "SELECT time, annotator, verb, id FROM journal WHERE id > ? ORDER BY id LIMIT ?", (after, STEPS)
            ).fetchall()
            yield [(time, annotator, Verb.named(verb)) for time, annotator, verb, _ in rows]
            if len(rows) < STEPS:
                return
            after = rows[-1][3]

    def answered(self, document: int) -> Iterator[list[Span]]:
        """Yield in batches what was suggested in a document and then answered, as it was suggested first."""
        numbers = sorted(
            number
            for (number,) in self._database.execute(
                "SELECT id FROM journal INDEXED BY journal_place WHERE document = ? AND state = 1", (document,)
            )
        )
        # What is left of a suggestion that was trimmed is no model's word.
        leftovers: set[Span] = set()
        for first in range(0, len(numbers), BATCH):
            some = numbers[first : first + BATCH]
            found: list[Span] = []
            for removed, added in self._database.execute(
                f"SELECT removed, added FROM journal WHERE id IN ({', '.join('?' * len(some))}) ORDER BY id", some
            ).fetchall():
                if _NAMED in removed:
                    spans = (i.span for i in load_items(removed) if isinstance(i, Suggestion) and not i.below_threshold)
                    found += (span for span in spans if span not in leftovers)
                if _NAMED in added:
                    leftovers.update(item.span for item in load_items(added) if isinstance(item, Suggestion))
            yield found

    def confirmed(self, document: int) -> Iterator[list[tuple[int, int]]]:
        """Yield batches of the confirmed sentences of a document as ``[start, end)``, in order, near one another."""
        after = -1
        while True:
            rows = self._database.execute(
                f"SELECT m.start, {sentence_end('m')} FROM sentence_state m WHERE m.document = ? AND m.start > ? "
                "AND m.status = 'confirmed' ORDER BY m.start LIMIT ?",
                (document, after, BATCH),
            ).fetchall()
            batch: list[tuple[int, int]] = []
            for row in rows:
                if batch and row[0] - batch[-1][1] > _GAP:
                    yield batch
                    batch = []
                batch.append(row)
            if batch:
                yield batch
            if len(rows) < BATCH:
                return
            after = rows[-1][0]

    def decided(self, document: int, start: int, end: int) -> list[Span]:
        """Return the decisions that begin in ``[start, end)``, ascending."""
        return self._spans("decision", "1", document, start, end)

    def suggested(self, document: int, start: int, end: int) -> list[Span]:
        """Return the stored suggestions that begin in ``[start, end)`` and are above the threshold, ascending."""
        return self._spans("suggestion", f"score >= {FLOOR}", document, start, end)

    def predicted(self, document: int, start: int, end: int) -> list[Range]:
        """Return the stretches that touch ``[start, end)`` and that a model has predicted, ascending."""
        return self._database.execute(
            "SELECT b.start, b.end FROM block b WHERE b.document = :d AND b.start < :e AND b.end > :s AND b.start >= "
            "coalesce((SELECT max(start) FROM block WHERE document = :d AND start <= :s), 0) AND EXISTS "
            "(SELECT 1 FROM block_run r WHERE r.document = b.document AND r.start = b.start) ORDER BY b.start",
            {"d": document, "s": start, "e": end},
        ).fetchall()

    def _spans(self, table: str, condition: str, document: int, start: int, end: int) -> list[Span]:
        rows = self._database.execute(
            f"SELECT start, end, label FROM {table} WHERE document = ? AND start >= ? AND start < ? AND {condition} "
            "ORDER BY start",
            (document, start, end),
        )
        return [Span(*row) for row in rows]

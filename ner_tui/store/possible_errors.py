"""Possible errors of annotations in the project file: what an audit found last, and what of it waits for an answer.

Nothing is stored when one is answered. A person's word on the place is a decision, a rejection or a confirmed sentence
like any other, and what stands there now says whether it was an error.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.spans import Span
from ner_tui.store.tables.predicates import UNANSWERED

_FIELDS = "document, start, end, given, proposed, probability, reasons, evidence"
AT_PLACE = (
    f"SELECT {_FIELDS} FROM possible_error WHERE document = :d AND start <= :o AND end > :o AND start >= "
    f"(SELECT max(s.start) FROM sentence s WHERE s.document = :d AND s.start <= :o) AND {UNANSWERED} "
    "ORDER BY start DESC LIMIT 1"
)
LEFT = f"SELECT EXISTS (SELECT 1 FROM possible_error WHERE {UNANSWERED})"
ANSWERED = f"SELECT {_FIELDS} FROM possible_error WHERE NOT ({UNANSWERED})"


class PossibleErrorTable:
    """What an audit found."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def replace(self, found: Iterable[PossibleError]) -> int:
        """Put what an audit found in place of what waits for an answer; return how many are new.

        What was answered stays: it tells how reasons are to be weighed.
        """
        self._database.execute(f"DELETE FROM possible_error WHERE {UNANSWERED}")
        before = self._database.total_changes
        self._database.executemany(
            f"INSERT OR IGNORE INTO possible_error ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_row, found)
        )
        return self._database.total_changes - before

    def at(self, document: int, offset: int) -> PossibleError | None:
        """Return the one at a place that waits for an answer, or None."""
        row = self._database.execute(AT_PLACE, {"d": document, "o": offset}).fetchone()
        return _error(*row) if row else None

    def is_any_left(self) -> bool:
        """Whether one waits for an answer."""
        return bool(self._database.execute(LEFT).fetchone()[0])

    def answered(self) -> Iterator[tuple[PossibleError, bool]]:
        """Yield those that were answered, and whether what stood there was wrong."""
        for row in self._database.execute(ANSWERED).fetchall():
            found = _error(*row)
            stands = self._database.execute(
                "SELECT start, end, label FROM decision WHERE document = ? AND start >= ? AND start < ? ORDER BY start",
                (found.document, found.start, found.end),
            )
            yield found, tuple(Span(*each) for each in stands) != found.given

    def all(self) -> list[PossibleError]:
        """Return all of them, answered or not."""
        return [_error(*row) for row in self._database.execute(f"SELECT {_FIELDS} FROM possible_error")]

    def weigh(self, probabilities: Iterable[tuple[PossibleError, float]]) -> None:
        """Give some another probability."""
        self._database.executemany(
            "UPDATE possible_error SET probability = ? WHERE document = ? AND start = ?",
            [(round(value, 4), each.document, each.start) for each, value in probabilities],
        )

    def audited_documents(self) -> list[int]:
        """Return the ids of the documents of files with labels, or of all if there is no such file."""
        labelled = "SELECT id FROM document WHERE source IN (SELECT source FROM labelled_source) ORDER BY id"
        found = [row[0] for row in self._database.execute(labelled)]
        return found or [row[0] for row in self._database.execute("SELECT id FROM document ORDER BY id")]


def _row(found: PossibleError) -> tuple[object, ...]:
    return (
        found.document, found.start, found.end, _dump(found.given), _dump(found.proposed), found.probability,
        json.dumps(found.reasons), json.dumps(found.evidence),
    )  # fmt: skip


def _dump(spans: Iterable[Span]) -> str:
    rows = [[span.start, span.end, span.label] for span in spans]
    return json.dumps(rows, separators=(",", ":"))


def _error(
    document: int, start: int, end: int, given: str, proposed: str, probability: float, reasons: str, evidence: str
) -> PossibleError:
    said = [tuple(Span(*each) for each in json.loads(text)) for text in (given, proposed)]
    return PossibleError(
        document, start, end, said[0], said[1], probability, tuple(json.loads(reasons)), tuple(json.loads(evidence))
    )

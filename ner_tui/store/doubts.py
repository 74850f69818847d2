"""Doubts in the project file, a batch at a time, the most doubtful first or in the order of the documents.

There is a query for each kind of doubt, each along an index, and their answers are merged: what is asked for first is
there at once, however many there are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from heapq import merge

from ner_tui.domain.annotation.doubts import Doubt, DoubtFilter, Reason
from ner_tui.store.tables.doubt_tables import DOUBTFUL, WEIGHT, surface

BATCH = 200
"""Rows that a query is asked for at a time."""
_STATES: dict[Reason, int] = {"margin": 2, "model": 3, "faint": 5}
_REASON_OF = {state: reason for reason, state in _STATES.items()}
_BEYOND = 1 << 62


class Doubts:
    """Finds what a person should look at."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def find(self, wanted: DoubtFilter) -> Iterator[Doubt]:
        """Yield the doubts that pass, but for those by chance, each place once with its weightiest reason."""
        queries = [
            query for query in (_suggested(wanted), _mixed(wanted), _problems(wanted)) if query is not None
        ]  # fmt: skip
        seen: set[tuple[int, int]] = set()
        for doubt in merge(*(self._rows(query, wanted) for query in queries), key=_key(wanted)):
            if (doubt.document, doubt.start) not in seen:
                seen.add((doubt.document, doubt.start))
                yield doubt

    def holds(self, doubt: Doubt) -> bool:
        """Whether a doubt, other than one by chance, still waits for an answer."""
        at = (doubt.document, doubt.start, doubt.end)
        if doubt.reason in _STATES:
            return self._any(
                "suggestion WHERE document = ? AND start = ? AND end = ? AND state = ?", *at, _STATES[doubt.reason]
            )
        if doubt.reason == "mixed":
            return self._any(
                f"mention WHERE document = ? AND start = ? AND end = ? AND label = ? AND source <> 'person' "
                f"AND NOT {confirmed('mention')}",
                *at,
                doubt.label,
            )
        return self._any(f"problem WHERE document = ? AND start = ? AND end = ? AND {_UNSOLVED}", *at)

    def problems(self, document: int, start: int, end: int) -> list[tuple[int, int, str]]:
        """Return (start, end, what) for what was wrong in the source in ``[start, end)`` and still is."""
        return self._database.execute(
            f"SELECT start, end, reason FROM problem WHERE document = ? AND start >= ? AND start < ? AND {_UNSOLVED} "
            "ORDER BY start",
            (document, start, end),
        ).fetchall()

    def next_in_begun(self, document: int, offset: int, step: int) -> tuple[int, int] | None:
        """Return (document, start) of the next or previous doubtful suggestion in a begun sentence, or None."""
        order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
        # A begun sentence that the reader is inside of starts before it.
        beyond = "(m.document, m.start) >= (:d, :s)" if step > 0 else "(m.document, m.start) <= (:d, :o)"
        return self._database.execute(  # type: ignore[no-any-return]
            "SELECT g.document, g.start FROM mark m CROSS JOIN suggestion g ON g.document = m.document "
            f"AND g.start >= m.start AND g.start < coalesce((SELECT min(s.start) FROM sentence s "
            f"WHERE s.document = m.document AND s.start > m.start), {_BEYOND}) "
            f"WHERE m.status = 'in progress' AND {beyond} AND (g.document, g.start) {sign} (:d, :o) "
            f"AND g.{DOUBTFUL} ORDER BY m.document {order}, m.start {order}, g.start {order} LIMIT 1",
            {"d": document, "o": offset, "s": self._sentence_start(document, offset)},
        ).fetchone()

    def _sentence_start(self, document: int, offset: int) -> int:
        (start,) = self._database.execute(
            "SELECT max(start) FROM sentence WHERE document = ? AND start <= ?", (document, offset)
        ).fetchone()
        return int(start or 0)

    def _any(self, rows: str, *values: object) -> bool:
        return bool(self._database.execute(f"SELECT EXISTS (SELECT 1 FROM {rows})", values).fetchone()[0])

    def _rows(self, query: _Query, wanted: DoubtFilter) -> Iterator[Doubt]:
        """Yield a query's doubts in order, asking for a batch at a time so that no cursor stays open meanwhile."""
        after: dict[str, float] = {"w": 2.0, "d": 0, "s": -1}
        while True:
            rows = self._database.execute(query.sql(wanted.by_document), {**query.values, **after}).fetchall()
            for reason, weight, document, start, end, label, number, note in rows:
                yield Doubt(_REASON_OF.get(reason, reason), weight, document, start, end, label, number, note)
            if len(rows) < BATCH:
                return
            after = {"w": rows[-1][1], "d": rows[-1][2], "s": rows[-1][3]}


class _Query:
    """One kind of doubt: fields, rows and conditions, to be read in either order from any place on."""

    def __init__(
        self, fields: str, rows: str, weight: str, place: str, conditions: list[str], values: dict[str, object]
    ):
        self._fields = fields
        self._rows = rows
        self._weight = weight
        self._place = place
        self._conditions = conditions
        self.values = values

    def sql(self, by_document: bool) -> str:
        """Return the query for the batch behind weight ``:w`` at ``(:d, :s)``."""
        document, start = (f"{self._place}.{name}" for name in ("document", "start"))
        later = f"({document}, {start}) > (:d, :s)"
        order = f"{document}, {start}"
        if not by_document:
            later = f"{self._weight} <= :w AND ({self._weight} < :w OR {later})"
            order = f"{self._weight} DESC, {order}"
        conditions = " AND ".join([*self._conditions, later])
        return f"SELECT {self._fields} FROM {self._rows} WHERE {conditions} ORDER BY {order} LIMIT {BATCH}"


def confirmed(row: str) -> str:
    """Return the SQL for whether the sentence of a row with ``document`` and ``start`` is confirmed."""
    return (
        f"EXISTS (SELECT 1 FROM mark k WHERE k.document = {row}.document AND k.status = 'confirmed' AND k.start = "
        f"(SELECT max(s.start) FROM sentence s WHERE s.document = {row}.document AND s.start <= {row}.start))"
    )


_UNSOLVED = (
    f"NOT {confirmed('problem')} AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.document = problem.document "
    "AND d.source = 'person' AND d.start <= problem.start AND d.end > problem.start)"
)


def _suggested(wanted: DoubtFilter) -> _Query | None:
    states = [state for reason, state in _STATES.items() if wanted.reason in (None, reason)]
    states = [state for state in states if wanted.status == "any" or (state == 3) == (wanted.status == "decided")]
    if not states or wanted.status == "yours":
        return None
    # The condition of the index has to be there word for word.
    conditions = [DOUBTFUL]
    if len(states) < len(_STATES):
        conditions.append(f"state IN ({', '.join(map(str, states))})")
    if wanted.label:
        conditions.append(
            "(label = :label OR EXISTS (SELECT 1 FROM decision d WHERE d.document = suggestion.document "
            "AND d.start = suggestion.start AND d.label = :label))"
        )
    if wanted.text:
        conditions.append(f"{surface('suggestion')} LIKE :text ESCAPE '\\'")
    fields = f"state, {WEIGHT}, document, start, end, label, CASE state WHEN 2 THEN margin ELSE score END, ''"
    index = "suggestion_doubt" if wanted.by_document else "suggestion_weight"
    return _Query(fields, f"suggestion INDEXED BY {index}", WEIGHT, "suggestion", conditions, _values(wanted))


def _mixed(wanted: DoubtFilter) -> _Query | None:
    if wanted.reason not in (None, "mixed"):
        return None
    conditions = [
        "u.weight > 0",
        {
            "any": f"m.source <> 'person' AND (m.source = 'model' OR NOT {confirmed('m')})",
            "suggested": "m.source = 'model'",
            "decided": f"m.source = 'file' AND NOT {confirmed('m')}",
            "yours": "m.source = 'person'",
        }[wanted.status],
    ]
    if wanted.label:
        conditions.append("u.label = :label")
    if wanted.text:
        conditions.append("u.surface LIKE :text ESCAPE '\\'")
    rows = "usage u INDEXED BY usage_weight CROSS JOIN mention_by_surface m "
    rows += "ON m.surface = u.surface AND m.label = u.label"
    fields = "'mixed', u.weight, m.document, m.start, m.end, m.label, u.others, u.rival"
    return _Query(fields, rows, "u.weight", "m", conditions, _values(wanted))


def _problems(wanted: DoubtFilter) -> _Query | None:
    if wanted.reason not in (None, "source") or wanted.status not in ("any", "decided"):
        return None
    conditions = [_UNSOLVED]
    decided = (
        "(SELECT d.label FROM decision d WHERE d.document = problem.document AND d.start <= problem.start "
        "AND d.end > problem.start ORDER BY d.start DESC LIMIT 1)"
    )
    if wanted.label:
        conditions.append(f"{decided} = :label")
    if wanted.text:
        conditions.append(f"{surface('problem')} LIKE :text ESCAPE '\\'")
    fields = f"'source', 1.0, document, start, end, {decided}, 0, reason"
    return _Query(fields, "problem", "1.0", "problem", conditions, _values(wanted))


def _values(wanted: DoubtFilter) -> dict[str, object]:
    pattern = "".join(f"\\{char}" if char in "%_\\" else char for char in wanted.text)
    return {"label": wanted.label, "text": f"%{pattern}%"}


def _key(wanted: DoubtFilter) -> Callable[[Doubt], tuple[float, ...]]:
    if wanted.by_document:
        return lambda doubt: (doubt.document, doubt.start, -doubt.weight)
    return lambda doubt: (-doubt.weight, doubt.document, doubt.start)

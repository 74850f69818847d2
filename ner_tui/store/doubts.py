"""Doubts in the project file, a batch at a time, the most doubtful first or in the order of the documents.

Each kind of doubt has a query of its own, which goes on along an index from where the batch before ended, and their
answers are merged: what is asked for first is there at once, however many there are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge

from ner_tui.domain.annotation.doubts import Doubt, DoubtFilter, Reason
from ner_tui.domain.annotation.possible_errors import NOTHING
from ner_tui.domain.annotation.suggestions import CONTESTED, SuggestionState
from ner_tui.store.tables.predicates import DOUBTS, INDEXED, UNANSWERED, WEIGHT, confirmed, sentence_end, span_text

BATCH = 200
"""Rows that a query is asked for at a time."""
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class DoubtQuery:
    """The doubts of one kind that pass a filter, in one order."""

    fields: str
    """Weight, document, start, end, label, number and note of a doubt; see ``Doubt``."""
    rows: str
    conditions: tuple[str, ...]
    further: tuple[tuple[str, str], ...]
    """Conditions with their orders, each a range of one index: what stands behind the row of ``:w``, ``:d``, ``:s``,
    ``:t`` (text) and ``:l`` (label), in parts; the last one alone finds everything from the beginning."""

    def statements(self) -> Iterator[str]:
        """Yield the query for each part of what is further on."""
        for further, order in self.further:
            conditions = " AND ".join((*self.conditions, further))
            yield f"SELECT {self.fields} FROM {self.rows} WHERE {conditions} ORDER BY {order} LIMIT :most"


@dataclass(frozen=True, slots=True)
class StoredDoubts:
    """How one kind of doubt is found in the tables."""

    query: Callable[[DoubtFilter], DoubtQuery | None]
    """Returns the query for a filter, None where nothing of the kind can pass."""
    holds: str
    """The condition that a doubt at ``[:s, :e)`` of ``:d`` with the label ``:label`` still waits for an answer."""


class Doubts:
    """Finds what a person should look at."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def find(self, wanted: DoubtFilter) -> Iterator[Doubt]:
        """Yield the doubts that pass, but for those by chance, each place once with its weightiest reason."""
        kinds = {each: QUERIES[each] for each in QUERIES if wanted.wants(each)}
        queries = [(reason, query) for reason, kind in kinds.items() if (query := kind.query(wanted)) is not None]
        seen: set[tuple[int, int]] = set()
        for doubt in merge(*(self._doubts(*each, wanted) for each in queries), key=_key(wanted)):
            if (doubt.document, doubt.start) not in seen:
                seen.add((doubt.document, doubt.start))
                yield doubt

    def holds(self, doubt: Doubt) -> bool:
        """Whether a doubt, other than one by chance, still waits for an answer."""
        values = {"d": doubt.document, "s": doubt.start, "e": doubt.end, "label": doubt.label}
        return bool(self._database.execute(f"SELECT {QUERIES[doubt.reason].holds}", values).fetchone()[0])

    def number(self, reason: Reason) -> int:
        """Return how many doubts of a kind there are; looks at each of them."""
        wanted = DoubtFilter(reason=reason)
        query = QUERIES[reason].query(wanted)
        assert query is not None, "nothing is filtered"
        statement = f"SELECT count(*) FROM {query.rows} WHERE {' AND '.join(query.conditions)}"
        return int(self._database.execute(statement, _values(wanted)).fetchone()[0])

    def problems(self, document: int, start: int, end: int) -> list[tuple[int, int, str]]:
        """Return (start, end, what) for what was wrong in the source in ``[start, end)`` and still is."""
        return self._database.execute(PROBLEMS_OF_PLACE, {"d": document, "s": start, "e": end}).fetchall()

    def next_in_begun(self, document: int, offset: int, step: int) -> tuple[int, int] | None:
        """Return (document, start) of the next or previous doubtful suggestion in a begun sentence, or None."""
        return self._database.execute(  # type: ignore[no-any-return]
            next_in_begun(step), {"d": document, "o": offset}
        ).fetchone()

    def _doubts(self, reason: Reason, query: DoubtQuery, wanted: DoubtFilter) -> Iterator[Doubt]:
        """Yield a kind's doubts in order, asking for a batch at a time so that no cursor stays open meanwhile."""
        statements = tuple(query.statements())
        at: Values = {"w": 2.0, "d": 0, "s": -1, "t": "", "l": ""}
        left = statements[-1:]
        while left:
            rows: list[tuple[float, int, int, int, str | None, float, str, str | None]] = []
            for statement in left:
                values = {**_values(wanted), **at, "most": BATCH - len(rows)}
                rows += self._database.execute(statement, values).fetchall()
                if len(rows) == BATCH:
                    break
            for weight, document, start, end, label, number, note, _ in rows:
                yield Doubt(reason, weight, document, start, end, label, number, note)
            if len(rows) < BATCH:
                return
            weight, document, start, _, label, _, _, text = rows[-1]
            at = {"w": weight, "d": document, "s": start, "t": text, "l": label}
            left = statements


def next_in_begun(step: int) -> str:
    """Return the query for the next (1) or previous (-1) doubtful suggestion of a begun sentence from ``(:d, :o)``."""
    order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
    # A begun sentence that the reader is inside of starts before it.
    here = "(SELECT coalesce(max(start), 0) FROM sentence WHERE document = :d AND start <= :o)"
    beyond = f"(m.document, m.start) >= (:d, {here})" if step > 0 else "(m.document, m.start) <= (:d, :o)"
    return (
        "SELECT g.document, g.start FROM sentence_state m CROSS JOIN suggestion g ON g.document = m.document "
        f"AND g.start >= m.start AND g.start < {sentence_end('m')} "
        f"WHERE m.status = 'in progress' AND {beyond} AND (g.document, g.start) {sign} (:d, :o) "
        f"AND g.{DOUBTS} ORDER BY m.document {order}, m.start {order}, g.start {order} LIMIT 1"
    )


_PLACE = "document = :d AND start = :s AND end = :e"
_UNSOLVED = (
    # Decisions are disjoint: the last one that begins before it is the only one that can be over it.
    f"NOT {confirmed('problem')} AND NOT coalesce((SELECT d.source <> 'file' AND d.end > problem.start "
    "FROM decision d WHERE d.document = problem.document AND d.start <= problem.start "
    "ORDER BY d.start DESC LIMIT 1), 0)"
)
PROBLEMS_OF_PLACE = (
    f"SELECT start, end, reason FROM problem WHERE document = :d AND start >= :s AND start < :e AND {_UNSOLVED} "
    "ORDER BY start"
)


def _suggested(state: SuggestionState, further: str = "") -> StoredDoubts:
    """Return how suggestions in one state are found, those that meet a further condition."""
    status = "decided" if state is SuggestionState.CONFLICT else "suggested"

    def query(wanted: DoubtFilter) -> DoubtQuery | None:
        if wanted.status not in ("any", status):
            return None
        # The condition of the index has to be there word for word.
        conditions = [INDEXED, f"state = {int(state)}", *filter(None, [further])]
        if wanted.label:
            conditions.append(
                "(label = :label OR EXISTS (SELECT 1 FROM decision d WHERE d.document = suggestion.document "
                "AND d.start = suggestion.start AND d.label = :label))"
            )
        if wanted.text:
            conditions.append(f"{span_text('suggestion')} LIKE :text ESCAPE '\\'")
        fields = f"{WEIGHT}, document, start, end, label, score, '', NULL"
        behind = ("(document, start) > (:d, :s)", "document, start")
        if wanted.order == "document":
            rows = "suggestion INDEXED BY suggestion_doubt"
            return DoubtQuery(fields, rows, tuple(conditions), (behind,))
        same = (f"{WEIGHT} = :w AND {behind[0]}", behind[1])
        rows = "suggestion INDEXED BY suggestion_weight"
        return DoubtQuery(
            fields, rows, tuple(conditions), (same, (f"{WEIGHT} < :w", f"{WEIGHT} DESC, document, start"))
        )

    holds = " AND ".join(filter(None, (_PLACE, f"state = {int(state)}", further)))
    return StoredDoubts(query, f"EXISTS (SELECT 1 FROM suggestion WHERE {holds})")


def _mixed(wanted: DoubtFilter) -> DoubtQuery | None:
    conditions = [
        "u.weight > 0",
        {
            "any": f"(m.source = 'model' OR (m.source = 'file' AND NOT {confirmed('m')}))",
            "suggested": "m.source = 'model'",
            "decided": f"m.source = 'file' AND NOT {confirmed('m')}",
            "yours": "m.source IN ('person', 'sweep')",
        }[wanted.status],
    ]
    if wanted.label:
        # With a plus it is looked at row by row: a fixed label would have SQLite sort what the index has in order.
        conditions.append("+u.label = :label")
    if wanted.text:
        conditions.append("u.text LIKE :text ESCAPE '\\'")
    rival = (
        "(SELECT r.label FROM label_usage r WHERE r.text = u.text AND r.label <> u.label AND r.number = u.others "
        "ORDER BY r.label LIMIT 1)"
    )
    fields = f"u.weight, m.document, m.start, m.end, m.label, u.others, {rival}, u.text"
    place, behind = "m.document, m.start", "(m.document, m.start) > (:d, :s)"
    if wanted.order == "document":
        rows = "mention m CROSS JOIN label_usage u ON u.text = m.text AND u.label = m.label"
        conditions.append("EXISTS (SELECT 1 FROM label_usage WHERE weight > 0)")
        return DoubtQuery(fields, rows, tuple(conditions), ((behind, place),))
    rows = (
        "label_usage u INDEXED BY label_usage_weight CROSS JOIN mention_by_text m ON m.text = u.text "
        "AND m.label = u.label"
    )
    further = (
        (f"u.weight = :w AND u.text = :t AND u.label = :l AND {behind}", place),
        ("u.weight = :w AND (u.text, u.label) > (:t, :l)", f"u.text, u.label, {place}"),
        ("u.weight < :w", f"u.weight DESC, u.text, u.label, {place}"),
    )
    return DoubtQuery(fields, rows, tuple(conditions), further)


def _problems(wanted: DoubtFilter) -> DoubtQuery | None:
    if wanted.status not in ("any", "decided"):
        return None
    conditions = [_UNSOLVED]
    decided = (
        "(SELECT CASE WHEN d.end > problem.start THEN d.label END FROM decision d WHERE d.document = problem.document "
        "AND d.start <= problem.start ORDER BY d.start DESC LIMIT 1)"
    )
    if wanted.label:
        conditions.append(f"{decided} = :label")
    if wanted.text:
        conditions.append(f"{span_text('problem')} LIKE :text ESCAPE '\\'")
    fields = f"1.0, document, start, end, {decided}, 0, reason, NULL"
    # All weigh the same, so either order is that of the documents.
    behind = ("(document, start) > (:d, :s)", "document, start")
    return DoubtQuery(fields, "problem", tuple(conditions), (behind,))


def _errors(wanted: DoubtFilter) -> DoubtQuery | None:
    if wanted.status == "yours":
        return None
    conditions = [UNANSWERED]
    if wanted.status != "any":
        conditions.append(f"given {'=' if wanted.status == 'suggested' else '<>'} '[]'")
    if wanted.label:
        named = "EXISTS (SELECT 1 FROM json_each({}) j WHERE json_extract(j.value, '$[2]') = :label)"
        conditions.append(f"({named.format('given')} OR {named.format('proposed')})")
    if wanted.text:
        conditions.append(f"{span_text('possible_error')} LIKE :text ESCAPE '\\'")
    labels = "(SELECT group_concat(json_extract(j.value, '$[2]'), ', ') FROM json_each({}) j)"
    change = " || ' → ' || ".join(f"coalesce({labels.format(each)}, '{NOTHING}')" for each in ("given", "proposed"))
    fields = f"probability, document, start, end, NULL, probability, {change}, NULL"
    behind = ("(document, start) > (:d, :s)", "document, start")
    if wanted.order == "document":
        return DoubtQuery(fields, "possible_error", tuple(conditions), (behind,))
    rows = "possible_error INDEXED BY possible_error_order"
    same = (f"probability = :w AND {behind[0]}", behind[1])
    return DoubtQuery(
        fields, rows, tuple(conditions), (same, ("probability < :w", "probability DESC, document, start"))
    )


QUERIES: Mapping[Reason, StoredDoubts] = {
    "conflict": _suggested(SuggestionState.DOUBTFUL, f"margin <= {CONTESTED}"),
    "unsure": _suggested(SuggestionState.DOUBTFUL, f"margin > {CONTESTED}"),
    "below": _suggested(SuggestionState.BELOW_THRESHOLD),
    "model": _suggested(SuggestionState.CONFLICT),
    "denied": _suggested(SuggestionState.DENIED),
    "mixed": StoredDoubts(
        _mixed,
        f"EXISTS (SELECT 1 FROM mention WHERE {_PLACE} AND label = :label AND source IN ('model', 'file') "
        f"AND NOT {confirmed('mention')})",
    ),
    "error": StoredDoubts(_errors, f"EXISTS (SELECT 1 FROM possible_error WHERE {_PLACE} AND {UNANSWERED})"),
    "source": StoredDoubts(_problems, f"EXISTS (SELECT 1 FROM problem WHERE {_PLACE} AND {_UNSOLVED})"),
}
"""Every kind of doubt but whole sentences: those by chance, which ``Audits`` draws, and those that ``Teaching`` has."""


def _values(wanted: DoubtFilter) -> Values:
    pattern = "".join(f"\\{char}" if char in "%_\\" else char for char in wanted.text)
    return {"label": wanted.label, "text": f"%{pattern}%"}


def _key(wanted: DoubtFilter) -> Callable[[Doubt], tuple[float, ...]]:
    if wanted.order == "document":
        return lambda doubt: (doubt.document, doubt.start, -doubt.weight)
    return lambda doubt: (-doubt.weight, doubt.document, doubt.start)

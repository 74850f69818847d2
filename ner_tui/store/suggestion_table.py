"""Suggestions in the project file: what sources say of each place, and what each of their words is to a reviewer.

``suggestion`` holds one source's word for each place, ``covered_suggestion`` those of others that were less sure. With
a single source nothing is ever covered.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from ner_tui.domain.annotation.combining import combine
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import LEARNING, Suggestion, SuggestionState
from ner_tui.domain.spans import Span
from ner_tui.store.codec import dump_alternatives, load_alternatives
from ner_tui.store.tables.predicates import DOUBTS, INDEXED

_SAID = "start, end, label, score, margin, alternatives, run"
FIELDS = f"{_SAID}, also"
_Row = tuple[int, int, str, float, float, str, int, str]
_SOURCE = "coalesce((SELECT source FROM prediction_run WHERE id = {run}), '')"
"""Who made a run; of one that is not known, nobody."""


class SuggestionTable:
    """Suggestions by place."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, document: int, suggestions: Iterable[Suggestion]) -> None:
        """Store suggestions; their states are set by ``restate``."""
        self._database.executemany(
            f"INSERT OR REPLACE INTO suggestion (document, {FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((document, *_row(suggestion)) for suggestion in suggestions),
        )

    def replace(
        self,
        document: int,
        start: int,
        end: int,
        run: int,
        said: Iterable[Suggestion],
        unmerged: Callable[[Iterable[Suggestion]], Iterable[Suggestion]],
        held: tuple[int, int] | None = None,
    ) -> None:
        """Put what a run says of ``[start, end)`` in place of what its source said before, beside other sources.

        Args:
            said: in the names that labels have now.
            unmerged: gives what is stored these names; what was covered may have those of labels merged since.
            held: ``[start, end)`` of which the word of the source that is there stays, and becomes the run's.
        """
        by_source = "document = :d AND start >= :s AND start < :e AND {source} {{}} {theirs}".format(
            source=_SOURCE.format(run="run"), theirs=_SOURCE.format(run=":run")
        )
        if held is not None:
            values = {"d": document, "s": held[0], "e": held[1], "run": run}
            stays = unmerged(self._both(by_source.format("="), values))
            said = [*said, *(replace(each, run=run) for each in stays)]
        (alone,) = self._database.execute(
            f"SELECT NOT EXISTS (SELECT 1 FROM prediction_run WHERE source <> {_SOURCE.format(run=':run')})",
            {"run": run},
        ).fetchone()
        if alone:
            self._clear(document, start, end)
            self.add(document, said)
            return
        others = self._both(by_source.format("<>"), {"d": document, "s": start, "e": end, "run": run})
        self._clear(document, start, end)
        self._combine(document, [*unmerged(others), *said])

    def restore(self, document: int, suggestion: Suggestion, beside: Iterable[Suggestion] = ()) -> None:
        """Put back a suggestion that an edit took, unless its source has predicted the place in another run since.

        What the same model says with and without learning is one run here: what was learnt from the edit is unlearnt
        in a moment, and until then this is its word.

        Args:
            beside: what is put back by the same edit; a file's suggestions may overlap each other.
        """
        row = self._database.execute(
            "SELECT run FROM block_run WHERE document = :d AND start = "
            "(SELECT max(start) FROM block WHERE document = :d AND start <= :s) "
            f"AND source = {_SOURCE.format(run=':run')}",
            {"d": document, "s": suggestion.span.start, "run": suggestion.run},
        ).fetchone()
        latest = suggestion.run if row is None else row[0]
        if latest != suggestion.run and not self._is_one_model(latest, suggestion.run):
            return
        span = suggestion.span
        over = (
            "document = :d AND start < :e AND end > :s AND start >= coalesce("
            "(SELECT max(start) FROM sentence WHERE document = :d AND start <= :s), 0)"
        )
        values = {"d": document, "s": span.start, "e": span.end, "run": suggestion.run, "latest": latest}
        theirs = "run IN (:run, :latest)"
        query = f"SELECT start, end, label FROM suggestion WHERE {over} AND {theirs} AND (start <> :s OR end <> :e)"
        said = {Span(*row) for row in self._database.execute(query, values)}
        if said.difference(each.span for each in beside):
            # One that learns has said something else of the place since.
            return
        query = f"SELECT EXISTS (SELECT 1 FROM suggestion WHERE {over} AND NOT {theirs})"
        if not self._database.execute(query, values).fetchone()[0]:
            # Of one run two labels may stand there; what was learnt since is another's word for this one.
            query = f"DELETE FROM suggestion WHERE {over} AND start = :s AND end = :e AND run = :latest AND run <> :run"
            self._database.execute(query, values)
            self.take(document, span)
            self.add(document, [suggestion])
            return
        # Another source has predicted the place since.
        others = self._both(over, values)
        for each in others:
            self.take(document, each.span)
            self._database.execute(
                "DELETE FROM covered_suggestion WHERE document = ? AND start = ? AND end = ? AND label = ? AND run = ?",
                (document, *_key(each.span), each.run),
            )
        self._combine(document, [*(each for each in others if each.run not in (suggestion.run, latest)), suggestion])

    def _is_one_model(self, run: int, other: int) -> bool:
        """Whether two runs differ in no more than that one learns."""
        query = "SELECT source, version, settings FROM prediction_run WHERE id = ?"
        first, second = (self._database.execute(query, (each,)).fetchone() for each in (run, other))
        return bool(first and second) and first[:2] == second[:2] and _unlearnt(first[2]) == _unlearnt(second[2])

    def of_runs(
        self,
        document: int,
        start: int,
        end: int,
        runs: Mapping[int, str],
        named: Callable[[Iterable[Suggestion]], Iterable[Suggestion]],
    ) -> list[Suggestion]:
        """Return all that some runs say of what begins in ``[start, end)``, covered or not, ascending.

        Args:
            runs: their names by id, which the suggestions then have as their model's.
            named: gives what is covered the names that labels have now.
        """
        if not runs:
            return []
        said: list[Suggestion] = []
        for table, renamed in (("suggestion", tuple), ("covered_suggestion", named)):
            rows = self._database.execute(
                f"SELECT {_SAID} FROM {table} WHERE document = ? AND start >= ? AND start < ?", (document, start, end)
            )
            said += renamed([of_row(*row) for row in rows])
        theirs = [replace(each, model=runs[each.run]) for each in said if each.run in runs]
        return sorted(theirs, key=lambda each: (each.span, each.model))

    def covered(self, document: int, start: int, end: int, runs: Collection[int]) -> list[Suggestion]:
        """Return what some runs say of what begins in ``[start, end)`` that is covered by another's word, ascending.

        Labels may have older names.
        """
        place = "document = ? AND start >= ? AND start < ?"
        query = f"SELECT {_SAID} FROM covered_suggestion WHERE {place} ORDER BY start, end"
        rows = (of_row(*row) for row in self._database.execute(query, (document, start, end)))
        return [each for each in rows if each.run in runs]

    def take(self, document: int, span: Span) -> None:
        """Remove a suggestion."""
        self._database.execute(
            "DELETE FROM suggestion WHERE document = ? AND start = ? AND end = ? AND label = ?", (document, *_key(span))
        )

    def forget_learnt(self, document: int, spans: Iterable[Span]) -> None:
        """Remove what only a learning source says of spans that are no longer decided: it may have that from them."""
        self._database.executemany(
            "DELETE FROM suggestion WHERE document = ? AND start = ? AND end = ? AND label = ? AND also = '[]' AND "
            f"run IN (SELECT id FROM prediction_run WHERE settings LIKE '%{LEARNING}')",
            ((document, *_key(span)) for span in spans),
        )

    def restate(self, document: int, changes: Iterable[tuple[Suggestion, SuggestionState]]) -> None:
        """Store what suggestions are to a reviewer now."""
        self._database.executemany(
            "UPDATE suggestion SET state = ? WHERE document = ? AND start = ? AND end = ? AND label = ?",
            [(int(state), document, *_key(suggestion.span)) for suggestion, state in changes],
        )

    def next_doubt(self, document: int, offset: int, step: int) -> tuple[int, int] | None:
        """Return (document, start) of the next or previous doubtful place, across documents, or None."""
        return self._database.execute(  # type: ignore[no-any-return]
            next_doubt(step), {"d": document, "o": offset}
        ).fetchone()

    def _clear(self, document: int, start: int, end: int) -> None:
        for table in ("suggestion", "covered_suggestion"):
            self._database.execute(
                f"DELETE FROM {table} WHERE document = ? AND start >= ? AND start < ?", (document, start, end)
            )

    def _combine(self, document: int, suggestions: Iterable[Suggestion]) -> None:
        """Store suggestions of any runs, of which the tables hold none."""
        shown, covered = combine(suggestions)
        self.add(document, shown)
        self._database.executemany(
            f"INSERT OR REPLACE INTO covered_suggestion (document, {_SAID}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((document, *_row(suggestion)[:-1]) for suggestion in covered),
        )

    def _both(self, condition: str, values: dict[str, int]) -> list[Suggestion]:
        """Return the suggestions of both tables that meet a condition."""
        rows = self._database.execute(
            f"SELECT {_SAID} FROM suggestion WHERE {condition} "
            f"UNION ALL SELECT {_SAID} FROM covered_suggestion WHERE {condition}",
            values,
        )
        return [of_row(*row) for row in rows]


def next_doubt(step: int) -> str:
    """Return the query for the next (1) or previous (-1) doubtful place from ``(:d, :o)``."""
    order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
    return (
        f"SELECT document, start FROM suggestion INDEXED BY suggestion_doubt WHERE {INDEXED} AND {DOUBTS} "
        f"AND (document, start) {sign} (:d, :o) ORDER BY document {order}, start {order} LIMIT 1"
    )


def restated(
    stored: Iterable[tuple[Suggestion, SuggestionState]], context: Neighbourhood
) -> list[tuple[Suggestion, SuggestionState]]:
    """Return the suggestions that are something else to a reviewer than what is stored, with what they are now."""
    return [
        (suggestion, now)
        for suggestion, before in stored
        if (now := context.suggestion_state(suggestion)) is not before
    ]


@lru_cache(maxsize=1024)
def of_row(
    start: int, end: int, label: str, score: float, margin: float, alternatives: str, run: int, also: str = "[]"
) -> Suggestion:
    """Return the suggestion that a row's ``FIELDS`` hold; a key asks again and again for the same."""
    runs = tuple(json.loads(also)) if also != "[]" else ()
    return Suggestion(Span(start, end, label), score, margin, load_alternatives(alternatives), run, runs)


def _row(suggestion: Suggestion) -> _Row:
    also = json.dumps(suggestion.also, separators=(",", ":")) if suggestion.also else "[]"
    return (
        *_key(suggestion.span), suggestion.score, suggestion.margin, dump_alternatives(suggestion.alternatives),
        suggestion.run, also,
    )  # fmt: skip


def _unlearnt(settings: str) -> str:
    return settings.removesuffix(LEARNING)


def _key(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label

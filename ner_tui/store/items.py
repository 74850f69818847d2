"""Decisions, rejections, suggestions and sentence states in the project file, by place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ner_tui.domain.annotation.edits import (
    Decision,
    Item,
    Note,
    Rejection,
    SentenceBoundary,
    SentenceState,
    TokenBoundary,
)
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Suggestion, SuggestionState
from ner_tui.domain.document import Status
from ner_tui.domain.spans import Span
from ner_tui.store.content import Content
from ner_tui.store.item_queries import known_items, touching
from ner_tui.store.suggestion_table import FIELDS, SuggestionTable, of_row, restated
from ner_tui.store.tables.predicates import SHOWN, SHOWN_FAINT

NEAR = 2_000
"""Characters on either side of a place that a verb may look at, where sentences reach further."""
_TOUCHED = (
    "AND EXISTS (SELECT 1 FROM sentence_state m WHERE m.document = suggestion.document AND m.status <> 'untouched' "
    "AND m.start = "
    "(SELECT max(s.start) FROM sentence s WHERE s.document = suggestion.document AND s.start <= suggestion.start))"
)


class RangeItems(NamedTuple):
    """The items of a range, each kind ascending."""

    decisions: list[Decision]
    suggestions: list[tuple[Suggestion, SuggestionState]]
    """With the states that are stored for them."""
    rejections: list[Rejection]
    states: list[SentenceState]
    notes: list[Note]


class Items:
    """Items by place. Every query costs what its range holds, whatever the size of the document."""

    def __init__(self, database: sqlite3.Connection, content: Content) -> None:
        self._database = database
        self._content = content
        self.suggestion_table = SuggestionTable(database)

    def suggestions(self, document: int, start: int, end: int) -> list[tuple[Suggestion, SuggestionState]]:
        """Return the suggestions that touch ``[start, end)`` with their states, ascending."""
        rows = self._touching("suggestion", f"{FIELDS}, state", document, start, end)
        return [(of_row(*row), SuggestionState(state)) for *row, state in rows]

    def all_notes(self) -> Iterator[tuple[int, Note]]:
        """Yield (document, note) for every note of the project, in order."""
        for document, *fields in self._database.execute("SELECT document, start, end, text FROM note"):
            yield document, Note(*fields)

    def carrying(
        self, document: int, labels: Iterable[str]
    ) -> tuple[list[Decision], list[Rejection], list[Suggestion]]:
        """Return everything of a document that carries one of ``labels``, each kind ascending."""
        wanted = tuple(labels)
        end = f"WHERE document = ? AND label IN ({', '.join('?' * len(wanted))}) ORDER BY start"

        def rows(fields: str, table: str) -> sqlite3.Cursor:
            return self._database.execute(f"SELECT start, end, label{fields} FROM {table} {end}", (document, *wanted))

        return (
            [Decision(Span(*span), source) for *span, source in rows(", source", "decision")],
            [Rejection(Span(*span)) for span in rows("", "rejection")],
            [of_row(*row) for row in rows(FIELDS.removeprefix("start, end, label"), "suggestion")],
        )

    def status_at(self, document: int, start: int) -> Status:
        """Return the status of the sentence that begins at ``start``."""
        row = self._database.execute(
            "SELECT status FROM sentence_state WHERE document = ? AND start = ?", (document, start)
        ).fetchone()
        return row[0] if row else "untouched"

    def neighbourhood(self, document: int, start: int, end: int, margin: int = 1) -> Neighbourhood:
        """Return all that is known of the sentences around ``[start, end)``; of long ones, what is near."""
        origin, labelled, sentences = self._content.around(document, start, end, margin)
        first, last = sentences[0].start, sentences[-1].end
        low, high = first, last
        if last - first > 2 * NEAR:
            low, high = _reach((start, end), self._spans(document, start, end))
            low, high = max(first, low - NEAR), min(last, high + NEAR)
            # What touches these stretches counts whole: a suggestion's state is a matter of all that it touches.
            low, high = _reach((low, high), self._spans(document, low, high))
        near = None if (low, high) == (first, last) else (low, high)
        known = self.known(document, low, high, first, last)
        return Neighbourhood(
            origin,
            sentences,
            tuple(known.decisions),
            tuple([suggestion for suggestion, _ in known.suggestions]),
            tuple(known.rejections),
            tuple(known.states),
            tuple(known.notes),
            near,
            labelled,
        )

    def known(
        self,
        document: int,
        start: int,
        end: int,
        first: int | None = None,
        last: int | None = None,
        *,
        suggestions: bool = True,
    ) -> RangeItems:
        """Return the items of ``[start, end)`` by one query, decisions and suggestions that only touch it too.

        Args:
            first: the states are those of the sentences that start in ``[first, last)``, where that is given.
            suggestions: whether these are wanted.
        """
        found = RangeItems([], [], [], [], [])
        low, high = (start, end) if first is None else (first, last)
        values = {"d": document, "s": start, "e": end, "f": low, "l": high}
        for kind, at, to, text, source, *rest in self._database.execute(known_items(suggestions), values).fetchall():
            if kind == 0:
                found.decisions.append(Decision(Span(at, to, text), source))
            elif kind == 1:
                found.suggestions.append((of_row(at, to, text, *rest), SuggestionState(source)))
            elif kind == 2:
                found.rejections.append(Rejection(Span(at, to, text)))
            elif kind == 3:
                found.states.append(SentenceState(at, text, bool(to)))
            else:
                found.notes.append(Note(at, to, text))
        return found

    def put(self, document: int, item: Item, beside: Iterable[Suggestion] = ()) -> None:
        """Add an item; of a suggestion, ``beside`` are those that are added with it."""
        match item:
            case Decision(span, source):
                self._database.execute(
                    "INSERT INTO decision VALUES (?, ?, ?, ?, ?)", (document, span.start, span.end, span.label, source)
                )
            case Rejection(span):
                self._database.execute(
                    "INSERT INTO rejection VALUES (?, ?, ?, ?)", (document, span.start, span.end, span.label)
                )
            case SentenceState(start, status, flagged):
                self._database.execute(
                    "INSERT INTO sentence_state VALUES (?, ?, ?, ?)", (document, start, status, flagged)
                )
            case SentenceBoundary(offset):
                self._content.split(document, offset)
                self._new_revision(document)
            case TokenBoundary(offset):
                self._content.split_token(document, offset)
                self._new_revision(document)
            case Note(start, end, text):
                self._database.execute("INSERT INTO note VALUES (?, ?, ?, ?)", (document, start, end, text))
            case Suggestion():
                self.suggestion_table.restore(document, item, beside)

    def take(self, document: int, item: Item) -> None:
        """Remove an item."""
        match item:
            case Decision(span):
                self._delete("decision", "start = ?", document, span.start)
            case Rejection(span):
                values = (span.start, span.end, span.label)
                self._delete("rejection", "start = ? AND end = ? AND label = ?", document, *values)
            case Suggestion(span):
                self.suggestion_table.take(document, span)
            case SentenceState(start):
                self._delete("sentence_state", "start = ?", document, start)
            case SentenceBoundary(offset):
                self._content.join(document, offset)
                self._new_revision(document)
            case TokenBoundary(offset):
                self._content.merge_tokens(document, offset)
                self._new_revision(document)
            case Note(start, end):
                self._delete("note", "start = ? AND end = ?", document, start, end)

    def restate(self, document: int, start: int, end: int) -> None:
        """Bring the stored states of the suggestions that touch ``[start, end)`` up to date."""
        stored = self.suggestions(document, start, end)
        if not stored:
            return
        low = min(start, *(suggestion.span.start for suggestion, _ in stored))
        high = max(end, *(suggestion.span.end for suggestion, _ in stored))
        # A suggestion's state is a matter of its place and its sentence's state, not of all that a sentence holds.
        origin, labelled, sentences = self._content.around(document, low, high, 0)
        known = self.known(document, low, high, sentences[0].start, sentences[-1].end)
        context = Neighbourhood(
            origin,
            sentences,
            tuple(known.decisions),
            (),
            tuple(known.rejections),
            tuple(known.states),
            labelled=labelled,
        )
        self.suggestion_table.restate(document, restated(stored, context))

    def restate_within(self, document: int, ranges: Iterable[tuple[int, int]], context: Neighbourhood) -> None:
        """Do the same for all ranges of a neighbourhood at once; of it nothing but the suggestions is read again.

        A prediction may have stored some since, while decisions, rejections and states are the person's alone.
        """
        places = list(ranges)
        if places:
            starts, ends = zip(*places, strict=True)
            start, end = min(starts), max(ends)
            if changes := restated(self.suggestions(document, start, end), context):
                self.suggestion_table.restate(document, changes)

    def sentence_range(self, document: int, offset: int) -> tuple[int, int]:
        """Return ``[start, end)`` of the sentence that owns the character at ``offset``."""
        return self._content.sentence_range(document, offset) or (offset, offset)

    def next_start(
        self, document: int, offset: int, step: int, *, blind: bool = False, faint: bool = False
    ) -> int | None:
        """Return where the next (``step`` 1) or previous (-1) span that is shown begins, or None.

        Args:
            blind: suggestions in sentences that nobody has touched are not shown.
            faint: those below the threshold are.
        """
        order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
        best = "min" if step > 0 else "max"
        (found,) = self._database.execute(
            f"SELECT {best}(start) FROM ("
            f"SELECT * FROM (SELECT start FROM decision WHERE document = :d AND start {sign} :o "
            f"ORDER BY start {order} LIMIT 1) UNION ALL "
            f"SELECT * FROM (SELECT start FROM suggestion WHERE document = :d AND start {sign} :o "
            f"AND {SHOWN_FAINT if faint else SHOWN} {_TOUCHED if blind else ''} ORDER BY start {order} LIMIT 1))",
            {"d": document, "o": offset},
        ).fetchone()
        return None if found is None else int(found)

    def next_unconfirmed(self, document: int, offset: int) -> tuple[int, int] | None:
        """Return (document, start) of the next sentence after ``offset`` that is not confirmed, or None."""
        return self._database.execute(  # type: ignore[no-any-return]
            "SELECT s.document, s.start FROM sentence s LEFT JOIN sentence_state m "
            "ON m.document = s.document AND m.start = s.start "
            "WHERE (s.document, s.start) > (?, ?) AND coalesce(m.status, '') <> 'confirmed' "
            "ORDER BY s.document, s.start LIMIT 1",
            (document, offset),
        ).fetchone()

    def _touching(self, table: str, fields: str, document: int, start: int, end: int) -> list[tuple]:  # type: ignore[type-arg]
        values = {"d": document, "s": start, "e": end}
        return self._database.execute(touching(table, fields), values).fetchall()

    def _spans(self, document: int, start: int, end: int) -> list[tuple[int, int]]:
        """Return the decisions and suggestions that touch ``[start, end)``."""
        tables = ("decision", "suggestion")
        return [span for table in tables for span in self._touching(table, "start, end", document, start, end)]

    def _new_revision(self, document: int) -> None:
        self._database.execute("UPDATE document SET revision = revision + 1 WHERE id = ?", (document,))

    def _delete(self, table: str, condition: str, document: int, *values: object) -> None:
        self._database.execute(f"DELETE FROM {table} WHERE document = ? AND {condition}", (document, *values))


def _reach(place: tuple[int, int], spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the stretch from the first to the last of them all."""
    starts, ends = zip(place, *spans, strict=True)
    return min(starts), max(ends)

"""Decisions, rejections, suggestions and sentence marks in the project file, by place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

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
from ner_tui.store.codec import dump_readings, load_readings
from ner_tui.store.content import Content

NEAR = 2_000
"""Characters on either side of a place that a verb may look at, where sentences reach further."""
_TO_ANSWER = (SuggestionState.OPEN, SuggestionState.DOUBTFUL, SuggestionState.CONFLICT, SuggestionState.FAINT)
_TOUCHED = (
    "AND EXISTS (SELECT 1 FROM mark m WHERE m.document = suggestion.document AND m.status <> 'untouched' AND m.start = "
    "(SELECT max(s.start) FROM sentence s WHERE s.document = suggestion.document AND s.start <= suggestion.start))"
)


class Items:
    """Items by place. Every query costs what its range holds, whatever the size of the document."""

    def __init__(self, database: sqlite3.Connection, content: Content) -> None:
        self._database = database
        self._content = content

    def decisions(self, document: int, start: int, end: int) -> list[Decision]:
        """Return the decisions that touch ``[start, end)``, ascending."""
        rows = self._touching("decision", "start, end, label, source", document, start, end)
        return [Decision(Span(first, last, label), source) for first, last, label, source in rows]

    def decided(self, document: int) -> list[Decision]:
        """Return the decisions that a person made in a document, ascending."""
        rows = self._database.execute(
            "SELECT start, end, label FROM decision WHERE document = ? AND source = 'person' ORDER BY start",
            (document,),
        )
        return [Decision(Span(*row)) for row in rows]

    def rejections(self, document: int, start: int, end: int) -> list[Rejection]:
        """Return the rejections that begin in ``[start, end)``, ascending."""
        rows = self._database.execute(
            "SELECT start, end, label FROM rejection WHERE document = ? AND start >= ? AND start < ? ORDER BY start",
            (document, start, end),
        )
        return [Rejection(Span(*row)) for row in rows]

    def suggestions(self, document: int, start: int, end: int) -> list[tuple[Suggestion, SuggestionState]]:
        """Return the suggestions that touch ``[start, end)`` with their standing, ascending."""
        fields = "start, end, label, score, margin, alternatives, run, state"
        return [
            (Suggestion(Span(first, last, label), score, margin, load_readings(readings), run), SuggestionState(state))
            for first, last, label, score, margin, readings, run, state in self._touching(
                "suggestion", fields, document, start, end
            )
        ]

    def sentence_states(self, document: int, start: int, end: int) -> list[SentenceState]:
        """Return the marks of sentences that begin in ``[start, end)``."""
        rows = self._database.execute(
            "SELECT start, status, flagged FROM mark WHERE document = ? AND start >= ? AND start < ? ORDER BY start",
            (document, start, end),
        )
        return [SentenceState(at, status, bool(flagged)) for at, status, flagged in rows]

    def notes(self, document: int, start: int, end: int) -> list[Note]:
        """Return the notes on what begins in ``[start, end)``, ascending."""
        rows = self._database.execute(
            "SELECT start, end, text FROM note WHERE document = ? AND start >= ? AND start < ? ORDER BY start, end",
            (document, start, end),
        )
        return [Note(*row) for row in rows]

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
            [
                Suggestion(Span(first, last, label), score, margin, load_readings(readings), run)
                for first, last, label, score, margin, readings, run in rows(
                    ", score, margin, alternatives, run", "suggestion"
                )
            ],
        )

    def status_at(self, document: int, start: int) -> Status:
        """Return the status of the sentence that begins at ``start``."""
        found = self.sentence_states(document, start, start + 1)
        return found[0].status if found else "untouched"

    def neighbourhood(self, document: int, start: int, end: int, margin: int = 1) -> Neighbourhood:
        """Return all that is known of the sentences around ``[start, end)``; of long ones, what is near."""
        sentences = self._content.around(document, start, end, margin)
        first, last = sentences[0].start, sentences[-1].end
        low, high = first, last
        if last - first > 2 * NEAR:
            low, high = _reach((start, end), self._spans(document, start, end))
            low, high = max(first, low - NEAR), min(last, high + NEAR)
            # What touches these stretches counts whole: how a suggestion stands is a matter of all that it touches.
            low, high = _reach((low, high), self._spans(document, low, high))
        return Neighbourhood(
            self._content.document(document).origin,
            sentences,
            tuple(self.decisions(document, low, high)),
            tuple(suggestion for suggestion, _ in self.suggestions(document, low, high)),
            tuple(self.rejections(document, low, high)),
            tuple(self.sentence_states(document, first, last)),
            tuple(self.notes(document, low, high)),
            None if (low, high) == (first, last) else (low, high),
        )

    def put(self, document: int, item: Item) -> None:
        """Add an item."""
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
                self._database.execute("INSERT INTO mark VALUES (?, ?, ?, ?)", (document, start, status, flagged))
            case SentenceBoundary(offset):
                self._content.split(document, offset)
                self._new_revision(document)
            case TokenBoundary(offset):
                self._content.split_token(document, offset)
                self._new_revision(document)
            case Note(start, end, text):
                self._database.execute("INSERT INTO note VALUES (?, ?, ?, ?)", (document, start, end, text))
            case Suggestion():
                self._restore(document, item)

    def take(self, document: int, item: Item) -> None:
        """Remove an item."""
        match item:
            case Decision(span):
                self._delete("decision", "start = ?", document, span.start)
            case Rejection(span) | Suggestion(span):
                table = "rejection" if isinstance(item, Rejection) else "suggestion"
                self._delete(table, "start = ? AND end = ? AND label = ?", document, span.start, span.end, span.label)
            case SentenceState(start):
                self._delete("mark", "start = ?", document, start)
            case SentenceBoundary(offset):
                self._content.join(document, offset)
                self._new_revision(document)
            case TokenBoundary(offset):
                self._content.merge_tokens(document, offset)
                self._new_revision(document)
            case Note(start, end):
                self._delete("note", "start = ? AND end = ?", document, start, end)

    def add_suggestions(self, document: int, suggestions: Iterable[Suggestion]) -> None:
        """Store what a model thinks; the standing is set by ``restate``."""
        rows = (
            (document, s.span.start, s.span.end, s.span.label, s.score, s.margin, dump_readings(s.alternatives), s.run)
            for s in suggestions
        )
        self._database.executemany("INSERT OR REPLACE INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)", rows)

    def clear_suggestions(self, document: int, start: int, end: int) -> None:
        """Forget the suggestions that begin in ``[start, end)``."""
        self._delete("suggestion", "start >= ? AND start < ?", document, start, end)

    def restate(self, document: int, start: int, end: int) -> None:
        """Bring the stored standing of the suggestions that touch ``[start, end)`` up to date."""
        stored = self.suggestions(document, start, end)
        if not stored:
            return
        low = min(start, *(suggestion.span.start for suggestion, _ in stored))
        high = max(end, *(suggestion.span.end for suggestion, _ in stored))
        # How a suggestion stands is a matter of its place and its sentence's mark, not of all that a sentence holds.
        bare = self._content.around(document, low, high, 0, bare=True)
        context = Neighbourhood(
            self._content.document(document).origin,
            bare,
            tuple(self.decisions(document, low, high)),
            (),
            tuple(self.rejections(document, low, high)),
            tuple(self.sentence_states(document, bare[0].start, bare[-1].end)),
            (),
        )
        changed = [
            (int(now), document, suggestion.span.start, suggestion.span.end, suggestion.span.label)
            for suggestion, before in stored
            if (now := context.suggestion_state(suggestion)) != before
        ]
        self._database.executemany(
            "UPDATE suggestion SET state = ? WHERE document = ? AND start = ? AND end = ? AND label = ?", changed
        )

    def sentence_range(self, document: int, offset: int) -> tuple[int, int]:
        """Return ``[start, end)`` of the sentence that owns the character at ``offset``."""
        return self._content.sentence_range(document, offset) or (offset, offset)

    def next_start(self, document: int, offset: int, step: int, *, blind: bool = False) -> int | None:
        """Return where the next (``step`` 1) or previous (-1) span that is shown begins, or None.

        Args:
            blind: suggestions in sentences that nobody has touched are not shown.
        """
        order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
        best = "min" if step > 0 else "max"
        shown = ", ".join(str(int(standing)) for standing in _TO_ANSWER)
        (found,) = self._database.execute(
            f"SELECT {best}(start) FROM ("
            f"SELECT * FROM (SELECT start FROM decision WHERE document = :d AND start {sign} :o "
            f"ORDER BY start {order} LIMIT 1) UNION ALL "
            f"SELECT * FROM (SELECT start FROM suggestion WHERE document = :d AND start {sign} :o "
            f"AND state IN ({shown}) {_TOUCHED if blind else ''} ORDER BY start {order} LIMIT 1))",
            {"d": document, "o": offset},
        ).fetchone()
        return None if found is None else int(found)

    def next_doubt(self, document: int, offset: int, step: int) -> tuple[int, int] | None:
        """Return (document, start) of the next or previous doubtful place, across documents, or None."""
        order, sign = ("ASC", ">") if step > 0 else ("DESC", "<")
        return self._database.execute(  # type: ignore[no-any-return]
            f"SELECT document, start FROM suggestion INDEXED BY suggestion_doubt WHERE state IN (2, 3, 5) "
            f"AND (document, start) {sign} (?, ?) ORDER BY document {order}, start {order} LIMIT 1",
            (document, offset),
        ).fetchone()

    def next_unconfirmed(self, document: int, offset: int) -> tuple[int, int] | None:
        """Return (document, start) of the next sentence after ``offset`` that is not confirmed, or None."""
        return self._database.execute(  # type: ignore[no-any-return]
            "SELECT s.document, s.start FROM sentence s LEFT JOIN mark m "
            "ON m.document = s.document AND m.start = s.start "
            "WHERE (s.document, s.start) > (?, ?) AND coalesce(m.status, '') <> 'confirmed' "
            "ORDER BY s.document, s.start LIMIT 1",
            (document, offset),
        ).fetchone()

    def _touching(self, table: str, fields: str, document: int, start: int, end: int) -> list[tuple]:  # type: ignore[type-arg]
        # Spans of one table hardly overlap, so the last one that begins before the range is the only one
        # that can reach into it: this keeps the query from walking the document from its start.
        return self._database.execute(
            f"SELECT {fields} FROM {table} WHERE document = :d AND start < :e AND end > :s AND start >= coalesce("
            f"(SELECT max(start) FROM {table} WHERE document = :d AND start <= :s), 0) ORDER BY start",
            {"d": document, "s": start, "e": end},
        ).fetchall()

    def _spans(self, document: int, start: int, end: int) -> list[tuple[int, int]]:
        """Return the decisions and suggestions that touch ``[start, end)``."""
        tables = ("decision", "suggestion")
        return [span for table in tables for span in self._touching(table, "start, end", document, start, end)]

    def _restore(self, document: int, suggestion: Suggestion) -> None:
        """Put back a suggestion that an edit took, unless a newer model has spoken of the place since."""
        row = self._database.execute(
            "SELECT run FROM block WHERE document = ? AND start <= ? ORDER BY start DESC LIMIT 1",
            (document, suggestion.span.start),
        ).fetchone()
        if row is None or row[0] == suggestion.run:
            self.add_suggestions(document, [suggestion])

    def _new_revision(self, document: int) -> None:
        self._database.execute("UPDATE document SET revision = revision + 1 WHERE id = ?", (document,))

    def _delete(self, table: str, condition: str, document: int, *values: object) -> None:
        self._database.execute(f"DELETE FROM {table} WHERE document = ? AND {condition}", (document, *values))


def _reach(place: tuple[int, int], spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the stretch from the first to the last of them all."""
    starts, ends = zip(place, *spans, strict=True)
    return min(starts), max(ends)

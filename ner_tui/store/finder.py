"""Finding: the places of a project that may answer a query, in order, a few thousand rows at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from ner_tui.domain.annotation.query import Query
from ner_tui.store.tables.predicates import BEYOND, LISTED

ROWS = 2000
"""Rows looked through between two candidates at the most, so that whoever asks can pause."""
BLOCKS = 20
"""Blocks of sentences, of up to 1,500 words each, that are looked through so."""


class Candidate(NamedTuple):
    """A place that may answer, or, without ``real``, how far the search has got."""

    document: int
    start: int
    """Offset in the sentence that may answer; its start if ``text`` is given."""
    real: bool
    text: str = ""
    """The sentence's text, for queries that ask for words."""


class Finder:
    """Looks through the tables in order of place."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def candidates(self, query: Query, document: int, offset: int, step: int) -> Iterator[Candidate]:
        """Yield the places behind (``step`` 1) or before (-1) an offset that may answer, in that order."""
        streams = [
            self._stream(table, condition, values, (document, offset), step)
            for table, condition, values in _sources(query)
        ]
        return merge(*streams, reverse=step < 0)

    def flagged(self) -> Iterator[tuple[int, int]]:
        """Yield (document, start) of the flagged sentences, in order."""
        yield from self._database.execute(
            "SELECT document, start FROM sentence_state WHERE flagged ORDER BY document, start"
        )

    def _stream(
        self, table: str, condition: str, values: dict[str, object], after: tuple[int, int], step: int
    ) -> Iterator[Candidate]:
        sign, order = (">", "") if step > 0 else ("<", " DESC")
        text = "text" if table == "sentence" else "''"
        beyond = "<=" if step > 0 else ">="
        while True:
            # To count sentences takes as long as to look at them: there are blocks, which are fewer.
            steps, rows = ("block", BLOCKS) if table == "sentence" else (table, ROWS)
            edge = self._database.execute(
                f"SELECT document, start FROM {steps} WHERE (document, start) {sign} (?, ?) "
                f"ORDER BY document{order}, start{order} LIMIT 1 OFFSET {rows - 1}",
                after,
            ).fetchone()
            last = edge or (BEYOND * step, 0)
            found = self._database.execute(
                f"SELECT document, start, {text} FROM {table} WHERE (document, start) {sign} (:d, :o) "
                f"AND (document, start) {beyond} (:e, :f) AND {condition} "
                f"ORDER BY document{order}, start{order}",
                {**values, "d": after[0], "o": after[1], "e": last[0], "f": last[1]},
            ).fetchall()
            for document, start, words in found:
                yield Candidate(document, start, True, words)
            if edge is None:
                return
            after = edge
            yield Candidate(after[0], after[1], False)


def _sources(query: Query) -> list[tuple[str, str, dict[str, object]]]:
    """Return the tables to look through, with the condition on their rows and its values."""
    if query.pattern is not None:
        pattern = "".join(f"\\{char}" if char in "%_\\" else char for char in query.anchor)
        return [("sentence", "text LIKE :p ESCAPE '\\'" if pattern else "1", {"p": f"%{pattern}%"})]
    if query.about_spans:
        sources: list[tuple[str, str, dict[str, object]]] = []
        if query.takes_decisions:
            sources.append(("decision", "1", {}))
        if query.takes_suggestions:
            sources.append(("suggestion", f"{LISTED} AND score BETWEEN :l AND :h", {"l": query.low, "h": query.high}))
        return [_labelled(query, *source) for source in sources]
    if "noted" in query.sentences:
        return [("note", "1", {})]
    return [("sentence_state", "flagged" if "flagged" in query.sentences else "status = 'confirmed'", {})]


def _labelled(
    query: Query, table: str, condition: str, values: dict[str, object]
) -> tuple[str, str, dict[str, object]]:
    # LIKE folds the case of ASCII letters only; other names are told apart by whoever looks at the candidates.
    if not query.label or not query.label.isascii():
        return table, condition, values
    return table, f"{condition} AND lower(label) = :n", {**values, "n": query.label}

"""What a person decided, sentence by sentence: what a learner learns from."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ner_tui.domain.spans import Span


class DecidedSentence(NamedTuple):
    """A sentence in which a person decided something."""

    document: int
    start: int
    """Offset where it starts."""
    is_confirmed: bool
    """Whether all is known of it."""
    spans: tuple[Span, ...]
    """Of a sentence in progress, those by a person alone."""
    rejected: tuple[Span, ...]


_SENTENCES = (
    "SELECT document, start, status = 'confirmed' FROM sentence_state WHERE status <> 'untouched' ORDER BY 1, 2"
)
_WITHIN = """
SELECT s.document, s.start, i.start, i.end, i.label FROM sentence_state s
JOIN sentence t ON t.document = s.document AND t.start = s.start
JOIN {table} i ON i.document = s.document AND i.start >= s.start AND i.start < s.start + length(t.text)
WHERE s.status <> 'untouched'{condition} ORDER BY 1, 2, 3, 4, 5
"""
SPANS = _WITHIN.format(table="decision", condition=" AND (s.status = 'confirmed' OR i.source = 'person')")
REJECTED = _WITHIN.format(table="rejection", condition="")


def decided_sentences(database: sqlite3.Connection) -> tuple[DecidedSentence, ...]:
    """Return all sentences that are confirmed or in progress, in the order of the project."""
    found: list[dict[tuple[int, int], list[Span]]] = []
    for query in (SPANS, REJECTED):
        by_sentence: dict[tuple[int, int], list[Span]] = {}
        for document, sentence, start, end, label in database.execute(query):
            by_sentence.setdefault((document, sentence), []).append(Span(start, end, label))
        found.append(by_sentence)
    spans, rejected = found
    return tuple(
        DecidedSentence(
            document, start, bool(confirmed), tuple(spans.get((document, start), ())),
            tuple(rejected.get((document, start), ())),
        )
        for document, start, confirmed in database.execute(_SENTENCES)
        if confirmed or (document, start) in spans or (document, start) in rejected
    )  # fmt: skip

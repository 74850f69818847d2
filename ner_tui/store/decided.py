"""What a person decided, sentence by sentence: what a learner learns from."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import NamedTuple

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import unpack_tokens
from ner_tui.domain.spans import Span


class DecidedSentence(NamedTuple):
    """A sentence in which a person decided something."""

    document: int
    sentence: Sentence
    is_confirmed: bool
    """Whether all is known of it."""
    spans: tuple[Span, ...]
    """Of a sentence in progress, those by a person alone."""
    rejected: tuple[Span, ...]
    swept: tuple[Span, ...] = ()
    """Those of the spans that a person only accepted with others."""


class DecidedVersion(NamedTuple):
    """Another one whenever something else may be decided; it costs the same however much that is."""

    edits: int
    """Number of the last entry of the journal."""
    confirmed: int
    """How many sentences are."""


VERSION = (
    "SELECT coalesce((SELECT max(id) FROM journal), 0), "
    "coalesce((SELECT number FROM tally WHERE document = 0 AND kind = 'confirmed' AND label = ''), 0)"
)
LAST_EDIT = (
    "SELECT document, cursor FROM journal INDEXED BY journal_active WHERE state = 1 AND document > 0 "
    "ORDER BY id DESC LIMIT 1"
)
_BEGUN = "SELECT document, start, status = 'confirmed' FROM sentence_state WHERE status <> 'untouched' AND"
BEFORE = f"{_BEGUN} (document, start) <= (:d, :o) ORDER BY document DESC, start DESC LIMIT :most"
BEHIND = f"{_BEGUN} (document, start) > (:d, :o) ORDER BY document, start LIMIT :most"
_SENTENCE = "SELECT text, tokens, line FROM sentence WHERE document = ? AND start = ?"
_SPANS = "SELECT start, end, label, source FROM decision WHERE document = ? AND start >= ? AND start < ?"
_REJECTED = "SELECT start, end, label FROM rejection WHERE document = ? AND start >= ? AND start < ?"
_END = (1 << 62, 0)
_KEPT = 2_048
"""Sentences that are kept as they were made: each time that is learnt, nearly all are those of the time before."""


def decided_version(database: sqlite3.Connection) -> DecidedVersion:
    """Return the version of what is decided."""
    return DecidedVersion(*database.execute(VERSION).fetchone())


def is_turned_since(database: sqlite3.Connection, edits: int) -> bool:
    """Whether something was undone or done again after that many edits; it costs as much as there are since."""
    query = "SELECT EXISTS (SELECT 1 FROM journal WHERE id > ? AND target IS NOT NULL)"
    return bool(database.execute(query, (edits,)).fetchone()[0])


def decided_sentences(database: sqlite3.Connection, most: int, words: int) -> tuple[DecidedSentence, ...]:
    """Return sentences in which something is decided, in the order of the project.

    Args:
        most: how many are looked at, at the most: those before the last edit in force, the nearest first, and if these
            are fewer, those behind it.
        words: how many they may have together; a sentence that goes beyond is left out.
    """
    document, offset = database.execute(LAST_EDIT).fetchone() or _END
    place = {"d": document, "o": offset}
    before = database.execute(BEFORE, {**place, "most": most}).fetchall()
    behind = database.execute(BEHIND, {**place, "most": most - len(before)}).fetchall()
    found: list[DecidedSentence] = []
    for row in (*before, *behind):
        one = _decided(database, *row)
        if one is not None and len(one.sentence.tokens) <= words:
            words -= len(one.sentence.tokens)
            found.append(one)
    return tuple(sorted(found, key=lambda each: (each.document, each.sentence.start)))


def _decided(database: sqlite3.Connection, document: int, start: int, confirmed: int) -> DecidedSentence | None:
    row = database.execute(_SENTENCE, (document, start)).fetchone()
    if row is None:
        return None
    place = (document, start, start + len(row[0]))
    made, rejected = (tuple(database.execute(query, place)) for query in (_SPANS, _REJECTED))
    return _made(document, start, *row, bool(confirmed), made, rejected)


@lru_cache(_KEPT)
def _made(
    document: int,
    start: int,
    text: str,
    tokens: bytes,
    line: int,
    confirmed: bool,
    made: tuple[tuple[int, int, str, str], ...],
    rejected: tuple[tuple[int, int, str], ...],
) -> DecidedSentence | None:
    """Return what the rows of a sentence say; the same object again for the same rows, so that it is soon compared."""
    spans = tuple(Span(first, end, label) for first, end, label, source in made if confirmed or source != "file")
    if not (confirmed or spans or rejected):
        return None
    return DecidedSentence(
        document,
        Sentence(start, text, unpack_tokens(tokens, start), line),
        confirmed,
        spans,
        tuple(Span(*each) for each in rejected),
        tuple(Span(first, end, label) for first, end, label, source in made if source == "sweep"),
    )

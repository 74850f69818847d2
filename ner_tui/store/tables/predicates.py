"""Conditions and expressions of SQL that several statements and triggers share, each spelled once."""

from __future__ import annotations

from ner_tui.domain.annotation import suggestions
from ner_tui.domain.annotation.suggestions import TO_ANSWER, SuggestionState

LONGEST = 200
"""Characters of a span's text that are compared with those of others."""
TRIGGERS_OFF = "EXISTS (SELECT 1 FROM triggers_off)"
"""Whether whoever changes the rows keeps the counts: so inside a transaction of ``BulkInsert`` alone."""
BEYOND = 1 << 62
"""An offset behind every document's end."""


def state_in(*states: SuggestionState, row: str = "") -> str:
    """Return the condition that a suggestion is in one of ``states``; ``row`` is a prefix such as ``NEW.``."""
    return f"{row}state IN ({', '.join(str(int(state)) for state in states)})"


OPEN = state_in(*TO_ANSWER)
"""A suggestion that waits for an answer and is at odds with nothing."""
DOUBTS = state_in(*suggestions.DOUBTS)
"""A suggestion that is a reason to look at its place."""
INDEXED = state_in(*suggestions.DOUBTS, SuggestionState.BELOW_THRESHOLD)
"""A suggestion that the queue can list; partial indexes have this condition word for word."""
SHOWN = state_in(*TO_ANSWER, SuggestionState.CONFLICT)
"""A suggestion that the screen draws."""
SHOWN_FAINT = state_in(*TO_ANSWER, SuggestionState.CONFLICT, SuggestionState.BELOW_THRESHOLD)
"""A suggestion that the screen draws where a person asks for those below the threshold, too."""
LISTED = state_in(*TO_ANSWER, SuggestionState.CONFLICT)
"""A suggestion that can be found: above the threshold, and not answered."""
WEIGHT = f"CASE state WHEN {int(SuggestionState.DOUBTFUL)} THEN (1.0 - margin) / 2 ELSE score END"
"""How likely it is that something is wrong where one of ``INDEXED`` is."""


def is_open(row: str) -> str:
    """Return ``OPEN`` for a row of a trigger, ``OLD`` or ``NEW``."""
    return state_in(*TO_ANSWER, row=f"{row}.")


def is_doubt(row: str) -> str:
    """Return ``DOUBTS`` for a row of a trigger, ``OLD`` or ``NEW``."""
    return state_in(*suggestions.DOUBTS, row=f"{row}.")


def confirmed(row: str) -> str:
    """Return the condition that the sentence of a row with ``document`` and ``start`` is confirmed."""
    return (
        f"EXISTS (SELECT 1 FROM sentence_state k WHERE k.document = {row}.document AND k.status = 'confirmed' "
        f"AND k.start = (SELECT max(s.start) FROM sentence s WHERE s.document = {row}.document "
        f"AND s.start <= {row}.start))"
    )


def sentence_end(row: str) -> str:
    """Return the expression for where the sentence ends that starts at a row's ``document`` and ``start``."""
    return (
        f"coalesce((SELECT min(s.start) FROM sentence s WHERE s.document = {row}.document AND s.start > {row}.start), "
        f"{BEYOND})"
    )


_WITHIN = (
    "document = possible_error.document AND {row}.start < possible_error.end AND {row}.end > possible_error.start "
    "AND {row}.start >= (SELECT max(s.start) FROM sentence s WHERE s.document = possible_error.document "
    "AND s.start <= possible_error.start)"
)
UNANSWERED = (
    f"NOT {confirmed('possible_error')} "
    f"AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.{_WITHIN.format(row='d')} AND d.source <> 'file') "
    f"AND NOT EXISTS (SELECT 1 FROM rejection r WHERE r.{_WITHIN.format(row='r')})"
)
"""A possible error of annotations on which no person has said a word."""


def span_text(row: str) -> str:
    """Return the expression for the text of a row with ``document``, ``start`` and ``end``.

    White space is single spaces, and no more than ``LONGEST`` characters are taken; see ``bulk_insert.span_text``.
    """
    words = f"substr(s.text, {row}.start - s.start + 1, min({row}.end - {row}.start, {LONGEST}))"
    for space in ("char(13)", "char(10)", "char(9)"):
        words = f"replace({words}, {space}, ' ')"
    # Runs of spaces become one: mark each, take out the pairs that face each other, and put a space for the rest.
    left, right = "char(2)", "char(3)"
    words = f"replace({words}, ' ', {left} || {right})"
    words = f"replace(replace({words}, {right} || {left}, ''), {left} || {right}, ' ')"
    return (
        f"(SELECT {words} FROM sentence s WHERE s.document = {row}.document AND s.start <= {row}.start "
        "ORDER BY s.start DESC LIMIT 1)"
    )

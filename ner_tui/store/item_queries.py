"""The queries for items of a range of a document."""

from __future__ import annotations

from functools import cache


@cache
def touching(table: str, fields: str) -> str:
    """Return the query for the spans that touch ``[:s, :e)``, ascending."""
    # Spans of one table hardly overlap, so the last one that begins before the range is the only one
    # that can reach into it: this keeps the query from walking the document from its start.
    return (
        f"SELECT {fields} FROM {table} WHERE document = :d AND start < :e AND end > :s AND start >= coalesce("
        f"(SELECT max(start) FROM {table} WHERE document = :d AND start <= :s), 0) ORDER BY start"
    )


@cache
def known_items(with_suggestions: bool) -> str:
    """Return the query for all that is known of ``[:s, :e)``, and for the states of the sentences of ``[:f, :l)``.

    Of the rejections, those that begin in the sentences, too.
    """
    nothing = ", ".join(["NULL"] * 5)
    inside = "document = :d AND start >= :s AND start < :e ORDER BY start"
    parts = (
        touching("decision", f"0, start, end, label, source, {nothing}"),
        touching("suggestion", "1, start, end, label, state, score, margin, alternatives, run, also"),
        # Rejections may overlap each other, so one that begins early may reach the farthest.
        f"SELECT 2, start, end, label, NULL, {nothing} FROM rejection WHERE document = :d AND start >= :f "
        "AND start < :e AND end > :s ORDER BY start",
        f"SELECT 3, start, flagged, status, NULL, {nothing} FROM sentence_state WHERE document = :d AND start >= :f "
        "AND start < :l ORDER BY start",
        f"SELECT 4, start, end, text, NULL, {nothing} FROM note WHERE {inside}, end",
    )
    wanted = [part for kind, part in enumerate(parts) if kind != 1 or with_suggestions]
    return " UNION ALL ".join(f"SELECT * FROM ({part})" for part in wanted)

"""Triggers: what keeps the counts and the look-up tables of a project in step with every write.

``tally`` counts by document and, as document 0, for the whole project, so that no screen ever counts a corpus.
``mention`` has the text of each decision and open suggestion in the order of place, ``mention_by_text`` in the order
of the text; ``label_usage`` counts the latter by label and knows how often the strongest other label of the same text
occurs, so that a text labelled in two ways is found without a search. A change of one span costs a look at the labels
of its text, never at the other places where it occurs. Each count takes one statement, however many rows it
changes: an edit waits for every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ner_tui.store.tables.predicates import TRIGGERS_OFF, is_doubt, is_open, span_text

MENTION = "text, label, document, start, end, source"
"""Columns of both tables of mentions, in the order of ``mention_by_text``."""
_COUNTED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "sentence": (("sentence", "''", "1"),),
    "decision": (("decision", "{row}.label", "1"),),
    "rejection": (("rejected", "{row}.label", "1"),),
    "sentence_state": (
        ("confirmed", "''", "{row}.status = 'confirmed'"),
        ("in progress", "''", "{row}.status = 'in progress'"),
        ("flagged", "''", "{row}.flagged"),
    ),
    "suggestion": (("open", "{row}.label", is_open("{row}")), ("doubt", "''", is_doubt("{row}"))),
}
"""Table: kind of tally, label, condition."""
_SOURCE = {"decision": "{row}.source", "suggestion": "'model'"}
"""Table whose rows are mentions: who said so."""
_MENTIONED = {"decision": "1", "suggestion": is_open("{row}")}
_UNCHANGED = {
    "decision": "OLD.label = NEW.label AND OLD.end = NEW.end AND OLD.source = NEW.source",
    "suggestion": "OLD.label = NEW.label AND OLD.end = NEW.end AND OLD.state = NEW.state",
}
_STAYS = {
    "decision": "0",
    "suggestion": f"OLD.label = NEW.label AND OLD.end = NEW.end AND {is_open('OLD')} AND {is_open('NEW')}",
}
"""Changes after which the mention is what it was: of a suggestion that waits as before, in another state."""
_NOTHING = {"suggestion": "{row}.state = 0"}
"""Rows that are neither counted nor mentioned."""


def triggers() -> str:
    """Return the statements that make all triggers."""
    return "\n".join(
        made for table in _COUNTED for event in ("INSERT", "DELETE", "UPDATE") for made in _on(table, event)
    )


def count_label(text: str, label: str = "", step: int = 0, when: str = "1") -> str:
    """Return the statement that adds ``step`` to the count of a label of a text and weighs its labels anew.

    A label that is more often another one is probably wrong where it stands; a few places prove little.

    Args:
        when: the condition for doing anything.
    """
    counts = f"SELECT label, number FROM label_usage WHERE text = {text}"
    if step:
        counts = (
            f"SELECT label, number + CASE label WHEN {label} THEN {step} ELSE 0 END AS number FROM label_usage "
            f"WHERE text = {text} UNION ALL SELECT {label}, {step} WHERE NOT EXISTS "
            f"(SELECT 1 FROM label_usage WHERE text = {text} AND label = {label})"
        )
    return (
        "INSERT INTO label_usage (text, label, number, others, weight) "
        f"SELECT {text}, label, number, others, CASE WHEN number > 0 AND others >= number "
        "THEN others / (others + number + 1.0) ELSE 0 END FROM (SELECT one.label, one.number, "
        f"coalesce((SELECT max(other.number) FROM ({counts}) other WHERE other.label <> one.label), 0) AS others "
        f"FROM ({counts}) one) WHERE {when} ON CONFLICT DO UPDATE SET number = excluded.number, "
        "others = excluded.others, weight = excluded.weight"
    )


def _on(table: str, event: str) -> Iterator[str]:
    """Yield the triggers of a table for an event."""
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[event]
    count, when = _count(table, rows), [f"NOT {TRIGGERS_OFF}"]
    if table in _NOTHING and event != "UPDATE":
        when.append(f"NOT ({_NOTHING[table].format(row=rows[0])})")
    if table in _SOURCE and event == "UPDATE":
        # Most changes of a state concern one side only.
        when.append(f"NOT ({_UNCHANGED[table]})")
        moved = f"NOT ({_STAYS[table]})"
        for row, name in (("OLD", "unmentioned"), ("NEW", "mentioned")):
            shown = _MENTIONED[table].format(row=row)
            yield _create(f"{table}_{name}", table, event, [*when, f"({shown})", moved], _mention(table, row))
    elif table in _SOURCE:
        count += _mention(table, rows[0])
    yield _create(f"{table}_{event.lower()}", table, event, when, count)


def _create(name: str, table: str, event: str, when: list[str], body: str) -> str:
    return f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {' AND '.join(when)} BEGIN {body}END;"


def _count(table: str, rows: tuple[str, ...]) -> str:
    """Return the statement that counts the rows in for their document and for the project, or out."""
    steps = " UNION ALL ".join(
        f"SELECT {document} AS document, '{kind}' AS kind, {label.format(row=row)} AS label, "
        f"{1 if row == 'NEW' else -1} AS step WHERE {condition.format(row=row)}"
        for row in rows
        for kind, label, condition in _COUNTED[table]
        for document in (f"{row}.document", "0")
    )
    return (
        f"INSERT INTO tally (document, kind, label, number) SELECT document, kind, label, step FROM ({steps}) WHERE 1 "
        "ON CONFLICT DO UPDATE SET number = number + excluded.number; "
    )


def _mention(table: str, row: str) -> str:
    """Return the statements that take the mention of a row out of both tables and its count, or put it there."""
    source, shown = _SOURCE[table].format(row=row), _MENTIONED[table].format(row=row)
    place = (
        f"document = {row}.document AND start = {row}.start AND end = {row}.end AND label = {row}.label "
        f"AND source = {source}"
    )
    text = f"(SELECT text FROM mention WHERE {place})"
    if row == "OLD":
        # What a file says may not be counted yet.
        counted = f"mention_by_text WHERE text = {text} AND {place}"
        once = f"EXISTS (SELECT 1 FROM {counted})"
        return f"{count_label(text, 'OLD.label', -1, once)}; DELETE FROM {counted}; DELETE FROM mention WHERE {place}; "
    return (
        "INSERT INTO mention (document, start, end, label, source, text) SELECT NEW.document, NEW.start, NEW.end, "
        f"NEW.label, {source}, coalesce({span_text('NEW')}, '') WHERE {shown}; "
        f"INSERT INTO mention_by_text ({MENTION}) SELECT {MENTION} FROM mention WHERE {place} AND {shown}; "
        f"{count_label(text, 'NEW.label', 1, shown)}; "
    )

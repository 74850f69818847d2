"""Triggers: what keeps the counts and the look-up tables of a project in step with every write.

``tally`` counts by document and, as document 0, for the whole project, so that no screen ever counts a corpus.
``mention`` has the text of each decision and open suggestion in the order of place, ``mention_by_text`` in the order
of the text; ``label_usage`` counts the latter by label and knows how often the strongest other label of the same text
occurs, so that a text labelled in two ways is found without a search. A change of one span costs a look at the labels
of its text, never at the other places where it occurs. Each table and event has one trigger, and each count one
statement, however many rows it changes.
"""

from __future__ import annotations

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
_NOTHING = {"suggestion": "{row}.state = 0"}
"""Rows that are neither counted nor mentioned."""


def triggers() -> str:
    """Return the statements that make all triggers."""
    made = [_trigger(table, event) for table in _COUNTED for event in ("INSERT", "DELETE", "UPDATE")]
    row = [(name, f"{{row}}.{name}") for name in MENTION.split(", ")]
    new = ", ".join(value.format(row="NEW") for _, value in row)
    old = " AND ".join(f"{name} = {value.format(row='OLD')}" for name, value in row)
    made += [
        _create("mention", "INSERT", "", f"INSERT INTO mention_by_text ({MENTION}) VALUES ({new}); "),
        _create("mention", "DELETE", "", f"DELETE FROM mention_by_text WHERE {old}; "),
        _create("mention_by_text", "INSERT", "", f"{count_label('NEW.text', 'NEW.label', 1)}; "),
        _create("mention_by_text", "DELETE", "", f"{count_label('OLD.text', 'OLD.label', -1)}; "),
    ]
    return "\n".join(made)


def count_label(text: str, label: str = "", step: int = 0) -> str:
    """Return the statement that adds ``step`` to the count of a label of a text and weighs its labels anew.

    A label that is more often another one is probably wrong where it stands; a few places prove little.
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
        f"FROM ({counts}) one) WHERE 1 ON CONFLICT DO UPDATE SET number = excluded.number, others = excluded.others, "
        "weight = excluded.weight"
    )


def _create(table: str, event: str, when: str, body: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} WHEN NOT {TRIGGERS_OFF}{when} "
        f"BEGIN {body}END;"
    )


def _trigger(table: str, event: str) -> str:
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[event]
    body = _count(table, rows)
    when = ""
    if table in _SOURCE:
        body += "".join(_mention(table, row) for row in rows)
        when = f" AND NOT ({_UNCHANGED[table]})" if event == "UPDATE" else ""
    if table in _NOTHING and event != "UPDATE":
        when = f" AND NOT ({_NOTHING[table].format(row=rows[0])})"
    return _create(table, event, when, body)


def _count(table: str, rows: tuple[str, ...]) -> str:
    """Return the statement that counts the rows in for their document and for the project, or out."""
    steps = " UNION ALL ".join(
        f"SELECT {document} AS document, '{kind}' AS kind, {label.format(row=row)} AS label, {step} AS step "
        f"WHERE {condition.format(row=row)}"
        for row in rows
        for step in (1 if row == "NEW" else -1,)
        for kind, label, condition in _COUNTED[table]
        for document in (f"{row}.document", "0")
    )
    return (
        f"INSERT INTO tally (document, kind, label, number) SELECT document, kind, label, step FROM ({steps}) WHERE 1 "
        "ON CONFLICT DO UPDATE SET number = number + excluded.number; "
    )


def _mention(table: str, row: str) -> str:
    source, shown = _SOURCE[table].format(row=row), _MENTIONED[table].format(row=row)
    if row == "OLD":
        return (
            "DELETE FROM mention WHERE document = OLD.document AND start = OLD.start AND end = OLD.end "
            f"AND label = OLD.label AND source = {source}; "
        )
    return (
        "INSERT OR IGNORE INTO mention (document, start, end, label, source, text) SELECT NEW.document, NEW.start, "
        f"NEW.end, NEW.label, {source}, coalesce({span_text('NEW')}, '') WHERE {shown}; "
    )

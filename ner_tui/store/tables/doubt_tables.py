"""The tables of the doubt queue, and the triggers that keep them in step with every write.

``mention`` has the words of each decision and open suggestion in the order of place, ``mention_by_surface`` in the
order of the words; ``usage`` counts the latter by label and knows the strongest rival of each label, so that a string
labelled in two ways is found without a search. A change of one span costs a look at the labels of its words, never at
the other places where they stand. What a file says is counted when the file is read whole (``surfaces``).
"""

from __future__ import annotations

WEIGHT = "CASE state WHEN 2 THEN (1.0 - margin) / 2 ELSE score END"
"""How likely it is that something is wrong where a doubtful suggestion (2), a dissent (3) or a faint one (5) stands."""
DOUBTFUL = "state IN (2, 3, 5)"
LONGEST = 200
"""Characters of a span that are compared."""

_RIVALS = "FROM usage r WHERE r.surface = {surface} AND r.label <> usage.label"
RIVAL = (
    f"UPDATE usage SET others = coalesce((SELECT max(r.number) {_RIVALS}), 0), "
    f"rival = (SELECT r.label {_RIVALS} ORDER BY r.number DESC, r.label LIMIT 1) WHERE surface = {{surface}}"
)
"""Notes the strongest rival of each label that some words have."""
WEIGH = (
    # What is labelled otherwise more often than this is probably wrong; a few places prove little.
    "UPDATE usage SET weight = CASE WHEN others >= number THEN others / (others + number + 1.0) ELSE 0 END "
    "WHERE surface = {surface}"
)
"""Weighs the labels of some words by their rivals."""
QUIET = "EXISTS (SELECT 1 FROM quiet)"
"""Whether counts are kept by whoever changes the rows."""

FORMER = (("index", "mention_surface"),)
"""What older versions made and an upgrade takes away, by kind and name."""

PROBLEM = """
CREATE TABLE problem (
    document INTEGER NOT NULL, start INTEGER NOT NULL, reason TEXT NOT NULL, end INTEGER NOT NULL,
    PRIMARY KEY (document, start, reason)) WITHOUT ROWID;
"""
"""The key's columns come first: SQLite's own check takes others for empty."""

BY_SURFACE = """
CREATE TABLE mention_by_surface (
    surface TEXT NOT NULL, label TEXT NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (surface, label, document, start, end, source)) WITHOUT ROWID;
"""

TABLES = f"""
CREATE TABLE mention (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    source TEXT NOT NULL, surface TEXT NOT NULL,
    PRIMARY KEY (document, start, end, label, source)) WITHOUT ROWID;
{BY_SURFACE}CREATE TABLE usage (
    surface TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL, rival TEXT, others INTEGER NOT NULL DEFAULT 0,
    weight REAL NOT NULL DEFAULT 0, PRIMARY KEY (surface, label)) WITHOUT ROWID;
CREATE INDEX usage_weight ON usage (weight DESC) WHERE weight > 0;
{PROBLEM}
CREATE TABLE audit (
    document INTEGER NOT NULL, start INTEGER NOT NULL, rank INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
    drawn INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE INDEX audit_rank ON audit (rank);
CREATE INDEX audit_drawn ON audit (document, start) WHERE drawn;
CREATE TABLE sample (
    name TEXT NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL,
    PRIMARY KEY (name, document, start)) WITHOUT ROWID;
CREATE INDEX suggestion_weight ON suggestion ({WEIGHT} DESC, document, start) WHERE {DOUBTFUL};
CREATE INDEX mark_begun ON mark (document, start) WHERE status = 'in progress';
CREATE INDEX journal_place ON journal (document, cursor) WHERE state = 1;
"""


def surface(row: str) -> str:
    """Return the SQL for the words of a row with ``document``, ``start`` and ``end``, white space as single spaces."""
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


def triggers() -> str:
    """Return the triggers."""
    statements = [*_sorted(), _recount("INSERT", "NEW", 1), _recount("DELETE", "OLD", -1)]
    moved = "OLD.label <> NEW.label OR OLD.end <> NEW.end"
    kinds = {
        "decision": ("{row}.source", "1", f"{moved} OR OLD.source <> NEW.source"),
        "suggestion": ("'model'", "{row}.state IN (1, 2)", f"{moved} OR OLD.state <> NEW.state"),
    }
    for table, (source, shown, changed) in kinds.items():
        for event in ("INSERT", "DELETE", "UPDATE"):
            # A row that replaces another fires no trigger for the old one: the place is cleared first in any case.
            gone = "NEW" if event == "INSERT" else "OLD"
            body = (
                f"DELETE FROM mention WHERE document = {gone}.document AND start = {gone}.start AND end = {gone}.end "
                f"AND label = {gone}.label AND source = {source.format(row=gone)}; "
            )
            if event != "DELETE":
                body += (
                    "INSERT INTO mention (document, start, end, label, source, surface) SELECT NEW.document, "
                    f"NEW.start, NEW.end, NEW.label, {source.format(row='NEW')}, coalesce({surface('NEW')}, '') "
                    f"WHERE {shown.format(row='NEW')}; "
                )
            when = f"WHEN ({changed}) AND NOT {QUIET} " if event == "UPDATE" else f"WHEN NOT {QUIET} "
            statements.append(
                f"CREATE TRIGGER mention_of_{table}_{event.lower()} AFTER {event} ON {table} {when}BEGIN {body}END;"
            )
    return "\n".join(statements)


def fill() -> str:
    """Return the statements that make the mentions of what a project holds already; the triggers count them."""
    return "".join(
        f"INSERT INTO mention (document, start, end, label, source, surface) SELECT document, start, end, label, "
        f"{source}, coalesce({surface(table)}, '') FROM {table} WHERE {shown}; "
        for table, source, shown in (("decision", "source", "1"), ("suggestion", "'model'", "state IN (1, 2)"))
    )


def sort_mentions() -> str:
    """Return the statement that puts all mentions into the order of their words; it counts nothing."""
    return (
        "INSERT INTO mention_by_surface SELECT surface, label, document, start, end, source FROM mention "
        "ORDER BY 1, 2, 3, 4, 5, 6; "
    )


def _sorted() -> list[str]:
    """Return the triggers that keep mentions in the order of their words too."""
    row = "surface, label, document, start, end, source"
    new = ", ".join(f"NEW.{name}" for name in row.split(", "))
    old = " AND ".join(f"{name} = OLD.{name}" for name in row.split(", "))
    return [
        f"CREATE TRIGGER mention_insert AFTER INSERT ON mention WHEN NOT {QUIET} BEGIN "
        f"INSERT INTO mention_by_surface ({row}) VALUES ({new}); END;",
        f"CREATE TRIGGER mention_delete AFTER DELETE ON mention WHEN NOT {QUIET} BEGIN "
        f"DELETE FROM mention_by_surface WHERE {old}; END;",
    ]


def _recount(event: str, row: str, step: int) -> str:
    """Return the trigger that counts a mention and weighs the labels of its words against each other again."""
    return (
        f"CREATE TRIGGER mention_counted_{event.lower()} AFTER {event} ON mention_by_surface WHEN NOT {QUIET} BEGIN "
        f"INSERT INTO usage (surface, label, number) VALUES ({row}.surface, {row}.label, {step}) "
        f"ON CONFLICT DO UPDATE SET number = number + {step}; "
        f"DELETE FROM usage WHERE surface = {row}.surface AND label = {row}.label AND number = 0; "
        + "".join(f"{each.format(surface=f'{row}.surface')}; " for each in (RIVAL, WEIGH))
        + "END;"
    )

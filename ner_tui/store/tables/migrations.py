"""Migrations: bringing a project of an older version up to date, after a copy of it was put beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from ner_tui.errors import ProjectError
from ner_tui.store.file.copying import copy_to
from ner_tui.store.tables import schema
from ner_tui.store.tables.triggers import triggers


def _to_2(database: sqlite3.Connection) -> None:
    """Make the tables of metadata, and of the sources with suggestions of their own."""
    database.execute("CREATE TABLE suggesting_source (source INTEGER PRIMARY KEY)")
    database.execute(
        "CREATE TABLE metadata ( document INTEGER NOT NULL, start INTEGER NOT NULL, content TEXT NOT NULL, "
        "PRIMARY KEY (document, start)) WITHOUT ROWID"
    )


def _to_3(database: sqlite3.Connection) -> None:
    """Make the tables of what sources became by being saved over."""
    database.execute("CREATE TABLE saved_source (source INTEGER PRIMARY KEY, hash TEXT NOT NULL)")
    database.execute(
        "CREATE TABLE saved_piece (source INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, "
        "PRIMARY KEY (source, number))"
    )


_WORDS = (
    "(SELECT length(w) - length(replace(w, ' ', '')) + 1 FROM (SELECT trim(substr(s.text, g.start - s.start + 1, "
    "g.end - g.start)) AS w FROM sentence s WHERE s.document = g.document AND s.start <= g.start "
    "ORDER BY s.start DESC LIMIT 1))"
)


def _to_4(database: sqlite3.Connection) -> None:
    """Know which sources have labels; doubt by the score per word, and where such a source denies what is suggested.

    What is below the threshold is no doubt any more.
    """
    database.execute("CREATE TABLE labelled_source (source INTEGER PRIMARY KEY)")
    database.execute(
        "INSERT INTO labelled_source SELECT DISTINCT d.source FROM document d JOIN decision x ON x.document = d.id "
        "WHERE x.source = 'file'"
    )
    states = (2, 3, 6, 5)
    for name in ("suggestion_doubt", "suggestion_weight"):
        database.execute(f"DROP INDEX {name}")
    limits = " ".join(f"WHEN {words} THEN {0.87**words!r}" for words in range(1, 12))
    database.execute(
        "UPDATE suggestion AS g SET state = CASE WHEN EXISTS (SELECT 1 FROM document d JOIN labelled_source l "
        "ON l.source = d.source WHERE d.id = g.document AND NOT EXISTS "
        "(SELECT 1 FROM suggesting_source o WHERE o.source = d.source)) THEN 6 "
        f"WHEN score < CASE {_WORDS} {limits} ELSE 0.0 END THEN 2 ELSE 1 END WHERE state IN (1, 2)"
    )
    condition = f"state IN ({', '.join(map(str, states))})"
    database.execute(f"CREATE INDEX suggestion_doubt ON suggestion (document, start) WHERE {condition}")
    weight = "CASE state WHEN 2 THEN (1.0 - margin) / 2 ELSE score END"
    database.execute(
        f"CREATE INDEX suggestion_weight ON suggestion (state, {weight} DESC, document, start) WHERE {condition}"
    )
    database.execute("DELETE FROM tally WHERE kind = 'doubt'")
    for document in ("document", "0"):
        database.execute(
            f"INSERT INTO tally (document, kind, label, number) SELECT {document}, 'doubt', '', count(*) "
            "FROM suggestion WHERE state IN (2, 3, 6) GROUP BY 1"
        )


def _to_5(database: sqlite3.Connection) -> None:
    """Make the table of what an audit of the labels finds."""
    database.execute(
        "CREATE TABLE possible_error ( document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, "
        "given TEXT NOT NULL, proposed TEXT NOT NULL, probability REAL NOT NULL, reasons TEXT NOT NULL, "
        "evidence TEXT NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID"
    )
    database.execute("CREATE INDEX possible_error_order ON possible_error (probability DESC, document, start)")


MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5}
"""By version, what makes its tables of those of the version before, with SQL that is written out there: it never
changes again, whatever becomes of the tables later. Triggers are no part of it: all are made anew at the end."""
MOST_COPIES = 100


def migrate(database: sqlite3.Connection, version: int) -> None:
    """Bring a project's tables from ``version`` to today's, all of it or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        made = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in made:
            database.execute('DROP TRIGGER "{}"'.format(name.replace('"', '""')))
        for step in range(version + 1, schema.VERSION + 1):
            MIGRATIONS[step](database)
        for statement in triggers().split("\n"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {schema.VERSION}")
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def back_up(database: sqlite3.Connection, path: Path, version: int) -> Path:
    """Put a copy of a project of an older version beside it, on disk in full, and return where.

    Raises:
        ProjectError: the copy cannot be written.
    """
    numbers = ("", *(f"-{number}" for number in range(2, MOST_COPIES)))
    names = (path.with_name(f"{path.stem}.v{version}{each}{path.suffix}") for each in numbers)
    copy = next((name for name in names if not os.path.lexists(name)), None)
    if copy is None:
        raise ProjectError(f"{path}: there are too many copies of version {version} beside it: move some away")
    try:
        copy_to(database, copy, path)
    except (OSError, sqlite3.Error) as error:
        raise ProjectError(
            f"{path}: a copy has to be made before it is brought up to date, and {copy.name} cannot be written "
            f"({error}): nothing was changed"
        ) from error
    return copy

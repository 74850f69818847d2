"""A later version of the project file, as a later ner-tui would have it, to be opened with from here."""

from __future__ import annotations

import sqlite3

import pytest

from ner_tui.store.tables import migrations, schema

LATER = schema.VERSION + 1


def later(patch: pytest.MonkeyPatch) -> None:
    """Have this ner-tui be one whose projects have a further table and a further column."""
    column = "drawn INTEGER NOT NULL DEFAULT 0"
    tables = schema._TABLES.replace(column, f"{column}, seen INTEGER NOT NULL DEFAULT 0", 1)
    patch.setattr(schema, "_TABLES", f"{tables} CREATE TABLE remark (words TEXT NOT NULL);")
    patch.setattr(schema, "VERSION", LATER)
    patch.setitem(migrations.MIGRATIONS, LATER, _to_later)
    schema.own_schema.cache_clear()


def _to_later(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE remark (words TEXT NOT NULL)")
    database.execute("ALTER TABLE audit RENAME TO former")
    database.execute("DROP INDEX audit_rank")
    database.execute("DROP INDEX audit_drawn")
    database.execute(
        "CREATE TABLE audit ( document INTEGER NOT NULL, start INTEGER NOT NULL, rank INTEGER NOT NULL, "
        "state INTEGER NOT NULL DEFAULT 0, drawn INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0, "
        "PRIMARY KEY (document, start)) WITHOUT ROWID"
    )
    database.execute("INSERT INTO audit SELECT *, 0 FROM former")
    database.execute("DROP TABLE former")
    database.execute("CREATE INDEX audit_rank ON audit (rank)")
    database.execute("CREATE INDEX audit_drawn ON audit (document, start) WHERE drawn")

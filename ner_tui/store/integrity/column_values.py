"""Values: whether each column of a project file holds what it is for.

SQLite takes a number where a text belongs, and bytes anywhere; what reads the rows takes their types for granted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

_HELD = {"INTEGER": ("integer",), "REAL": ("real", "integer"), "TEXT": ("text",), "BLOB": ("blob",)}
"""Declared type of a column: what may be in it."""
_NAMES = {"INTEGER": "whole number", "REAL": "number", "TEXT": "text", "BLOB": "row of bytes"}


def wrong_values(database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield (table and column, what is wrong) for the columns that hold something of another type."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1"
    for (table,) in database.execute(query).fetchall():
        columns = [
            (name, declared, required)
            for _, name, declared, required, _, _ in database.execute(f'PRAGMA table_info("{table}")').fetchall()
            if declared in _HELD
        ]
        if not columns:
            continue
        counts = database.execute(
            f'SELECT {", ".join(_count(*column) for column in columns)} FROM "{table}"'
        ).fetchone()
        for (name, declared, _), number in zip(columns, counts, strict=True):
            if number:
                yield (
                    f"{table}.{name}",
                    f"{number:,} {'value is' if number == 1 else 'values are'} no {_NAMES[declared]}",
                )


def _count(name: str, declared: str, required: bool) -> str:
    held = [*_HELD[declared], *([] if required else ["null"])]
    return f"""coalesce(sum(typeof("{name}") NOT IN ({", ".join(f"'{kind}'" for kind in held)})), 0)"""

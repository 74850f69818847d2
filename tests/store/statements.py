"""Statements: what a connection to a project carries out, the bodies of triggers included."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def traced(database: sqlite3.Connection) -> Iterator[list[str]]:
    """Collect the statements carried out inside, with their values; those of triggers begin with ``-- ``."""
    found: list[str] = []
    database.set_trace_callback(found.append)
    try:
        yield found
    finally:
        database.set_trace_callback(None)

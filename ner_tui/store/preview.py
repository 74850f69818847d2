"""A preview of a project: the text where a person left it, read without anything else of this package."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ner_tui.errors import ProjectError
from ner_tui.formats.files.project_files import own_name
from ner_tui.store.file.log_stamp import reading, require_log
from ner_tui.store.file.sqlite_hardening import defend, refuse_odd_files

LONGEST = 1 << 24
"""Bytes of a text that are taken in at the most."""
STEPS = 10_000_000
"""Instructions of SQLite's that a preview may take; a hundred thousand documents take some two million."""


def preview(path: Path, among: list[str], most: int) -> tuple[str, int, str] | None:
    """Return the beginning of the document that a person was in last, the cursor in it, and the theme or nothing.

    Nothing is promised: None where there is anything unusual about the file, which opening it will tell.

    Args:
        among: paths of sources, as the project has them, that the document has to be of; empty for any.
        most: characters that are read; None if the cursor is beyond them.
    """
    try:
        path = own_name(path)
        refuse_odd_files(path)
        require_log(path)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{reading(path)}", uri=True)) as database:
            defend(database)
            database.execute("PRAGMA query_only = ON")
            # What its tables really are is only looked at when it is opened: until then nothing may be large, or last.
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            database.set_progress_handler(lambda: True, STEPS)
            found = database.execute(
                "SELECT d.id, d.cursor, s.path FROM document d JOIN source s ON s.id = d.source ORDER BY "
                "d.id = (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'document') DESC, d.id LIMIT 1"
            ).fetchone()
            if found is None or (among and found[2] not in among):
                return None
            document, cursor, _ = found
            rows = database.execute(
                "SELECT text FROM sentence WHERE document = ? AND start < ? ORDER BY start", (document, most)
            )
            theme = database.execute("SELECT value FROM setting WHERE name = 'theme'").fetchone()
            text = "".join(text for (text,) in rows)
    except (ProjectError, sqlite3.Error, OSError, ValueError, TypeError, UnicodeError):
        return None
    return (text, cursor, theme[0] if theme else "") if 0 <= cursor < len(text) else None

"""The connection to a project file: it knows its file, and its errors are sentences for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ner_tui.errors import ProjectError


class ProjectFile(sqlite3.Connection):
    """A connection that knows which file it was opened on, and says in words for people what is wrong with it."""

    path: Path | None = None
    copy: Path | None = None
    """The copy that was made before the file was brought up to date, if it was."""
    identity: tuple[int, int] | None = None
    """Device and number of the file; a file that was removed or replaced can be written to, but nobody finds it."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Carry out a statement.

        Raises:
            ProjectError: the file cannot be read or written.
        """
        try:
            return super().execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise self._told(error, sql) from error

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Carry out a statement for each set of parameters.

        Raises:
            ProjectError: the file cannot be written.
        """
        try:
            return super().executemany(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise self._told(error, sql) from error

    def _told(self, error: sqlite3.DatabaseError, sql: str) -> Exception:
        # Other errors are faults of ours, and not those of the file.
        if self.path is None or type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
            return error
        if "not a database" in str(error) or "malformed" in str(error):
            return ProjectError(f"{self.path.name} is damaged ({error}): quit and put back a copy of it")
        if self.in_transaction or sql.startswith("BEGIN"):
            return ProjectError(f"{self.path.name} cannot be written ({error}); the change was not made")
        return ProjectError(f"{self.path.name} cannot be read or written ({error})")

    def check_in_place(self) -> None:
        """Make sure that what is written can be found again.

        Raises:
            ProjectError: the file is no longer where it was.
        """
        if self.path is None or self.identity is None:
            return
        if identity_of(self.path) != self.identity:
            raise ProjectError(
                f"{self.path.name} was removed or replaced while it was open: put it back, then do it again "
                f"(it was {self.path})"
            )


def identity_of(path: Path) -> tuple[int, int] | None:
    """Return the device and number of a file, or None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

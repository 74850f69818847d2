"""The connection to a project file: it knows its file, and its errors are sentences for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ner_tui.errors import EditRefused, NerTuiError, ProjectError, ProjectWriteError
from ner_tui.formats.files.project_files import Identity, identity_of, note_connection

if TYPE_CHECKING:
    from ner_tui.store.file.kept_log import KeptLog

AT_ONCE, SOON = "FULL", "NORMAL"
"""When a transaction is on disk: an edit that is drawn as saved has to survive a power cut."""
_DAMAGE = ("not a database", "malformed", "decode to UTF-8")
"""Words of SQLite's where it is the content that cannot be read."""


class _Rows(sqlite3.Cursor):
    """Rows of a project file; most damage is met only when they are taken."""

    connection: ProjectFile

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self.connection.explained(error) from error

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self.connection.explained(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self.connection.explained(error) from error


class ProjectFile(sqlite3.Connection):
    """A connection that knows which file it was opened on, and says in words for people what is wrong with it."""

    path: Path | None = None
    copy: Path | None = None
    """The copy that was made before the file was brought up to date, if it was."""
    identity: Identity | None = None
    """Of the file; one that was removed or replaced can be written to, but nobody finds it."""
    log: KeptLog | None = None
    """What sees to the log beside the file, where that is open to be changed."""
    lacks_log: bool = False
    """Whether its last edits were in a log that is not there."""
    misplaced: str = ""
    """What became of the file by the time it was closed, if it was not in its place then."""
    keep_lock: Callable[[], None] | None = None
    """Makes sure that no other session may write, where one holds the project."""

    def is_on(self, path: Path) -> None:
        """Note which file the connection is to."""
        self.path, self.identity = path.absolute(), identity_of(path)
        note_connection(self, self.identity)

    def close(self) -> None:
        """Close the file."""
        log, self.log = self.log, None
        guard = None
        if log is not None:
            # What cannot be read any more is closed all the same.
            with suppress(ProjectError, sqlite3.DatabaseError):
                guard = log.end()
        super().close()
        if guard is not None:
            guard.close()
        note_connection(self, None)
        if log is not None:
            log.tidy()
            self.misplaced = log.misplaced()

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Carry out a statement.

        Raises:
            ProjectError: the file cannot be read or written.
        """
        try:
            return self.cursor(_Rows).execute(sql, parameters)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self.explained(error, sql) from error

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Carry out a statement for each set of parameters.

        Raises:
            ProjectError: the file cannot be written.
        """
        try:
            return self.cursor(_Rows).executemany(sql, parameters)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self.explained(error, sql) from error

    def explained(self, error: sqlite3.DatabaseError | UnicodeDecodeError, sql: str = "") -> Exception:
        """Return what to raise in place of an error: a sentence, or the error itself where the fault is ours."""
        if self.path is None and isinstance(error, UnicodeDecodeError):
            return sqlite3.DatabaseError(f"malformed text: {error}")
        if self.path is None or isinstance(error, (sqlite3.ProgrammingError, sqlite3.NotSupportedError)):
            return error
        name, reason = self.path.name, " ".join(str(error).split())
        if isinstance(error, UnicodeDecodeError) or any(words in reason for words in _DAMAGE):
            return ProjectError(f"{name} is damaged ({reason}): quit and put back a copy of it")
        if not isinstance(error, sqlite3.OperationalError) and type(error) is not sqlite3.DatabaseError:
            return ProjectError(f"{name} does not hold together ({reason}): `ner-tui check {name}` says where")
        if self.in_transaction or sql.startswith("BEGIN"):
            return ProjectWriteError(f"{name} cannot be written ({reason}); the change was not made")
        if "readonly" in reason:
            return ProjectError(f"{name} cannot be written: make it writable, or look at it with --read-only")
        return ProjectError(f"{name} cannot be read or written ({reason})")

    def check_in_place(self) -> None:
        """Make sure that what is written can be found again, and that nobody else writes.

        Raises:
            ProjectError: the file is no longer where it was, or another session has taken the lock.
        """
        if self.keep_lock is not None:
            self.keep_lock()
        if self.log is not None:
            self.log.check()


@contextmanager
def damage_as_error(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the content of a project file into a sentence.

    The file may be anybody's: where it holds numbers for texts, and nothing where something has to be, any code fails.

    Raises:
        ProjectError: the file holds what is not written into one.
    """
    try:
        yield
    except (NerTuiError, EditRefused, OSError, MemoryError):
        raise
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise ProjectError(
            f"{path} cannot be used ({what}): `ner-tui check {path}` says what is wrong with it; "
            "if that finds nothing, this is a fault of ner-tui's own"
        ) from error


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Make what happens inside one change: all of it is on disk afterwards, or none.

    Raises:
        ProjectError: the project file cannot be written, or is not where it was.
    """
    if isinstance(database, ProjectFile):
        database.check_in_place()
    try:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        if isinstance(database, ProjectFile) and database.log is not None:
            database.log.keep_short()
    except sqlite3.OperationalError as error:
        raise ProjectError(f"the project file cannot be written ({error}); the change was not made") from error

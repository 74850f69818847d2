"""The log of a project that is open to be changed: stamped, kept short, and brought into the file in the end."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from time import sleep

from ner_tui.errors import ProjectError
from ner_tui.formats.files.project_files import identity_of, is_open_here, own_name
from ner_tui.store.file.log_stamp import PARTIAL, WHOLE, log_size, put_stamp, stamp_alone, stamp_in

_LIMIT = 4 << 20
"""Bytes of a log beyond which it is brought into the file."""
_BESIDE = ("-wal", "-shm")
_LOOKS, _SHORT = 5, 0.004
"""How often a file is looked at that is being written, and seconds in between."""


class KeptLog:
    """Of one connection that may write."""

    def __init__(self, database: sqlite3.Connection, given: Path) -> None:
        """Begin, for the project that a person calls ``given``."""
        self._database = database
        self._given = given.absolute()
        self._path = own_name(given).absolute()
        self._log = f"{self._path}-wal"
        self._most = _LIMIT
        self._seen: tuple[int, ...] | None = None
        """When the file was written last, and its size, when it was last found to be the one of this log."""
        self._is_foreign = False
        """Whether something else was written into the file."""
        self._begin()
        self._identity = identity_of(self._path)
        self._beside = {end: identity_of(f"{self._path}{end}") for end in _BESIDE}

    def _begin(self) -> None:
        """Have the file say that it is partial before anything is acknowledged that is in the log alone."""
        # Only we bring the log into the file, and say before and after what that makes of the two.
        self._database.execute("PRAGMA wal_autocheckpoint = 0")
        # The size of a log that is written over from its beginning is that of what is in it.
        self._database.execute("PRAGMA journal_size_limit = 0")
        alone = stamp_alone(self._path)
        if alone is None or alone.state == PARTIAL:
            with suppress(ProjectError, sqlite3.OperationalError):
                if stamp_in(self._database).state == PARTIAL:
                    # A session was killed when the file had just become partial: all there is then is in it.
                    self._stamp(WHOLE)
            return
        # In an empty log there is nothing but the stamp then, which may be on the disk late, but not the log's later.
        with suppress(ProjectError, sqlite3.OperationalError):
            self._bring_in("NORMAL" if log_size(self._path) else "OFF")

    def misplaced(self) -> str:
        """Return what became of the file, if it is not where it was opened, as it was left; or nothing."""
        if self._is_foreign:
            return "it was written over while it was open; what was decided before is not in it"
        if identity_of(self._given) == self._identity:
            return ""
        return "it was moved, removed or replaced while it was open; where it was moved it holds all that was saved"

    def check(self) -> None:
        """Make sure that what is written can be found again.

        Raises:
            ProjectError: the file or what SQLite keeps beside it is gone, or something else was written into it.
        """
        # A key waits for this: it asks the system once for each file.
        name, written = self._given.name, None
        with suppress(OSError):
            written = os.stat(self._given)  # noqa: PTH116
        if written is None or (written.st_dev, written.st_ino) != self._identity:
            raise ProjectError(
                f"{name} was removed or replaced while it was open: put it back, then do it again "
                f"(it was {self._given})"
            )
        for end, identity in self._beside.items():
            beside = None
            with suppress(OSError):
                beside = os.stat(f"{self._path}{end}")  # noqa: PTH116
            if (beside and (beside.st_dev, beside.st_ino)) != identity:
                with suppress(ProjectError, sqlite3.OperationalError):
                    self._copy()
                raise ProjectError(
                    f"{name}{end} was removed or replaced while {name} was open: leave, which puts all that was "
                    "decided so far into the project, and open it again"
                )
        if self._seen != (written.st_ctime_ns, written.st_mtime_ns, written.st_size):
            self._look()
        if self._is_foreign:
            raise ProjectError(
                f"{name} was written over while it was open: leave, and open it again as it is now, or put it back "
                "as it was, then do it again"
            )

    def keep_short(self) -> None:
        """Bring the log into the file if it has become long; what cannot be done now is tried again later."""
        with suppress(OSError):
            if os.stat(self._log).st_size <= self._most:  # noqa: PTH116
                return
            self._look()
            if self._is_foreign:
                return
            with suppress(ProjectError, sqlite3.OperationalError):
                self._bring_in(goes_on=True)
            self._most = max(_LIMIT, 2 * (log_size(self._path) or 0))

    def end(self) -> sqlite3.Connection | None:
        """Bring all into the file, wherever that is, before the connection is closed.

        Returns:
            What is to be closed after it, where SQLite must not bring the log into what is there now.
        """
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")
        if is_open_here(self._identity, besides=self._database):
            return None
        if identity_of(self._path) == self._identity:
            self._look()
        if self._is_foreign:
            return self._guard()
        try:
            self._bring_in()
            if self.misplaced():
                # SQLite leaves the log of a file that was moved beside the place where it was.
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (ProjectError, sqlite3.DatabaseError):
            # A file that says it is partial must not lose its log.
            with suppress(ProjectError, sqlite3.DatabaseError):
                return self._guard() if stamp_in(self._database).state == PARTIAL else None
        return None

    def tidy(self) -> None:
        """Take away what SQLite leaves where a file was that was moved; to be called when all is closed."""
        if self.misplaced() and not self._is_foreign and log_size(self._path) == 0:
            for end, identity in self._beside.items():
                beside = Path(f"{self._path}{end}")
                if identity_of(beside) == identity:
                    with suppress(OSError):
                        beside.unlink()

    def _bring_in(self, synchronous: str = "NORMAL", *, goes_on: bool = False) -> None:
        """Bring the log into the file, which says that it is partial until it has all, and when the log goes on.

        Args:
            synchronous: how; what was on the disk stays there with NORMAL too.
            goes_on: another log follows at once. The file has another stamp when it has all than while it had some
                then: who copies it meanwhile, and that log a moment later, would take the two for one.
        """
        (before,) = self._database.execute("PRAGMA synchronous").fetchone()
        self._database.execute(f"PRAGMA synchronous = {synchronous}")
        try:
            self._stamp(PARTIAL)
            if self._copy() and goes_on:
                self._stamp(PARTIAL)
                self._copy()
        finally:
            self._database.execute(f"PRAGMA synchronous = {before}")
            self._stamp(WHOLE)

    def _stamp(self, state: str) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            put_stamp(self._database, stamp_in(self._database).next(state, stamp_alone(self._path)))
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def _copy(self) -> bool:
        """Copy what is in the log into the file, as far as nobody reads an older state; True if that is all."""
        busy, size, copied = self._database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        is_all = not busy and size == copied
        if not is_all:
            # Its pages are of several moments then, and alone it may not be readable: that it is ours is known now.
            self._seen = _written(self._path)
        return is_all

    def _look(self) -> None:
        """See whether what was written into the file since it was last looked at was our log."""
        written = _written(self._path)
        if written == self._seen:
            return
        for _ in range(_LOOKS):
            alone = stamp_alone(self._path)
            self._is_foreign = alone is None or not stamp_in(self._database).follows(alone)
            if not self._is_foreign:
                self._seen = written
                return
            sleep(_SHORT)

    def _guard(self) -> sqlite3.Connection:
        """Return a connection that SQLite sees as somebody who still needs the log, and that cannot write itself."""
        guard = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, isolation_level=None)
        with suppress(sqlite3.DatabaseError):
            guard.execute("BEGIN")
            guard.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return guard


def _written(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_ctime_ns, found.st_mtime_ns, found.st_size

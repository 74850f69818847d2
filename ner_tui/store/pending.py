"""Changes that the disk does not take, kept in a transaction that stays open until it does.

The screen reads through the same connection, so what is pending is drawn, counted and undone like anything else; it is
on no disk, though, and gone with the process. Where SQLite gives the transaction up, the changes are made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from ner_tui.errors import EditRefused, ProjectError
from ner_tui.store.file.connection import ProjectFile, transaction

T = TypeVar("T")

_REFUSALS = ("full", "readonly", "i/o error")
"""Words of SQLite's where the disk is at fault."""
_FEW = 20
"""Changes that are made again at once with each new one; more wait for ``retry``."""


class Pending:
    """Makes changes to a project, each as one transaction, and keeps those that the disk refuses."""

    def __init__(self, database: sqlite3.Connection, *, read_only: bool = False) -> None:
        self._database = database
        self._read_only = read_only
        self._changes: list[Callable[[], object]] = []
        self.reason = ""
        """What the disk said last; empty where nothing is pending."""

    def __len__(self) -> int:
        return len(self._changes)

    def carry_out(self, change: Callable[[], T]) -> T:
        """Make a change; when this returns it is on disk, or else among those pending.

        Args:
            change: does it; may be called again, and has to do the same then.

        Raises:
            EditRefused: the project was opened to be looked at.
            ProjectError: it cannot be made, for another reason than that the disk does not take it.
        """
        if self._read_only:
            raise EditRefused("this session is read-only: nothing can be changed")
        if self._changes:
            done = self._within(change)
            self._changes.append(change)
            if len(self._changes) <= _FEW:
                self.retry()
            return done
        try:
            with transaction(self._database):
                return change()
        except ProjectError as failed:
            if not _refused(failed):
                raise
            self.reason = _words(failed)
        done = self._hold([change])
        self._changes.append(change)
        return done

    def retry(self) -> bool:
        """Try to bring what is pending to disk; True if nothing is left."""
        if not self._changes:
            return True
        try:
            if not self._database.in_transaction:
                self._hold(self._changes)
            if isinstance(self._database, ProjectFile):
                self._database.check_in_place()
            self._database.execute("COMMIT")
        except ProjectError as failed:
            self.reason = _words(failed)
            if not self._database.in_transaction:
                with suppress(ProjectError):
                    self._hold(self._changes)
            return False
        self._changes.clear()
        self.reason = ""
        self._database.execute("PRAGMA cache_spill = ON")
        if isinstance(self._database, ProjectFile) and self._database.log is not None:
            self._database.log.keep_short()
        return True

    def _hold(self, changes: list[Callable[[], T]]) -> T:
        """Open a transaction that nothing of is written before its end, and make the changes in it."""
        self._database.execute("PRAGMA cache_spill = OFF")
        self._database.execute("BEGIN IMMEDIATE")
        try:
            done = [change() for change in changes]
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        return done[-1]

    def _within(self, change: Callable[[], T]) -> T:
        """Make a change in the open transaction, or none of it."""
        if not self._database.in_transaction:
            self._hold(self._changes)
        self._database.execute("SAVEPOINT change")
        try:
            done = change()
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK TO change")
                self._database.execute("RELEASE change")
            raise
        self._database.execute("RELEASE change")
        return done


def _refused(failed: ProjectError) -> bool:
    words = str(failed.__cause__).lower()
    return isinstance(failed.__cause__, sqlite3.OperationalError) and any(each in words for each in _REFUSALS)


def _words(failed: ProjectError) -> str:
    return str(failed.__cause__ or failed)

"""A project: the door to everything its file holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.domain.labels import LabelSet
from ner_tui.store.content import Content
from ner_tui.store.decided import DecidedSentence, DecidedVersion, decided_sentences, decided_version, is_turned_since
from ner_tui.store.file.connection import AT_ONCE, SOON, ProjectFile, transaction
from ner_tui.store.file.opening import connect, scratch
from ner_tui.store.items import Items
from ner_tui.store.journal import Journal
from ner_tui.store.label_table import LabelTable
from ner_tui.store.pending import Pending
from ner_tui.store.predictions import Predictions
from ner_tui.store.tables import schema

if TYPE_CHECKING:
    from ner_tui.store.audits import Audits, Samples
    from ner_tui.store.bulk_insert import BulkInsert
    from ner_tui.store.doubts import Doubts
    from ner_tui.store.finder import Finder
    from ner_tui.store.integrity.journal_replay import Rebuilding
    from ner_tui.store.integrity.verifying import Fault
    from ner_tui.store.metadata import MetadataTable
    from ner_tui.store.outcomes import Outcomes
    from ner_tui.store.possible_errors import PossibleErrorTable
    from ner_tui.store.teaching import Teaching

ANNOTATOR = "annotator"
"""The setting that says whose project it is, where documents were dealt out."""
READERS = "readers"
"""The setting that says between whose readings a person chooses, as a list of JSON."""
BLIND = "readers hidden"
"""The setting that hides whose readings these are."""
WHOLE = 0
"""In place of a document's id: the whole project, for tallies."""


class Project:
    """An open project file. Not for use by two threads: each opens its own."""

    def __init__(self, path: Path, database: sqlite3.Connection, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        """Whether nothing can be changed; what is only remembered, such as a cursor, is let go without a word."""
        self._database = database
        self.changes: Callable[[], int] = (
            self._data_version if read_only else partial(getattr, database, "total_changes")
        )
        """Returns a number that is another after every change through this connection, or, where that changes nothing
        itself, through any other; it is asked for with every fact."""
        self.pending = Pending(database, read_only=read_only)
        self.content = Content(database)
        self.items = Items(database, self.content)
        self.suggestions = self.items.suggestion_table
        self.label_list = LabelTable(database)
        self.journal = Journal(database, self.items, self.label_list, self.pending)
        self.predictions = Predictions(database, self.items, self.label_list)

    @classmethod
    def open(cls, path: Path, *, create: bool = False, read_only: bool = False, to_check: bool = False) -> Project:
        """Open the project file at ``path``; ``to_check`` also one with tables or triggers of others, read-only.

        Raises:
            ProjectError: it cannot be opened, is none, or was made by a newer version.
        """
        database = connect(path, create=create, read_only=read_only or to_check, to_check=to_check)
        return cls(path, database, read_only=read_only or to_check)

    @cached_property
    def finder(self) -> Finder:
        """What can be found in the texts."""
        from ner_tui.store.finder import Finder

        return Finder(self._database)

    @cached_property
    def doubts(self) -> Doubts:
        """Places to look at."""
        from ner_tui.store.doubts import Doubts

        return Doubts(self._database)

    @cached_property
    def bulk_insert(self) -> BulkInsert:
        """What files say, many sentences at a time."""
        from ner_tui.store.bulk_insert import BulkInsert

        return BulkInsert(self._database)

    @cached_property
    def metadata(self) -> MetadataTable:
        """What sources say of documents and sentences beside their text and spans."""
        from ner_tui.store.metadata import MetadataTable

        return MetadataTable(self._database)

    @cached_property
    def audits(self) -> Audits:
        """Sentences drawn by chance that are looked at to know how good the rest is."""
        from ner_tui.store.audits import Audits

        return Audits(self._database)

    @cached_property
    def samples(self) -> Samples:
        """Sentences drawn by chance for a session."""
        from ner_tui.store.audits import Samples

        return Samples(self._database)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What became of the suggestions."""
        from ner_tui.store.outcomes import Outcomes

        return Outcomes(self._database)

    @cached_property
    def teaching(self) -> Teaching:
        """What teaches most."""
        from ner_tui.store.teaching import Teaching

        return Teaching(self._database)

    @cached_property
    def possible_errors(self) -> PossibleErrorTable:
        """Where an audit found that labels may be wrong."""
        from ner_tui.store.possible_errors import PossibleErrorTable

        return PossibleErrorTable(self._database)

    @property
    def backup(self) -> Path | None:
        """The copy that opening made of a project of an older version before bringing it up to date."""
        return self._database.copy if isinstance(self._database, ProjectFile) else None

    @property
    def is_current(self) -> bool:
        """Whether the file has the tables of this version."""
        return bool(self._database.execute("PRAGMA user_version").fetchone() == (schema.VERSION,))

    @classmethod
    def scratch(cls) -> Project:
        """Make an empty project that is gone when it is closed."""
        return cls(Path(), scratch())

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong in the file, as far as the file alone can tell."""
        from ner_tui.store.integrity.verifying import verify

        return verify(self._database)

    def rebuild_into(self, new: Project) -> Rebuilding:
        """Return the making of this project again in ``new``, which is empty."""
        from ner_tui.store.integrity.journal_replay import Rebuilding

        return Rebuilding(self._database, new._database, new.journal)

    def share(self) -> None:
        """Have other sessions' edits go first: what is written here is on disk soon, but not with every transaction.

        The order stays, so an edit that is on disk stands on all that it was made on. The file's pages are kept in
        memory more generously: much of what is stored in bulk is sorted into place.
        """
        self._database.execute(f"PRAGMA synchronous = {SOON}")
        self._database.execute("PRAGMA cache_size = -48000")

    @contextmanager
    def soon(self) -> Iterator[None]:
        """Let what is stored inside be on disk no later than the next edit: for what files say, and would say again."""
        self._database.execute(f"PRAGMA synchronous = {SOON}")
        try:
            yield
        finally:
            self._database.execute(f"PRAGMA synchronous = {AT_ONCE}")

    def guard(self, keep_lock: Callable[[], None]) -> None:
        """Have ``keep_lock`` called before each change; what it raises refuses the change."""
        if isinstance(self._database, ProjectFile):
            self._database.keep_lock = keep_lock

    def copy_to(self, target: Path) -> None:
        """Put a copy of all that the file holds now in the place of ``target``, whatever others write meanwhile.

        Another version of ``target`` that somebody writes meanwhile is kept beside it, see ``Replacement``.

        Raises:
            OSError: the copy cannot be written.
            sqlite3.DatabaseError: the file cannot be read.
        """
        from ner_tui.formats.files.replacing import Replacement
        from ner_tui.store.file.copying import copy_to

        replacement = Replacement(target)
        with self.snapshot():
            # Only what is read holds the moment.
            self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            try:
                copy_to(self._database, target, self.path, replacement=replacement)
            except sqlite3.OperationalError as error:
                raise OSError(str(error)) from error

    def check_in_place(self) -> None:
        """Make sure that the file is the one that was opened, for those who open it by its name.

        Raises:
            ProjectError: it is gone, or another.
        """
        if isinstance(self._database, ProjectFile):
            self._database.check_in_place()

    @property
    def misplaced(self) -> str:
        """What became of the file, if it is not in its place as it was left there, or nothing."""
        return self._database.misplaced if isinstance(self._database, ProjectFile) else ""

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Make what happens inside one change to the file."""
        return transaction(self._database)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read inside from the file as it is now, whatever others write meanwhile; nothing can be written inside."""
        self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._database.execute("ROLLBACK")

    @property
    def labels(self) -> LabelSet:
        """The project's labels."""
        return self.label_list.labels

    @labels.setter
    def labels(self, labels: LabelSet) -> None:
        if self.read_only:
            return
        self.label_list.labels = labels

    def _data_version(self) -> int:
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

    def decided_version(self) -> DecidedVersion:
        """Return what is another whenever something else may be decided, through whichever connection."""
        return decided_version(self._database)

    def is_turned_since(self, version: DecidedVersion) -> bool:
        """Whether something was undone or done again after a version."""
        return is_turned_since(self._database, version.edits)

    def decided_sentences(self, most: int, words: int) -> tuple[DecidedSentence, ...]:
        """Return what a person decided, sentence by sentence, of ``most`` sentences near the last edit.

        Args:
            words: how many they may have together.
        """
        with self.snapshot():
            return decided_sentences(self._database, most, words)

    def setting(self, name: str) -> str | None:
        """Return a setting of the project, or None if it was never set."""
        row = self._database.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting in the project."""
        if self.read_only:
            return
        self._database.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
        )

    def tallies(self, document: int = WHOLE) -> dict[tuple[str, str], int]:
        """Return the counts of a document or of the project, by kind and label.

        Kinds: ``sentence``, ``confirmed``, ``in progress``, ``flagged``, ``decision`` (by label), ``open`` (open
        suggestions, by label), ``rejected`` (by label), ``doubt`` (places to look at).
        """
        rows = self._database.execute(
            "SELECT kind, label, number FROM tally WHERE document = ?", (document,)
        ).fetchall()
        return {(kind, label): number for kind, label, number in rows}

"""Rebuilding: a project's state made again from its journal, on documents that were read from its sources again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from ner_tui.domain.annotation.edits import Edit, Item, LabelRename
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.errors import ProjectError
from ner_tui.store.codec import load_items
from ner_tui.store.integrity.verifying import Fault
from ner_tui.store.journal import Journal

_COMPARED = {
    "sentence": "document, start, text, tokens, line",
    "decision": "document, start, end, label, source",
    "rejection": "document, start, end, label",
    "sentence_state": "document, start, status, flagged",
    "note": "document, start, end, text",
    "metadata": "document, start, content",
}
"""What the journal and the sources tell, by table."""
_COPIED = (
    "setting", "source", "source_piece", "saved_source", "saved_piece", "unread_source", "suggesting_source",
    "labelled_source", "journal",
)  # fmt: skip
_SHOWN = 100
"""Differences of a table that are told one by one."""


class Rebuilding:
    """Makes a project again in another, which is empty.

    The settings with the labels, the sources, the journal, samples and audits are copied: they are what it is made
    from, or what nothing else tells. Suggestions are left to the sources and the model.
    """

    def __init__(self, old: sqlite3.Connection, new: sqlite3.Connection, journal: Journal) -> None:
        self._old = old
        self._new = new
        self._journal = journal
        self._done = 0
        """The entry up to which the journal was carried out."""
        self._copied: list[int] = []
        self._read: dict[int, int] = {}
        """The last entry that a document does not need, because it was read again after it; only if it was read."""

    def begin(self) -> None:
        """Copy what the rest is made from; documents are there afterwards, and empty."""
        for table in _COPIED:
            self._copy(table)
        rows = self._old.execute("SELECT id, source, name, origin, revision, cursor FROM document")
        self._new.executemany(
            "INSERT INTO document (id, source, name, origin, revision, cursor) VALUES (?, ?, ?, ?, ?, ?)", rows
        )

    def placed(self, document: int) -> tuple[int, tuple[Item, ...] | None]:
        """Return the entry that tells of a document's being read anew and what kept its place; 0 and None if none."""
        row = self._old.execute(
            "SELECT id, added FROM journal WHERE document = ? AND verb = ? ORDER BY id DESC LIMIT 1",
            (document, Verb.REREAD.stored),
        ).fetchone()
        return (0, None) if row is None else (int(row[0]), load_items(row[1]))

    def was_read(self, document: int, closing: int) -> None:
        """Have the journal carried out on a document from the entry after ``closing`` on."""
        self._read[document] = closing

    def copy_document(self, document: int) -> None:
        """Have a document taken as it is, because nothing tells how it came to be."""
        self._copied.append(document)

    def carry_out(self, last: int | None = None) -> Iterator[Fault]:
        """Carry out the journal up to entry ``last``, or to its end; yield the entries that it cannot be done with."""
        try:
            entries = list(self._journal.steps(self._done, 1 << 62 if last is None else last))
        except (ValueError, TypeError) as error:
            raise ProjectError(f"the journal cannot be read, so nothing can be made from it: {error}") from error
        for entry in entries:
            if entry.document and entry.id <= self._read.get(entry.document, entry.id):
                continue
            # The list of labels was copied as it is; only what a renaming did to the items is to be done again.
            items = (*entry.edit.removed, *entry.edit.added)
            wanted = [
                i for i in items if isinstance(i, LabelRename) or (entry.document and not isinstance(i, Suggestion))
            ]
            fault = self._attempt(entry.id, entry.document, wanted, entry.edit)
            if fault is not None:
                yield fault
        self._done = self._done if last is None else max(last, self._done)

    def finish(self) -> None:
        """Copy what is taken as it is, and leave out what was suggested: renaming took some of it for other labels."""
        for table in ("suggestion", "covered_suggestion"):
            self._new.execute(f"DELETE FROM {table}")
        for document in self._copied:
            for table in (*_COMPARED, "block"):
                self._new.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
                self._copy(table, f"WHERE document = {int(document)}")
            (words,) = self._old.execute("SELECT words FROM document WHERE id = ?", (document,)).fetchone()
            self._new.execute("UPDATE document SET words = ? WHERE id = ?", (words, document))
        for identifier, revision in self._old.execute("SELECT id, revision FROM document").fetchall():
            self._new.execute("UPDATE document SET revision = ? WHERE id = ?", (revision, identifier))
        for table in ("audit", "sample"):
            self._new.execute(f"DELETE FROM {table}")
            self._copy(table)

    def differences(self) -> Iterator[Fault]:
        """Yield where the state that was made differs from the one that is there."""
        for table, fields in _COMPARED.items():
            query = f"SELECT {fields} FROM {table} ORDER BY 1, 2, 3"
            there, made = self._old.execute(query), self._new.execute(query)
            number = 0
            for which, row in _unlike(there, made):
                number += 1
                if number <= _SHOWN:
                    document, start, *rest = row
                    words = " ".join(str(each) for each in rest if not isinstance(each, bytes))[:60]
                    yield Fault("state", f"document {document} at {start}", f"{table} ({words}) {which}")
            if number > _SHOWN:
                yield Fault("state", table, f"{number - _SHOWN:,} differences more")

    def _attempt(self, number: int, document: int, items: Sequence[Item], edit: Edit) -> Fault | None:
        self._new.execute("SAVEPOINT entry")
        try:
            self._journal.carry_out(document, items, edit)
        except (
            ProjectError,
            sqlite3.Error,
            ValueError,
            LookupError,
            TypeError,
            StopIteration,
            AssertionError,
        ) as error:
            self._new.execute("ROLLBACK TO entry")
            what = f"it cannot be carried out again: {error or type(error).__name__}"
            return Fault("journal", f"journal entry {number} ({edit.verb.stored})", what)
        finally:
            self._new.execute("RELEASE entry")
        return None

    def _copy(self, table: str, condition: str = "") -> None:
        cursor = self._old.execute(f"SELECT * FROM {table} {condition}")
        marks = ", ".join("?" * len(cursor.description))
        # What a new file has among its settings already is about itself.
        insert = "INSERT OR IGNORE" if table == "setting" else "INSERT"
        self._new.executemany(f"{insert} INTO {table} VALUES ({marks})", cursor)


def _unlike(there: sqlite3.Cursor, made: sqlite3.Cursor) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield the rows that only one of two sorted cursors has."""
    left, right = there.fetchone(), made.fetchone()
    while left is not None or right is not None:
        if left == right:
            left, right = there.fetchone(), made.fetchone()
        elif right is None or (left is not None and _order(left) <= _order(right)):
            yield "is there, but not by the sources and the journal", left
            left = there.fetchone()
        else:
            yield "should be there by the sources and the journal, and is not", right
            right = made.fetchone()


def _order(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple((isinstance(each, str), each) for each in row[:3])

"""The journal of edits: what was done, by whom and when, and the way back.

It only ever grows. Undo and redo are entries of their own that name the edit they are about; ``state`` of an edit says
whether it is in force (1), taken back and waiting for redo (0), or past redo (-1).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from ner_tui.domain.edits import Boundary, Edge, Edit, Note, SentenceMark, Structure
from ner_tui.store.codec import dump_items, load_items
from ner_tui.store.marks import Marks
from ner_tui.store.schema import transaction

_FIELDS = "id, time, annotator, document, verb, removed, added, cursor"


@dataclass(frozen=True, slots=True)
class Entry:
    """An edit as the journal holds it."""

    id: int
    time: float
    """Seconds since the epoch."""
    annotator: str
    document: int
    edit: Edit


class Journal:
    """Applies edits to the project, one transaction each."""

    def __init__(self, database: sqlite3.Connection, marks: Marks) -> None:
        self._database = database
        self._marks = marks

    def apply(self, document: int, edit: Edit, *, time: float, annotator: str) -> None:
        """Carry out an edit and write it down; both are on disk when this returns, or neither."""
        with transaction(self._database):
            self._database.execute("UPDATE journal SET state = -1 WHERE state = 0")
            self._carry_out(document, edit)
            self._write(document, edit, time, annotator, None, 1)

    def undo(self, *, time: float, annotator: str) -> Entry | None:
        """Take back the last edit in force, in whatever document; None if there is none."""
        entry = self._find("state = 1 ORDER BY id DESC")
        return entry and self._turn(entry, entry.edit.inverse, "undo", time, annotator, state=0)

    def redo(self, *, time: float, annotator: str) -> Entry | None:
        """Carry out again the edit that was taken back last; None if there is none."""
        entry = self._find("state = 0 ORDER BY id")
        return entry and self._turn(entry, entry.edit, "redo", time, annotator, state=1)

    def close_history(self, document: int, edit: Edit, *, time: float, annotator: str) -> None:
        """Make undo stop here for a document whose text was read anew: older edits speak of other offsets.

        ``edit`` tells what was lost with the old text; it is written down, not carried out.
        """
        self._database.execute("UPDATE journal SET state = -1 WHERE document = ? AND state >= 0", (document,))
        self._write(document, edit, time, annotator, None, -1)

    def _turn(self, entry: Entry, edit: Edit, verb: str, time: float, annotator: str, *, state: int) -> Entry:
        with transaction(self._database):
            self._carry_out(entry.document, edit)
            self._database.execute("UPDATE journal SET state = ? WHERE id = ?", (state, entry.id))
            self._write(entry.document, Edit(verb, (), (), edit.cursor), time, annotator, entry.id, -1)
        return entry

    def _carry_out(self, document: int, edit: Edit) -> None:
        # Boundaries go first and come last, so that sentence marks always find their sentence.
        for item in sorted(edit.removed, key=lambda item: isinstance(item, Structure)):
            self._marks.take(document, item)
        for item in sorted(edit.added, key=lambda item: not isinstance(item, Structure)):
            self._marks.put(document, item)
        for start, end in self._reach(document, edit):
            self._marks.restate(document, start, end)

    def _reach(self, document: int, edit: Edit) -> list[tuple[int, int]]:
        """Return the ranges in which an edit can change how suggestions stand."""
        ranges = []
        for item in (*edit.removed, *edit.added):
            if isinstance(item, SentenceMark | Boundary):
                ranges.append(self._marks.sentence_range(document, item.place[0]))
            elif not isinstance(item, Note | Edge):
                ranges.append(item.place)
        return list(dict.fromkeys(ranges))

    def _find(self, condition: str) -> Entry | None:
        row = self._database.execute(f"SELECT {_FIELDS} FROM journal WHERE {condition} LIMIT 1").fetchone()
        if row is None:
            return None
        identifier, time, annotator, document, verb, removed, added, cursor = row
        return Entry(identifier, time, annotator, document, Edit(verb, load_items(removed), load_items(added), cursor))

    def _write(self, document: int, edit: Edit, time: float, annotator: str, target: int | None, state: int) -> None:
        self._database.execute(
            "INSERT INTO journal (time, annotator, document, verb, removed, added, cursor, target, state) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                time,
                annotator,
                document,
                edit.verb,
                dump_items(edit.removed),
                dump_items(edit.added),
                edit.cursor,
                target,
                state,
            ),
        )

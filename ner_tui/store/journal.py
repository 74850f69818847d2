"""The journal of edits: what was done, by whom and when, and the way back.

It only ever grows. Undo and redo are entries of their own that name the edit they are about; ``state`` of an edit says
whether it is in force (1), taken back and waiting for redo (0), or past redo (-1).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ner_tui.domain.annotation.edits import (
    Decision,
    Edit,
    Item,
    Note,
    ProjectItem,
    SentenceBoundary,
    SentenceState,
    Structure,
    place_of,
)
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Reach, Verb, verbs_reaching
from ner_tui.store.codec import dump_items, load_items
from ner_tui.store.items import Items
from ner_tui.store.label_table import LabelTable
from ner_tui.store.pending import Pending

_RANGES = 64
"""Ranges of one edit beyond which suggestions are restated all the way from the first to the last."""
_NEAR = 2_000
"""Characters between the cursor and what an edit touches, at the most, but for what confirms a screenful."""
_SCREENFUL = 20_000
_LOOKED_AT = 5_000
"""Entries that are looked at for the history of a place, at the most."""
_BOUND = Structure | ProjectItem
_FIELDS = "id, time, annotator, document, verb, removed, added, cursor"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An edit as the journal holds it."""

    id: int
    time: float
    """Seconds since the epoch."""
    annotator: str
    document: int
    edit: Edit


class Journal:
    """Applies edits to the project, one transaction each."""

    def __init__(self, database: sqlite3.Connection, items: Items, label_list: LabelTable, pending: Pending) -> None:
        self._database = database
        self._pending = pending
        self._items = items
        self._label_list = label_list
        self._can_redo = True
        """Whether there may be entries that were taken back; nobody else writes them while a session is open."""

    def apply(
        self, document: int, edit: Edit, *, time: float, annotator: str, known: Neighbourhood | None = None
    ) -> None:
        """Carry out an edit and write it down; both are on disk when this returns, or both pending, or neither.

        Args:
            known: all that is known around the places of the edit: but for suggestions, it is not read again then.
        """
        self.apply_all([(document, lambda: edit)], time=time, annotator=annotator, known=known)

    def apply_all(
        self,
        edits: Iterable[tuple[int, Callable[[], Edit | None]]],
        *,
        time: float,
        annotator: str,
        known: Neighbourhood | None = None,
    ) -> list[tuple[int, Edit]]:
        """Carry out edits to any documents as one change, which one undo takes back, and return them.

        Args:
            edits: document and a function that makes its edit when the ones before are carried out, or None to leave
                it out.
            known: as in ``apply``, for a single edit.
        """
        every = list(edits)
        can_redo = self._can_redo

        def change() -> list[tuple[int, Edit]]:
            done: list[tuple[int, Edit]] = []
            numbers = []
            for document, make in every:
                if (edit := make()) is not None:
                    if can_redo and not done:
                        self._database.execute("UPDATE journal SET state = -1 WHERE state = 0")
                    self._carry_out(document, edit, known)
                    numbers.append(self._write(document, edit, time, annotator, None, 1))
                    done.append((document, edit))
            if len(numbers) > 1:
                self._database.execute(
                    "UPDATE journal SET batch = ? WHERE id BETWEEN ? AND ?", (numbers[0], numbers[0], numbers[-1])
                )
            return done

        done = self._pending.carry_out(change)
        # What changes nothing leaves what was taken back where it is.
        self._can_redo = can_redo and not done
        return done

    def undo(self, *, time: float, annotator: str) -> list[JournalEntry]:
        """Take back the last change in force, in whatever document; return its edits, the first one first."""
        entries = self._change("state = 1 ORDER BY id DESC", "state = 1")
        self._turn(entries[::-1], Verb.UNDO, time, annotator, state=0)
        return entries

    def redo(self, *, time: float, annotator: str) -> list[JournalEntry]:
        """Carry out again the change that was taken back last; return its edits."""
        entries = self._change("state = 0 ORDER BY id", "state = 0")
        self._turn(entries, Verb.REDO, time, annotator, state=1)
        return entries

    def history(
        self, document: int, start: int, end: int, *, sentence: int | None = None, most: int = 50
    ) -> list[JournalEntry]:
        """Return the latest edits in force that touched ``[start, end)`` of a document, the latest first.

        Edits are found by where the cursor stood, which is near what they touched, a screenful away at the most.

        Args:
            sentence: where a sentence starts; edits to its mark count too.
            most: how many at the most.
        """
        entries: list[JournalEntry] = []
        rows = self._database.execute(
            f"SELECT {_FIELDS} FROM journal WHERE id IN ("
            "SELECT id FROM journal INDEXED BY journal_place WHERE document = :d AND state = 1 AND cursor >= :far "
            f"AND cursor < :end AND (cursor >= :near OR verb IN ({_names('screen')})) UNION ALL "
            # These are about whole documents, one entry each.
            "SELECT id FROM journal INDEXED BY journal_place WHERE document = :d AND state = 1 AND cursor = 0 "
            f"AND verb IN ({_names('document')})) ORDER BY id DESC LIMIT {_LOOKED_AT}",
            {"d": document, "far": start - _SCREENFUL, "near": start - _NEAR, "end": end + _NEAR},
        )
        for entry in map(_entry, rows):
            for item in (*entry.edit.removed, *entry.edit.added):
                low, high = place_of(item)
                if (low < end and start < high) or (isinstance(item, SentenceState) and low == sentence):
                    entries.append(entry)
                    break
            if len(entries) == most:
                break
        return entries

    def last(self) -> int:
        """Return the number of the latest entry, 0 if there is none."""
        return int(self._database.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0])

    def steps(self, after: int, last: int) -> Iterator[JournalEntry]:
        """Yield what was done to the state by the entries whose numbers stand in ``(after, last]``, in order.

        What was undone is an edit with its sides swapped.
        """
        query = (
            "SELECT j.id, j.time, j.annotator, j.document, j.verb, coalesce(t.removed, j.removed), "
            "coalesce(t.added, j.added), j.cursor FROM journal j LEFT JOIN journal t ON t.id = j.target "
            "WHERE j.id > ? AND j.id <= ? ORDER BY j.id"
        )
        for entry in map(_entry, self._database.execute(query, (after, last))):
            yield replace(entry, edit=entry.edit.inverse) if entry.edit.verb is Verb.UNDO else entry

    def carry_out(self, document: int, items: Iterable[Item], edit: Edit) -> None:
        """Carry out those of an edit's items that are among ``items``, and write nothing down."""
        wanted = list(items)
        removed, added = (tuple(each for each in side if each in wanted) for side in (edit.removed, edit.added))
        self._carry_out(document, Edit(edit.verb, removed, added, edit.cursor))

    def close_history(self, document: int, edit: Edit, *, time: float, annotator: str) -> None:
        """Make undo stop here for a document whose text was read anew: older edits speak of other offsets.

        ``edit`` tells what was lost with the old text; it is written down, not carried out.
        """
        self._database.execute("UPDATE journal SET state = -1 WHERE document = ? AND state >= 0", (document,))
        self._write(document, edit, time, annotator, None, -1)

    def _turn(self, entries: list[JournalEntry], verb: Verb, time: float, annotator: str, *, state: int) -> None:
        if not entries:
            return

        def change() -> None:
            for entry in entries:
                edit = entry.edit if state else entry.edit.inverse
                kept = {item.span for item in edit.added if isinstance(item, Decision)}
                gone = [item.span for item in edit.removed if isinstance(item, Decision) and item.span not in kept]
                # What was learnt from it would stand in its place as a suggestion until it is unlearnt.
                self._items.suggestion_table.forget_learnt(entry.document, gone)
                self._carry_out(entry.document, edit)
                self._database.execute("UPDATE journal SET state = ? WHERE id = ?", (state, entry.id))
                self._write(entry.document, Edit(verb, (), (), entry.edit.cursor), time, annotator, entry.id, -1)

        self._pending.carry_out(change)
        self._can_redo = True

    def _carry_out(self, document: int, edit: Edit, known: Neighbourhood | None = None) -> None:
        # Boundaries go first and come last, so that sentence states always find their sentence.
        for item in sorted(edit.removed, key=lambda item: isinstance(item, Structure)):
            if isinstance(item, ProjectItem):
                self._label_list.take(item)
            else:
                self._items.take(document, item)
        said = [item for item in edit.added if isinstance(item, Suggestion)]
        for item in sorted(edit.added, key=lambda item: not isinstance(item, Structure)):
            if isinstance(item, ProjectItem):
                self._label_list.put(item)
            else:
                self._items.put(document, item, said)
        # Of a long sentence not all is known.
        if (
            known is not None
            and known.near is None
            and not any(isinstance(i, _BOUND) for i in (*edit.removed, *edit.added))
        ):
            ranges = self._reach(edit, lambda offset: (known.sentence_at(offset).start, known.sentence_at(offset).end))
            self._items.restate_within(document, ranges, known.after(edit))
            return
        for start, end in self._reach(edit, lambda offset: self._items.sentence_range(document, offset)):
            self._items.restate(document, start, end)

    def _reach(self, edit: Edit, sentence_range: Callable[[int], tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the ranges in which an edit can change what suggestions are to a reviewer."""
        ranges = []
        for item in (*edit.removed, *edit.added):
            if isinstance(item, SentenceState) and item.status != "confirmed":
                # Only what is confirmed makes a difference, and what was.
                continue
            if isinstance(item, SentenceState | SentenceBoundary):
                ranges.append(sentence_range(place_of(item)[0]))
            elif not isinstance(item, Note | ProjectItem):
                # What a token boundary is inside of has another number of words.
                ranges.append(place_of(item))
        if len(ranges) > _RANGES:
            # A neighbourhood for each would read the same sentences over and over.
            return [(min(start for start, _ in ranges), max(end for _, end in ranges))]
        return list(dict.fromkeys(ranges))

    def _change(self, first: str, all_of: str) -> list[JournalEntry]:
        """Return the edits of one change in the order they were made: a batch, or a single edit."""
        found = self._database.execute(f"SELECT id, batch FROM journal WHERE {first} LIMIT 1").fetchone()
        if found is None:
            return []
        identifier, batch = found
        which, value = ("id", identifier) if batch is None else ("batch", batch)
        rows = self._database.execute(
            f"SELECT {_FIELDS} FROM journal WHERE {which} = ? AND {all_of} ORDER BY id", (value,)
        )
        return [_entry(row) for row in rows]

    def _write(self, document: int, edit: Edit, time: float, annotator: str, target: int | None, state: int) -> int:
        cursor = self._database.execute(
            "INSERT INTO journal (time, annotator, document, verb, removed, added, cursor, target, state) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                time,
                annotator,
                document,
                edit.verb.stored,
                dump_items(edit.removed),
                dump_items(edit.added),
                edit.cursor,
                target,
                state,
            ),
        )
        return int(cursor.lastrowid or 0)


def _entry(row: tuple[int, float, str, int, str, str, str, int]) -> JournalEntry:
    identifier, time, annotator, document, verb, removed, added, cursor = row
    return JournalEntry(
        identifier, time, annotator, document, Edit(Verb.named(verb), load_items(removed), load_items(added), cursor)
    )


def _names(reach: Reach) -> str:
    """Return the names of the verbs of a reach, for a query."""
    return ", ".join(f"'{verb.stored}'" for verb in verbs_reaching(reach))

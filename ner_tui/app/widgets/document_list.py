"""The document list: every document with how far a person has got."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.lines import LineList, Piece, justified

if TYPE_CHECKING:
    from ner_tui.session import DocumentRow


ROOMY = 25
"""Cells from which on the doubtful places are counted in the list."""


class DocumentList(LineList[int]):
    """Lists documents, whose ids are the rows; a click chooses one."""

    @dataclass
    class Chosen(Message):
        """A person wants to see this document."""

        document: int

    def __init__(self) -> None:
        super().__init__(id="documents")
        self._fetch: Callable[[int], DocumentRow] | None = None
        self._counts: dict[int, DocumentRow] = {}
        self._current = 0

    def show(self, ids: Sequence[int], fetch: Callable[[int], DocumentRow], current: int) -> None:
        """List the documents with these ids, which ascend, ``current`` marked; ``fetch`` gives a line's counts."""
        self.rows, self._fetch = ids, fetch
        # What stands under it follows at once.
        self.styles.max_height = max(1, len(ids))
        self._counts.clear()
        self.changed()
        self.stand_on(current)

    def update_row(self, row: DocumentRow) -> None:
        """Show new counts of one document."""
        at = self._place(row.id)
        if at is not None and self._counts.get(row.id) != row:
            self._counts[row.id] = row
            self.refresh_line(at)

    def stand_on(self, document: int) -> None:
        """Mark the document with this id as the open one."""
        for each in {self._current, document}:
            if (at := self._place(each)) is not None:
                self.refresh_line(at)
        self._current = document
        at = self._place(document) or 0
        if not self.scroll_y <= at < self.scroll_y + self.size.height:
            self.scroll_to(y=max(0, at - self.size.height // 2), animate=False)

    def row(self, document: int) -> DocumentRow | None:
        """Return the counts that are shown of a document."""
        if document not in self._counts:
            if self._place(document) is None or self._fetch is None:
                return None
            self._counts[document] = self._fetch(document)
        return self._counts[document]

    def place(self, document: int) -> tuple[int, int]:
        """Return (number of the document counted from 1, how many there are)."""
        return (self._place(document) or 0) + 1, len(self.rows)

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of one document."""
        row = self.row(self.rows[at])
        if row is None:
            return []
        style = "lines--current" if row.id == self._current else ""
        doubts = f" ?{row.doubts}" if row.doubts and width >= ROOMY else ""
        name, counts = justified(
            f" {progress(row)} {printable(short(row.name))}", f" {row.confirmed}/{row.sentences}{doubts} ", width
        )
        return [(name, style), (counts, style or "lines--dim")]

    def clicked(self, at: int, event: events.Click) -> None:
        """Choose the document."""
        self.post_message(self.Chosen(self.rows[at]))

    def _place(self, document: int) -> int | None:
        """Return where a document stands in the list."""
        at = bisect_left(self.rows, document)
        return at if at < len(self.rows) and self.rows[at] == document else None


def progress(row: DocumentRow) -> str:
    """Return how far a document is: ``●`` all confirmed, ``◐`` begun, ``○`` not."""
    if row.sentences and row.confirmed == row.sentences:
        return "●"
    return "◐" if row.confirmed or row.in_progress else "○"


def short(name: str) -> str:
    """Return the last part of a path."""
    return name.rstrip("/").rpartition("/")[2] or name

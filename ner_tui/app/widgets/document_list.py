"""The document list: every document with how far a person has got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.lines import Lines, Piece, justified

if TYPE_CHECKING:
    from ner_tui.session import DocumentRow


ROOMY = 25
"""Cells from which on the doubtful places are counted in the list."""


class DocumentList(Lines):
    """Lists documents; a click chooses one."""

    class Chosen(Message):
        """A person wants to see this document."""

        def __init__(self, document: int) -> None:
            super().__init__()
            self.document = document

    def __init__(self) -> None:
        super().__init__(id="documents")
        self._rows: list[DocumentRow] = []
        self._places: dict[int, int] = {}
        self._current = 0

    def show(self, rows: list[DocumentRow], current: int) -> None:
        """List ``rows``, the one with the id ``current`` marked."""
        self._rows = rows
        self._places = {row.id: at for at, row in enumerate(rows)}
        self.changed()
        self.stand_on(current)

    def update_row(self, row: DocumentRow) -> None:
        """Show new counts of one document."""
        at = self._places.get(row.id)
        if at is not None and self._rows[at] != row:
            self._rows[at] = row
            self.refresh_line(at)

    def stand_on(self, document: int) -> None:
        """Mark the document with this id as the open one."""
        for each in {self._current, document}:
            if each in self._places:
                self.refresh_line(self._places[each])
        self._current = document
        at = self._places.get(document, 0)
        if not self.scroll_y <= at < self.scroll_y + self.size.height:
            self.scroll_to(y=max(0, at - self.size.height // 2), animate=False)

    def row(self, document: int) -> DocumentRow | None:
        """Return the counts that are shown of a document."""
        at = self._places.get(document)
        return None if at is None else self._rows[at]

    def place(self, document: int) -> tuple[int, int]:
        """Return (number of the document counted from 1, how many there are)."""
        return self._places.get(document, 0) + 1, len(self._rows)

    def count(self) -> int:
        """Return how many documents there are."""
        return len(self._rows)

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of one document."""
        row = self._rows[at]
        style = "lines--current" if row.id == self._current else ""
        doubts = f" ?{row.doubts}" if row.doubts and width >= ROOMY else ""
        name, counts = justified(
            f" {progress(row)} {printable(short(row.name))}", f" {row.confirmed}/{row.sentences}{doubts} ", width
        )
        return [(name, style), (counts, style or "lines--dim")]

    def on_click(self, event: events.Click) -> None:
        """Choose the document that was clicked."""
        at = event.y + round(self.scroll_y)
        if at < len(self._rows):
            self.post_message(self.Chosen(self._rows[at].id))


def progress(row: DocumentRow) -> str:
    """Return how far a document is: ``●`` all confirmed, ``◐`` begun, ``○`` not."""
    if row.sentences and row.confirmed == row.sentences:
        return "●"
    return "◐" if row.confirmed or row.in_progress else "○"


def short(name: str) -> str:
    """Return the last part of a path."""
    return name.rstrip("/").rpartition("/")[2] or name

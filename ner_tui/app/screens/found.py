"""Found: the hits of a query in all documents, a few at a time as they come into sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from ner_tui.app.glyphs import printable
from ner_tui.app.slices import Slices
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.occurrence_list import OccurrenceList
from ner_tui.session import Place

if TYPE_CHECKING:
    from ner_tui.domain.query import Query
    from ner_tui.session import Session
    from ner_tui.session.concordance import Occurrence

PAGE = 200
"""Hits that are found ahead of what is in sight."""


class FoundScreen(ModalScreen[Place]):
    """Lists hits; its result is the one to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,o,c", "visit", "go there", show=False),
        Binding("escape,q", "cancel", "close", show=False),
        Binding("s", "stop", "stop searching", show=False),
        Binding("j,down", "move(1)", "down", show=False),
        Binding("k,up", "move(-1)", "up", show=False),
        Binding("J,pagedown,space", "page(1)", "page down", show=False),
        Binding("K,pageup", "page(-1)", "page up", show=False),
        Binding("g,home", "edge(-1)", "first", show=False),
        Binding("G,end", "edge(1)", "last so far", show=False),
    ]
    AUTO_FOCUS = "OccurrenceList"

    def __init__(self, session: Session, query: Query, typed: str) -> None:
        super().__init__()
        self._typed = typed
        self._wanted = PAGE
        self._trouble = ""
        self.list = OccurrenceList()
        self.foot = Bar("found-foot")
        lines = (None if hit is None else session.finding.line(hit) for hit in session.finding.hits(query))
        self._slices: Slices[Occurrence] = Slices(self, lines, self._add, self._ended)

    def compose(self) -> ComposeResult:
        """Lay out the list over a line."""
        with Vertical(classes="whole") as page:
            page.border_title = Content(f"Found: {printable(self._typed)[:60]}")
            yield self.list
            yield self.foot

    def on_mount(self) -> None:
        """Begin to look."""
        self._slices.resume()
        self._tell()

    def _add(self, rows: list[Occurrence]) -> bool:
        self.list.add(rows)
        self._tell()
        return len(self.list.rows) < self._wanted

    def _ended(self, error: str) -> None:
        self._trouble = error
        self._tell()

    def _tell(self) -> None:
        more = "" if self._slices.over else "+"
        words = self._trouble or f"{len(self.list.rows):,}{more} found"
        style = "bar--alert" if self._trouble else "bar--strong"
        self.foot.show([(f" {words} ", style)], [("⏎ go there  j/k  J/K page  s stop  esc close ", "bar--dim")])

    @on(OccurrenceList.NearEnd)
    def _more(self) -> None:
        if len(self.list.rows) >= self._wanted:
            self._wanted = len(self.list.rows) + PAGE
            self._slices.resume()

    @on(OccurrenceList.Chosen)
    def action_visit(self) -> None:
        """Close and go to the hit on the current line."""
        row = self.list.current
        if row is not None:
            self._slices.stop()
            self.dismiss(Place(row.document, row.start))

    def action_cancel(self) -> None:
        """Close."""
        self._slices.stop()
        self.dismiss(None)

    def action_stop(self) -> None:
        """Look no further."""
        self._slices.stop()
        self._tell()

    def action_move(self, step: int) -> None:
        """Go up or down."""
        self.list.stand_on(self.list.at + step)

    def action_page(self, step: int) -> None:
        """Go up or down a page."""
        self.list.stand_on(self.list.at + step * max(1, self.list.size.height - 1))

    def action_edge(self, step: int) -> None:
        """Go to the first line, or to the last one found so far."""
        self.list.stand_on(0 if step < 0 else len(self.list.rows))

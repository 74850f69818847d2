"""The keys that go about in a list of which one line is current, for every screen that has one."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from textual.binding import Binding

from ner_tui.app.widgets.lines import Choice

ListT = TypeVar("ListT", bound="Choice[Any]")

MOVES = (
    Binding("j,down", "move(1)", "down", show=False),
    Binding("k,up", "move(-1)", "up", show=False),
    Binding("J,pagedown", "page(1)", "page down", show=False),
    Binding("K,pageup", "page(-1)", "page up", show=False),
    Binding("g,home", "edge(-1)", "first", show=False),
    Binding("G,end", "edge(1)", "last so far", show=False),
)
"""The keys, for screens that take no text."""


class ListKeys(Generic[ListT]):
    """The actions of ``MOVES``."""

    list: ListT

    def action_move(self, step: int) -> None:
        """Go up or down."""
        self.list.stand_on(self.list.at + step)

    def action_page(self, step: int) -> None:
        """Go up or down a page."""
        self.list.stand_on(self.list.at + step * max(1, self.list.size.height - 1))

    def action_edge(self, step: int) -> None:
        """Go to the first line, or to the last one there is so far."""
        self.list.stand_on(0 if step < 0 else len(self.list.rows))

"""The menu at a place: what can be done there, each with its key, for those who work with the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset, Size

from ner_tui.app.widgets.label_list import LabelKeyColumn
from ner_tui.app.widgets.lines import LineList, Piece, fitted
from ner_tui.app.widgets.targets import Target, Wanted

Item = tuple[Target, Target]
"""A key, and what it does."""
_FRAME = 2
"""Cells and rows that the frame takes."""
_WIDEST = 34
"""Cells of a column at the most."""


class PlaceMenu(LineList[tuple[Item | None, Item | None]]):
    """Lists actions at the left and labels at the right; it lies on the text, and takes no key."""

    COMPONENT_CLASSES = LabelKeyColumn.STYLES

    def __init__(self) -> None:
        super().__init__(id="place-menu")
        self._widths = 0, 0

    def show(self, actions: Sequence[Item], labels: Sequence[Item], at: Offset, room: Size) -> None:
        """Show items, below a cell of the screen if there is room, else above it; what does not fit is left out."""
        most = max(1, room.height - _FRAME)
        self.rows = list(zip_longest(actions[:most], labels[:most]))
        left, right = (min(_WIDEST, max(map(_cells, items), default=0)) for items in (actions, labels))
        self._widths = left, right
        width, height = min(room.width, left + right + _FRAME), len(self.rows) + _FRAME
        below = at.y + 1 + height <= room.height
        y = at.y + 1 if below else max(0, at.y - height)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (max(0, min(at.x, room.width - width)), y)
        self.changed()

    def covers(self, at: Offset) -> bool:
        """Whether a cell of the screen is the menu's."""
        return self.region.contains_point(at)

    def line(self, at: int, width: int) -> list[Piece]:
        """Return a row."""
        pieces = list[Piece]()
        for item, cells in zip(self.rows[at], self._widths, strict=True):
            key, words = item or (Target("", ""), Target("", ""))
            rest = max(0, cells - cell_len(key.text))
            pieces += [(key.text, key.style), (fitted(words.text, rest), words.style)]
        return pieces

    def clicked(self, at: int, event: events.Click) -> None:
        """Ask for the action that was clicked."""
        item = self.rows[at][0 if event.x - self.gutter.left < self._widths[0] else 1]
        if item is not None:
            self.post_message(Wanted(item[0].action))


def _cells(item: Item) -> int:
    return sum(cell_len(target.text) for target in item)

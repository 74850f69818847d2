"""Bars: one line across the screen, with something at its left and something at its right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from ner_tui.app.widgets.lines import Piece, strip


class Bar(Widget):
    """Shows pieces of text; the right ones give way one by one, the last first, where the line is too short."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--strong", "bar--dim", "bar--alert", "bar--question"}
    ALLOW_SELECT = False

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show these; nothing is drawn if they are there already."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    @property
    def text(self) -> str:
        """What the bar says, without colours."""
        return "".join(piece[0] for piece in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, right = self.size.width, list(self._right)
        room = width - sum(cell_len(text) for text, _ in self._left)
        while right and sum(cell_len(text) for text, _ in right) > room - 1:
            right.pop()
        gap = room - sum(cell_len(text) for text, _ in right)
        pieces = [*self._left, (" " * max(0, gap), ""), *right]
        return strip(pieces, width, self.rich_style, self.get_component_rich_style)

"""A line across the screen, with something at its left and something at its right."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from operator import itemgetter
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.messages import Update
from textual.strip import Strip
from textual.widget import Widget

from ner_tui.app.widgets.label_list import LabelKeyColumn
from ner_tui.app.widgets.lines import Piece, fitted, strip
from ner_tui.app.widgets.targets import Target, Wanted, action_at

_SHOWN = itemgetter(slice(2))
"""What is drawn of a target."""


class Bar(Widget):
    """Shows pieces of text. Where the line is too short the last pieces of one side give way, then of the other.

    The last one that is left is cut, which shows.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("bar--strong", "bar--dim", "bar--alert", "bar--question"),
        *LabelKeyColumn.STYLES,
    }
    ALLOW_SELECT = False

    def __init__(self, name: str, *, left_yields: bool = False) -> None:
        super().__init__(id=name)
        self._left_yields = left_yields
        self._left: Sequence[Piece] = ()
        self._right: Sequence[Piece] = ()
        self._targets: list[Target] = []
        """What of the left side can be clicked, all of it in order."""

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show these; nothing is drawn if they are there already."""
        if (left, right) != (self._left, self._right):
            self._left, self._right, self._targets = left, right, []
            self.refresh()

    def offer(self, targets: list[Target]) -> None:
        """Show these at the left; a click on one asks for its action."""
        if self._targets != targets:
            self._targets = targets
            self._left, self._right = list(map(_SHOWN, targets)), ()
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Ask for the action of what was clicked."""
        action = action_at(self._targets, event.x)
        if action:
            self.post_message(Wanted(action))

    def go_first(self) -> None:
        """Have what is shown drawn no later than anything that changes until the screen comes to rest.

        Widgets that changed tell the screen each in its own time, and a drawing that waits already for some of them
        would take in the new state of those alone: it is put off until the screen knows of this one.
        """
        waiting = ExitStack()
        waiting.enter_context(self.app.batch_update())
        self.screen.post_message(Update(self))
        self.screen.call_later(waiting.close)

    @property
    def text(self) -> str:
        """What the bar says, without colours."""
        return "".join(piece[0] for piece in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, left, right = self.size.width, list(self._left), list(self._right)
        first, then = (left, right) if self._left_yields else (right, left)
        free = width - sum([cell_len(text) for text, _ in (*left, *right)])
        while free < 0 and len(first) + len(then) > 1:
            free += cell_len((first if len(first) > (first is left) else then).pop()[0])
        if free < 0:
            kept = left or right
            kept[0] = fitted(kept[0][0], width), kept[0][1]
        gap = (" " * max(0, free), "")
        return strip([*left, gap, *right], width, self.rich_style, self.get_component_rich_style)

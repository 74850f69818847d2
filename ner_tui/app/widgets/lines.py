"""A scrolling column of styled lines, each made only when it comes into sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

Piece = tuple[str, str]
"""Words, already fit for a terminal, and the component class that styles them; empty for the widget's own style."""


class LineList(ScrollView, can_focus=False, inherit_bindings=False):
    """The base of the side panes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--title", "lines--dim", "lines--current", "lines--strong"}
    ALLOW_SELECT = False

    def count(self) -> int:
        """Return how many lines there are."""
        raise NotImplementedError

    def line(self, at: int, width: int) -> list[Piece]:
        """Return line ``at``, to be drawn in ``width`` cells."""
        raise NotImplementedError

    def changed(self) -> None:
        """Draw everything again; there may be more or fewer lines."""
        self.virtual_size = Size(self.scrollable_content_region.width, self.count())
        self.refresh()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.changed()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        at, width = y + round(self.scroll_y), self.scrollable_content_region.width
        if at >= self.count():
            return Strip.blank(width, self.rich_style)
        return strip(self.line(at, width), width, self.rich_style, self._named)

    def _named(self, name: str) -> Style:
        return self.get_component_rich_style(name)


class Choice(LineList):
    """Lines of which one is current; it is kept in sight."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        """The current line."""

    def stand_on(self, at: int) -> None:
        """Make a line, or the nearest one there is, current and bring it into sight."""
        self.at = min(max(at, 0), max(0, self.count() - 1))
        top, height = round(self.scroll_y), max(1, self.size.height)
        if not top <= self.at < top + height:
            target = self.at if self.at < top else self.at - height + 1
            self.scroll_to(y=target, animate=False, immediate=True)
        self.refresh()


def strip(pieces: Iterable[Piece], width: int, page: Style, named: object) -> Strip:
    """Return ``pieces`` as one strip of ``width`` cells on ``page``."""
    assert callable(named)
    segments = [Segment(text, named(name) if name else page) for text, name in pieces if text]
    return Strip(segments).adjust_cell_length(width, page)


def justified(left: str, right: str, width: int) -> tuple[str, str]:
    """Return both texts cut and padded so that together they fill ``width`` cells, the left one cut first."""
    room = max(0, width - cell_len(right))
    if cell_len(left) > room and room > 1:
        left = set_cell_size(left, room - 1) + "…"
    return set_cell_size(left, room), right

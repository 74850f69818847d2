"""A scrolling column of styled lines, each made only when it comes into sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

_EIGHTHS = " ▏▎▍▌▋▊▉█"
Piece = tuple[str, str]
"""Words, already fit for a terminal, and the component class that styles them; empty for the widget's own style."""


RowT = TypeVar("RowT")


class LineList(ScrollView, Generic[RowT], can_focus=False, inherit_bindings=False):
    """The base of the side panes: rows, each drawn in one line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--title", "lines--dim", "lines--current", "lines--strong"}
    ALLOW_SELECT = False
    rows: Sequence[RowT] = ()

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of row ``at``, to be drawn in ``width`` cells."""
        raise NotImplementedError

    def clicked(self, at: int, event: events.Click) -> None:
        """Do what a click on row ``at`` is for."""

    def changed(self) -> None:
        """Draw everything again; there may be more or fewer lines."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))
        self.refresh()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.changed()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        at, width = y + round(self.scroll_y), self.scrollable_content_region.width
        if at >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        return strip(self.line(at, width), width, self.rich_style, self.get_component_rich_style)

    def on_click(self, event: events.Click) -> None:
        """Find the row that was clicked."""
        at = event.y - self.gutter.top + round(self.scroll_y)
        if 0 <= at < len(self.rows):
            self.clicked(at, event)


class Choice(LineList[RowT]):
    """Lines of which one is current; it is kept in sight."""

    at = 0
    """The current line."""

    @property
    def current(self) -> RowT | None:
        """The row of the current line."""
        return self.rows[self.at] if self.rows else None

    def stand_on(self, at: int) -> None:
        """Make a line, or the nearest one there is, current and bring it into sight."""
        self.at = min(max(at, 0), max(0, len(self.rows) - 1))
        top, height = round(self.scroll_y), max(1, self.size.height)
        if not top <= self.at < top + height:
            target = self.at if self.at < top else self.at - height + 1
            self.scroll_to(y=target, animate=False, immediate=True)
        self.refresh()


def strip(pieces: Iterable[Piece], width: int, page: Style, named: Callable[[str], Style]) -> Strip:
    """Return ``pieces`` as one strip of ``width`` cells on ``page``."""
    segments = [Segment(text, named(name) if name else page) for text, name in pieces if text]
    return Strip(segments).adjust_cell_length(width, page)


def fitted(text: str, width: int) -> str:
    """Return ``text`` in just ``width`` cells; what is cut off at its end leaves a ``…``."""
    return f"{set_cell_size(text, width - 1)}…" if cell_len(text) > width > 0 else set_cell_size(text, max(0, width))


def shortened(text: str, width: int) -> str:
    """Return ``text`` in just ``width`` cells; what is cut out of its middle leaves a ``…``.

    Names that are alike begin alike: what tells them apart is at their ends.
    """
    if cell_len(text) <= width or width < 3:
        return fitted(text, width)
    tail = (width - 1) // 2
    end = text[-tail:]
    while cell_len(end) > tail:
        end = end[1:]
    return f"{set_cell_size(text, width - 1 - cell_len(end))}…{end}"


def justified(left: str, right: str, width: int) -> tuple[str, str]:
    """Return both texts cut and padded so that together they fill ``width`` cells, the left one cut in its middle."""
    room = max(0, width - cell_len(right))
    if room < 2:
        return set_cell_size(left, room), right
    return shortened(left, room) if cell_len(left) > room else fitted(left, room), right


def bar(share: float, cells: int) -> str:
    """Return a bar that fills ``share``, 0 to 1, of so many cells; what is not nothing shows at least a trace."""
    eighths = round(min(1.0, max(0.0, share)) * cells * 8)
    if share > 0:
        eighths = max(1, eighths)
    whole, part = divmod(eighths, 8)
    return (_EIGHTHS[8] * whole + (_EIGHTHS[part] if part else "")).ljust(cells)

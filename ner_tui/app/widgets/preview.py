"""The preview: the text where the document view will show it, before there is a document to view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from ner_tui.app.layout import TextLayout
from ner_tui.app.widgets.row_layout import GUTTER, RowLayout, is_roomy, text_width

if TYPE_CHECKING:
    from ner_tui.session.kept_view import KeptView


class PreviewWidget(Widget):
    """Shows the beginning of a text, or what stands around the cursor, as the view does that takes its place."""

    ALLOW_SELECT = False

    def __init__(self, text: str, cursor: int, drawn: Callable[[], object], kept: KeptView | None = None) -> None:
        """``drawn`` is called when the text is on the screen."""
        super().__init__(id="view")
        self._kept = kept
        self._text = text
        self._cursor = cursor
        self._rows = TextLayout("", 0)
        self._row_layout = RowLayout(self._rows, roomy=False)
        self._top = 0
        self._drawn: Callable[[], object] | None = drawn

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        self._lay_out()
        if self._drawn is not None:
            self.call_after_refresh(self._drawn)
            self._drawn = None
        width, style = self.size.width, self.rich_style
        if self._top + y >= self._row_layout.height:
            return Strip.blank(width, style)
        at, below = self._row_layout.at(self._top + y)
        if below:
            return Strip.blank(width, style)
        row = self._rows.row(at)
        words = [Segment(shown, style) for shown, _ in row.shown(row.start, row.end)]
        return Strip([Segment(" " * GUTTER, style), *words]).adjust_cell_length(width, style)

    def _lay_out(self) -> None:
        """Wrap the text to the width and stand where the view will stand; see ``TextLayoutView``."""
        height = self.size.height
        roomy = is_roomy(height, self._kept)
        width = text_width(self.size.width, roomy=roomy)
        if self._rows.text is self._text and self._rows.width == width:
            return
        self._rows = TextLayout(self._text, width)
        self._row_layout = RowLayout(self._rows, roomy=roomy)
        self._top = self._row_layout.keeping(self._rows.row_of(self._cursor), 0, height)

"""The base of the text view: the text laid out in rows, what of it is in sight, and scrolling.

Of a long document only the stretch around the reader is in memory and laid out; another is brought when a key or the
wheel comes near its end, and what is in sight stays where it is.
"""

from __future__ import annotations

from asyncio import Event
from typing import TYPE_CHECKING

from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ner_tui.app.layout import NARROWEST, LayoutRow, TextLayout
from ner_tui.app.widgets.moves import Moves, Range
from ner_tui.app.widgets.painter import Keys, with_keys
from ner_tui.app.widgets.row_layout import ROOMY_FROM, RowLayout, is_roomy, text_width

if TYPE_CHECKING:
    from textual import events

    from ner_tui.session import OpenDocument
    from ner_tui.session.kept_view import KeptView


class TextLayoutView(ScrollView):
    """A document in rows, and the cursor on it."""

    def __init__(self, document: OpenDocument, kept: KeptView | None = None) -> None:
        super().__init__(id="view")
        self._kept = kept
        self._spacing_chosen = False
        self._laid_out = False
        self._awaited: int | None = None
        """Where the cursor was sent before the text was laid out."""
        self.ready = Event()
        """Set when the text is laid out."""
        self.document = document
        self._text_rows = TextLayout("", NARROWEST)
        self._row_layout = RowLayout(self._text_rows, roomy=False)
        self._strips: LRUCache[int, tuple[object, Strip]] = LRUCache(1024)
        """What was drawn, by line, with what it depends on besides."""
        self.moves = Moves(document, self._text_rows)
        # What is told of the cursor, and predicted first, does not wait for the text to have a width.
        self.moves.stand_on(document.cursor)
        self.unit: Range = (0, 0)
        """The words of the sentence under the cursor, as ``[start, end)``: what a person works on."""
        self._rows_with_keys: dict[int, LayoutRow] = {}
        """The rows that were painted with keys of labels in them, by number."""

    @property
    def cursor(self) -> int:
        """Offset of the token under the cursor; 0 in a document without tokens."""
        token = self.moves.token
        return 0 if token is None else token[0]

    @property
    def token(self) -> Range | None:
        """The token under the cursor, or None in a document without tokens."""
        return self.moves.token

    @property
    def selection(self) -> Range | None:
        """The selected tokens' ``[start, end)``, or None."""
        return self.moves.selection

    @property
    def roomy(self) -> bool:
        """Whether labels have rows of their own."""
        return self._row_layout.roomy

    def _sentence(self) -> Range:
        """Return from the first to the last word of the sentence under the cursor, as far as it is in memory."""
        start, end = self.document.sentence_range(self.cursor)
        tokens = self.document.tokens
        first, last = tokens.first_from(start), tokens.at(max(start, end - 1))
        if first >= len(tokens.starts) or not start <= tokens.starts[last] < end:
            return start, end
        return max(start, tokens.starts[first]), tokens.ends[last]

    def grow(self) -> None:
        """Take note of text that was added to the end of the document."""
        self.document.grow()
        if self._laid_out:
            self._bring(self.cursor)

    def toggle_spacing(self) -> None:
        """Change between labels in rows of their own and labels within the text."""
        self._spacing_chosen = True
        if self._kept is not None:
            self._kept.keep_roomy(not self._row_layout.roomy, wide=self.size.height >= ROOMY_FROM)
        row = self._text_rows.row_of(self.cursor)
        above = self._row_layout.top(row) - round(self.scroll_y)
        self._lay_out(roomy=not self._row_layout.roomy)
        row = self._text_rows.row_of(self.cursor)
        self.scroll_to(y=self._row_layout.top(row) - above, animate=False, immediate=True)
        self._keep_in_view()
        self.refresh()

    def show_from(self, offset: int) -> None:
        """Scroll so that the row of ``offset`` is the first in sight, as far as there is text below."""
        y = self._row_layout.top(self._text_rows.row_of(offset))
        self.scroll_to(y=min(y, self.max_scroll_y), animate=False, immediate=True)

    def visible_range(self) -> Range:
        """Return the ``[start, end)`` of the text in sight."""
        top, bottom = self._rows_in_sight()
        return self._text_rows.bounds(top)[0], self._text_rows.bounds(bottom)[1]

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text anew where the width changed."""
        if self._laid_out and not self.size.width:
            # Panes may leave nothing of a narrow window, until they are hidden or it is made wider.
            return
        self._lay_out(roomy=self._row_layout.roomy if self._spacing_chosen else is_roomy(self.size.height, self._kept))
        self._keep_in_view()

    def _lay_out(self, *, roomy: bool) -> None:
        width = text_width(self.size.width, roomy=roomy)
        # The cursor is in the document that is shown, also where there is no room for a cell of it.
        self.moves.use(self.document, self._text_rows)
        if self.size.width > 0 or self._laid_out:
            held = self.document.stretch
            if self._text_rows.text is not held.text or self._text_rows.width != max(width, NARROWEST):
                self._text_rows = TextLayout(held.text, width, held.start)
            self.moves.use(self.document, self._text_rows)
            if not self._laid_out:
                self._laid_out = True
                self.ready.set()
                self.moves.stand_on(self.document.cursor if self._awaited is None else self._awaited)
                self.unit = self._sentence()
        self._place_rows(roomy=roomy)

    def _bring(self, offset: int) -> None:
        """Have the text around ``offset`` laid out; what is in sight stays where it is if it is still there."""
        if self.document.holds(offset):
            return
        scrolled = round(self.scroll_y)
        top = self._row_layout.at(scrolled)[0]
        first, cut = self._text_rows.bounds(top)[0], scrolled - self._row_layout.top(top)
        token, anchor = self.token, self.moves.anchor
        if not self.document.show(offset):
            return
        self._lay_out(roomy=self._row_layout.roomy)
        self.moves.renumber(token, anchor)
        y = self._row_layout.top(self._text_rows.row_of(first)) + cut
        self.scroll_to(y=min(y, self.max_scroll_y), animate=False, immediate=True)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Bring the text that the wheel comes to."""
        super().watch_scroll_y(old_value, new_value)
        if self._laid_out:
            top, bottom = self._rows_in_sight()
            self._bring(self._text_rows.bounds((top + bottom) // 2)[0])

    def _take_unit(self) -> None:
        """Draw the bar beside the sentence that the cursor is in, and no longer beside the one it was in."""
        before, self.unit = self.unit, self._sentence()
        if before == self.unit:
            return
        top, bottom = self._rows_in_sight()
        for start, end in (before, self.unit):
            first = max(self._text_rows.row_of(start), top)
            last = min(self._text_rows.row_of(max(start, end - 1)), bottom)
            if first <= last:
                above = self._row_layout.top(first)
                self.refresh_lines(above, self._row_layout.top(last + 1) - above)

    def _with_keys(self, at: int, row: LayoutRow, keys: Keys) -> LayoutRow:
        """Return a row with cells for the keys of its spans, and keep it for whoever asks where something stands."""
        self._rows_with_keys[at] = with_keys(row, keys, text_width(self.size.width, roomy=True)) if keys else row
        return self._rows_with_keys[at]

    def _row(self, at: int) -> LayoutRow:
        """Return a row as it was painted last."""
        return self._rows_with_keys.get(at) or self._text_rows.row(at)

    def _place_rows(self, *, roomy: bool) -> None:
        self._rows_with_keys.clear()
        self._row_layout = RowLayout(self._text_rows, roomy=roomy)
        self._strips.clear()
        self.virtual_size = Size(self.size.width, self._row_layout.height)

    def _keep_in_view(self) -> None:
        """Scroll by a third of a page when the cursor leaves the view, further only if it is further away."""
        top = round(self.scroll_y)
        target = self._row_layout.keeping(self._text_rows.row_of(self.cursor), top, self.size.height)
        if target != top:
            self.scroll_to(y=target, animate=False, immediate=True)

    def _rows_in_sight(self) -> Range:
        top, height = round(self.scroll_y), max(self.size.height, 1)
        first, last = self._row_layout.at(top)[0], self._row_layout.at(top + height - 1)[0]
        # A row whose labels are cut off is not in sight.
        cut = last > first and self._row_layout.top(last + 1) > top + height
        return first + (self._row_layout.top(first) < top and first < last), last - cut

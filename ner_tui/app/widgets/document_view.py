"""The document view: the text as it is written, its marks, the cursor and the selection.

It paints only the rows in sight and asks the document only for the marks of the row it paints. The text is laid out
once for a width; no label ever moves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ner_tui.app.layout import NARROWEST, Layout
from ner_tui.app.widgets.moves import Moves
from ner_tui.app.widgets.painter import GUTTER, Looks, Painter, Range
from ner_tui.domain.labels import COLOUR_SLOTS, LabelSet

if TYPE_CHECKING:
    from textual import events

    from ner_tui.session import OpenDocument

ROOMY_FROM = 28
"""Rows from which on the labels get rows of their own unless a person chose otherwise."""
_SLOTS = range(1, COLOUR_SLOTS + 1)


class DocumentView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows the open document; the cursor is a token."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document--gutter",
        "document--stand-in",
        "document--cursor",
        "document--selection",
        *(f"entity--{kind}-{slot}" for kind in ("decided", "suggested", "ink") for slot in _SLOTS),
    }
    ALLOW_SELECT = False

    class Moved(Message):
        """The cursor or the selection is elsewhere now."""

    def __init__(self, document: OpenDocument, labels: LabelSet) -> None:
        super().__init__(id="view")
        self._labels = labels
        self._painter: Painter | None = None
        self._strips: LRUCache[int, tuple[object, Strip]] = LRUCache(1024)
        self._spacing_chosen = False
        self._pressed: int | None = None
        self.spacing = 1
        """Screen rows per row of text: 2 where labels have rows of their own."""
        self.document = document
        self.layout_ = Layout("", NARROWEST)
        self.moves = Moves(document, self.layout_)
        self._laid_out = False

    # What the screen asks for

    @property
    def cursor(self) -> int:
        """Offset of the token under the cursor; 0 in a document without tokens."""
        return self.moves.offset

    @property
    def token(self) -> Range | None:
        """The token under the cursor, or None in a document without tokens."""
        return self.moves.token

    @property
    def selection(self) -> Range | None:
        """The selected tokens' ``[start, end)``, or None."""
        return self.moves.selection

    def use_labels(self, labels: LabelSet) -> None:
        """Draw with these labels' keys and colours from now on."""
        if labels != self._labels:
            self._labels, self._painter = labels, None
            self._strips.clear()
            self.refresh()

    def show(self, document: OpenDocument, offset: int) -> None:
        """Show ``document`` with the cursor at ``offset``."""
        self.document = document
        self._lay_out()
        self.moves.stand_on(offset)
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved())

    def repaint(self, start: int, end: int) -> None:
        """Draw the rows that hold ``[start, end)`` again; what is out of sight is drawn when it comes into sight."""
        first, last = self.layout_.row_of(start), self.layout_.row_of(max(start, end - 1))
        top, bottom = self._rows_in_sight()
        if last - first > bottom - top:
            self._strips.clear()
        else:
            for y in range(first * self.spacing, (last + 1) * self.spacing):
                self._strips.discard(y)
        first, last = max(first, top), min(last, bottom)
        if first <= last:
            self.refresh_lines(first * self.spacing, (last - first + 1) * self.spacing)

    def move(self, step: str, amount: int) -> None:
        """Move the cursor: ``step`` is a method of ``Moves``; a selection that was started goes along."""
        if step == "page":
            amount *= max(1, self.size.height // self.spacing - 2)
            step = "row"
        before = self._looks_of_cursor()
        getattr(self.moves, step)(amount)
        self._moved(before)

    def stand_on(self, offset: int) -> None:
        """Put the cursor on the token at ``offset``."""
        before = self._looks_of_cursor()
        self.moves.stand_on(offset)
        self._moved(before)

    def select(self, stretch: Range | None) -> None:
        """Select ``stretch``, or nothing."""
        before = self._looks_of_cursor()
        self.moves.select(stretch)
        self._moved(before)

    def toggle_spacing(self) -> None:
        """Change between labels in rows of their own and labels within the text."""
        self._spacing_chosen = True
        self._set_spacing(3 - self.spacing)

    def visible_range(self) -> Range:
        """Return the ``[start, end)`` of the text in sight."""
        top, bottom = self._rows_in_sight()
        return self.layout_.bounds(top)[0], self.layout_.bounds(bottom)[1]

    # Layout and scrolling

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text anew where the width changed."""
        if not self._spacing_chosen:
            self.spacing = 2 if self.size.height >= ROOMY_FROM else 1
        self._lay_out()
        self._keep_in_view()

    def _lay_out(self) -> None:
        width = self.size.width - GUTTER - 1
        if width > 0:
            if self.layout_.text is not self.document.text or self.layout_.width != max(width, NARROWEST):
                self.layout_ = Layout(self.document.text, width)
            self.moves.use(self.document, self.layout_)
            if not self._laid_out:
                self._laid_out = True
                self.moves.stand_on(self.document.cursor)
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.layout_) * self.spacing)

    def _set_spacing(self, spacing: int) -> None:
        row = self.layout_.row_of(self.cursor)
        above = row - round(self.scroll_y) // self.spacing
        self.spacing = spacing
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.layout_) * spacing)
        self.scroll_to(y=(row - above) * spacing, animate=False, immediate=True)
        self._keep_in_view()
        self.refresh()

    def _keep_in_view(self) -> None:
        """Scroll by a third of a page when the cursor leaves the view, further only if it is further away."""
        height = self.size.height
        y = self.layout_.row_of(self.cursor) * self.spacing
        top, third = round(self.scroll_y), max(self.spacing, height // 3)
        margin = min(2 * self.spacing, max(0, height - self.spacing) // 2)
        low, high = y + self.spacing + margin - height, y - margin
        if low <= top <= high:
            return
        near = top + third if top < low else top - third
        target = near if low <= near <= high else y - third
        target = max(0, min(target - target % self.spacing, self.max_scroll_y))
        self.scroll_to(y=target, animate=False, immediate=True)

    def _rows_in_sight(self) -> Range:
        top = round(self.scroll_y) // self.spacing
        last = (round(self.scroll_y) + max(self.size.height, 1) - 1) // self.spacing
        return min(top, len(self.layout_) - 1), min(last, len(self.layout_) - 1)

    # Cursor and selection

    def _looks_of_cursor(self) -> tuple[Range | None, Range | None]:
        return self.moves.token, self.moves.selection

    def _moved(self, before: tuple[Range | None, Range | None]) -> None:
        after = self._looks_of_cursor()
        if after != before:
            for stretch in {*before, *after} - ({*before} & {*after} if before[1] == after[1] else set()):
                self._refresh_stretch(stretch)
        self._keep_in_view()
        self.post_message(self.Moved())

    def _refresh_stretch(self, stretch: Range | None) -> None:
        """Draw the cells of ``stretch`` again, as far as they are in sight; a row's labels stay as they are."""
        if stretch is None:
            return
        top, bottom = self._rows_in_sight()
        first = max(self.layout_.row_of(stretch[0]), top)
        last = min(self.layout_.row_of(stretch[1] - 1), bottom)
        for at in range(first, last + 1):
            row = self.layout_.row(at)
            left, right = row.column(stretch[0]), row.column(stretch[1])
            y = at * self.spacing - round(self.scroll_y)
            self.refresh(Region(GUTTER + left, y, max(1, right - left), 1))

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Place the cursor; a drag from here selects."""
        token = self._token_under(event)
        if token is None or event.button != 1:
            return
        self._pressed = token
        self.capture_mouse()
        self.select(None)
        self.stand_on(self.document.tokens[token].start)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select from where the button went down to here."""
        token = self._token_under(event)
        if self._pressed is None or token is None or token == self.moves.number:
            return
        before = self._looks_of_cursor()
        self.moves.select_tokens(self._pressed, token)
        self._moved(before)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag."""
        if self._pressed is not None:
            self._pressed = None
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Select the entity or the word on a double click."""
        token = self._token_under(event)
        if event.chain == 2 and token is not None:
            start, end = self.document.tokens[token]
            mark = self.document.mark_at(start)
            self.select((mark.span.start, mark.span.end) if mark else (start, end))

    def _token_under(self, event: events.MouseEvent) -> int | None:
        if not len(self.document.tokens):
            return None
        row = (round(self.scroll_y) + event.y) // self.spacing
        return self.document.tokens.at(self.layout_.offset(row, event.x - GUTTER))

    # Painting

    def notify_style_update(self) -> None:
        """Forget everything drawn in the old colours."""
        super().notify_style_update()
        self._painter = None
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        y += round(self.scroll_y)
        at, below = divmod(y, self.spacing)
        if at >= len(self.layout_):
            return Strip.blank(self.size.width, self.rich_style)
        start, end = self.layout_.bounds(at)
        look = None if below else (_clip(self.token, start, end), _clip(self.selection, start, end))
        kept = self._strips.get(y)
        if kept is not None and kept[0] == look:
            return kept[1]
        strip = self._paint(at, bool(below))
        self._strips[y] = (look, strip)
        return strip

    def _paint(self, at: int, labels: bool) -> Strip:
        if self._painter is None:
            self._painter = Painter(self._labels, self._looks())
        row, (start, end) = self.layout_.row(at), self.layout_.bounds(at)
        marks = self.document.marks(start, max(end, start + 1))
        width = self.size.width
        if labels:
            return self._painter.labels(row, marks, width)
        gutter = self._gutter(start, end)
        return self._painter.text(row, marks, gutter, self.token, self.selection, width, inline=self.spacing == 1)

    def _gutter(self, start: int, end: int) -> str:
        """Return the mark of the sentences that begin in ``[start, end)``; the least finished one speaks for all."""
        found = [self.document.sentence_mark(offset) for offset in self.document.sentence_starts(start, end)]
        if any(mark.flagged for mark in found):
            return "⚑"
        statuses = {mark.status for mark in found}
        if statuses == {"confirmed"}:
            return "●"
        return "◐" if statuses - {"untouched"} else ""

    def _looks(self) -> Looks:
        component = self.get_component_rich_style

        def slots(kind: str) -> tuple[Style, ...]:
            return tuple(component(f"entity--{kind}-{slot}") for slot in _SLOTS)

        suggested = slots("suggested")
        return Looks(
            page=self.rich_style,
            gutter=component("document--gutter"),
            stand_in=component("document--stand-in", partial=True),
            cursor=component("document--cursor"),
            selection=component("document--selection"),
            decided=slots("decided"),
            suggested=suggested,
            doubtful=tuple(style + Style(underline2=True, bold=True) for style in suggested),
            ink=slots("ink"),
        )


def _clip(stretch: Range | None, start: int, end: int) -> Range | None:
    if stretch is None or stretch[0] >= end or stretch[1] <= start:
        return None
    return max(stretch[0], start), min(stretch[1], end)

"""The text view: the text as it is written, its spans, the cursor and the selection.

It paints only the rows in sight and asks the document only for the spans of the row it paints. The text is laid out
once for a width; no label ever moves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from ner_tui.app.layout import LayoutRow
from ner_tui.app.widgets.highlights import Found, gutter, highlighted
from ner_tui.app.widgets.jump_codes import overlay
from ner_tui.app.widgets.moves import Moves, Range
from ner_tui.app.widgets.painter import SLOTS, Marked, Painter, clip, row_style
from ner_tui.app.widgets.row_layout import GUTTER
from ner_tui.app.widgets.text_layout_view import TextLayoutView
from ner_tui.domain.labels import LabelSet

if TYPE_CHECKING:
    from ner_tui.session import OpenDocument
    from ner_tui.session.kept_view import KeptView

NEAR = 2_000
"""Characters before and behind the cursor's row, at the most, that are read together with it."""
Step = Literal["token", "word", "sentence", "row", "page", "edge", "end", "selection"]
"""What a move goes by. ``word`` is what stands between white space; ``edge`` and ``end`` are of the row and the
document; ``selection`` selects on the way."""


class TextView(TextLayoutView, can_focus=True, inherit_bindings=False):
    """Shows the open document; the cursor is a token."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document--gutter",
        "document--unit",
        "document--stand-in",
        "document--cursor",
        "document--selection",
        "document--code",
        "document--found",
        *(f"entity--{kind}-{slot}" for kind in ("decided", "suggested", "ink") for slot in SLOTS),
    }
    ALLOW_SELECT = False

    @dataclass
    class Failed(Message):
        """Something could not be drawn, or not answered."""

        error: Exception

    def __init__(self, document: OpenDocument, labels: LabelSet, kept: KeptView | None = None) -> None:
        super().__init__(document, kept)
        self._labels = labels
        self._painter: Painter | None = None
        self._codes: dict[int, str] = {}
        self._fault = ""
        """Why rows could not be drawn last, if they could not."""
        self._found: Found | None = None

    # What the screen asks for

    def highlight(self, found: Found | None) -> None:
        """Draw what ``found`` returns of each row as found, or nothing."""
        if found is not self._found:
            self._found = found
            self._strips.clear()
            self.refresh()

    def use_labels(self, labels: LabelSet) -> None:
        """Draw with these labels' keys and colours from now on."""
        if labels != self._labels:
            self._labels, self._painter = labels, None
            self._strips.clear()
            self.refresh()

    def show(self, document: OpenDocument, offset: int) -> None:
        """Show ``document`` with the cursor at ``offset``."""
        self.document = document
        document.show(offset)
        self._lay_out(roomy=self._row_layout.roomy)
        self.moves.stand_on(offset)
        self.unit = self._sentence()
        self._keep_in_view()
        self.refresh()

    def repaint(self, start: int, end: int, signs: Sequence[int] = ()) -> None:
        """Draw the rows that hold ``[start, end)`` again, and those of ``signs``, where only the gutter is otherwise.

        What is out of sight is drawn when it comes into sight.
        """
        self._take_unit()
        first, last = self._text_rows.row_of(start), self._text_rows.row_of(max(start, end - 1))
        top, bottom = self._rows_in_sight()
        if last - first > bottom - top:
            self._strips.clear()
            first, last = max(first, top), min(last, bottom)
        above, below = self._row_layout.top(first), self._row_layout.top(last + 1)
        for y in range(above, below):
            self._strips.discard(y)
        if first <= bottom and top <= last:
            self.document.look_at(self._text_rows.bounds(first)[0], self._text_rows.bounds(last)[1])
            self.refresh_lines(above, below - above)
        for offset in signs:
            if not start <= offset < end:
                y = self._row_layout.top(self._text_rows.row_of(offset))
                self._strips.discard(y)
                self.refresh_lines(y, 1)

    def look_at_cursor(self) -> None:
        """Have what is known of the cursor's row and of its sentence, as far as that is near, read in one go."""
        start, end = self._text_rows.bounds(self._text_rows.row_of(self.cursor))
        start, end = min(start, max(self.unit[0], start - NEAR)), max(end, min(self.unit[1], end + NEAR))
        if not self.document.covers(start, end):
            self.document.look_at(start, end)

    def move(self, step: Step, amount: int) -> None:
        """Move the cursor; a selection that was started goes along."""
        self._bring(self.cursor)
        by_name = {
            "token": Moves.by_token,
            "word": Moves.by_word,
            "sentence": Moves.by_sentence,
            "edge": Moves.to_edge,
            "end": Moves.to_end,
            "selection": Moves.extend,
        }
        with self._moving():
            if step == "end":
                self._bring(self.document.length if amount > 0 else 0)
            if step == "page":
                top, bottom = self._rows_in_sight()
                amount *= max(1, bottom - top - 2)
            by_name.get(step, Moves.by_row)(self.moves, amount)

    def stand_on(self, offset: int) -> None:
        """Put the cursor on the token at ``offset``; nothing is selected then."""
        with self._moving():
            self._bring(offset)
            self.moves.stand_on(offset)

    def move_to(self, offset: int) -> None:
        """Move the cursor to the token at ``offset``; a selection that was started goes along."""
        with self._moving():
            self._bring(offset)
            self.moves.move_to(offset)

    def select(self, stretch: Range | None) -> None:
        """Select ``stretch``, or nothing."""
        with self._moving():
            self.moves.select(stretch)

    def show_codes(self, codes: Mapping[str, int]) -> None:
        """Draw codes on words, given by the words' offsets."""
        self._codes = {offset: code for code, offset in codes.items()}
        self.refresh()

    def hide_codes(self) -> None:
        """Take the codes off the words."""
        self._codes = {}
        self.refresh()

    # Cursor and selection

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Draw what a move inside changes of the cursor and the selection, and keep the cursor in view."""
        before = self.moves.token, self.moves.selection
        yield
        if not self._laid_out:
            self._awaited = self.cursor
        after = self.moves.token, self.moves.selection
        if after != before:
            for stretch in {*before, *after} - ({*before} & {*after} if before[1] == after[1] else set()):
                self._refresh_stretch(stretch)
            self._take_unit()
        self._keep_in_view()

    def _refresh_stretch(self, stretch: Range | None) -> None:
        """Draw the cells of ``stretch`` again, as far as they are in sight; a row's labels stay as they are."""
        if stretch is None:
            return
        top, bottom = self._rows_in_sight()
        first = max(self._text_rows.row_of(stretch[0]), top)
        last = min(self._text_rows.row_of(stretch[1] - 1), bottom)
        for at in range(first, last + 1):
            row = self._row(at)
            left, right = row.column(stretch[0]), row.column(stretch[1])
            y = self._row_layout.top(at) - round(self.scroll_y)
            self.refresh(Region(GUTTER + left, y, max(1, right - left), 1))

    # What the mouse asks for

    def select_tokens(self, first: int, last: int) -> None:
        """Select from one token to another, by their numbers."""
        with self._moving():
            self.moves.select_tokens(first, last)

    def token_under(self, x: int, y: int) -> int | None:
        """Return the number of the token drawn nearest to a cell of the view, or None in a document without any."""
        if not len(self.document.tokens):
            return None
        row, _ = self._row_layout.at(round(self.scroll_y) + y)
        return self.document.tokens.at(self._row(row).offset(x - GUTTER))

    def is_on_text(self, x: int, y: int) -> bool:
        """Whether text is drawn in a cell of the view."""
        y += round(self.scroll_y)
        row, _ = self._row_layout.at(y)
        return y < self._row_layout.height and GUTTER <= x < GUTTER + self._row(row).width

    # Painting

    def notify_style_update(self) -> None:
        """Forget everything drawn in the old colours."""
        super().notify_style_update()
        self._painter = None
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        y += round(self.scroll_y)
        if y >= self._row_layout.height:
            return Strip.blank(self.size.width, self.rich_style)
        at, below = self._row_layout.at(y)
        start, end = self._text_rows.bounds(at)
        unit = clip(self.unit, start, end)
        if below:
            marked = Marked(None, None, unit)
        else:
            marked = Marked(clip(self.token, start, end), clip(self.selection, start, end), unit)
        if self._codes and not below:
            return self._coded(self._try_to_paint(at, below, marked)[0], at)
        kept = self._strips.get(y)
        if kept is not None and kept[0] == marked:
            return kept[1]
        strip, broken = self._try_to_paint(at, below, marked)
        if not broken:
            self._strips[y] = (marked, strip)
        return strip

    def _coded(self, strip: Strip, at: int) -> Strip:
        """Draw the codes of a row over it."""
        row, (start, end) = self._row(at), self._text_rows.bounds(at)
        cells = {GUTTER + row.column(o): code for o, code in self._codes.items() if start <= o < end}
        return overlay(strip, cells, self.get_component_rich_style("document--code"))

    def _try_to_paint(self, at: int, labels: bool, marked: Marked) -> tuple[Strip, bool]:
        """Return a row, plain if what is marked on it cannot be read, and whether that was so."""
        try:
            strip = self._paint(at, labels, marked)
        except Exception as broken:
            # Let through, it would leave the screen as it is for good. There is one notice, not one for each row.
            if str(broken) != self._fault:
                self._fault = str(broken)
                self.post_message(self.Failed(broken))
            row, width = self._text_rows.row(at), self.size.width
            if labels or self._painter is None:
                return Strip.blank(width, self.rich_style), True
            return self._painter.text(row, [], "", marked._replace(unit=None), width), True
        self._fault = ""
        return strip, False

    def _paint(self, at: int, labels: bool, marked: Marked) -> Strip:
        if self._painter is None:
            self._painter = Painter(self._labels, row_style(self.get_component_rich_style, self.rich_style))
        row, (start, end) = self._text_rows.row(at), self._text_rows.bounds(at)
        if not self.document.covers(start, end):
            self.document.look_at(*self.visible_range())
        spans = self.document.spans(start, max(end, start + 1))
        width = self.size.width
        if labels:
            return self._painter.labels(row, spans, width, in_unit=marked.unit is not None)
        signs, keys = gutter(self.document, start, end), None
        if not self._row_layout.roomy:
            keys = self._painter.keys(row, spans)
            row = self._with_keys(at, row, keys)
        strip = self._painter.text(row, spans, signs, marked, width, keys=keys)
        if self._found is None:
            return strip
        hits = [_cells(row, hit) for hit in self._found(start, end)]
        cursor = marked.cursor and _cells(row, marked.cursor)
        return highlighted(strip, hits, cursor, self.get_component_rich_style("document--found", partial=True))


def _cells(row: LayoutRow, stretch: Range) -> Range:
    """Return the cells of a row that ``stretch`` takes."""
    return GUTTER + row.column(stretch[0]), GUTTER + row.column(stretch[1])

"""The document view: the text, the cursor, and what the mouse does there."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from ner_tui.app.widgets.text_view import TextView


class DocumentView(TextView, inherit_bindings=False):
    """Shows the open document: a press puts the cursor, a drag selects, a double click selects an entity or word."""

    class Moved(Message):
        """The mouse put the cursor or the selection elsewhere."""

    class Scrolled(Message):
        """The wheel was turned: what stood at a place is elsewhere."""

    @dataclass
    class Pointed(Message):
        """The mouse pointed at an entity, selected something, or asked for a menu."""

        x: int
        """Cell of the screen."""
        y: int
        anew: bool
        """Whether a menu is wanted in any case."""

    _pressed: int | None = None
    """The token where the button went down."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Place the cursor; a drag from here selects."""
        token = self.token_under(event.x, event.y)
        if token is None:
            return
        if event.button != 1:
            # What is selected may be what a menu is wanted for.
            if event.button == 3 and self.selection is None:
                self.stand_on(self.document.tokens[token].start)
                self.post_message(self.Moved())
            return
        self._pressed = token
        self.capture_mouse()
        self.stand_on(self.document.tokens[token].start)
        self.post_message(self.Moved())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select from where the button went down to here."""
        token = self.token_under(event.x, event.y)
        if self._pressed is None or token is None or token == self.moves.number:
            return
        self.select_tokens(self._pressed, token)
        self.post_message(self.Moved())

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag."""
        if self._pressed is not None:
            self._pressed = None
            self.release_mouse()

    def on_mouse_scroll_down(self) -> None:
        """Tell of it; the toolkit scrolls."""
        self.post_message(self.Scrolled())

    def on_mouse_scroll_up(self) -> None:
        """Do so."""
        self.post_message(self.Scrolled())

    def on_click(self, event: events.Click) -> None:
        """Select the entity or the word on a double click; what was selected, or is an entity, is pointed at."""
        token = self.token_under(event.x, event.y)
        if token is None:
            return
        start, end = self.document.tokens[token]
        drawn = self.document.span_at(start)
        if event.chain == 2 and event.button == 1:
            self.select((drawn.span.start, drawn.span.end) if drawn else (start, end))
            self.post_message(self.Moved())
        on_entity = drawn is not None and self.is_on_text(event.x, event.y)
        anew = event.button == 3 or self.selection is not None
        if anew or on_entity:
            self.post_message(self.Pointed(event.screen_x, event.screen_y, anew))

"""A note: one line to write it in."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.widgets.text_line import TextLine


class NoteScreen(Dialog[str]):
    """Asks for a note; its result is the text, which may be empty, or None if it is to stay as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", show=False)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="page") as page:
            page.border_title = Content(self._title)
            page.border_subtitle = clickable(
                ("enter keeps", "keep"), ("an empty one is taken away", ""), ("esc", "cancel")
            )
            yield TextLine(self._text, compact=True, select_on_focus=False)

    @on(Input.Submitted)
    def _written(self, message: Input.Submitted) -> None:
        self.dismiss(message.value)

    def action_keep(self) -> None:
        """Keep what is written."""
        self.dismiss(self.query_one(Input).value)

    def action_cancel(self) -> None:
        """Leave the note as it was."""
        self.dismiss(None)

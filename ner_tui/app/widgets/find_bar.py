"""The find bar: a line to type a query in, in the place of the hints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.text_line import TextLine

HELP = "⏎ keep  ↓ ↑ next, previous  tab whole project  esc back"


class FindBar(Horizontal):
    """Asks for a query; what is wanted of it is a message, and each change of its line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "want('back')", "back", show=False),
        Binding("tab,ctrl+l", "want('list')", "whole project", show=False),
        Binding("down,ctrl+n", "want('next')", "next", show=False),
        Binding("up,ctrl+p,shift+tab", "want('previous')", "previous", show=False),
    ]

    @dataclass
    class Wanted(Message):
        """A person asks for something: keep, back, list, next or previous."""

        what: str

    def __init__(self, text: str) -> None:
        super().__init__(id="find")
        self.line = TextLine(text, compact=True, select_on_focus=True)
        """Where the query is typed."""
        self._message = Static(HELP, id="find-message", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static(" find ", id="find-head", markup=False)
        yield self.line
        yield self._message

    def say(self, words: str, *, trouble: bool = False) -> None:
        """Say something beside the query; nothing is the help."""
        self._message.update(Content(f" {printable(words) or HELP} "))
        self._message.set_class(trouble, "-trouble")

    def action_want(self, what: str) -> None:
        """Tell what is wanted."""
        self.post_message(self.Wanted(what))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Wanted("keep"))

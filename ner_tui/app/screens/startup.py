"""The startup screen: the text, where the review screen will have it, while everything else is got ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from ner_tui.app.screens.pane_layout import PaneLayout
from ner_tui.app.widgets.preview import PreviewWidget

if TYPE_CHECKING:
    from ner_tui.session import Session
    from ner_tui.session.kept_view import KeptView


@dataclass(frozen=True, slots=True)
class StartupState:
    """A session that is still to be opened."""

    text: str
    """What it will begin with."""
    cursor: int
    """Offset where the person will stand."""
    theme: str
    """The project's colours, or empty."""
    open: Callable[[], Session]
    """Opens it; may take a while, and raise ``NerTuiError``."""


class StartupScreen(PaneLayout):
    """Shows the text to be reviewed; takes no key."""

    def __init__(self, opening: StartupState, ready: Callable[[], object], kept: KeptView | None = None) -> None:
        """``ready`` is called when the text is on the screen."""
        super().__init__(kept)
        self._opening = opening
        self._ready = ready

    def compose(self) -> ComposeResult:
        """Lay out the text between empty panes."""
        yield Static(id="top")
        with Container(id="body"):
            yield Vertical(id="lists", classes="pane")
            yield PreviewWidget(self._opening.text, self._opening.cursor, self._ready, self.kept)
            yield Vertical(id="place", classes="pane")
        yield Static(id="status")
        yield Static(" opening the project…", id="notice")
        yield Static(id="hints")

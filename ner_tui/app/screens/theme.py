"""The dialog to choose a theme: each is shown as the list goes over it, and the choice is kept in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ner_tui.app.screens.dialog import Dialog, clickable
from ner_tui.app.screens.palette import Choices

if TYPE_CHECKING:
    from collections.abc import Sequence


class ThemeScreen(Dialog[str]):
    """Lists themes beside the text; its result is the theme to keep."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "as it was", show=False),
        Binding("j", "step(1)", "down", show=False),
        Binding("k", "step(-1)", "up", show=False),
    ]

    def __init__(self, themes: Sequence[str], current: str) -> None:
        super().__init__()
        self._themes = list(themes)
        self._current = current

    def compose(self) -> ComposeResult:
        """List the themes, the one in use under the cursor."""
        choice = Choices(*(Option(Content(name), id=name) for name in self._themes), classes="choice page")
        choice.border_title = Content("Theme")
        choice.border_subtitle = clickable(("enter keeps", ""), ("esc", "cancel"))
        choice.highlighted = self._themes.index(self._current) if self._current in self._themes else 0
        yield choice

    @on(OptionList.OptionHighlighted)
    def _shown(self, event: OptionList.OptionHighlighted) -> None:
        if event.option.id:
            self.app.theme = event.option.id

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_step(self, step: int) -> None:
        """Go up or down."""
        choice = self.query_one(OptionList)
        choice.action_cursor_down() if step > 0 else choice.action_cursor_up()

    def action_cancel(self) -> None:
        """Go back to the theme that was in use."""
        self.app.theme = self._current
        self.dismiss(self._current)

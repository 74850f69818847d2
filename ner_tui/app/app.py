"""The review app: it owns the window, the theme and the way out; the review screen does the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import App

from ner_tui.app.screens.review import ReviewScreen
from ner_tui.app.theme import entity_variables

if TYPE_CHECKING:
    from textual.command import Provider

    from ner_tui.session import Session


def _review_commands() -> type[Provider]:
    # The palette and all it imports are not needed for the first paint.
    from ner_tui.app.commands import ReviewCommands

    return ReviewCommands


class NerApp(App[None]):
    """Reviews the documents of a session."""

    CSS_PATH = "ner_tui.tcss"
    TITLE = "ner-tui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = App.COMMANDS | {_review_commands}
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def get_default_screen(self) -> ReviewScreen:
        """Return the one screen the app lives in."""
        return ReviewScreen(self._session)

    def on_mount(self) -> None:
        """Draw everything anew when the app comes back from a suspension; the shell wrote over it."""
        self.app_resume_signal.subscribe(self, lambda _: self.call_later(self._redraw))

    def _redraw(self) -> None:
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def get_css_variables(self) -> dict[str, str]:
        """Add the entity colours to the theme's variables; a theme may set its own."""
        variables = super().get_css_variables()
        theme = self.current_theme
        entities = entity_variables(variables, ansi=self.native_ansi_color, dark=theme.dark)
        self.theme_variables = {**entities, **variables}
        return self.theme_variables

    async def action_quit(self) -> None:
        """Leave as the review screen leaves, whatever stands on top of it."""
        screen = self.screen_stack[0]
        if isinstance(screen, ReviewScreen):
            screen.action_leave()
        else:
            self.exit()

"""An app that goes on when something of it fails, and that says what ended it if it cannot."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from textual.app import App

from ner_tui.app.pumps import Pumps
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.dom import DOMNode
    from textual.driver import Driver
    from textual.message import Message
    from textual.types import CSSPathType
    from textual.widget import Widget

_log = logging.getLogger(__name__)
MAX_FAULTS = 50
"""Faults in a session after which it is better to end it."""
_ENDED = "the screen ended by itself; open the project again, and please report what you did last"


def id_of(action: str) -> str:
    """Return what the log calls an action; what is not in the keymap may have a person's words in its brackets."""
    from ner_tui.app.keymap import EVERY

    return next((each.id for each in EVERY if each.action == action), action.partition("(")[0])


class SteadyApp(App[None]):
    """Handlers, timers, tasks, workers and the terminal's input may fail: that is told, and the session goes on."""

    def __init__(self, css_path: CSSPathType) -> None:
        super().__init__(css_path=css_path)
        self.refused: Exception | None = None
        """Why the app could not begin, or go on, if it could not."""
        self._faults = 0
        self._fault: Exception | None = None
        """The last of them."""
        self._pumps = Pumps(self.survive)

    def told(self, error: Exception, subject: str) -> bool:
        """Tell a fault to the person; False if there is nothing to tell it on."""
        raise NotImplementedError

    @property
    def crash(self) -> Exception | None:
        """What ended the app, or kept it from beginning; None if a person or the system ended it."""
        return self.refused or (None if self._exit else self._fault or NerTuiError(_ENDED))

    def on_mount(self) -> None:
        """Hear of tasks that fail while nobody waits for them."""
        asyncio.get_running_loop().set_exception_handler(self._task_failed)

    def survive(self, error: Exception, subject: str = "") -> None:
        """Tell a fault and go on; end where that is not possible, or where it comes again and again.

        Everything a person decided is on disk, but where they stood and what they had in mind is not.

        Args:
            subject: the action that failed, if it was one.
        """
        self._faults += 1
        self._fault = error
        _log.info("a fault in %s", id_of(subject) or "the app", exc_info=error)
        if self._faults < MAX_FAULTS and self.told(error, subject):
            self.call_later(self._drop_dead)
        else:
            self.give_up(error)
            super()._handle_exception(error)

    def panic(self, *renderables: RenderableType) -> None:
        """End where the toolkit sees no other way."""
        # Whoever runs a session says in a sentence what ended it; a traceback would show the texts in it.
        self.give_up(self._fault or NerTuiError(_ENDED))

    def give_up(self, error: Exception) -> None:
        """End because of ``error``."""
        self.refused = self.refused or error
        self._close_messages_no_wait()

    def input_ended(self, error: OSError) -> None:
        """End because no key will come any more."""
        self.give_up(NerTuiError(f"no keys come from the terminal any more ({error}): open the project in another one"))

    def action_command_palette(self) -> None:
        """Show the commands by name."""
        # It and all it imports are not needed for the first paint.
        from ner_tui.app.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def get_driver_class(self) -> type[Driver]:
        """Return what draws and takes keys; on Unix and in browsers one with threads that go on, too."""
        found = super().get_driver_class()
        if found.__name__ == "WebDriver":
            from ner_tui.app.web_driver import BrowserDriver

            return BrowserDriver
        if found.__name__ != "LinuxDriver":
            return found
        from ner_tui.app.terminal_driver import TerminalDriver

        return TerminalDriver

    def _fatal_error(self) -> None:
        self.bell()
        self.panic()

    def _handle_exception(self, error: Exception) -> None:
        self.survive(error)

    def _task_failed(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception) and not self._exit:
            self.survive(error)

    # The toolkit starts scroll bars in one way, and all other widgets in another.

    def _register_child(self, parent: DOMNode, child: Widget, before: int | None, after: int | None) -> None:
        self._pumps.watch(child)
        super()._register_child(parent, child, before, after)

    def _start_widget(self, parent: Widget, widget: Widget) -> None:
        self._pumps.watch(widget)
        super()._start_widget(parent, widget)

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as broken:
            if not self._is_mounted:
                raise
            self.survive(broken)

    def _drop_dead(self) -> None:
        """Take away screens that failed while they were made: they take no key, so nobody could leave them."""
        while len(self.screen_stack) > 1 and self.screen.is_mounted and not self.screen.is_running:
            self.pop_screen()

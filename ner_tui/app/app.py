"""The review app: it owns the window, the theme and the way out; the review screen does the rest."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar

from textual import events

from ner_tui.app.control_filter import ControlFilter
from ner_tui.app.input_queue import Input, InputQueue, is_in_place
from ner_tui.app.screens.startup import StartupScreen, StartupState
from ner_tui.app.steady_app import SteadyApp, id_of
from ner_tui.app.style_sheet import KeptStylesheet
from ner_tui.app.theme import chrome_variables, entity_variables, fitting

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.await_complete import AwaitComplete
    from textual.command import Provider
    from textual.dom import DOMNode
    from textual.screen import Screen

    from ner_tui.app.screens.review.screen import ReviewScreen
    from ner_tui.app.settings import AppSettings
    from ner_tui.session import Session
    from ner_tui.session.kept_view import KeptView

_log = logging.getLogger(__name__)
LOOK = 2.0
"""Seconds between two looks at whether there is still a terminal."""
LOGGED = 1_000
"""Characters of a sentence that are logged: a line of a file may have millions."""
_HUNG_UP = 129
"""The exit code of a program that SIGHUP has ended."""
_SESSION = "session"
"""The mode that an app is in when the session is open."""
_FRAME, _REST = "frame.tcss", "ner_tui.tcss"


def _review_commands() -> type[Provider]:
    # The palette and all it imports are not needed for the first paint.
    from ner_tui.app.commands import ReviewCommands

    return ReviewCommands


class NerApp(SteadyApp):
    """Reviews the documents of a session."""

    CSS_PATH = _FRAME
    TITLE = "ner-tui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_review_commands}
    """What the palette lists: Textual's own commands are left out, as their work has keys of its own here."""
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self, session: Session | StartupState, settings: AppSettings | None = None, kept: KeptView | None = None
    ) -> None:
        """Make an app for a session, or for one that is opened when its text is on the screen.

        Args:
            kept: how the person likes the screen; without it nobody is told how to begin.
        """
        # A session that is opened later brings the rest with its screen.
        super().__init__(css_path=_FRAME if isinstance(session, StartupState) else [_FRAME, _REST])
        self.stylesheet = KeptStylesheet(self.stylesheet)
        self._session = session
        self._opened = None if isinstance(session, StartupState) else session
        """The session, once it is open."""
        self._keyboard: int | None = None
        """The number of the terminal, if there is one."""
        self._settings = settings
        self.kept = kept
        self.review: ReviewScreen | None = None
        """Where the session takes place; None until it is open."""
        self.presses = 0
        """Keys pressed in this session."""
        self._inputs = InputQueue(self._deliver, self._at_rest, self.call_next)
        self._closing_screen: AwaitComplete | None = None
        """The last screen that was taken away; it may still be on its way."""
        self._control_filter = ControlFilter()
        # The last that every line goes through before it is drawn: it lets nothing pass that would be obeyed.
        self._filters.append(self._control_filter)
        # A terminal of few colours knows better than a theme what its own look like; without hues it matters no more.
        few = None if self.no_color else fitting(self.console.color_system, os.environ.get("COLORFGBG", ""))
        wishes = (session.theme, settings.theme if settings else "", few, kept.theme if kept else "")
        self.theme = next((wish for wish in wishes if wish in self.available_themes), self.theme)

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen."""
        if isinstance(self._session, StartupState):
            return StartupScreen(self._session, lambda: self.call_later(self._open_session), self.kept)
        self.review = self._review_of(self._session)
        return self.review

    def _review_of(self, session: Session) -> ReviewScreen:
        from ner_tui.app.keymap import EVERY
        from ner_tui.app.screens.review.screen import review_screen

        if self._settings is not None:
            self._settings.use_in(session)
        return review_screen(session, self._settings.commands if self._settings else EVERY, self.kept)

    async def _open_session(self) -> None:
        """Open the session, and take the keys that were pressed meanwhile."""
        assert isinstance(self._session, StartupState)
        try:
            self._opened = self._session.open()
            review = self._review_of(self._opened)
        except Exception as refused:
            self.refused = refused
            self.exit()
            return
        self.add_mode(_SESSION, lambda: review)
        # What stands there stays until all of the new screen is there.
        with self.batch_update():
            await self.switch_mode(_SESSION)
            await review.view.ready.wait()
            # It may have begun before the text was laid out, without a sentence and a word to stand on.
            review.moved()
        self.review = review
        self._inputs.release()

    def on_mount(self) -> None:
        """Take keys if the session is open, and listen to the system."""
        if self.review is not None:
            self._inputs.release()
        # The shell wrote over everything while the app was suspended.
        self.app_resume_signal.subscribe(self, lambda _: self.call_later(self.redraw))
        # Only Unix has it, and only the main thread may.
        with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            for number in (signal.SIGTERM, signal.SIGHUP):
                # Under nohup it is to be ignored.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    asyncio.get_running_loop().add_signal_handler(number, self.end)
        if not self.is_headless and sys.__stdin__ is not None and sys.__stdin__.isatty():
            self._keyboard = sys.__stdin__.fileno()
            # A terminal may go without a signal, as under nohup.
            self.set_interval(LOOK, self._look_for_terminal)

    def _look_for_terminal(self) -> None:
        """Leave where the terminal is gone."""
        if self._is_hung_up():
            self.end()

    def _is_hung_up(self) -> bool:
        """Whether there was a terminal that is gone."""
        with suppress(ImportError):
            import termios

            try:
                if self._keyboard is not None:
                    termios.tcgetattr(self._keyboard)
            except termios.error:
                return True
        return False

    def input_ended(self, error: OSError) -> None:
        """End because no key will come any more, at the latest when it is clear whether the terminal is gone."""
        self.set_timer(2 * LOOK, partial(super().input_ended, error))

    def end(self) -> None:
        """Leave because the system asks for it: there is nobody to answer, but the terminal is put back as it was."""
        if self.review is not None:
            self.review.end()
        if self._is_hung_up():
            # Nothing is left to be put back, and the toolkit would wait for ever to write to what is gone.
            from ner_tui.app.jobs import close_at_last

            close_at_last(self._opened)
            os._exit(_HUNG_UP)
        self.exit()

    def redraw(self) -> None:
        """Draw everything again, on a screen that has nothing of it."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def get_css_variables(self) -> dict[str, str]:
        """Add the entity colours to the theme's variables; a theme may set its own."""
        variables = super().get_css_variables()
        theme = self.current_theme
        ansi = self.native_ansi_color
        chrome = chrome_variables(variables, ansi=ansi)
        self.theme_variables = {**entity_variables(variables, ansi=ansi, dark=theme.dark), **variables, **chrome}
        return self.theme_variables

    async def on_event(self, event: events.Event) -> None:
        """Take what a person does in order; what a screen passes on and what bubbles up comes by here too."""
        if isinstance(event, Input) and not event.is_forwarded:
            await self._inputs.take(event)
        else:
            await super().on_event(event)

    async def _deliver(self, event: Input) -> None:
        """Count a key, for the statistics, and give it to the review screen first."""
        if self._exit:
            # Who has left sees nothing of what a key would change: it was meant for the shell.
            return
        focused = self.screen.focused
        if focused is not None and not focused.is_running:
            # It failed while it was made, and would swallow every key.
            self.screen.set_focus(None)
        review = self.review
        if review is not None:
            review.predictions.make_way()
        if isinstance(event, events.Key):
            self.presses += 1
            if review is not None and self.screen is review and await self._taken(review, event.key):
                return
        await super().on_event(event)

    @property
    def all_taken(self) -> bool:
        """Whether every key that came was taken, and did all it was pressed for; work in threads may go on."""
        return self._inputs.empty and self._at_rest()

    def _at_rest(self, event: Input | None = None) -> bool:
        """Whether what the next key or event is for is there, and nothing is left to be done for the last one."""
        if not self.screen_stack:
            return True  # The app has been left.
        if self._closing_screen is not None and not self._closing_screen.is_done:
            return False
        top = self.screen
        gone = isinstance(event, events.MouseDown) and not is_in_place(top, event)
        there = top.is_running and top.is_mounted and not gone
        return there and not self.message_queue_size and not self._next_callbacks and self._pumps.at_rest(top)

    def pop_screen(self) -> AwaitComplete:
        """Take the screen on top away, and know when it is gone."""
        self._closing_screen = super().pop_screen()
        return self._closing_screen

    async def _taken(self, screen: ReviewScreen, key: str) -> bool:
        try:
            return await screen.take_key(key)
        except Exception as broken:
            # Left to itself, the app would take no key any more.
            self.survive(broken)
            return True

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action and draw what it changed; what goes wrong in it is a notice, and the session goes on."""
        begun, review = perf_counter(), self.review
        try:
            if review is not None:
                review.holding += 1
            try:
                done = await super().run_action(action, default_namespace, namespaces)
            finally:
                if review is not None:
                    review.holding -= 1
            if review is not None:
                review.draw()
                review.messages.withdraw_fault(str(action))
        except Exception as broken:
            self.survive(broken, str(action))
            return True
        if _log.isEnabledFor(logging.INFO):
            self._log_action(str(action), 1000 * (perf_counter() - begun))
        return done

    def _log_action(self, action: str, milliseconds: float) -> None:
        _log.info("%s: %.1f ms", id_of(action), milliseconds)
        if self.review is not None and _log.isEnabledFor(logging.DEBUG):
            document = self.review.session.document
            start, end = document.sentence_range(self.review.view.cursor)
            words = document.words(start, min(end, start + LOGGED))
            _log.debug("at %r; notice %r", words, self.review.messages.notice)

    def told(self, error: Exception, subject: str) -> bool:
        """Tell a fault on the review screen, if that is there."""
        if self.review is None or not self.review.is_mounted:
            return False
        self.review.messages.tell_fault(error, subject)
        return True

    def action_help_quit(self) -> None:
        """Say how to leave, where the toolkit would put a note over the text."""
        if self.review is not None:
            self.review.tell_how_to_leave()

    async def action_quit(self) -> None:
        """Leave as the review screen leaves, whatever stands on top of it."""
        if self.review is not None:
            self.review.action_leave()
        else:
            self.exit()

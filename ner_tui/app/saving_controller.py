"""Saving: tells what the disk has not taken, and tries again until it does."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from ner_tui.app.messages import Messages, StandingNotice, Topic
from ner_tui.domain.counting import counted
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

    from ner_tui.session import Session

TRY_AGAIN = 3.0
"""Seconds between attempts to save what the disk did not take."""


class SavingState(Enum):
    """Whether what is on the screen is on disk."""

    SAVED = auto()
    READ_ONLY = auto()
    """Nothing can be changed."""
    NOT_SAVED = auto()


class SavingController:
    """Watches over what a session could not save."""

    def __init__(self, session: Session, messages: Messages, host: MessagePump, saved: Callable[[], None]) -> None:
        """``host``, a screen, has the timers; ``saved`` is called when everything is saved again."""
        self._session = session
        self._messages = messages
        self._host = host
        self._saved = saved
        self._timer: Timer | None = None
        self._place_lost: StandingNotice | None = None
        """The notice that the place of the cursor could not be kept."""

    @property
    def state(self) -> SavingState:
        """Whether what is on the screen is on disk."""
        if self._session.unsaved or self._messages.stands(Topic.SAVING):
            return SavingState.NOT_SAVED
        return SavingState.READ_ONLY if self._session.read_only else SavingState.SAVED

    def failed(self, error: NerTuiError) -> StandingNotice:
        """Tell that something was not saved, and was not done either."""
        return self._messages.keep(Topic.SAVING, f"not saved: {error}")

    def check(self) -> None:
        """Tell what the disk has not taken, and have it tried again; withdraw that once everything is saved."""
        number = self._session.unsaved
        if not number:
            self._messages.withdraw(Topic.SAVING)
            return
        self._messages.keep(Topic.SAVING, f"{counted(number, 'edit')} NOT SAVED yet ({self._session.unsaved_because})")
        if self._timer is None:
            self._timer = self._host.set_interval(TRY_AGAIN, self.retry)

    def retry(self) -> None:
        """Bring to disk what it has not taken, if it takes it now."""
        if self._session.unsaved and not self._session.save_pending():
            self.check()
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self.check()
            self._messages.tell("everything is saved again")
            self._saved()

    def remember_cursor(self, offset: int) -> None:
        """Keep where the person is for the next session."""
        try:
            self._session.remember_cursor(offset)
        except NerTuiError as failed:
            self._place_lost = self.failed(failed)
        else:
            if self._place_lost is not None and self._messages.shows(self._place_lost):
                self._messages.withdraw(Topic.SAVING)
            self._place_lost = None

    def leaves_nothing(self, on_yes: Callable[[], None]) -> bool:
        """Whether everything is saved; asks, if something is not and cannot be, whether to leave it all the same."""
        if not self._session.unsaved or self._session.save_pending():
            return True
        self.check()
        question = f"leave and lose {counted(self._session.unsaved, 'edit')} that could not be saved?"
        self._messages.ask(question, on_yes)
        return False

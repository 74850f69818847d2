"""Keys, pastes and the mouse: each is taken when all that the one before it asked for is there.

The toolkit hands a key on from widget to widget, and what it asks for, such as a dialog, comes or goes some messages
later. Keys that arrive together would find the screen as it was before the first of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual.errors import NoWidget

if TYPE_CHECKING:
    from textual.screen import Screen

Input = events.InputEvent | events.Paste
HELD_AT_MOST = 20.0
"""Seconds after which the next key is taken in any case: better to a screen that is busy than never."""
_SPUN = 50
"""Turns of the event loop that are waited through before waiting takes time."""
_PAUSE = 0.002


def is_in_place(screen: Screen[Any], event: events.MouseDown) -> bool:
    """Whether what is drawn where the mouse was pressed is still there.

    A widget that was taken away stays in the toolkit's map of the screen until that is laid out anew, and a press on it
    would fail, or be lost to what is behind it.
    """
    try:
        return screen.get_widget_at(event.x, event.y)[0].is_attached
    except NoWidget:
        return True


class InputQueue:
    """What a person did, in order, and when the next of it is taken."""

    def __init__(
        self,
        deliver: Callable[[Input], Awaitable[None]],
        at_rest: Callable[[Input], bool],
        call_next: Callable[[Callable[[], Awaitable[None]]], None],
    ) -> None:
        """Begin with nothing taken: ``release`` does that.

        Args:
            deliver: does what an event asks for; what it leaves to be done later is seen by ``at_rest``.
            at_rest: whether nothing is left to be done before an event is taken.
            call_next: has something done in the app's own task when what it does now is over.
        """
        self._deliver = deliver
        self._at_rest = at_rest
        self._call_next = call_next
        self._waiting: deque[Input] = deque()
        self._held = True
        self._turn: asyncio.Task[None] | None = None
        """Waits for rest; events that come meanwhile come after those that wait."""

    @property
    def empty(self) -> bool:
        """Whether everything was taken."""
        return not self._waiting and self._turn is None

    async def take(self, event: Input) -> None:
        """Take an event now or, if something comes before it, later."""
        if not (self._held or self._waiting or self._turn) and self._at_rest(event):
            await self._deliver(event)
            return
        if isinstance(event, events.MouseMove) and self._waiting and isinstance(self._waiting[-1], events.MouseMove):
            # Where the mouse came along is of no interest.
            self._waiting.pop()
        self._waiting.append(event)
        self._wait()

    def release(self) -> None:
        """Take what has come so far, and from now on what comes."""
        self._held = False
        self._wait()

    def _wait(self) -> None:
        if not self._held and self._turn is None:
            self._turn = asyncio.create_task(self._until_rest())

    async def _until_rest(self) -> None:
        turns, end = 0, monotonic() + HELD_AT_MOST
        while self._waiting and not self._at_rest(self._waiting[0]) and monotonic() < end:
            await asyncio.sleep(0 if turns < _SPUN else _PAUSE)
            turns += 1
        self._call_next(self._go_on)

    async def _go_on(self) -> None:
        self._turn = None
        while self._waiting:
            await self._deliver(self._waiting.popleft())
            if self._waiting and not self._at_rest(self._waiting[0]):
                self._wait()
                return

"""A long stream taken in on the event loop a few milliseconds at a time, so that every key gets through.

The project file is read on the loop's own connection this way: no thread, no locks, and stopping is instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Generic, TypeVar

from textual.dom import DOMNode
from textual.timer import Timer

from ner_tui.errors import NerTuiError

SLICE = 0.012
"""Seconds of work at a time."""
PAUSE = 0.004
"""Seconds between, for keys and drawing."""
T = TypeVar("T")


class SlicedStream(Generic[T]):
    """Runs one stream for a widget or screen; what the stream yields as None only lets others have a turn."""

    def __init__(
        self, node: DOMNode, items: Iterator[T | None], take: Callable[[list[T]], bool], end: Callable[[str], None]
    ) -> None:
        """Prepare a stream.

        Args:
            node: whose timers are used.
            items: the stream.
            take: is given what came in a slice; False pauses until ``resume``.
            end: is called once when the stream is used up, with an error in one sentence or nothing.
        """
        self._node = node
        self._items = items
        self._take = take
        self._end = end
        self._timer: Timer | None = None
        self.over = False
        """Whether nothing more will come."""

    @property
    def rest(self) -> Iterator[T | None]:
        """What was not taken yet, for whoever goes on when this is stopped."""
        return self._items

    def resume(self) -> None:
        """Work a first slice at once and the others as time allows; nothing happens if it works already or is over."""
        if self._timer is None and not self.over:
            self._timer = self._node.set_interval(PAUSE, self._work)
            self._work()

    def stop(self) -> None:
        """Take no more; ``end`` is not called."""
        self.over = True
        self._pause()

    def _work(self) -> None:
        if self.over or self._timer is None:
            return
        until, found, error, used_up = monotonic() + SLICE, [], "", False
        try:
            for item in self._items:
                if item is not None:
                    found.append(item)
                if monotonic() > until:
                    break
            else:
                used_up = True
        except NerTuiError as refused:
            error, used_up = str(refused), True
        if found and not self._take(found):
            self._pause()
        # Whoever took what was found may have stopped the stream.
        if used_up and not self.over:
            self.stop()
            self._end(error)

    def _pause(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

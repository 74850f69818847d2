"""Ctrl-C and its kin: the first ends a command tidily, and what comes with it does not disturb the tidying."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from types import FrameType

GRACE = 2.0
"""Seconds in which more of the same is no other wish; after them a command that does not end is ended at once."""

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What the system sends to have a process end, or where its terminal is closed."""


class Interrupts:
    """What this process does when it is asked to end: Ctrl-C raises ``KeyboardInterrupt``, others ``SystemExit``."""

    def __init__(self) -> None:
        self._asked: float | None = None

    def install(self) -> None:
        """Take the signals, as far as nobody asked for them to be ignored."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                signal.signal(number, self._take)

    @contextmanager
    def for_a_session(self) -> Iterator[None]:
        """Take inside, where no app does, what asks a session to end: what is open is closed then."""
        with suppress(ValueError):
            # Only the main thread may.
            for number in ENDING:
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, self._take)
        try:
            yield
        finally:
            with suppress(ValueError):
                for number in ENDING:
                    if signal.getsignal(number) == self._take:
                        signal.signal(number, signal.SIG_DFL)

    def _take(self, number: int, _: FrameType | None) -> None:
        if self._asked is not None:
            if monotonic() - self._asked > GRACE:
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
            return
        self._asked = monotonic()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

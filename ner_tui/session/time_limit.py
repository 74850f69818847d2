"""Patience: a limit on how long an expression may look at one sentence."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ner_tui.errors import InputError


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Break off what happens inside after ``seconds``.

    Python's ``re`` holds the interpreter while it matches, so a thread could not be left behind; but it does look for
    signals. Where there is no timer signal, or outside the main thread, there is no limit.

    Raises:
        InputError: the time was over.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: object) -> None:
        raise InputError("this expression takes too long on one sentence: make it simpler")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

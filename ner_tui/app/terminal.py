"""The terminal that the app draws on and takes keys from, wherever standard input and standard error lead."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from time import monotonic, sleep
from typing import TypeGuard

from ner_tui.errors import InputError

_TERMINAL = Path("/dev/tty")
"""The terminal of a process, on Unix."""
_STILL, _TYPED_ON = 0.4, 10.0
"""Seconds without a key after which nobody types any more, and those that are waited for at the most."""
_PAUSE = 0.02


@contextmanager
def terminal() -> Iterator[None]:
    """Have what runs inside draw and take keys, even where texts come by standard input or messages go to a file.

    In a browser both go through a server, and nothing is looked for.

    Textual draws on ``sys.__stderr__`` and takes keys from ``sys.__stdin__`` (its drivers for Unix). Where one of them
    is no terminal, another stands there meanwhile; ``sys.stdin`` and ``sys.stderr`` stay what they are.

    Raises:
        InputError: standard output is no terminal, or there is none to take keys from.
    """
    if in_browser():
        yield
        return
    out = sys.__stdout__
    if not _is_terminal(out):
        raise InputError(
            "review needs a terminal to draw on, and standard output leads elsewhere: leave > and | out; "
            "to label files without a terminal use ner-tui predict"
        )
    before = sys.__stdin__, sys.__stderr__
    with ExitStack() as opened:
        keys = before[0] if _is_terminal(before[0]) else opened.enter_context(_keyboard())
        screen = before[1] if _is_terminal(before[1]) else opened.enter_context(_screen(out))
        sys.__stdin__, sys.__stderr__ = keys, screen  # type: ignore[misc]
        try:
            with _modes_kept(keys.fileno()):
                yield
        finally:
            sys.__stdin__, sys.__stderr__ = before  # type: ignore[misc]


def in_browser() -> bool:
    """Whether a server such as textual-serve passes on what is drawn, and the keys."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith("web_driver:WebDriver")


@contextmanager
def _modes_kept(number: int) -> Iterator[None]:
    """Leave a terminal in the modes that it is in, whatever happens meanwhile."""
    if sys.platform == "win32":
        yield
        return
    import termios

    before = termios.tcgetattr(number)
    try:
        yield
    finally:
        with suppress(termios.error):
            # From the background, which may not change them, they are as the shell wants them.
            if termios.tcgetattr(number) != before:
                termios.tcsetattr(number, termios.TCSANOW, before)


def drop_typed() -> None:
    """Drop what is typed until nobody types any more: it was meant for a session that has ended, not for the shell."""
    keys = sys.__stdin__
    if sys.platform == "win32" or keys is None or not keys.isatty():
        return
    import select
    import termios

    number, end = keys.fileno(), monotonic() + _TYPED_ON
    with suppress(termios.error):
        before = termios.tcgetattr(number)
        quiet = [*before]
        quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        termios.tcsetattr(number, termios.TCSANOW, quiet)
        try:
            while monotonic() < end and select.select([number], [], [], _STILL)[0]:
                termios.tcflush(number, termios.TCIFLUSH)
                # Closed, it has something to read for ever.
                sleep(_PAUSE)
        finally:
            termios.tcsetattr(number, termios.TCSAFLUSH, before)


def _is_terminal(stream: TextIOWrapper | None) -> TypeGuard[TextIOWrapper]:
    return stream is not None and stream.isatty()


def _keyboard() -> TextIOWrapper:
    try:
        if sys.platform == "win32":
            raise OSError("keys come by standard input there")
        return TextIOWrapper(_TERMINAL.open("rb"), encoding="utf-8")
    except OSError as error:
        raise InputError(
            "review needs a terminal to take keys from, and there is none: run it in one; "
            "to label files without a terminal use ner-tui predict"
        ) from error


def _screen(out: TextIOWrapper) -> TextIOWrapper:
    # Like standard error, it writes something for every character, whatever the terminal's encoding.
    return TextIOWrapper(os.fdopen(os.dup(out.fileno()), "wb"), encoding=out.encoding, errors="backslashreplace")

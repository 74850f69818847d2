"""Failing: one sentence for whatever ends a command, foreseen or not, and never a traceback."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from ner_tui.errors import NerTuiError

_NO_MEMORY = ("failed to map segment", "can't start new thread", "annot allocate memory")
"""Words of the system where there is no memory for a library or a thread."""
LONGEST = 300
"""Characters of a path that are shown: what is wrong with it should not be lost behind it."""


def sentence(error: Exception) -> str:
    """Return what went wrong and what to do next."""
    return str(error) if isinstance(error, NerTuiError) else _unforeseen(error)


def was_interrupted(error: BaseException) -> bool:
    """Whether Ctrl-C is behind an error: libraries that are being imported make another one of it."""
    return any(isinstance(each, KeyboardInterrupt) for each in causes(error))


def causes(error: BaseException | None) -> list[BaseException]:
    """Return an error and those it was raised from or while handling, the last one first."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        each = waiting.pop()
        # An error may be among its own causes.
        if each is not None and not any(each is other for other in found):
            found.append(each)
            waiting += [each.__cause__, each.__context__]
    return found


def _unforeseen(error: Exception) -> str:
    what = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, MemoryError) or any(words in what for words in _NO_MEMORY):
        return "out of memory: close other programs, or give it less at a time"
    if isinstance(error, OSError) and error.errno == errno.EBADF and not error.filename:
        return "standard input or output is closed: leave <&- and >&- out, or name files"
    if isinstance(error, OSError):
        place = f"{str(error.filename)[-LONGEST:]}: " if error.filename else ""
        return f"{place}{error.strerror or what}: make sure that files can be read and written there, then try again"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return (
        f"a fault of the program ({type(error).__name__}: {what}{where}); please report it with what "
        "`python -X dev -m ner_tui` says of the same command"
    )

"""Output to a terminal in place of a file: nothing in it may be obeyed as a command."""

from __future__ import annotations

import io
from typing import TextIO, cast

from ner_tui.domain.printable import printable_lines


def safe_for_terminal(out: TextIO) -> TextIO:
    """Return ``out``; if that is a terminal, one that writes to it with stand-ins for what a terminal would obey."""
    if not out.isatty():
        return out
    if isinstance(out, io.TextIOWrapper):
        # The encoding may be one without the stand-ins.
        out.reconfigure(errors="replace")
    return cast(TextIO, _TerminalOutput(out))


class _TerminalOutput(io.TextIOBase):
    def __init__(self, out: TextIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._out.write(printable_lines(text))
        return len(text)

    def flush(self) -> None:
        if not self.closed:
            self._out.flush()

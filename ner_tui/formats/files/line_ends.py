r"""Line ends: ``\n`` in every text, and in the file what they were there.

A ``\r`` before a ``\n`` stays in the text. Where lines end in ``\r`` alone, as files of old Macs and exports of Excel
do, each is read as ``\n`` and written back as ``\r``.
"""

from __future__ import annotations

from typing import Literal

Newline = Literal["\n", "\r\n", "mixed", "\r"]


class LineEnds:
    """Counts the line ends of a text that comes in pieces."""

    def __init__(self) -> None:
        self._ends = self._pairs = self._returns = 0
        self._last = ""

    def count(self, text: str) -> None:
        """Count those of the next piece."""
        if not text:
            return
        self._ends += text.count("\n")
        self._returns += text.count("\r")
        self._pairs += text.count("\r\n") + (self._last == "\r" and text.startswith("\n"))
        self._last = text[-1]

    @property
    def newline(self) -> Newline:
        """How the lines end."""
        if not self._ends:
            return "\r" if self._returns else "\n"
        if not self._pairs:
            return "\n"
        return "\r\n" if self._pairs == self._ends else "mixed"


def newline_of(text: str) -> Newline:
    """Return how the lines of a text end."""
    ends = LineEnds()
    ends.count(text)
    return ends.newline


def unified(text: str, newline: Newline) -> str:
    r"""Return a decoded text with ``\n`` at the end of each line."""
    return text.replace("\r", "\n") if newline == "\r" else text


def as_in_file(text: str, newline: Newline) -> str:
    """Return a text with the line ends that it has in its file; the inverse of ``unified``."""
    return text.replace("\n", "\r") if newline == "\r" else text

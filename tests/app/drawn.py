"""What is on a screen: where words are drawn, and what a terminal shows of what a program sends."""

from __future__ import annotations

import re

SEQUENCE = re.compile(r"\x1b\[([\d;?<>=]*)[ $]?([A-Za-z@])|\x1b[P\]][^\x1b\x07]*(?:\x1b\\|\x07)|\x1b[=>]")
"""What the driver says to a terminal: where to go on, which groups tell, and how things look."""


def on_screen(rows: list[str], words: str, after: str = "") -> tuple[int, int]:
    """Return the cell in which the second character of ``words`` is drawn, in the lowest row that has them."""
    for y in range(len(rows) - 1, -1, -1):
        if after in rows[y] and words in rows[y]:
            return rows[y].index(words, rows[y].index(after)) + min(1, len(words) - 1), y
    raise AssertionError(f"{words} is not on the screen:\n" + "\n".join(rows))


class Screen:
    """What a terminal shows that obeys the few things the driver says to it."""

    def __init__(self, rows: int, columns: int) -> None:
        self._cells = [[" "] * columns for _ in range(rows)]
        self._y = self._x = 0
        self._rest = ""

    def take(self, sent: str) -> None:
        sent = self._rest + sent
        at = 0
        for found in SEQUENCE.finditer(sent):
            self._put(sent[at : found.start()])
            at = found.end()
            if found[2] in ("H", "f"):
                y, _, x = (found[1] or "1;1").partition(";")
                self._y, self._x = int(y) - 1, int(x or 1) - 1
        cut = sent.rfind("\x1b", at)
        self._put(sent[at : cut if cut >= 0 else len(sent)])
        self._rest = sent[cut:] if cut >= 0 else ""

    def _put(self, text: str) -> None:
        for character in text:
            if character == "\n":
                self._y += 1
            elif character == "\r":
                self._x = 0
            elif self._y < len(self._cells) and self._x < len(self._cells[0]):
                self._cells[self._y][self._x] = character
                self._x += 1

    @property
    def rows(self) -> list[str]:
        return ["".join(row).rstrip() for row in self._cells]

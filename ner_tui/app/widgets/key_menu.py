"""The key menu: the second keys and what they do, over the lower rows of the screen while one is waited for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual import events

from ner_tui.app.widgets.lines import LineList, Piece, fitted
from ner_tui.app.widgets.targets import Wanted

_GAP = 2
_WIDEST = 10_000
"""Cells that no terminal has in a row."""


class KeyMenu(LineList[str]):
    """Lists keys in columns, and a click on one presses it; it lies on the text and moves nothing."""

    def __init__(self) -> None:
        super().__init__(id="key-menu")
        self.display = False
        self._actions: list[str] = []
        """What a click on each does."""
        self._cells = 1
        """Of a column."""

    def show(self, title: str, choices: Sequence[tuple[str, str]], width: int, height: int) -> None:
        """Show ``choices``, keys and what is to be read of each, in ``height`` rows of ``width`` cells at most."""
        self.remove_class("-above")
        self._actions = [f"answer({key!r})" for key, _ in choices]
        rows, self._cells = columns([words for _, words in choices], width, height - 1)
        self.rows = [f" {title}", *rows]
        self.display = True
        self.styles.height = len(self.rows)
        self.changed()

    def show_lines(self, title: str, lines: Sequence[tuple[str, str]], height: int) -> None:
        """Show lines, what a click does and the words of each, in ``height`` rows at most; the bars stay in sight."""
        self.add_class("-above")
        self._actions = [action for action, _ in lines[: height - 1]]
        self._cells = _WIDEST
        self.rows = [f" {title}", *(f" {words}" for _, words in lines[: height - 1])]
        self.display = True
        self.styles.height = len(self.rows)
        self.changed()

    def hide(self) -> None:
        """Give the rows back to what lies under them."""
        self.display = False

    def line(self, at: int, width: int) -> list[Piece]:
        """Return a row."""
        return [(set_cell_size(self.rows[at], width), "lines--strong" if at == 0 else "")]

    def clicked(self, at: int, event: events.Click) -> None:
        """Press the key that was clicked; on the title none."""
        down = len(self.rows) - 1
        number = (event.x - 1) // self._cells * down + at - 1
        if at == 0:
            self.post_message(Wanted("answer('escape')"))
        elif 0 <= number < len(self._actions):
            self.post_message(Wanted(self._actions[number]))


def columns(texts: Sequence[str], width: int, height: int) -> tuple[list[str], int]:
    """Return ``texts`` in columns, down and then across, and the cells of a column.

    Where there is little room each is cut short.
    """
    room, height = width - 1, max(1, height)
    across = max(1, room // (max(map(cell_len, texts)) + _GAP), -(-len(texts) // height))
    cells = room // across
    down = -(-len(texts) // across)
    padded = [fitted(text, cells - _GAP) + " " * _GAP for text in texts]
    return [" " + "".join(padded[row::down]) for row in range(down)], cells

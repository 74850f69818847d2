"""The key menu: the second keys and what they do, over the lower rows of the screen while one is waited for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual import events

from ner_tui.app.widgets.lines import LineList, Piece, fitted
from ner_tui.app.widgets.targets import Wanted

_GAP = 2
_CLAUSES = re.compile(r"[,:] | \(")
_ONE_COLUMN = 1 << 20
"""Cells of a column that has no other beside it."""


class KeyMenu(LineList[str]):
    """Lists keys in columns, and a click on one presses it; it lies on the text and moves nothing."""

    def __init__(self) -> None:
        super().__init__(id="key-menu")
        self.display = False
        self._actions: list[str] = []
        self._cells = 1
        """Of a column."""

    def show(self, title: str, choices: Sequence[tuple[str, str]], width: int, height: int) -> None:
        """Show ``choices``, keys and what is to be read of each, in ``height`` rows of ``width`` cells at most.

        Where they take more rows, ``scrolled`` brings the others into sight.
        """
        self._actions = [f"answer({key!r})" for key, _ in choices]
        rows, self._cells = columns([words for _, words in choices], width, height - 1)
        more = "   ↓ ↑ more" if len(rows) >= height else ""
        self._show(f"{title}{more}", rows, 0, height)

    def show_lines(self, title: str, lines: Sequence[tuple[str, str]], height: int, below: int) -> None:
        """Show lines, actions and what is to be read of each, in ``height`` rows with ``below`` free under them."""
        self._actions, self._cells = [action for action, _ in lines], _ONE_COLUMN
        self._show(title, [f" {words}" for _, words in lines[: height - 1]], below, height)

    def _show(self, title: str, rows: Sequence[str], below: int, height: int) -> None:
        self.rows = [f" {title}", *rows]
        if not self.display:
            self._scroll(0)
        self.display = True
        self.styles.height = min(len(self.rows), max(1, height))
        self.styles.margin = (0, 0, below, 0)
        self.changed()

    def scrolled(self, key: str) -> bool:
        """Scroll if ``key`` is for that, there is something to scroll, and the key is none of those listed."""
        height = max(1, self.size.height)
        by = {"down": 1, "up": -1, "pagedown": height, "pageup": -height}.get(key, 0)
        if not by or not self.display or len(self.rows) <= height or f"answer({key!r})" in self._actions:
            return False
        self._scroll(round(self.scroll_y) + by)
        return True

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=max(0, min(y, len(self.rows) - self.size.height)), animate=False, immediate=True)

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

    Where there is little room each is cut short, after a clause if one fits. Where none would, there are fewer columns,
    and more than ``height`` rows.
    """
    room, height = width - 1, max(1, height)
    across = max(1, room // (max(map(cell_len, texts)) + _GAP), -(-len(texts) // height))
    across = next((each for each in range(across, 1, -1) if _all_fit(texts, room // each - _GAP)), 1)
    cells = room // across
    down = -(-len(texts) // across)
    padded = [fitted(_whole_words(first_clause(text, cells - _GAP), cells - _GAP), cells) for text in texts]
    return [" " + "".join(padded[row::down]) for row in range(down)], cells


def _all_fit(texts: Sequence[str], width: int) -> bool:
    return all(cell_len(first_clause(text, width)) <= width for text in texts)


def _whole_words(text: str, width: int) -> str:
    """Return as many words of ``text`` as fit in ``width`` cells, but its key and the first word in any case."""
    while cell_len(text) > width and text.count(" ") > 2:
        text = text[: text.rindex(" ")]
    return text


def first_clause(text: str, width: int) -> str:
    """Return ``text`` if it fits in ``width`` cells, else as many of its clauses as do, or all of it if none does."""
    if cell_len(text) <= width:
        return text
    heads = [text[: each.start()] for each in _CLAUSES.finditer(text)]
    return next((head for head in reversed(heads) if cell_len(head) <= width), text)

"""The key menu: the second keys and what they do, over the lower rows of the screen while one is waited for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from ner_tui.app.widgets.lines import LineList, Piece, fitted

_GAP = 2


class KeyMenu(LineList[str]):
    """Lists keys in columns; it lies on the text and moves nothing."""

    def __init__(self) -> None:
        super().__init__(id="key-menu")
        self.display = False

    def show(self, title: str, choices: Sequence[str], width: int, height: int) -> None:
        """Show ``choices``, fit for a terminal, in ``height`` rows of ``width`` cells at most."""
        self.remove_class("-above")
        self.rows = [f" {title}", *columns(choices, width, height - 1)]
        self.display = True
        self.styles.height = len(self.rows)
        self.changed()

    def show_lines(self, title: str, lines: Sequence[str], height: int) -> None:
        """Show lines, fit for a terminal, one below the other, in ``height`` rows at most; the bars stay in sight."""
        self.add_class("-above")
        self.rows = [f" {title}", *(f" {line}" for line in lines[: height - 1])]
        self.display = True
        self.styles.height = len(self.rows)
        self.changed()

    def hide(self) -> None:
        """Give the rows back to what lies under them."""
        self.display = False

    def line(self, at: int, width: int) -> list[Piece]:
        """Return a row."""
        return [(set_cell_size(self.rows[at], width), "lines--strong" if at == 0 else "")]


def columns(texts: Sequence[str], width: int, height: int) -> list[str]:
    """Return ``texts`` in columns, down and then across; where there is little room each is cut short."""
    room, height = width - 1, max(1, height)
    across = max(1, room // (max(map(cell_len, texts)) + _GAP), -(-len(texts) // height))
    cells = room // across
    down = -(-len(texts) // across)
    padded = [fitted(text, cells - _GAP) + " " * _GAP for text in texts]
    return [" " + "".join(padded[row::down]) for row in range(down)]

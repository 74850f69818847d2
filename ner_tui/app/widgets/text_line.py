"""A line to type in, whose text may come from files."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Input

from ner_tui.domain.printable import printable


class TextLine(Input):
    """An ``Input`` that shows a stand-in for each character a terminal would obey or not show; its value keeps them."""

    @property
    def _value(self) -> Text:
        return Text(printable(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(printable(self.value[:position]))

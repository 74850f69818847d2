"""The legend: the labels with their keys, colours and counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.message import Message

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.lines import LineList, Piece, justified
from ner_tui.domain.labels import COLOUR_SLOTS, Label, LabelSet


class Legend(LineList):
    """Lists labels; a click on one does what its key does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"entity--decided-{slot}" for slot in range(1, COLOUR_SLOTS + 1)}

    class Chosen(Message):
        """A person wants this label here."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number
            """Place of the label in the project's set, from 0."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Make an empty legend.

        Args:
            keys: what stands for a label's key where another is to be pressed.
        """
        super().__init__(id="legend")
        self._labels: tuple[Label, ...] = ()
        self._counts: dict[str, int] = {}
        self._key_cells = 1
        self.keys = keys

    def show(self, labels: LabelSet, counts: dict[str, int]) -> None:
        """List ``labels`` with how many entities carry each."""
        before, self._counts = self._counts, counts
        if labels.labels != self._labels:
            self._labels = labels.labels
            self._key_cells = max([1, *(cell_len(self._key(label)) for label in labels)])
            self.changed()
            return
        for at, label in enumerate(self._labels):
            if counts.get(label.name) != before.get(label.name):
                self.refresh_line(at)

    def count(self) -> int:
        """Return how many labels there are."""
        return len(self._labels)

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of one label."""
        label = self._labels[at]
        key = f" {set_cell_size(self._key(label), self._key_cells)} "
        count = f" {self._counts.get(label.name, 0)} "
        name, number = justified(f" {printable(label.name)}", count, width - 1 - len(key))
        return [
            (" ", ""),
            (key, f"entity--decided-{label.slot}"),
            (name, ""),
            (number, "lines--dim"),
        ]

    def _key(self, label: Label) -> str:
        return self.keys.get(label.key, label.key)

    def on_click(self, event: events.Click) -> None:
        """Choose the label that was clicked."""
        at = event.y + round(self.scroll_y)
        if at < len(self._labels):
            self.post_message(self.Chosen(at))

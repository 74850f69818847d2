"""The legend: the labels with their keys, colours and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.label_list import LabelKeyColumn
from ner_tui.app.widgets.lines import LineList, Piece, justified
from ner_tui.domain.labels import Label, LabelSet


class Legend(LineList[Label]):
    """Lists labels; a click on one does what its key does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LabelKeyColumn.STYLES

    @dataclass
    class Chosen(Message):
        """A person wants this label here."""

        number: int
        """Place of the label in the project's set, from 0."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__(id="legend")
        self._counts: dict[str, int] = {}
        self.keys = LabelKeyColumn(keys)

    def show(self, labels: LabelSet, counts: dict[str, int]) -> None:
        """List ``labels`` with how many entities carry each."""
        before, self._counts = self._counts, counts
        if labels.labels != self.rows:
            self.rows = labels.labels
            self.keys.fit(labels)
            self.changed()
            return
        for at, label in enumerate(self.rows):
            if counts.get(label.name) != before.get(label.name):
                self.refresh_line(at)

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of one label."""
        label = self.rows[at]
        key = self.keys.piece(label)
        count = f" {self._counts.get(label.name, 0)} "
        name, number = justified(f" {printable(label.name)}", count, width - 1 - len(key[0]))
        return [(" ", ""), key, (name, ""), (number, "lines--dim")]

    def clicked(self, at: int, event: events.Click) -> None:
        """Choose the label."""
        self.post_message(self.Chosen(at))

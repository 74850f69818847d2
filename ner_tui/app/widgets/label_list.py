"""The label list: the project's labels one a line, with their keys, colours, counts and descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.message import Message

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.lines import Choice, Piece, fitted, justified
from ner_tui.domain.labels import COLOUR_SLOTS, Label

NAME = 24
"""Cells that a name gets at the most where there is a description."""


class LabelKeyColumn:
    """The keys of labels, in one column; ``keys`` has those that are not the labels' own."""

    STYLES: ClassVar[set[str]] = {f"entity--decided-{slot}" for slot in range(1, COLOUR_SLOTS + 1)}

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.keys = keys
        self._cells = 1

    def fit(self, labels: Iterable[Label]) -> None:
        """Be as wide as the keys of ``labels``."""
        self._cells = max([1, *(cell_len(self.keys.get(label.key, label.key)) for label in labels)])

    def piece(self, label: Label) -> Piece:
        """Return the key of a label, in its colour."""
        shown = set_cell_size(self.keys.get(label.key, label.key), self._cells)
        return f" {shown} ", f"entity--decided-{label.slot}"


class LabelList(Choice[Label], inherit_bindings=False):
    """Lists labels; one line is current."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LabelKeyColumn.STYLES

    class Chosen(Message):
        """A person clicked on a label."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = LabelKeyColumn(keys)
        self._counts: Mapping[str, int] = {}
        self._widest = 1

    def show(self, labels: Iterable[Label], counts: Mapping[str, int], current: str = "") -> None:
        """List ``labels`` with how many entities carry each; the one named ``current``, or the first, is current."""
        self.rows, self._counts = list(labels), counts
        self._keys.fit(self.rows)
        self._widest = max((cell_len(printable(label.name)) for label in self.rows), default=1)
        self.changed()
        self.stand_on(next((at for at, label in enumerate(self.rows) if label.name == current), 0))

    def fit(self, around: int) -> None:
        """Be as high as there are labels, but leave ``around`` rows of the screen to what stands around the list."""
        self.styles.max_height = max(1, self.screen.size.height - around)

    def on_resize(self) -> None:
        """Fit the lines to the new size; the current one stays in sight."""
        super().on_resize()
        self.stand_on(self.at)

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of one label."""
        label, here = self.rows[at], at == self.at
        width = min(width, self.scrollable_content_region.width)
        plain, dim = ("lines--current", "lines--current") if here else ("", "lines--dim")
        key = self._keys.piece(label)
        number = f" {self._counts.get(label.name, 0):,} "
        name = min(self._widest, NAME) + 2
        left, right = justified(f" {printable(label.name)}", number, name + 8)
        room = max(0, width - 1 - len(key[0]) - cell_len(left) - cell_len(right))
        words = printable(label.description)
        return [
            ("▸" if here else " ", plain),
            key,
            (left, plain),
            (right, dim),
            (fitted(words, room), plain),
        ]

    def clicked(self, at: int, event: events.Click) -> None:
        """Choose the label."""
        self.stand_on(at)
        self.post_message(self.Chosen())


def matching(labels: Iterable[Label], typed: str) -> list[Label]:
    """Return the labels that ``typed`` may mean, the likeliest first.

    That is the one with this key or name, then those whose names begin with it, have it at the beginning of a word,
    have it at all, and those that only their descriptions speak of; upper and lower case are the same.
    """
    words = typed.strip().casefold()
    ranked = [(rank, label) for label in labels if (rank := _rank(label, typed.strip(), words)) is not None]
    return [label for _, label in sorted(ranked, key=lambda pair: pair[0])]


def _rank(label: Label, typed: str, words: str) -> int | None:
    name = label.name.casefold()
    if not words:
        return 0
    if typed in (label.name, label.key) or words == name:
        return 0
    if name.startswith(words):
        return 1
    at = name.find(words)
    while at > 0:
        if not name[at - 1].isalnum():
            return 2
        at = name.find(words, at + 1)
    if words in name:
        return 3
    return 4 if words in label.description.casefold() else None

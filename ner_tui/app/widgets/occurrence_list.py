"""The occurrence list: places of the project one a line, their words under one another amid their context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.message import Message

from ner_tui.app.glyphs import printable
from ner_tui.app.widgets.document_list import short
from ner_tui.app.widgets.lines import Choice, Piece, fitted, shortened
from ner_tui.app.widgets.painter import score

if TYPE_CHECKING:
    from textual import events

    from ner_tui.session.concordance import Occurrence

STATES = {"none": "", "suggested": "?", "file": "file", "person": "you", "confirmed": "seen"}
"""What stands at a place, in a word short enough for a column."""
_CHOSEN = {True: "[x] ", False: "[ ] "}
_LABEL = 8
_SCORE = 4
_STATE = 5
_NAME = 12
_REMARK = 34
"""Cells that a remark gets at the most."""
_WORDS = 0.4
"""Share of the room for text that the words themselves get at the most."""


class OccurrenceList(Choice["Occurrence"], can_focus=True, inherit_bindings=False):
    """Lists places; one line is current. It grows at the end and never shrinks."""

    class Chosen(Message):
        """A person clicked on a line that is current already, or on a box."""

    class NearEnd(Message):
        """The current line is close to the last one; more may be wanted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--found"}

    def __init__(self, *, boxes: bool = False) -> None:
        super().__init__()
        self._boxes = boxes
        self.rows: list[Occurrence] = []
        self._remarks: list[str] = []
        self.ticks: list[bool] = []
        """Which boxes are ticked, to be changed by ``choose``."""
        self._widest = 1
        self._longest = 0

    def clear(self) -> None:
        """List nothing."""
        self.rows, self._remarks, self.ticks = [], [], []
        self._widest, self._longest, self.at = 1, 0, 0
        self.scroll_to(y=0, animate=False, immediate=True)
        self.changed()

    def add(self, rows: Iterable[Occurrence], chosen: Iterable[bool] = (), remarks: Iterable[str] = ()) -> None:
        """List more places; ``chosen`` says which boxes are ticked, ``remarks`` what stands first in each line."""
        new = list(rows)
        self.rows += new
        self.ticks += chosen
        for remark in remarks:
            self._remarks.append(remark)
            self._longest = max(self._longest, cell_len(printable(remark)))
        self._widest = max([self._widest, *(cell_len(printable(row.text)) for row in new)])
        self.changed()

    def chosen(self) -> list[Occurrence]:
        """Return the places whose boxes are ticked."""
        return [row for row, chosen in zip(self.rows, self.ticks, strict=True) if chosen]

    def choose(self, at: int, chosen: bool) -> None:
        """Tick a box, or untick it."""
        self.ticks[at] = chosen
        self.refresh_line(at)

    def stand_on(self, at: int) -> None:
        """Make a line current, and say so when it is close to the last one."""
        super().stand_on(at)
        if self.at + 2 * max(1, self.size.height) >= len(self.rows):
            self.post_message(self.NearEnd())

    def line(self, at: int, width: int) -> list[Piece]:
        """Return the line of a place."""
        row, here = self.rows[at], at == self.at
        plain, dim = ("lines--current", "lines--current") if here else ("", "lines--dim")
        head = "▸" if here else " "
        head += _CHOSEN[self.ticks[at]] if self._boxes else ""
        remark = self._remarks[at] if self._remarks else ""
        name = _NAME if width >= 60 else 0
        # A remark says what there is to say of how it stands there.
        state = 0 if remark else _SCORE + _STATE
        reason = min(self._longest, _REMARK if width >= 60 else width // 3) + 1 if remark else 0
        room = max(0, width - len(head) - reason - _LABEL - state - name - 3)
        words = min(max(1, self._widest), max(8, int(room * _WORDS)))
        before = (room - words) // 2
        after = room - words - before
        label = row.label or ("nothing" if row.state == "confirmed" else "")
        pieces = [(head, plain)]
        if remark:
            pieces.append((fitted(printable(remark), reason - 1) + " ", "lines--found" if not here else plain))
        pieces += [
            (_right(printable(row.before), before) + " ", dim),
            (shortened(printable(row.text), words), plain or "lines--found"),
            (fitted(printable(row.after), after), dim),
            (" " + fitted(printable(label), _LABEL), plain),
        ]
        if state:
            pieces.append((fitted(score(row.score), _SCORE) + fitted(STATES[row.state], _STATE), dim))
        if name:
            pieces.append((" " + shortened(printable(short(row.name)), name), dim))
        return pieces

    def clicked(self, at: int, event: events.Click) -> None:
        """Go to the line; its box, or the line when it is current, is chosen."""
        chosen = at == self.at or (self._boxes and event.x <= len(_CHOSEN[True]))
        self.stand_on(at)
        if chosen:
            self.post_message(self.Chosen())


def _right(text: str, width: int) -> str:
    """Return the end of ``text`` in ``width`` cells, at their right."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return " " * (width - cell_len(text)) + text
    cut = text
    while cell_len(cut) > width - 1:
        cut = cut[max(1, (cell_len(cut) - width + 1) // 2) :]
    return " " * (width - 1 - cell_len(cut)) + "…" + cut

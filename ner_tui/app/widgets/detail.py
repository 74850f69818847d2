"""The detail pane: what is known of the place under the cursor, filled when the cursor rests."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from ner_tui.app.glyphs import glyph, printable
from ner_tui.app.widgets.lines import LineList, Piece, shortened
from ner_tui.app.widgets.painter import score

if TYPE_CHECKING:
    from ner_tui.domain.annotation.edits import SentenceState
    from ner_tui.domain.annotation.suggestions import Suggestion
    from ner_tui.session import DrawnSpan

LONGEST = 200
"""Characters of a span or token that are shown."""
_BAR = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class DetailPlace:
    """Everything the pane shows of one place."""

    words: Callable[[int, int], str]
    """Returns the text of a stretch of the document, for the alternatives."""
    token: tuple[int, int] | None
    drawn: DrawnSpan | None
    suggestion: Suggestion | None
    sentence: SentenceState
    line: int
    """Line of the text, counted from 1."""
    notes: tuple[str, ...] = ()
    """What is noted on the sentence or on something in it, and what was wrong in its source, each with its sign."""


class Detail(LineList[list[Piece]]):
    """Shows a place."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """``keys`` take the readings of the model, the likeliest first."""
        super().__init__(id="detail")
        self._keys = keys
        self._place: DetailPlace | None = None

    def show(self, place: DetailPlace) -> None:
        """Show ``place``."""
        self._place = place
        self.changed()

    def line(self, at: int, width: int) -> list[Piece]:
        """Return a line."""
        return self.rows[at]

    def changed(self) -> None:
        """Compose the lines for the width of the moment."""
        width, before = max(8, self.size.width - 2), self.rows
        self.rows = (
            [] if self._place is None else [[(" ", ""), *line] for line in _lines(self._place, width, self._keys)]
        )
        # A height that changed would lay the whole screen out anew; what does not fit stands in the status line.
        self.virtual_size = self.size
        for at, (old, new) in enumerate(zip_longest(before, self.rows)):
            if old != new:
                self.refresh_line(at)


def _lines(place: DetailPlace, width: int, keys: Sequence[str]) -> Iterator[list[Piece]]:
    stretch = (place.drawn.span.start, place.drawn.span.end) if place.drawn else place.token
    if stretch is None:
        yield [("no words here", "lines--dim")]
        return
    text = place.words(stretch[0], min(stretch[1], stretch[0] + LONGEST))
    for row in chop_cells(printable(text), width)[:4]:
        yield [(row, "lines--strong")]
    if place.drawn is not None:
        label, words = f"{printable(place.drawn.span.label)} ", status(place.drawn)
        if cell_len(label) + cell_len(words) <= width:
            yield [(label, "lines--strong"), (words, "")]
        else:
            yield [(label, "lines--strong")]
            yield from ([(row, "")] for row in wrap(words, width))
    if place.suggestion is not None:
        yield []
        yield from _suggestion(place.suggestion, stretch, place.words, width, keys)
    for note in place.notes:
        yield []
        for row in chop_cells(printable(note[:LONGEST]), width)[:4]:
            yield [(row, "")]
    yield []
    words = f"sentence {place.sentence.status}" + (", flagged" if place.sentence.flagged else "")
    for row in (*wrap(words, width), *wrap(f"line {place.line:,}, {stretch[0]:,}-{stretch[1]:,}", width)):
        yield [(row, "lines--dim")]
    for name in _odd(place.words(stretch[0], min(stretch[1] + 1, stretch[0] + LONGEST))):
        yield [(name[:width], "lines--dim")]


def status(drawn: DrawnSpan) -> str:
    """Return what kind of span it is, in words."""
    if drawn.kind == "suggested" and drawn.doubtful:
        return "suggested, doubtful"
    return {"below": "faint: too improbable to suggest", "conflict": "the model disagrees"}.get(drawn.kind, drawn.kind)


def _suggestion(
    suggestion: Suggestion,
    stretch: tuple[int, int],
    words: Callable[[int, int], str],
    width: int,
    keys: Sequence[str],
) -> Iterator[list[Piece]]:
    """Yield the readings of the model, with the words of those that are of others than ``stretch``."""
    span = suggestion.span
    yield [("annotators differ; most read" if suggestion.contested else "the model reads", "lines--dim")]
    found: list[tuple[str | None, int, int, float]] = [(span.label, span.start, span.end, suggestion.score)]
    found += [(other.label, other.start, other.end, other.score) for other in suggestion.alternatives]
    readings = [
        (label or "nothing", value, words(start, end) if label and (start, end) != stretch else "")
        for label, start, end, value in found
    ]
    column = max(map(cell_len, keys), default=0)
    for number, (label, value, text) in enumerate(readings):
        key = keys[number] if number < len(keys) else ""
        yield from _reading(f"{key:<{column}} " if column else "", label, value, text, width)
    if not suggestion.contested:
        yield [(f"margin {score(suggestion.margin)}", "lines--dim")]


def _reading(key: str, label: str, value: float, words: str, width: int) -> Iterator[list[Piece]]:
    """Yield the lines of a reading: what it is of goes on in a line of its own where there is no room."""
    head = f"{_BAR[round(value * 8)]} {score(value):>3} {printable(label)} "
    shown, first = printable(words[:LONGEST]), [(key, "lines--strong"), (head, "")]
    room = width - cell_len(key) - cell_len(head)
    if cell_len(shown) <= room:
        yield [*first, (shown, "lines--dim")]
        return
    yield first
    indent = " " * cell_len(key)
    room = max(4, width - len(indent))
    yield [(indent, ""), (shortened(shown, room).rstrip(), "lines--dim")]


def _odd(text: str) -> Iterator[str]:
    """Name the characters that are drawn as something else."""
    for character in dict.fromkeys(text):
        if character not in " \n\r" and glyph(character).shown != character:
            yield f"U+{ord(character):04X} {unicodedata.name(character, 'control character').lower()}"

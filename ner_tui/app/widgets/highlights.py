"""What a search found, drawn over a row; and the signs in a row's gutter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.style import Style
from textual.strip import Strip

from ner_tui.app.widgets.moves import Range

if TYPE_CHECKING:
    from ner_tui.session import OpenDocument

Found = Callable[[int, int], Iterable[Range]]
"""Returns what of a stretch of the document was found."""
NOTED, WRONG = "✎", "!"
"""In the gutter: a note, and a problem of the source that nobody has answered."""


def highlighted(strip: Strip, cells: Iterable[Range], spared: Range | None, style: Style) -> Strip:
    """Draw ``[left, right)`` of ``cells`` in ``style``, but for the cursor's, ``spared``, which has to be seen."""
    parts, width = list(cells), strip.cell_length
    if not parts:
        return strip
    low, high = spared or (0, 0)
    edges = [at for part in (*parts, (low, high)) for at in part]
    cuts = sorted({0, width, *(min(max(at, 0), width) for at in edges)})
    pieces = []
    for left, right in pairwise(cuts):
        piece = strip.crop(left, right)
        inside = any(a <= left < b for a, b in parts) and not low <= left < high
        pieces.append(piece.apply_style(style) if inside else piece)
    return Strip.join(pieces)


def gutter(document: OpenDocument, start: int, end: int) -> str:
    """Return the signs of what begins in ``[start, end)``: the least finished sentence's, and a note's or problem's.

    It has one character for each, without those at the end that say nothing.
    """
    found = [document.sentence_state(offset) for offset in document.sentence_starts(start, end)]
    statuses = {state.status for state in found}
    if any(state.flagged for state in found):
        status = "⚑"
    elif statuses == {"confirmed"}:
        status = "●"
    else:
        status = "◐" if statuses - {"untouched"} else ""
    end = max(end, start + 1)
    noted, wrong = document.remarks(start, end)
    sign = NOTED if noted else WRONG if wrong else ""
    return f"{status or ' '}{sign}" if sign else status

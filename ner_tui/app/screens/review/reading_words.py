"""The words around a place, for the lines below the text that say how it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.glyphs import printable

if TYPE_CHECKING:
    from ner_tui.session import OpenDocument

_AROUND = 24
"""Characters on either side, at the most."""


def words_around(document: OpenDocument, low: int, high: int) -> tuple[str, str]:
    """Return the words before and behind ``[low, high)`` in its sentence, whole ones; ``…`` is where it has more."""
    start, end = document.sentence_range(low)
    first, last = max(start, low - _AROUND), min(end, high + _AROUND)
    before, behind = document.words(first, low), document.words(high, last)
    if first > start:
        if not document.words(first - 1, first).isspace():
            before = before.partition(" ")[2] or before
        before = f"… {before.lstrip()}"
    if (rest := document.words(last, min(end, last + _AROUND))).strip():
        if not rest[0].isspace():
            behind = behind.rpartition(" ")[0] or behind
        behind = f"{behind.rstrip()} …"
    return printable(before), printable(behind)

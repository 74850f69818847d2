"""The filter under the screens: whatever a widget draws, nothing that a terminal would obey or hide goes out.

Screens and widgets show stand-ins themselves; what a widget of a library draws, or one of ours forgets, ends here.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_OBEYED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Categories of controls, of directions and other formats, of halves of pairs, and of breaks."""


class ControlFilter(LineFilter):
    """Takes such characters out of lines; widths stay as they are."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line without them."""
        for segment in segments:
            if not segment.text.isprintable():
                break
        else:
            return segments
        return [Segment("".join(map(_character, segment.text)), segment.style) for segment in segments]


@lru_cache(maxsize=1024)
def _character(character: str) -> str:
    if unicodedata.category(character) not in _OBEYED:
        return character
    return "\ufffd" * cell_len(character)

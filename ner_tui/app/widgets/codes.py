"""Codes: two letters drawn on each word in sight, so that any of them is three keys away."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from ner_tui.session import OpenDocument

LETTERS = "asdfjklghqweruiopzxcvnmtyb"
"""The easiest to type first; two of them tell 676 words apart, more than a screen of text has."""
CELLS = 2


def assign(document: OpenDocument, start: int, end: int) -> dict[str, int]:
    """Return the offsets of the words in ``[start, end)`` by their codes; marks of punctuation get none."""
    words = []
    for number in range(document.tokens.first_from(start), len(document.tokens)):
        token = document.tokens[number]
        if token.start >= end:
            break
        if any(character.isalnum() for character in document.text[token.start : token.end]):
            words.append(token.start)
    return dict(zip(map("".join, product(LETTERS, repeat=2)), words, strict=False))


def overlay(strip: Strip, codes: Mapping[int, str], style: Style) -> Strip:
    """Draw codes over a row, by the cell they begin at."""
    for cell, code in codes.items():
        rest = strip.crop(cell + CELLS) if cell + CELLS < strip.cell_length else Strip([])
        strip = Strip.join([strip.crop(0, cell), Strip([Segment(code, style)]), rest])
    return strip

"""Glyphs: what the terminal is given in place of each character of a text, and how many cells that takes.

Terminals disagree about joined emoji, variation selectors, flags and skin tones, and act on control characters. So
nothing of the kind is ever sent: joined emoji are drawn side by side, selectors and skin tones are left out, flags
are drawn as their letters, and what is invisible or would be obeyed is drawn as a visible stand-in of one cell.
Whatever is drawn takes the same number of cells in every terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size

from ner_tui.domain.printable import UNSEEN

TAB = 8
"""Distance of tab stops, in cells."""
LONGEST_UNIT = 32
"""Code points that are drawn as one unit at the most, so that a heap of combining marks cannot fill a row."""

LONGEST_LINE = 4_000
"""Characters of a text that is shown in one line."""

NARROW = (
    "!-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u052f"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
)
"""Characters of one cell that stand for themselves, as the inside of a regular expression's class; no space."""
WIDE = (
    "\u3001-\u3003\u3005-\u3011\u3014-\u301f\u3041-\u3096\u309b-\u30ff\u3105-\u312f\u3400-\u4dbf"
    "\u4e00-\ua48c\uac00-\ud7a3\uf900-\ufa6d\uff01-\uff60"
)
"""Characters of two cells that stand for themselves, likewise."""

ODD = re.compile(f"[^ {NARROW}\n\r]|\r(?!\n)")
"""Finds the first character whose line cannot be laid out by counting characters."""
ODD_ASCII = re.compile("[^ -~\n\r]|\r(?!\n)")
"""The same in a text that is ASCII, where it is faster."""

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_JOINER = "\u200d"
_FLAG = "\U0001f3f4"
"""A black flag; tag characters after it say whose it is."""
_NO_BASE = "\u25cc"


class GlyphKind(IntEnum):
    """How a character takes part in a unit."""

    PLAIN = 0
    PICTURE = 1
    """An emoji or other picture, which may be joined to another."""
    MARK = 2
    """Drawn on top of the character before it."""
    SILENT = 3
    """Belongs to the character before it and is not drawn."""
    JOINER = 4
    LETTER = 5
    """Half of a flag."""
    TAB = 6
    STAND_IN = 7


class Glyph(NamedTuple):
    """What is drawn for one character."""

    shown: str
    width: int
    kind: GlyphKind


class Unit(NamedTuple):
    """Characters that are drawn together and never parted."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last."""
    shown: str
    width: int
    """Cells that ``shown`` takes."""
    stand_in: bool
    """Whether ``shown`` is not the text itself, and is drawn so that nobody takes it for the text."""


@lru_cache(maxsize=8192)
def glyph(character: str) -> Glyph:
    """Return what is drawn for ``character`` when it stands alone."""
    code = ord(character)
    if character == "\t":
        return Glyph(" ", 1, GlyphKind.TAB)
    if character in _SPACES:
        return _stand_in("␣")
    if character == _JOINER:
        return Glyph("¦", 1, GlyphKind.JOINER)
    if character in _DIRECTIONS:
        return _stand_in("⇄")
    if character == "\u00ad":
        return _stand_in("¬")
    if code < 0x20 or code == 0x7F:
        return _stand_in("␡" if code == 0x7F else chr(0x2400 + code))
    if 0x1F1E6 <= code <= 0x1F1FF:
        return Glyph(chr(code - 0x1F1E6 + ord("A")), 1, GlyphKind.LETTER)
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x1F3FB <= code <= 0x1F3FF or code == 0x20E3:
        return Glyph("", 0, GlyphKind.SILENT)
    return _by_category(character, code)


def _by_category(character: str, code: int) -> Glyph:
    category = unicodedata.category(character)
    if category == "Cf" or character in UNSEEN:
        return _stand_in("¦")
    if category in {"Cc", "Cs", "Zl", "Zp"} or code & 0xFFFE == 0xFFFE:
        return _stand_in("¶" if category in {"Zl", "Zp"} else "�")
    width = get_character_cell_size(character)
    if width == 0:
        return Glyph(character, 0, GlyphKind.MARK) if character.isprintable() else _stand_in("¦")
    return Glyph(character, width, GlyphKind.PICTURE if category == "So" else GlyphKind.PLAIN)


def _stand_in(shown: str) -> Glyph:
    return Glyph(shown, 1, GlyphKind.STAND_IN)


def units(text: str, start: int, end: int, column: int = 0) -> Iterator[Unit]:
    """Yield the units of ``text[start:end]`` in order; ``column`` is the cell where the first one stands."""
    at = start
    while at < end:
        unit = _unit(text, at, end, column)
        yield unit
        at = unit.end
        column += unit.width


def lone(text: str, at: int, end: int) -> int:
    """Return the width of the character at ``at`` if it is a unit of its own; 0 if that takes a closer look."""
    _, width, kind = glyph(text[at])
    if kind is GlyphKind.STAND_IN:
        return width
    if kind > GlyphKind.PICTURE or text[at] == _FLAG:
        return 0
    joins = at + 1 < end and GlyphKind.MARK <= glyph(text[at + 1]).kind <= GlyphKind.JOINER
    return 0 if joins else width


def _unit(text: str, start: int, end: int, column: int) -> Unit:
    shown, width, kind = glyph(text[start])
    at = start + 1
    if kind is GlyphKind.TAB:
        width = TAB - column % TAB
        return Unit(start, at, " " * width, width, False)
    if kind is GlyphKind.LETTER and at < end and glyph(text[at]).kind is GlyphKind.LETTER:
        return Unit(start, at + 1, shown + glyph(text[at]).shown, 2, True)
    if kind in (GlyphKind.STAND_IN, GlyphKind.JOINER, GlyphKind.LETTER):
        return Unit(start, at, shown, width, True)
    if kind in (GlyphKind.MARK, GlyphKind.SILENT):
        shown, width = _NO_BASE + shown, 1
    stop = min(end, start + LONGEST_UNIT)
    while at < stop:
        character = text[at]
        more = glyph(character)
        if more.kind is GlyphKind.MARK or more.kind is GlyphKind.SILENT:
            shown += more.shown
            at += 1
        elif text[start] == _FLAG and "\U000e0020" <= character <= "\U000e007f":
            at += 1
        elif more.kind is GlyphKind.JOINER and kind is GlyphKind.PICTURE and at + 1 < stop:
            joined = glyph(text[at + 1])
            if joined.kind is not GlyphKind.PICTURE:
                break
            shown += joined.shown
            width += joined.width
            at += 2
        else:
            break
    return Unit(start, at, shown, width, False)


def printable(text: str, most: int = LONGEST_LINE) -> str:
    """Return text in one line as it may be sent to a terminal: line breaks and tabs as spaces, stand-ins else.

    Args:
        most: characters that are looked at; a word of a file may have millions, and no line shows so many.
    """
    if len(text) > most:
        text = f"{text[: most - 1]}…"
    if text.isascii() and text.isprintable():
        return text
    flat = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(unit.shown for unit in units(flat, 0, len(flat)))

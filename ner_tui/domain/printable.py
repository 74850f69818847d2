"""Text of files made safe for a terminal: a visible character in place of what it would obey or not show."""

from __future__ import annotations

import re
import unicodedata

_BY_CATEGORY = {"Zs": "␣", "Zl": "¶", "Zp": "¶", "Cf": "¦"}
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Characters that count as printable and show nothing: fillers, joiners, variation selectors of scripts, no Braille."""
_UNSEEN = re.compile(f"[{UNSEEN}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BETWEEN_LINES = re.compile(r"(?:[^\n\t\r]|\r(?!\n))+")
"""Text between tabs and line ends."""


def printable(text: str) -> str:
    """Return ``text`` with a visible stand-in for each character that a terminal would obey or not show."""
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        text = "".join(character if character.isprintable() else _stand_in(character) for character in text)
    return _UNSEEN.sub("¦", text)


def printable_lines(text: str) -> str:
    """Return ``text`` likewise, with its tabs and line ends as they are."""
    if text.isascii() and text.isprintable():
        return text
    return _BETWEEN_LINES.sub(lambda found: printable(found[0]), text)


def without_surrogates(text: str) -> str:
    """Return a text with lone surrogates, which are no characters, replaced one by one.

    Bytes of a file's name or an argument that are not UTF-8 are such ones.
    """
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _stand_in(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else _BY_CATEGORY.get(unicodedata.category(character), "\ufffd")

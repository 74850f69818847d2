"""Printable text: what of a file's text may be sent to a terminal, in one line."""

from __future__ import annotations

import unicodedata

_BY_CATEGORY = {"Zs": "␣", "Zl": "¶", "Zp": "¶", "Cf": "¦"}


def printable(text: str) -> str:
    """Return ``text`` with a visible stand-in for each character that a terminal would obey or not show."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _stand_in(character) for character in text)


def _stand_in(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else _BY_CATEGORY.get(unicodedata.category(character), "\ufffd")

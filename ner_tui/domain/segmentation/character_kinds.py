"""The kinds of character that the rules for tokens distinguish, and text with one character for each kind.

``fold`` replaces every character outside ASCII by the one that stands for its kind, so that a rule names a dozen kinds
and not the ranges of Unicode. The folded text is as long as the text: an offset in one is an offset in the other.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

UPPER: Final = "À"
LOWER: Final = "à"
CASELESS: Final = "ª"
"""A letter of a script without capitals that sets spaces between words, or a number such as ½."""
HAN: Final = "一"
HIRAGANA: Final = "あ"
KATAKANA: Final = "ア"
HANGUL: Final = "가"
UNSPACED: Final = "ก"
"""A letter of Thai, Lao, Khmer or Myanmar: no spaces between words."""
PREPOSED: Final = "เ"
"""A vowel of Thai or Lao written before the consonant it is spoken after."""
EXTENDER: Final = "\u0300"
"""Visible and part of the character before it: combining marks, skin tones."""
GLUE: Final = "\u00ad"
"""The same, invisible: variation selectors, soft hyphens, zero-width non-joiners."""
JOINER: Final = "\u200d"
"""Zero-width joiner: makes several emoji one."""
REGIONAL: Final = "\U0001f1e6"
"""Half of a flag."""
INVISIBLE: Final = "\0"
"""Invisible on its own: zero-width space, byte order mark, direction marks, control characters."""
FULL_STOP: Final = "。"
"""A full stop that needs no space behind it."""
OPENING_QUOTE: Final = "“"
CLOSING_QUOTE: Final = "”"
ELLIPSIS: Final = "…"
EN_DASH: Final = "–"
EM_DASH: Final = "—"
SYMBOL: Final = "§"

_NAMED: Final[dict[str, str]] = {
    "'": "’ʼ＇´",
    "-": "‐‑",
    "!": "！",
    "?": "？؟",
    ".": "．",
    EN_DASH: "–−",
    ELLIPSIS: "…",
    OPENING_QUOTE: "‘",
    FULL_STOP: "。｡۔।॥։።។။",
    JOINER: "\u200d",
    GLUE: "\u00ad\u034f\u200c\u2060\u180b\u180c\u180d",
    EXTENDER: "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\uff9e\uff9f",
    SYMBOL: "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f",
    KATAKANA: "ー",
}
"""Characters, behind the kind they are of; these go before ranges and categories."""
_RANGES: Final[tuple[tuple[int, int, str], ...]] = (
    (0x0E01, 0x0E2E, UNSPACED),
    (0x0E40, 0x0E44, PREPOSED),
    (0x0E81, 0x0EAE, UNSPACED),
    (0x0EC0, 0x0EC4, PREPOSED),
    (0x1000, 0x102A, UNSPACED),
    (0x1100, 0x11FF, HANGUL),
    (0x1780, 0x17B3, UNSPACED),
    (0x3005, 0x3007, HAN),
    (0x3021, 0x3029, HAN),
    (0x3041, 0x3096, HIRAGANA),
    (0x309D, 0x309F, HIRAGANA),
    (0x30A1, 0x30FA, KATAKANA),
    (0x30FC, 0x30FF, KATAKANA),
    (0x3130, 0x318F, HANGUL),
    (0x31F0, 0x31FF, KATAKANA),
    (0x3400, 0x4DBF, HAN),
    (0x4E00, 0x9FFF, HAN),
    (0xA960, 0xA97F, HANGUL),
    (0xAC00, 0xD7FF, HANGUL),
    (0xF900, 0xFAFF, HAN),
    (0xFE00, 0xFE0F, GLUE),
    (0xFF66, 0xFF9D, KATAKANA),
    (0x1F1E6, 0x1F1FF, REGIONAL),
    (0x1F3FB, 0x1F3FF, EXTENDER),
    (0x20000, 0x3FFFF, HAN),
    (0xE0020, 0xE007F, GLUE),
    (0xE0100, 0xE01EF, GLUE),
)
_CATEGORIES: Final[dict[str, str]] = {
    "Lu": UPPER,
    "Lt": UPPER,
    "Ll": LOWER,
    "Lo": CASELESS,
    "Lm": CASELESS,
    "Mn": EXTENDER,
    "Mc": EXTENDER,
    "Me": EXTENDER,
    "Nd": "0",
    "Nl": CASELESS,
    "No": CASELESS,
    "Pc": "_",
    "Pd": EM_DASH,
    "Ps": "(",
    "Pe": ")",
    "Pi": OPENING_QUOTE,
    "Pf": CLOSING_QUOTE,
    "Sc": "$",
    "Cf": INVISIBLE,
    "Cc": INVISIBLE,
}


class _KindOf(dict[int, str]):
    """Code point to the character of its kind, computed when it first occurs."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(code)
        return kind


def _kind(code: int) -> str:
    character = chr(code)
    if code < 0x80:
        return character
    if character.isspace():
        return " "
    for kind, members in _NAMED.items():
        if character in members:
            return kind
    category = unicodedata.category(character)
    for first, last, kind in _RANGES:
        if first <= code <= last and not (category.startswith("M") and kind not in (GLUE, EXTENDER)):
            return kind
    return _CATEGORIES.get(category, SYMBOL)


def fold(text: str) -> str:
    """Return the text with each character outside ASCII replaced by that of its kind; the length stays."""
    return text if text.isascii() else text.translate(_kinds())


@cache
def _kinds() -> _KindOf:
    return _KindOf()

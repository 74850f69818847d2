"""The kinds of character that the rules for tokens distinguish, and text with one character for each kind.

``fold`` replaces every character outside ASCII by the one that stands for its kind, so that a rule names a dozen kinds
and not the ranges of Unicode. The folded text is as long as the text: an offset in one is an offset in the other.
"""

from __future__ import annotations

import unicodedata
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
_RANGES: Final[tuple[tuple[int, int, str], ...]] = tuple(
    (int(first, 16), int(last, 16), kind)
    for kind, stretches in (
        (UNSPACED, "0E01-0E2E 0E81-0EAE 1000-102A 1780-17B3"),
        (PREPOSED, "0E40-0E44 0EC0-0EC4"),
        (HANGUL, "1100-11FF 3130-318F A960-A97F AC00-D7FF"),
        (HAN, "3005-3007 3021-3029 3400-4DBF 4E00-9FFF F900-FAFF 20000-3FFFF"),
        (HIRAGANA, "3041-3096 309D-309F"),
        (KATAKANA, "30A1-30FA 30FC-30FF 31F0-31FF FF66-FF9D"),
        (GLUE, "FE00-FE0F E0020-E007F E0100-E01EF"),
        (REGIONAL, "1F1E6-1F1FF"),
        (EXTENDER, "1F3FB-1F3FF"),
    )
    for first, last in (stretch.split("-") for stretch in stretches.split())
)
_CATEGORIES: Final[dict[str, str]] = {
    **dict.fromkeys(("Lu", "Lt"), UPPER), "Ll": LOWER, **dict.fromkeys(("Lo", "Lm", "Nl", "No"), CASELESS),
    **dict.fromkeys(("Mn", "Mc", "Me"), EXTENDER), "Nd": "0", "Pc": "_", "Pd": EM_DASH, "Ps": "(", "Pe": ")",
    "Pi": OPENING_QUOTE, "Pf": CLOSING_QUOTE, "Sc": "$", **dict.fromkeys(("Cf", "Cc"), INVISIBLE),
}  # fmt: skip


class _KindOf(dict[int, str]):
    """Code point to the character of its kind, computed when it first occurs."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(code)
        return kind


_KINDS: Final = _KindOf()


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
    return text if text.isascii() else text.translate(_KINDS)

"""Words by their first letters, and the codes that tell those apart that begin alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from string import ascii_lowercase
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from ner_tui.session import OpenDocument

LETTERS = "asdfjklghqweruiopzxcvnmtyb"
"""The easiest to type first; two of them tell 676 words apart, more than a screen of text has."""
OTHER = "space"
"""The key of words that begin with no letter from a to z: digits, other scripts."""


def first_key(word: str) -> str:
    """Return the key that stands for how a word begins: its first letter without accents, in lower case, or `OTHER`."""
    first = unicodedata.normalize("NFKD", word[:1])[:1].lower()
    return first if first and first in ascii_lowercase else OTHER


def words_with_key(document: OpenDocument, key: str, start: int, end: int, *, capital: bool = False) -> Iterator[int]:
    """Yield the offsets in ``[start, end)`` at which words begin with a key; marks of punctuation are no words.

    Args:
        capital: whether only words that begin with a capital letter are meant.
    """
    for number in range(document.tokens.first_from(start), len(document.tokens)):
        token = document.tokens[number]
        if token.start >= end:
            return
        word = document.words(token.start, token.end)
        if token.start < start or first_key(word) != key or (capital and not word[0].isupper()):
            continue
        if any(character.isalnum() for character in word):
            yield token.start


def assign(words: Iterable[int], cursor: int) -> dict[str, int]:
    """Return words' offsets by their codes, all of one letter or all of two; the nearest have the easiest."""
    nearest = sorted(words, key=lambda word: abs(word - cursor))
    codes = LETTERS if len(nearest) <= len(LETTERS) else map("".join, product(LETTERS, LETTERS))
    return dict(zip(codes, nearest, strict=False))


def overlay(strip: Strip, codes: Mapping[int, str], style: Style) -> Strip:
    """Draw codes over a row, by the cell they begin at."""
    for cell, code in codes.items():
        after = cell + len(code)
        rest = strip.crop(after) if after < strip.cell_length else Strip([])
        strip = Strip.join([strip.crop(0, cell), Strip([Segment(code, style)]), rest])
    return strip

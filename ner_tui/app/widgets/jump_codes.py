"""Jump codes: a letter or two drawn on each word in sight, so that any of them is at most three keys away."""

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


def assign(document: OpenDocument, start: int, end: int) -> dict[str, int]:
    """Return the offsets of the words in ``[start, end)`` by their codes; marks of punctuation get none.

    Words that look like names nobody marked have codes of one letter, as many as can be spared.
    """
    words = []
    for number in range(document.tokens.first_from(start), len(document.tokens)):
        token = document.tokens[number]
        if token.start >= end:
            break
        if any(character.isalnum() for character in document.words(token.start, token.end)):
            words.append(token.start)
    short = _likely_names(document, words, start, end)[: _spared(len(words))]
    chosen = set(short)
    pairs = map("".join, product(LETTERS[len(short) :], LETTERS))
    rest = zip(pairs, (word for word in words if word not in chosen), strict=False)
    return {**dict(zip(LETTERS, short, strict=False)), **dict(rest)}


def _spared(words: int) -> int:
    """Return how many letters can be codes of their own when the others begin codes for the rest of the words."""
    letters = len(LETTERS)
    return next((n for n in range(letters - 1, 0, -1) if (letters - n) * letters >= words - n), 0)


def _likely_names(document: OpenDocument, words: list[int], start: int, end: int) -> list[int]:
    """Return the words that are capitalised and not marked, those that begin no sentence first."""
    marked = [(drawn.span.start, drawn.span.end) for drawn in document.spans(start, end)]
    names = [
        word
        for word in words
        if ((first := document.words(word, word + 1)).isupper() or first in "@#")
        and not any(low <= word < high for low, high in marked)
    ]
    firsts = set(document.sentence_starts(start, end))
    return sorted(names, key=lambda word: word in firsts)


def overlay(strip: Strip, codes: Mapping[int, str], style: Style) -> Strip:
    """Draw codes over a row, by the cell they begin at."""
    for cell, code in codes.items():
        after = cell + len(code)
        rest = strip.crop(after) if after < strip.cell_length else Strip([])
        strip = Strip.join([strip.crop(0, cell), Strip([Segment(code, style)]), rest])
    return strip

"""The text of a WebAnno TSV: put together from its sentences and the offsets of their tokens; its escapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ner_tui.domain.spans import Token
from ner_tui.errors import FormatError
from ner_tui.formats.standoff.offset_spans import quoted, utf16_table

HEAD = "#FORMAT=WebAnno TSV "
"""What a file begins with, before its version."""
TEXT = "#Text="
"""What a line with the text of a sentence begins with."""
_CONTROL = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b", "\\": "\\"}
_FROM_CONTROL = {letter: char for char, letter in _CONTROL.items()}
_TEXT_ESCAPED = re.compile(r"\\([tnfrb\\\x00-\x07\x0e-\x1f])")
_JAVA_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|[tnfrb\\'\"/\x00-\x07\x0e-\x1f])")
_TEXT_TO_ESCAPE = re.compile(r"[\x00-\x1f\\]")
_WIDEST_GAP = 1 << 20
"""Units between two sentences at the most: blanks are made of them."""


class TokenUnit(NamedTuple):
    """A token or a part of one."""

    line: int
    start: int
    end: int
    form: str
    is_part: bool


@dataclass(slots=True)
class SentenceUnits:
    """The lines of a sentence."""

    line: int
    texts: list[str] = field(default_factory=list)
    units: list[TokenUnit] = field(default_factory=list)


class TextOfUnits:
    """Puts the text of a document together from its sentences and the offsets of their tokens."""

    def __init__(self, path: str, size: Callable[[str], int]) -> None:
        """Prepare to build a text.

        Args:
            size: of a text, in the units of its offsets.
        """
        self._path, self._size = path, size
        self.text = ""
        self.tokens: list[Token] = []
        self.starts: list[int] = []
        """Of sentences, in code points."""
        self.misfits: list[tuple[int, str]] = []
        """Lines of tokens whose form is another text than that at their place."""
        self._table: Sequence[int] = ()

    def build(self, sentences: Sequence[SentenceUnits]) -> None:
        """Put it together.

        Raises:
            FormatError: offsets do not ascend, or lead out of the text.
        """
        pieces: list[str] = []
        at, points = 0, 0
        for sentence in sentences:
            first, text = sentence.units[0], "\n".join(sentence.texts)
            # Blanks at its beginning are part of a sentence for some, but offsets are those of tokens.
            before = max(text.find(first.form), 0)
            before = before if text[:before].isspace() else 0
            gap = first.start - self._size(text[:before]) - at
            if not 0 <= gap <= _WIDEST_GAP:
                reason = f"the sentence begins at {first.start}, where the text before it ends at {at}"
                raise FormatError(self._path, first.line, reason)
            blanks = ("\n" if pieces else " ") + " " * (gap - 1) if gap else ""
            pieces += [blanks, text]
            self.starts.append(points + gap)
            at, points = at + gap + self._size(text), points + gap + len(text)
        self.text = "".join(pieces)
        is_plain = self._size is len or max(self.text, default="") <= "\uffff"
        self._table = range(len(self.text) + 1) if is_plain else utf16_table(self.text)
        for unit in [unit for sentence in sentences for unit in sentence.units if not unit.is_part]:
            token = Token(*self.place(unit.start, unit.end, unit.line))
            there = self.text[token.start : token.end]
            if there != unit.form and there.split() != unit.form.split():
                reason = f"the token {quoted(unit.form)} is {quoted(there)} in the text, and is read so"
                self.misfits.append((unit.line, reason))
            self.tokens.append(token)

    def place(self, start: int, end: int, line: int) -> tuple[int, int]:
        """Return a place in code points."""
        last = len(self._table) - 1
        if end <= last and self._table[start] >= 0 <= self._table[end]:
            return self._table[start], self._table[end]
        raise FormatError(self._path, line, f"[{start}, {end}) is no stretch of a text of {last} UTF-16 units")


def unescaped_text(text: str, *, java: bool) -> str:
    """Return the text of a line without escapes.

    Args:
        java: whether they are those of Java, as up to version 3.1.
    """
    if "\\" not in text:
        return text
    if java:
        # A character beyond U+FFFF is two escapes; half of one alone is no character.
        text = _JAVA_ESCAPED.sub(lambda found: _java(found[1]), text)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _TEXT_ESCAPED.sub(lambda found: _FROM_CONTROL.get(found[1], found[1]), text)


def _java(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) == 5 else _FROM_CONTROL.get(escape, escape)


def escaped_text(text: str) -> str:
    """Return a text as it is written in a line."""
    return _TEXT_TO_ESCAPE.sub(lambda found: "\\" + _CONTROL.get(found[0], found[0]), text)


def utf16_units(text: str) -> int:
    """Return the UTF-16 units of a text."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)

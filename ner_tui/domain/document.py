"""Sentences: the parts of a document.

The sentences of a document partition its text: each owns the text from its start to the next sentence's start,
trailing white space included, so joining two is concatenation and the document's text is the join of them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ner_tui.domain.spans import Token

Origin = Literal["text", "tokens"]
"""``text``: raw text that we tokenised, sentences may be joined; ``tokens``: a token format, its tokens are its own."""

Status = Literal["untouched", "in progress", "confirmed"]
"""How far a person has got with a sentence; only a confirm key or accept-and-go-on confirms."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its tokens, and the text up to the next sentence."""

    start: int
    """Offset of the first character in the document's text."""
    text: str
    """The text from ``start`` to the next sentence, white space around the tokens included."""
    tokens: tuple[Token, ...]
    """Offsets in the document's text, ascending, disjoint, never empty as a tuple except in a blank document."""
    line: int = 1
    """Line of the source, counted from 1, where the first token stands."""

    @property
    def end(self) -> int:
        """Offset after the last character: the start of the next sentence."""
        return self.start + len(self.text)

    @property
    def words(self) -> list[str]:
        """The tokens' texts."""
        base = self.start
        return [self.text[token.start - base : token.end - base] for token in self.tokens]

    @property
    def packed(self) -> bytes | None:
        """The tokens as ``packing.pack_tokens`` writes them, if they were stored so."""
        return None

    def tokens_touching(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the tokens that share a character with ``[start, end)``."""
        return tuple(token for token in self.tokens if token.start < end and start < token.end)

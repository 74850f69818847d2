"""The tokens of a stretch of a document, by number and by offset."""

from __future__ import annotations

from bisect import bisect_right

from ner_tui.domain.spans import Token


class TokenIndex:
    """The tokens of a stretch of a document by number, counted from its first, and by offset."""

    def __init__(self, edges: list[int]) -> None:
        self.starts = edges[::2]
        """Offset of the first character of each token."""
        self.ends = edges[1::2]
        """Offset after the last one of each."""

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, number: int) -> Token:
        return Token(self.starts[number], self.ends[number])

    def at(self, offset: int) -> int:
        """Return the number of the token at ``offset``, or of the last one before it; 0 before the first."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def first_from(self, offset: int) -> int:
        """Return the number of the first token that ends after ``offset``; ``len`` if none does."""
        return bisect_right(self.ends, offset)

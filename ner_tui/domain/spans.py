"""Tokens and spans: half-open ranges ``[start, end)`` of code points in a document's text, never empty."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import NamedTuple


class Token(NamedTuple):
    """A word or a mark of punctuation: ``text[start:end]``."""

    start: int
    end: int


make_token: Callable[[tuple[int, int]], Token] = partial(tuple.__new__, Token)
"""Makes a token of its start and end: they are made by the million, and this runs no Python code for each."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled stretch of text."""

    start: int
    """Offset of the first character, in code points of the document's text."""
    end: int
    """Offset after the last character."""
    label: str
    """What it is a name of, such as ``PER``; never with a tag prefix."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got {self.start}, {self.end}")
        if not self.label:
            raise ValueError("a span needs a label")

    def overlaps(self, start: int, end: int) -> bool:
        """Whether the span shares a character with ``[start, end)``."""
        return self.start < end and start < self.end

    def without(self, start: int, end: int) -> Span | None:
        """Return what is left of the span outside ``[start, end)``: the longer side, the left one on a tie, or None."""
        left, right = start - self.start, self.end - end
        if max(left, right) <= 0:
            return None
        if left >= right:
            return Span(self.start, min(start, self.end), self.label)
        return Span(max(end, self.start), self.end, self.label)


def overlaps(spans: Iterable[Span]) -> Callable[[Span], bool]:
    """Return a function that tells whether a span shares a character with one of ``spans``, however many these are."""
    known = sorted(spans)
    starts, reach = [span.start for span in known], list(accumulate((span.end for span in known), max, initial=0))
    return lambda span: reach[bisect_left(starts, span.end)] > span.start


def snap(start: int, end: int, tokens: Iterable[Token]) -> tuple[int, int] | None:
    """Widen ``[start, end)`` to whole tokens; None where it touches no token."""
    touched = [token for token in tokens if token.start < end and start < token.end]
    return (touched[0].start, touched[-1].end) if touched else None

"""Where the spans of a text are after the text has changed: re-anchoring by diff.

A span keeps its place only if all its characters are in the new text as well, unchanged and next to each other; what
cannot be placed so is reported, never guessed.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeVar

from ner_tui.domain.spans import Span

_MOST_WORDS = 4000
"""A changed region longer than this is compared by lines alone: matching words takes quadratic time at worst."""
_MANY = 10_000
"""More lines than these that changed are compared by the rarer ones first."""
_T = TypeVar("_T", bound=Hashable)


class _SharedStretch(NamedTuple):
    """A stretch that is the same in both texts."""

    old: int
    new: int
    length: int


class LineAnchors:
    """A text by its lines, in little more memory than its characters take as UTF-8."""

    def __init__(self, pieces: Iterable[str]) -> None:
        """Take the text in pieces, which may end anywhere."""
        self.keys = array("q")
        """A number for each line, the same for equal ones and, as good as always, for no others."""
        self.starts = array("q", [0])
        """Where each line begins, in code points, and where the last one ends."""
        self._bytes = bytearray()
        self._at = array("q", [0])
        held: list[str] = []
        for piece in pieces:
            first, *others = piece.split("\n")
            held.append(first)
            for other in others:
                self._add("".join([*held, "\n"]))
                held = [other]
        if last := "".join(held):
            self._add(last)

    def _add(self, line: str) -> None:
        encoded = line.encode("utf-8", "surrogatepass")
        self.keys.append(hash(encoded))
        self.starts.append(self.starts[-1] + len(line))
        self._bytes += encoded
        self._at.append(len(self._bytes))

    def line(self, offset: int) -> int:
        """Return the number of the line, from 1, that the character at ``offset`` is in."""
        return bisect_right(self.starts, offset, hi=len(self.starts) - 1)

    def text(self, first: int, last: int) -> str:
        """Return lines ``[first, last)``, counted from 0."""
        return self._bytes[self._at[first] : self._at[last]].decode("utf-8", "surrogatepass")

    def words(self, start: int, end: int) -> str:
        """Return the text ``[start, end)``."""
        first = bisect_right(self.starts, start, hi=len(self.starts) - 1) - 1
        base = self.starts[first]
        last = bisect_left(self.starts, end, hi=len(self.starts) - 1)
        return self.text(first, last)[start - base : end - base]

    def shares(self, first: int, last: int, other: LineAnchors, at: int) -> bool:
        """Whether lines ``[first, last)`` stand in another text from line ``at`` on, letter by letter."""
        ours = memoryview(self._bytes)[self._at[first] : self._at[last]]
        return ours == memoryview(other._bytes)[other._at[at] : other._at[at + last - first]]


class Anchors:
    """The stretches two versions of a text share."""

    def __init__(self, old: LineAnchors, new: LineAnchors) -> None:
        self._runs = list(_merged(_runs(old, new)))
        self._starts = [run.old for run in self._runs]

    def offset(self, offset: int) -> int | None:
        """Return where the character at ``offset`` of the old text is in the new one, or None."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return None
        run = self._runs[at]
        return run.new + offset - run.old if offset < run.old + run.length else None

    def span(self, span: Span) -> Span | None:
        """Return the span in the new text, or None where its characters are no longer side by side."""
        start, last = self.offset(span.start), self.offset(span.end - 1)
        if start is None or last is None or last - start != span.end - 1 - span.start:
            return None
        first = bisect_right(self._starts, span.start) - 1
        # Equal length is not enough: the span has to lie in one shared stretch.
        if span.end > self._runs[first].old + self._runs[first].length:
            return None
        return Span(start, last + 1, span.label)


def _runs(old: LineAnchors, new: LineAnchors) -> Iterator[_SharedStretch]:
    """Yield shared stretches in order: whole lines first, then words inside the lines that changed."""
    for tag, i, i_end, j, j_end in _compare(old.keys, new.keys):
        if tag == "equal" and old.shares(i, i_end, new, j):
            yield _SharedStretch(old.starts[i], new.starts[j], old.starts[i_end] - old.starts[i])
        elif tag == "replace":
            old_words, new_words = _words(old.text(i, i_end)), _words(new.text(j, j_end))
            if len(old_words) + len(new_words) > _MOST_WORDS:
                continue
            a, b = _offsets(old_words, old.starts[i]), _offsets(new_words, new.starts[j])
            for tag_, k, k_end, m, _ in _compare(old_words, new_words):
                if tag_ == "equal":
                    yield _SharedStretch(a[k], b[m], a[k_end] - a[k])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _compare(old: Sequence[_T], new: Sequence[_T]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield ``SequenceMatcher`` opcodes; the common head and tail are taken off first, as most edits are small."""
    head, tail = common_ends(old, new)
    yield "equal", 0, head, 0, head
    left, right = list(old[head : len(old) - tail]), list(new[head : len(new) - tail])
    # Among many lines, those that occur often are no guide, and comparing them takes quadratic time.
    middle = SequenceMatcher(None, left, right, autojunk=len(right) > _MANY)
    for tag, i, i_end, j, j_end in middle.get_opcodes():
        yield tag, i + head, i_end + head, j + head, j_end + head
    yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def common_ends(old: Sequence[_T], new: Sequence[_T]) -> tuple[int, int]:
    """Return how many items two sequences begin with in common, and how many of the others they end with."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _offsets(pieces: Sequence[str], base: int) -> list[int]:
    offsets = [base]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return offsets


def _merged(runs: Iterator[_SharedStretch]) -> Iterator[_SharedStretch]:
    """Yield the runs with neighbours that touch in both texts made one, and empty ones left out."""
    last: _SharedStretch | None = None
    for run in runs:
        if not run.length:
            continue
        if last and last.old + last.length == run.old and last.new + last.length == run.new:
            last = last._replace(length=last.length + run.length)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last

"""Anchoring: where the spans of a text went when the text changed.

A span keeps its place only if all its characters stand, unchanged and side by side, in the new text as well; what
cannot be placed so is reported, never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from ner_tui.domain.spans import Span

_MOST_WORDS = 4000
"""A changed region longer than this is compared by lines alone: matching words takes quadratic time at worst."""


class _Run(NamedTuple):
    """A stretch that is the same in both texts."""

    old: int
    new: int
    length: int


class Anchors:
    """The stretches two versions of a text share."""

    def __init__(self, old: str, new: str) -> None:
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


def _runs(old: str, new: str) -> Iterator[_Run]:
    """Yield shared stretches in order: whole lines first, then words inside the lines that changed."""
    old_lines, new_lines = re.split("(?<=\n)", old), re.split("(?<=\n)", new)
    old_at, new_at = _offsets(old_lines), _offsets(new_lines)
    for tag, i, i_end, j, j_end in _compare(old_lines, new_lines):
        if tag == "equal":
            yield _Run(old_at[i], new_at[j], old_at[i_end] - old_at[i])
        elif tag == "replace":
            old_words = re.findall(r"\w+|\s+|[^\w\s]", old[old_at[i] : old_at[i_end]])
            new_words = re.findall(r"\w+|\s+|[^\w\s]", new[new_at[j] : new_at[j_end]])
            if len(old_words) + len(new_words) > _MOST_WORDS:
                continue
            a, b = _offsets(old_words, old_at[i]), _offsets(new_words, new_at[j])
            for tag_, k, k_end, m, _ in _compare(old_words, new_words):
                if tag_ == "equal":
                    yield _Run(a[k], b[m], a[k_end] - a[k])


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield ``SequenceMatcher`` opcodes; the common head and tail are taken off first, as most edits are small."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield "equal", 0, head, 0, head
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for tag, i, i_end, j, j_end in middle.get_opcodes():
        yield tag, i + head, i_end + head, j + head, j_end + head
    yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _offsets(pieces: Sequence[str], base: int = 0) -> list[int]:
    offsets = [base]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return offsets


def _merged(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Yield the runs with neighbours that touch in both texts made one, and empty ones left out."""
    last: _Run | None = None
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

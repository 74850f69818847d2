"""What a string of words was annotated as elsewhere: with which labels, and how often with none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log

from ner_tui.learning.lessons import WordSpan

OUTSIDE = "O"
"""The reading that a string is in no span."""
LONGEST = 8
"""Words of a string that is looked for elsewhere."""
MOST = 100_000
"""Strings that are kept; of more, those that were a span the fewest times are forgotten, half of them at least."""
_SMOOTH = 0.5
_BITS = 32
_MASK = (1 << _BITS) - 1


class SurfaceCounts:
    """How often each string has each reading; strings that never are a span are not counted.

    All spans are taken in first, then all sentences are counted.
    """

    def __init__(self) -> None:
        self._shifts: dict[str, int] = {OUTSIDE: 0}
        """Of readings, in the numbers of ``_counts``."""
        self._counts: dict[str, int] = {}
        """By string how often it has each reading, in one number: there may be very many strings."""
        self._lengths: dict[str, int] = {}
        """By first word how long spans are, a bit for each number of words."""

    def take_in(self, words: Sequence[str], spans: Sequence[WordSpan]) -> None:
        """Count spans."""
        for first, end, label in spans:
            if end - first <= LONGEST:
                string, shift = " ".join(words[first:end]), self._shifts.setdefault(label, _BITS * len(self._shifts))
                self._counts[string] = self._counts.get(string, 0) + (1 << shift)
                self._lengths[words[first]] = self._lengths.get(words[first], 0) | 1 << (end - first)
        if len(self._counts) > MOST:
            self._forget()

    def count(self, words: Sequence[str], spans: Sequence[WordSpan]) -> None:
        """Count what is in no span of a sentence."""
        for string in self._outside(words, spans):
            if string in self._counts:
                self._counts[string] += 1

    def own(self, words: Sequence[str], spans: Sequence[WordSpan]) -> Counter[tuple[str, str]]:
        """Return what a sentence that was counted has given to the counts."""
        found = Counter((string, OUTSIDE) for string in self._outside(words, spans))
        found.update((" ".join(words[first:end]), label) for first, end, label in spans if end - first <= LONGEST)
        return found

    def odds(self, string: str, reading: str, own: Counter[tuple[str, str]]) -> float:
        """Return how much speaks for a reading: the log odds of it elsewhere; 0 where the string is not seen elsewhere.

        Args:
            string: words with a space between.
            own: what does not count, see `own`.
        """
        if string not in self._counts:
            return 0.0
        total = sum(self.times(string, each, own) for each in self._shifts)
        times = self.times(string, reading, own)
        return log((times + _SMOOTH) / (total - times + _SMOOTH))

    def times(self, string: str, reading: str, own: Counter[tuple[str, str]]) -> int:
        """Return how often a string has a reading elsewhere."""
        shift = self._shifts.get(reading)
        if shift is None:
            return 0
        # What was forgotten, and came again, has less than its own sentence gave.
        return max(0, (self._counts.get(string, 0) >> shift & _MASK) - own[string, reading])

    def _forget(self) -> None:
        shifts = tuple(self._shifts.values())
        totals = sorted(sum(number >> shift & _MASK for shift in shifts) for number in self._counts.values())
        most = totals[len(totals) // 2]
        self._counts = {
            string: number
            for string, number in self._counts.items()
            if sum(number >> shift & _MASK for shift in shifts) > most
        }
        # A word with a space in it has no length any more: it is not looked for outside of spans.
        lengths: dict[str, int] = {}
        for string in self._counts:
            first, length = string.split(" ", 1)[0], string.count(" ") + 1
            lengths[first] = lengths.get(first, 0) | 1 << length
        self._lengths = lengths

    def _outside(self, words: Sequence[str], spans: Sequence[WordSpan]) -> Iterator[str]:
        """Yield the strings outside of spans that are as long as spans that begin so."""
        inside = bytearray(len(words) + 1)
        for first, end, _ in spans:
            inside[first:end] = b"\1" * (end - first)
        for first, word in enumerate(words):
            lengths = self._lengths.get(word, 0)
            for length in range(1, LONGEST + 1) if lengths else ():
                if lengths >> length & 1 and first + length <= len(words) and not any(inside[first : first + length]):
                    yield " ".join(words[first : first + length])

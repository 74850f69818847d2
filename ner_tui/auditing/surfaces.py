"""What a string of words was annotated as elsewhere: with which labels, and how often with none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log

from ner_tui.learning.lessons import WordSpan

OUTSIDE = "O"
"""The reading that a string is in no span."""
LONGEST = 8
"""Words of a string that is looked for elsewhere."""
_SMOOTH = 0.5


class SurfaceCounts:
    """How often each string has each reading; strings that never are a span are not counted.

    All spans are taken in first, then all sentences are counted.
    """

    def __init__(self) -> None:
        self._readings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)

    def take_in(self, words: Sequence[str], spans: Sequence[WordSpan]) -> None:
        """Take note of strings that are spans."""
        for first, end, _ in spans:
            if end - first <= LONGEST:
                self._lengths[words[first]].add(end - first)

    def count(self, words: Sequence[str], spans: Sequence[WordSpan]) -> None:
        """Count a sentence."""
        for string, reading in self._found(words, spans):
            self._readings[string][reading] += 1

    def own(self, words: Sequence[str], spans: Sequence[WordSpan]) -> Counter[tuple[str, str]]:
        """Return what a sentence that was counted has given to the counts."""
        return Counter(self._found(words, spans))

    def odds(self, string: str, reading: str, own: Counter[tuple[str, str]]) -> float:
        """Return how much speaks for a reading: the log odds of it elsewhere; 0 where the string is not seen elsewhere.

        Args:
            string: words with a space between.
            own: what does not count, see `own`.
        """
        there = self._readings.get(string)
        if there is None:
            return 0.0
        total = sum(number - own[string, each] for each, number in there.items())
        times = there[reading] - own[string, reading]
        return log((times + _SMOOTH) / (total - times + _SMOOTH))

    def times(self, string: str, reading: str, own: Counter[tuple[str, str]]) -> int:
        """Return how often a string has a reading elsewhere."""
        there = self._readings.get(string)
        return there[reading] - own[string, reading] if there else 0

    def _found(self, words: Sequence[str], spans: Sequence[WordSpan]) -> Iterator[tuple[str, str]]:
        inside = bytearray(len(words) + 1)
        for first, end, label in spans:
            inside[first:end] = b"\1" * (end - first)
            if end - first <= LONGEST:
                yield " ".join(words[first:end]), label
        for first, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                if first + length <= len(words) and not any(inside[first : first + length]):
                    yield " ".join(words[first : first + length]), OUTSIDE

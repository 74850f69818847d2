"""The memory: strings that were decided before, and what they were decided to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import log1p

from ner_tui.learning.lessons import Lesson, WordSpan

WEIGHT = 1.0
"""What a string that was decided n times with one label adds to its log probability, times log(1 + n)."""
AGREED = 0.7
"""Share of a string's places that have to have the label."""
TRUSTED = 2
"""A label is spoken of if, of the places where strings of other sentences were found, those that the model alone had
wrong and the memory has right are more than so many times those that it would make wrong."""


@dataclass
class Memory:
    """Counts of strings, from lessons; a lesson's own words can be left out, to see how right the rest is about it."""

    _spans: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)
    _places: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often a string is a span, of any label."""
    _outside: Counter[str] = field(default_factory=Counter)
    """How often a word is in none."""
    _lengths: dict[str, set[int]] = field(default_factory=dict)
    """By first words without their case, how many words strings have that begin so; there may be more than are left."""
    _labels: Counter[str] = field(default_factory=Counter)
    """How many spans have each label."""
    trusted: frozenset[str] = frozenset()
    """Labels that are spoken of."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson], said: Sequence[Collection[WordSpan]], known: Collection[str] = ()) -> Memory:
        """Remember lessons, and see for each label what each sentence would gain by the others.

        Args:
            lessons: what is remembered.
            said: the spans that the model finds in each by itself.
            known: labels that it knows; of others the memory speaks until it is wrong.
        """
        memory = cls()
        for lesson in lessons:
            memory._count(lesson, 1)
        gained, lost = Counter[str](), Counter[str]()
        for lesson, alone in zip(lessons, said, strict=True):
            if not lesson.is_whole:
                continue
            with memory.without(lesson):
                found = list(memory._hits(lesson.words))
            for first, end, label, _ in found:
                here = (first, end, label)
                if here in lesson.spans and here not in alone:
                    gained[label] += 1
                elif here not in lesson.spans and here not in alone:
                    lost[label] += 1
        new = {label for lesson in lessons for _, _, label in lesson.spans}.difference(known)
        memory.trusted = frozenset(
            label
            for label in new | gained.keys()
            if gained[label] > TRUSTED * lost[label] or (label in new and not lost[label])
        )
        return memory

    @contextmanager
    def without(self, lesson: Lesson) -> Iterator[None]:
        """Forget a lesson for a while."""
        self._count(lesson, -1)
        try:
            yield
        finally:
            self._count(lesson, 1)

    def _count(self, lesson: Lesson, number: int) -> None:
        inside: set[int] = set()
        for first, end, label in lesson.spans:
            self._labels[label] += number
            self._lengths.setdefault(lesson.words[first].casefold(), set()).add(end - first)
            for key in string_keys(lesson.words[first:end]):
                self._spans[key, label] += number
                self._places[key] += number
            inside.update(range(first, end))
        if lesson.is_whole:
            for place, word in enumerate(lesson.words):
                if place not in inside:
                    self._outside[word] += number

    def hits(self, words: Sequence[str]) -> Iterator[tuple[WordSpan, float]]:
        """Yield the spans of a sentence that were decided elsewhere, the longest first, and what each adds."""
        for first, end, label, times in self._hits(words):
            if label in self.trusted:
                yield (first, end, label), WEIGHT * log1p(times)

    def counts(self, words: Sequence[str], label: str) -> tuple[int, int]:
        """Return how often a string was decided to have a label, and how often it was seen."""
        key = next((key for key in string_keys(words) if self._places[key] > 0), tuple(words))
        outside = self._outside[words[0]] if len(words) == 1 else 0
        return self._spans[key, label], self._places[key] + outside

    def _hits(self, words: Sequence[str]) -> Iterator[tuple[int, int, str, int]]:
        labels = sorted(label for label, number in self._labels.items() if number > 0)
        first = 0
        while first < len(words):
            end = first + 1
            for length in sorted(self._lengths.get(words[first].casefold(), ()), reverse=True):
                stop = first + length
                best = self._best(tuple(words[first:stop]), labels) if stop <= len(words) else None
                if best:
                    yield (first, stop, *best)
                    end = stop
                    break
            first = end

    def _best(self, words: tuple[str, ...], labels: Sequence[str]) -> tuple[str, int] | None:
        for key in string_keys(words):
            times = self._places[key]
            if times <= 0:
                continue
            outside = self._outside[words[0]] if len(words) == 1 else 0
            label = max(labels, key=lambda each: self._spans[key, each])
            if self._spans[key, label] >= AGREED * (times + outside):
                return label, self._spans[key, label]
        return None


def string_keys(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return what a string is remembered as: as it is, and, of several words, without its case."""
    exact = tuple(words)
    folded = ("", *(word.casefold() for word in words))
    return (exact, folded) if len(words) > 1 else (exact,)

"""The memory: strings that were decided before, and what they were decided to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log1p
from typing import NamedTuple

from ner_tui.learning.lessons import Lesson, WordSpan

WEIGHT = 1.0
"""What a string that was decided n times with one label adds to its log probability, times log(1 + n)."""
AGREED = 0.7
"""Share of a string's places that have to have the label."""
StringKey = tuple[str, ...]
TRUSTED = 2
"""A label is spoken of if, of the places where strings of other sentences were found, those that the model alone had
wrong and the memory has right are more than so many times those that it would make wrong."""


@dataclass
class StringCounts:
    """How often strings are spans, and words are in none."""

    spans: Counter[tuple[StringKey, str]] = field(default_factory=Counter)
    places: Counter[StringKey] = field(default_factory=Counter)
    """How often a string is a span, of any label."""
    outside: Counter[str] = field(default_factory=Counter)
    """How often a word is in none."""
    labels: Counter[str] = field(default_factory=Counter)
    """How many spans have each label."""

    @classmethod
    def of(cls, lesson: Lesson) -> StringCounts:
        """Count what one lesson has."""
        counts, inside = cls(), set[int]()
        for first, end, label in lesson.spans:
            counts.labels[label] += 1
            for key in string_keys(lesson.words[first:end]):
                counts.spans[key, label] += 1
                counts.places[key] += 1
            inside.update(range(first, end))
        if lesson.is_whole:
            counts.outside.update(word for place, word in enumerate(lesson.words) if place not in inside)
        return counts

    def add(self, other: StringCounts) -> None:
        """Count what another has, too."""
        self.spans.update(other.spans)
        self.places.update(other.places)
        self.outside.update(other.outside)
        self.labels.update(other.labels)


NOTHING = StringCounts()
_KEPT = 2_048
"""Lessons whose counts are kept: those of one fit are nearly those of the next, and counting takes time from keys."""


@lru_cache(_KEPT)
def _counted(lesson: Lesson) -> StringCounts:
    return StringCounts.of(lesson)


class MemoryHit(NamedTuple):
    """A string of a sentence that was decided elsewhere."""

    span: WordSpan
    times: int
    """How often it was decided to have the label."""
    is_pure: bool
    """Whether it was never anything else."""


@dataclass
class Memory:
    """Counts of strings, from lessons; a lesson's own words can be left out, to see how right the rest is about it."""

    _all: StringCounts = field(default_factory=StringCounts)
    _lengths: dict[StringKey, list[int]] = field(default_factory=dict)
    """By the first two words without their case, how many words strings of several have, the most first."""
    _labels: dict[StringKey, list[str]] = field(default_factory=dict)
    """Those that a string was decided to have."""
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
        memory, lengths = cls(), dict[StringKey, set[int]]()
        every = [_counted(lesson) for lesson in lessons]
        for lesson, counts in zip(lessons, every, strict=True):
            memory._all.add(counts)
            for first, end, _ in lesson.spans:
                if end - first > 1:
                    begin = tuple(word.casefold() for word in lesson.words[first : first + 2])
                    lengths.setdefault(begin, set()).add(end - first)
        for key, label in memory._all.spans:
            memory._labels.setdefault(key, []).append(label)
        memory._lengths = {begin: sorted(some, reverse=True) for begin, some in lengths.items()}
        gained, lost = Counter[str](), Counter[str]()
        for lesson, counts, alone in zip(lessons, every, said, strict=True):
            if not lesson.is_whole:
                continue
            for here, _, _ in memory._hits(lesson.words, counts):
                label = here[2]
                if here in lesson.spans and here not in alone:
                    gained[label] += 1
                elif here not in lesson.spans and here not in alone:
                    lost[label] += 1
        new = memory._all.labels.keys() - known
        memory.trusted = frozenset(
            label
            for label in new | gained.keys()
            if gained[label] > TRUSTED * lost[label] or (label in new and not lost[label])
        )
        return memory

    def hits(self, words: Sequence[str], but: Lesson | None = None) -> Iterator[tuple[WordSpan, float]]:
        """Yield the spans of a sentence that were decided elsewhere, the longest first, and what each adds.

        Args:
            but: a lesson that is left out.
        """
        for span, times, _ in self.hits_of(words, but):
            if span[2] in self.trusted:
                yield span, WEIGHT * log1p(times)

    def hits_of(self, words: Sequence[str], but: Lesson | None = None) -> Iterator[MemoryHit]:
        """Yield the same of all labels, those too that the memory does not speak of by itself."""
        return self._hits(words, _counted(but) if but else NOTHING)

    def counts(self, words: Sequence[str], label: str) -> tuple[int, int]:
        """Return how often a string was decided to have a label, and how often it was seen."""
        counts = self._all
        key = next((key for key in string_keys(words) if counts.places[key] > 0), tuple(words))
        outside = counts.outside[words[0]] if len(words) == 1 else 0
        return counts.spans[key, label], counts.places[key] + outside

    def _hits(self, words: Sequence[str], but: StringCounts) -> Iterator[MemoryHit]:
        folded, first = [word.casefold() for word in words], 0
        while first < len(words):
            end = first + 1
            for length in self._lengths_at(words, folded, first):
                stop = first + length
                best = self._agreed(tuple(words[first:stop]), but)
                if best is None and length > 1:
                    best = self._agreed(("", *folded[first:stop]), but)
                if best:
                    label, times, is_pure = best
                    yield MemoryHit((first, stop, label), times, is_pure)
                    end = stop
                    break
            first = end

    def _lengths_at(self, words: Sequence[str], folded: Sequence[str], first: int) -> Iterator[int]:
        """Yield how many words strings may have that begin at a place of a sentence, the most first."""
        for length in self._lengths.get(tuple(folded[first : first + 2]), ()):
            if first + length <= len(words):
                yield length
        if (words[first],) in self._labels:
            yield 1

    def _agreed(self, key: StringKey, but: StringCounts) -> tuple[str, int, bool] | None:
        counts = self._all
        times = counts.places.get(key, 0) - but.places.get(key, 0)
        if times <= 0:
            return None
        if len(key) == 1:
            times += counts.outside.get(key[0], 0) - but.outside.get(key[0], 0)
        for label in self._labels[key]:
            most = counts.spans[key, label] - but.spans.get((key, label), 0)
            # One label at the most has so many of them.
            if most >= AGREED * times:
                return label, most, most == times
        return None


def string_keys(words: Sequence[str]) -> tuple[StringKey, ...]:
    """Return what a string is remembered as: as it is, and, of several words, without its case."""
    exact = tuple(words)
    return (exact, ("", *[word.casefold() for word in words])) if len(exact) > 1 else (exact,)

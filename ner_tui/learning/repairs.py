"""Repairs: spans of a model whose edges or label strings that were decided elsewhere put right.

A string that a model cuts short, or labels otherwise than a person did each time, is one of few errors that repeat in
labels which the model knows. Each kind of repair waits until it would have been right about decided sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ner_tui.learning.lessons import FloatArray, Lesson, TagTable, WordSpan
from ner_tui.learning.memory import Memory, MemoryHit

Kind = Literal["edges", "label"]
ALIKE = 2
"""Times that a string has to be decided, always with one label, before a model's other label is given up for it."""
TRUSTED = 2
"""A kind is made if it would have been right more than so many times as often as wrong."""
SURE = 3.0
"""Log odds of what a repair makes of a word."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """Which kinds of repair are made, to spans of labels that a model knows."""

    known: frozenset[str] = frozenset()
    trusted: frozenset[Kind] = frozenset()

    @classmethod
    def of(
        cls, lessons: Sequence[Lesson], said: Sequence[Collection[WordSpan]], memory: Memory, known: frozenset[str]
    ) -> Repairs:
        """See how each kind would have done in each sentence, had it been learnt from the others.

        Args:
            said: the spans that the model finds in each by itself.
            known: labels that it knows.
        """
        right, wrong = Counter[Kind](), Counter[Kind]()
        for lesson, alone in zip(lessons, said, strict=True):
            if lesson.is_whole and alone:
                for kind, hit, _ in _found(memory.hits_of(lesson.words, but=lesson), alone, known):
                    (right if hit.span in lesson.spans else wrong)[kind] += 1
        return cls(known, frozenset(kind for kind in right if right[kind] > TRUSTED * wrong[kind]))

    def applied(self, scores: FloatArray, words: Sequence[str], said: Collection[WordSpan], memory: Memory,
                table: TagTable) -> FloatArray:  # fmt: skip
        """Return scores of tags in which the repairs of a sentence are made."""
        if not self.trusted or not said:
            return scores
        result = scores.copy()
        for kind, hit, over in _found(memory.hits_of(words), said, self.known):
            if kind not in self.trusted:
                continue
            first, end, label = hit.span
            column = table.begin(label)
            tags = {word: 0 for start, stop, _ in over for word in range(start, stop)}
            tags |= {word: column + (word > first) for word in range(first, end)}
            for word, tag in tags.items():
                result[word, tag] = result[word].max() + SURE
        return result


def _found(
    hits: Iterator[MemoryHit], said: Collection[WordSpan], known: frozenset[str]
) -> Iterator[tuple[Kind, MemoryHit, list[WordSpan]]]:
    """Yield the repairs that hits suggest, each with the model's spans that it takes the place of."""
    for hit in hits:
        first, end, label = hit.span
        if label not in known or hit.span in said:
            continue
        over = [each for each in said if each[0] < end and first < each[1]]
        if any(each[:2] == (first, end) for each in over):
            if hit.is_pure and hit.times >= ALIKE:
                yield "label", hit, over
        elif over and not any(each[0] <= first and end <= each[1] for each in over):
            yield "edges", hit, over

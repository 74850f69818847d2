"""What is made of lessons before anything is fitted: their words one below the other, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.head import Head, fit_head
from ner_tui.learning.lessons import BoolArray, FloatArray, Lesson, TagTable, labels_of
from ner_tui.learning.memory import Memory
from ner_tui.learning.mixing import SURE, counts_of, mixing
from ner_tui.learning.neighbours import Neighbours
from ner_tui.learning.prior import ModelView, Prior, features_of

HELD = 20.0
"""How many times closer the weights of labels that the model knows are held to nothing: what it says of these is right
more often than not."""
USUAL, MOST_TRUSTED = 2.0, 10.0
"""A model that has more spans right for each wrong one than this is held to more closely, so many times at the most."""
UNSEEN = 4
"""Spans that are counted as right before any was looked at."""
STRESS = 1.5
"""Words that one stands for of which a person said something, instead of accepting it with others."""
FOLDS = 2
"""Parts of the lessons; what is learnt from the others says how each would have been read."""
FOLD = 10
"""Sentences that are left out together, since neighbours speak of the same."""


@dataclass(frozen=True, slots=True)
class Examples:
    """The words of all lessons, one below the other."""

    features: FloatArray | None
    """None if the model gives no states."""
    prior: FloatArray
    allowed: BoolArray
    counts: FloatArray
    fold: NDArray[np.intp]
    """Of each word."""
    ends: NDArray[np.intp]
    """Row behind the last word of each lesson."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson], known: Sequence[ModelView], table: TagTable, prior: Prior) -> Examples:
        """Put the words of lessons below one another."""
        lengths = [len(lesson.words) for lesson in lessons]
        allowed = np.concatenate([table.allowed(lesson) for lesson in lessons])
        sure = np.concatenate([each.probabilities[:, 0] for each in known]) > SURE
        stressed = np.concatenate([lesson.stressed for lesson in lessons])
        has_states = all(each.own is not None for each in known)
        return cls(
            features_of(known) if has_states else None,
            np.concatenate([prior.of(each.probabilities) for each in known]),
            allowed,
            counts_of(allowed, sure) * np.where(stressed, np.float32(STRESS), np.float32(1)),
            np.repeat(np.arange(len(lessons)) // FOLD % FOLDS, lengths),
            np.cumsum(lengths),
        )

    def head(self, mixed: FloatArray, cancelled: Callable[[], bool], but: int = -1, *, new: bool) -> Head | None:
        """Fit a head on all but one fold; it asks neighbours where labels are ``new`` to the model."""
        if self.features is None:
            return None
        used = (self.counts > 0) & (self.fold != but)
        features, allowed, counts = self.features[used], self.allowed[used], self.counts[used]
        head = fit_head(features, self.prior[used], allowed, mixed, counts, cancelled)
        return replace(head, neighbours=Neighbours.of(features, allowed, counts)) if new else head


@dataclass(frozen=True, slots=True)
class Taught:
    """Lessons, and what they are learnt by."""

    lessons: Sequence[Lesson]
    known: Sequence[ModelView]
    """What the model says of each."""
    columns: TagColumns
    """What its tags mean in the project's labels."""
    labels: tuple[str, ...]
    """Of the project; what nobody decided yet and the model does not know is not suggested."""
    table: TagTable
    prior: Prior
    memory: Memory

    @classmethod
    def of(
        cls, lessons: Sequence[Lesson], known: Sequence[ModelView], columns: TagColumns, labels: Collection[str]
    ) -> Taught:
        """Find the tags, and remember the strings."""
        there = labels_of(lessons) | set(columns.labels)
        table = TagTable([*(label for label in labels if label in there), *sorted(there.difference(labels))])
        prior = Prior(columns, table)
        memory = Memory.of(lessons, [each.spans for each in known], prior.known)
        return cls(lessons, known, columns, tuple(labels), table, prior, memory)

    def first(self, number: int) -> Taught:
        """Return the same of so many of the lessons alone."""
        if number == len(self.lessons):
            return self
        return Taught.of(self.lessons[:number], self.known[:number], self.columns, self.labels)

    @property
    def has_new(self) -> bool:
        """Whether there are labels that the model does not know."""
        return bool(self.prior.strange)

    def examples(self) -> Examples:
        """Return the words."""
        return Examples.of(self.lessons, self.known, self.table, self.prior)

    def mixed(self) -> FloatArray:
        """Return which tags learn together."""
        return mixing(self.table, self.prior.known, HELD * _trust(self.lessons, self.known, self.prior.known))


def _trust(lessons: Sequence[Lesson], known: Sequence[ModelView], labels: Collection[str]) -> float:
    """Return how closely to hold to a model, 1 or more, by how much of its labels' confirmed spans it finds itself."""
    right = wrong = 0
    for lesson, said in zip(lessons, known, strict=True):
        if lesson.is_whole:
            there = {span for span in lesson.spans if span[2] in labels}
            right += len(said.spans & there)
            wrong += len(said.spans ^ there)
    return min(max((right + UNSEEN) / (USUAL * (wrong + 1)), 1.0), MOST_TRUSTED)

"""The learner: three voters joined in the tags' log probabilities of each word.

The model's own probabilities come first, for labels it knows; the head adds what states of the encoder say of what was
decided; the memory adds what strings were decided to be. What comes out are tag probabilities of words, which are
decoded as a model's are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.features import Projection
from ner_tui.learning.head import Head, fit_head
from ner_tui.learning.lessons import FloatArray, Lesson, TagTable, WordSpan, labels_of
from ner_tui.learning.memory import Memory
from ner_tui.learning.transitions import NEVER, learn_transitions, marginals

NEW, KNOWN = 1e-3, 1e-2
"""Penalty of the weights for labels that the model does not know, and for those it knows: what it says of these is
right more often than not, and a head that is held back does not break it."""
USUAL, MOST_TRUSTED = 2.0, 10.0
"""A model that has more spans right for each wrong one than this is held to more closely, so many times at the most."""
UNSEEN = 4
"""Spans that are counted as right before any was looked at."""
UNKNOWN = np.log(0.02)
"""Prior log probability of tags that the model does not know, beside labels that it does."""
FLOOR = 1e-6
FEWEST = 3
"""Whole sentences from which on the head and the transitions speak."""

OwnFeatures = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Known:
    """What a model says of a sentence."""

    probabilities: FloatArray
    """words x tags of the model."""
    own: OwnFeatures | None
    """Each word's own features, words x dimensions; None if the model gives no states."""
    spans: frozenset[WordSpan] = frozenset()
    """What it finds by itself, in the project's labels."""


class Prior:
    """A model's probabilities as log probabilities of the learner's tags."""

    def __init__(self, columns: TagColumns, table: TagTable) -> None:
        """Take what the model's tags mean.

        Args:
            columns: in the project's labels.
            table: the learner's tags.
        """
        self._width = len(table.tags)
        self._columns: list[int] = []
        for label, role in columns.columns:
            name = columns.labels[label] if label >= 0 else ""
            if name not in table.labels:
                self._columns.append(0)
            else:
                self._columns.append(table.begin(name) + (role not in ("begin", "single")))
        self.known = frozenset(columns.labels) & frozenset(table.labels)
        """Labels that the model knows."""
        self._strange = [
            table.begin(label) + further for label in table.labels if label not in self.known for further in (0, 1)
        ]

    def of(self, probabilities: FloatArray) -> FloatArray:
        """Return log probabilities, words x tags of the learner; all equal if the model knows none of the labels."""
        found = np.zeros((len(probabilities), self._width), dtype=np.float32)
        if not self.known:
            return found
        for column, target in enumerate(self._columns):
            found[:, target] += probabilities[:, column]
        result = np.log(np.maximum(found, np.float32(FLOOR)))
        result[:, self._strange] = UNKNOWN
        return result


@dataclass(frozen=True, slots=True)
class Learner:
    """What was learnt from lessons; says nothing of labels that neither the model nor a lesson has."""

    table: TagTable
    prior: Prior
    memory: Memory
    head: Head | None
    transitions: NDArray[np.float64] | None
    lessons: int
    """Sentences that were learnt from."""

    @property
    def columns(self) -> TagColumns:
        """What the columns of `probabilities` mean."""
        return TagColumns.of(self.table.tags)

    def probabilities(self, words: Sequence[str], known: Known) -> FloatArray:
        """Return the probabilities of tags, words x tags.

        Args:
            words: of one sentence, at least one.
            known: what the model says of it.
        """
        scores = self.prior.of(known.probabilities)
        if self.head and known.own is not None:
            scores = scores + self.head.logits(Projection.features(known.own))
        elif not self.prior.known:
            # Nothing is known of the words but what is remembered.
            scores[:, 0] = -UNKNOWN
        for (first, end, label), more in self.memory.hits(words):
            column = self.table.begin(label)
            # Without another voter a string that was decided is likelier than not to be that again.
            more = more if self.head else more - 2 * float(UNKNOWN)
            scores[first, column] += more
            scores[first + 1 : end, column + 1] += more
        if self.transitions is None:
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            result: FloatArray = powers / powers.sum(axis=1, keepdims=True)
            return result
        return marginals(scores, self.transitions)


def fit(
    lessons: Sequence[Lesson],
    known: Sequence[Known],
    columns: TagColumns,
    labels: Collection[str] = (),
    before: Learner | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Learner:
    """Learn from lessons.

    Args:
        lessons: in the order of the project.
        known: what the model says of each.
        columns: what the model's tags mean in the project's labels.
        labels: of the project; what nobody decided yet and the model does not know is not suggested.
        before: what was learnt last, from nearly the same; it changes nothing but the time.
        cancelled: whether to give up; asked now and then.

    Raises:
        Interrupted: it was cancelled.
    """
    there = labels_of(lessons) | set(columns.labels)
    table = TagTable([*(label for label in labels if label in there), *sorted(there.difference(labels))])
    prior = Prior(columns, table)
    memory = Memory.of(lessons, [each.spans for each in known], prior.known)
    whole = [lesson for lesson in lessons if lesson.is_whole and lesson.words]
    if len(whole) < FEWEST:
        return Learner(table, prior, memory, None, None, len(lessons))
    allowed = [table.allowed(lesson) for lesson in lessons]
    transitions = learn_transitions([table.allowed(lesson) for lesson in whole], table)
    for label in prior.known:
        # What follows what among the labels it knows is in what the model says.
        steps = transitions[:, table.begin(label) : table.begin(label) + 2]
        steps[steps > NEVER] = 0.0
    head = None
    if all(each.own is not None for each in known):
        features = np.concatenate([Projection.features(each.own) for each in known if each.own is not None])
        priors = np.concatenate([prior.of(each.probabilities) for each in known])
        is_new = np.array([tag != "O" and tag[2:] not in prior.known for tag in table.tags])
        held = KNOWN * _trust(lessons, known, prior.known)
        penalty = np.where(is_new, NEW, held).astype(np.float32)
        penalty[0] = NEW if is_new.any() else held
        start = before.head if before and before.table.tags == table.tags else None
        head = fit_head(features, priors, np.concatenate(allowed), penalty, start, cancelled)
    is_all_known = prior.known >= set(table.labels)
    return Learner(table, prior, memory, head, None if is_all_known else transitions, len(lessons))


def _trust(lessons: Sequence[Lesson], known: Sequence[Known], labels: Collection[str]) -> float:
    """Return how closely to hold to a model, 1 or more, by how much of its labels' confirmed spans it finds itself."""
    right = wrong = 0
    for lesson, said in zip(lessons, known, strict=True):
        if lesson.is_whole:
            there = {span for span in lesson.spans if span[2] in labels}
            right += len(said.spans & there)
            wrong += len(said.spans ^ there)
    return min(max((right + UNSEEN) / (USUAL * (wrong + 1)), 1.0), MOST_TRUSTED)

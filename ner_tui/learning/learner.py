"""The learner: three voters joined in the tags' log probabilities of each word.

The model's own probabilities come first, for labels it knows; the head adds what states of the encoder say of what was
decided, for labels that the model does not know with what the words say that are most alike; the memory adds what
strings were decided to be. A reading of the model is given up only for one that is so much likelier as the gate wants.
What comes out are tag probabilities of words, which are decoded as a model's are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning import FEWEST
from ner_tui.learning.gate import SHUT, TwoReadings, find_gate
from ner_tui.learning.head import Head, fit_head
from ner_tui.learning.lessons import BoolArray, FloatArray, Lesson, TagTable, WordSpan, labels_of
from ner_tui.learning.memory import Memory
from ner_tui.learning.mixing import SURE, counts_of, mixing
from ner_tui.learning.neighbours import Neighbours
from ner_tui.learning.prior import UNKNOWN, ModelView, Prior, features_of
from ner_tui.learning.repairs import Repairs
from ner_tui.learning.transitions import marginals, transitions_of

HELD = 10.0
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
class Votes:
    """What each voter says of a span by itself; None: it says nothing."""

    model: float | None
    """Probability of the label, the mean of the words."""
    head: float | None
    """The same, without what the model says."""
    memory: tuple[int, int] | None
    """How often these words were decided to be that, of how often they were seen."""


@dataclass(frozen=True, slots=True)
class Learner:
    """What was learnt from lessons; says nothing of labels that neither the model nor a lesson has."""

    table: TagTable
    prior: Prior
    memory: Memory
    head: Head | None
    gate: float
    """By how much another reading has to be likelier than the model's own, in log odds."""
    repairs: Repairs
    transitions: NDArray[np.float64] | None
    lessons: int
    """Sentences that were learnt from."""

    @property
    def columns(self) -> TagColumns:
        """What the columns of `probabilities` mean."""
        return TagColumns.of(self.table.tags)

    def votes(self, words: Sequence[str], known: ModelView, span: WordSpan) -> Votes:
        """Return what each voter says of a span by itself."""
        first, end, label = span
        if label not in self.table.labels:
            return Votes(None, None, None)
        columns = [self.table.begin(label), self.table.begin(label) + 1]

        def share(scores: FloatArray) -> float:
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            return float((powers[:, columns].sum(axis=1) / powers.sum(axis=1))[first:end].mean())

        has_head = known.own is not None
        speaks = any(hit == span for hit, _ in self.memory.hits(words))
        return Votes(
            share(self.prior.of(known.probabilities)) if label in self.prior.known else None,
            share(self.head.logits(features_of([known]))) if self.head and has_head else None,
            self.memory.counts(words[first:end], label) if speaks else None,
        )

    def probabilities(self, words: Sequence[str], known: ModelView) -> FloatArray:
        """Return the probabilities of tags, words x tags.

        Args:
            words: of one sentence, at least one.
            known: what the model says of it.
        """
        prior = self.prior.of(known.probabilities)
        logits = self.head.logits(features_of([known])) if self.head and known.own is not None else None
        scores = joined(prior, logits, self.memory.hits(words), self.table, knows=bool(self.prior.known))
        if self.prior.known:
            scores = TwoReadings(prior, scores, self.prior.held).through(self.gate)
            scores = self.repairs.applied(scores, words, known.spans, self.memory, self.table)
        if self.transitions is None:
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            result: FloatArray = powers / powers.sum(axis=1, keepdims=True)
            return result
        return marginals(scores, self.transitions)


def joined(
    prior: FloatArray,
    logits: FloatArray | None,
    hits: Iterable[tuple[WordSpan, float]],
    table: TagTable,
    *,
    knows: bool,
) -> FloatArray:
    """Return what all voters say together, words x tags.

    Args:
        prior: the model's log probabilities.
        logits: what the head adds; None: there is none.
        hits: of the memory.
        table: the tags.
        knows: whether the model knows any of the labels.
    """
    scores = prior.copy() if logits is None else prior + logits
    if logits is None and not knows:
        # Nothing is known of the words but what is remembered.
        scores[:, 0] = -UNKNOWN
    for (first, end, label), more in hits:
        column = table.begin(label)
        # Without another voter a string that was decided is likelier than not to be that again.
        more = more if logits is not None else more - 2 * UNKNOWN
        scores[first, column] += more
        scores[first + 1 : end, column + 1] += more
    return scores


@dataclass(frozen=True, slots=True)
class _Examples:
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
    def of(cls, lessons: Sequence[Lesson], known: Sequence[ModelView], table: TagTable, prior: Prior) -> _Examples:
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


def fit(
    lessons: Sequence[Lesson],
    known: Sequence[ModelView],
    columns: TagColumns,
    labels: Collection[str] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Learner:
    """Learn from lessons.

    Args:
        lessons: in the order of the project.
        known: what the model says of each.
        columns: what the model's tags mean in the project's labels.
        labels: of the project; what nobody decided yet and the model does not know is not suggested.
        cancelled: whether to give up; asked now and then.

    Raises:
        Interrupted: it was cancelled.
    """
    there = labels_of(lessons) | set(columns.labels)
    table = TagTable([*(label for label in labels if label in there), *sorted(there.difference(labels))])
    prior = Prior(columns, table)
    memory = Memory.of(lessons, [each.spans for each in known], prior.known)
    repairs = Repairs.of(lessons, [each.spans for each in known], memory, prior.known)
    if sum(1 for lesson in lessons if lesson.is_whole and lesson.words) < FEWEST:
        return Learner(table, prior, memory, None, 0.0, repairs, None, len(lessons))
    mixed = mixing(table, prior.known, HELD * _trust(lessons, known, prior.known))
    examples = _Examples.of(lessons, known, table, prior)
    new = bool(prior.strange)
    head, gate = examples.head(mixed, cancelled, new=new), 0.0
    if head is not None and prior.known:
        others = [examples.head(mixed, cancelled, but=fold, new=new) for fold in range(FOLDS)]
        gate = _gate(lessons, examples, others, memory, prior, table)
    transitions = transitions_of(table) if new else None
    return Learner(table, prior, memory, head, gate, repairs, transitions, len(lessons))


def _gate(
    lessons: Sequence[Lesson],
    examples: _Examples,
    others: Sequence[Head | None],
    memory: Memory,
    prior: Prior,
    table: TagTable,
) -> float:
    """Return the gate that would have served, had each sentence been read by what was learnt from others."""
    if examples.features is None:
        return SHUT
    readings, right = [], []
    starts = np.append(0, examples.ends[:-1]).tolist()
    places = zip(lessons, starts, examples.ends.tolist(), strict=True)
    # Many words at a time: for each product the neighbours' features go through the processor once.
    for fold, some in groupby((each for each in places if each[0].words), key=lambda each: int(examples.fold[each[1]])):
        held = [*some]
        head, first, last = others[fold], held[0][1], held[-1][2]
        assert head is not None
        logits = head.logits(examples.features[first:last])
        for lesson, start, end in held:
            if lesson.is_whole:
                before, hits = examples.prior[start:end], memory.hits(lesson.words, but=lesson)
                scores = joined(before, logits[start - first : end - first], hits, table, knows=True)
                readings.append(TwoReadings(before, scores, prior.held))
                right.append(frozenset(lesson.spans))
    return find_gate(readings, right, table.tags) if readings else SHUT


def _trust(lessons: Sequence[Lesson], known: Sequence[ModelView], labels: Collection[str]) -> float:
    """Return how closely to hold to a model, 1 or more, by how much of its labels' confirmed spans it finds itself."""
    right = wrong = 0
    for lesson, said in zip(lessons, known, strict=True):
        if lesson.is_whole:
            there = {span for span in lesson.spans if span[2] in labels}
            right += len(said.spans & there)
            wrong += len(said.spans ^ there)
    return min(max((right + UNSEEN) / (USUAL * (wrong + 1)), 1.0), MOST_TRUSTED)

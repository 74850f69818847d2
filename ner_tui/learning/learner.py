"""The learner: three voters joined in the tags' log probabilities of each word.

The model's own probabilities come first, for labels it knows; the head adds what states of the encoder say of what was
decided, for labels that the model does not know with what the words say that are most alike; the memory adds what
strings were decided to be. A reading of the model is given up only for one that is so much likelier as the gate wants.
What comes out are tag probabilities of words, which are decoded as a model's are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning import FEWEST
from ner_tui.learning.gate import TwoReadings
from ner_tui.learning.gate_finding import GateFinder
from ner_tui.learning.head import Head
from ner_tui.learning.lessons import FloatArray, Lesson, TagTable, WordSpan
from ner_tui.learning.memory import Memory
from ner_tui.learning.prior import ModelView, Prior, features_of
from ner_tui.learning.repairs import Repairs
from ner_tui.learning.scores import joined
from ner_tui.learning.taught import Taught
from ner_tui.learning.transitions import marginals, transitions_of


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

    def probabilities(self, sentences: Sequence[Sequence[str]], known: Sequence[ModelView]) -> list[FloatArray]:
        """Return the probabilities of tags, for each sentence words x tags.

        Args:
            sentences: the words of each. Many at a time take far less time than one by one.
            known: what the model says of each.
        """
        if not any(sentences):
            return [np.zeros((0, len(self.table.tags)), np.float32) for _ in sentences]
        has_head = self.head is not None and all(each.own is not None for each in known if len(each.probabilities))
        logits = self.head.logits(features_of(known)) if self.head and has_head else None
        rows, first = list[FloatArray](), 0
        for words, each in zip(sentences, known, strict=True):
            end = first + len(words)
            rows.append(self._joined(words, each, None if logits is None else logits[first:end]))
            first = end
        if self.transitions is not None:
            return marginals(rows, self.transitions)
        powers = [np.exp(scores - scores.max(axis=1, keepdims=True)) for scores in rows]
        return [each / each.sum(axis=1, keepdims=True) for each in powers]

    def _joined(self, words: Sequence[str], known: ModelView, logits: FloatArray | None) -> FloatArray:
        """Return the log probabilities of the words of a sentence one by one, from all voters."""
        prior = self.prior.of(known.probabilities)
        scores = joined(prior, logits, self.memory.hits(words), self.table, knows=bool(self.prior.known))
        if self.prior.known:
            scores = TwoReadings(prior, scores, self.prior.held).through(self.gate)
            scores = self.repairs.applied(scores, words, known.spans, self.memory, self.table)
        return scores


def fit(
    lessons: Sequence[Lesson],
    known: Sequence[ModelView],
    columns: TagColumns,
    labels: Collection[str] = (),
    cancelled: Callable[[], bool] = lambda: False,
    gates: GateFinder | None = None,
) -> Learner:
    """Learn from lessons.

    Args:
        lessons: in the order of the project.
        known: what the model says of each.
        columns: what the model's tags mean in the project's labels.
        labels: of the project; what nobody decided yet and the model does not know is not suggested.
        cancelled: whether to give up; asked now and then.
        gates: that of another call, if lessons are learnt from again and again; the result is the same without.

    Raises:
        Interrupted: it was cancelled.
    """
    taught = Taught.of(lessons, known, columns, labels)
    table, prior, memory = taught.table, taught.prior, taught.memory
    repairs = Repairs.of(lessons, [each.spans for each in known], memory, prior.known)
    if sum(1 for lesson in lessons if lesson.is_whole and lesson.words) < FEWEST:
        return Learner(table, prior, memory, None, 0.0, repairs, None, len(lessons))
    examples = taught.examples()
    head, gate = examples.head(taught.mixed(), cancelled, new=taught.has_new), 0.0
    if head is not None and prior.known:
        gate = (gates or GateFinder()).find(taught, examples, cancelled)
    transitions = transitions_of(table) if taught.has_new else None
    return Learner(table, prior, memory, head, gate, repairs, transitions, len(lessons))

"""Precision, recall and F1 of predicted spans against gold ones, counted sentence by sentence.

Counted are spans, not tags, and a span is right if its first word, its last word and its label are. Which spans a
sequence of tags holds is where scorers disagree: ``schemes.decode`` follows conlleval, and ``strict.strict_decode``
seqeval's strict mode. ``O I-PER`` is a span by the first and none by the second in IOB2. ``S-PER S-PER`` and
``U-PER U-PER`` are two spans by both, where conlleval.pl joins them; a label without a prefix is that label, where
seqeval takes off its first letter. Precision without predictions, recall without gold spans and F1 without either
are 0, as seqeval has them.

Partial matches are counted by the four measures of SemEval 2013 that nervaluate prints too, on the pairs of
``matching``: the same ones for all four, where nervaluate pairs anew for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ner_tui.domain.evaluation.matching import BoundaryError, Match, MatchKind, match_spans
from ner_tui.domain.schemes import TagSpan

Measure = Literal["strict", "exact", "partial", "type"]
Credit = Literal["correct", "incorrect", "partial", "missed", "spurious"]
MEASURES: Mapping[Measure, Mapping[MatchKind, Credit]] = {
    "strict": {"correct": "correct", "label": "incorrect", "boundaries": "incorrect", "both": "incorrect"},
    "exact": {"correct": "correct", "label": "correct", "boundaries": "incorrect", "both": "incorrect"},
    "partial": {"correct": "correct", "label": "correct", "boundaries": "partial", "both": "partial"},
    "type": {"correct": "correct", "label": "incorrect", "boundaries": "correct", "both": "incorrect"},
}
"""What a pair counts as: ``strict`` asks for place and label, ``exact`` for the place, ``partial`` for the place and
gives half for an overlap, ``type`` for an overlap with the same label. What is missed or spurious is so in all."""


class ScoreFigures(NamedTuple):
    """Precision, recall and F1, from 0 to 1, with what they were counted from."""

    precision: float
    recall: float
    f1: float
    correct: float
    """How many predictions are right; half ones count half."""
    predicted: int
    support: int
    """How many gold spans there are."""


class MeasureRow(NamedTuple):
    """One of the four measures."""

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int

    @property
    def figures(self) -> ScoreFigures:
        """Precision, recall and F1; a partial match counts half."""
        paired = self.correct + self.incorrect + self.partial
        return figures(self.correct + self.partial / 2, paired + self.spurious, paired + self.missed)


def figures(correct: float, predicted: int, support: int) -> ScoreFigures:
    """Return precision, recall and F1 from counts."""
    precision = correct / predicted if predicted else 0.0
    recall = correct / support if support else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return ScoreFigures(precision, recall, f1, correct, predicted, support)


@dataclass
class Scores:
    """Counts over the sentences added so far; their size grows with the labels, not with the sentences."""

    sentences: int = 0
    words: int = 0
    gold: Counter[str] = field(default_factory=Counter)
    """Gold spans by label."""
    predicted: Counter[str] = field(default_factory=Counter)
    """Predicted spans by label."""
    kinds: Counter[MatchKind] = field(default_factory=Counter)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By (gold label, predicted label), of the spans at the same place; the right ones included."""
    boundaries: Counter[tuple[str, BoundaryError, BoundaryError]] = field(default_factory=Counter)
    """By (label, left edge, right edge), of the spans that overlap one of the same label."""
    missed: Counter[str] = field(default_factory=Counter)
    """Gold spans that no predicted one is paired with, by label."""
    spurious: Counter[str] = field(default_factory=Counter)
    """Predicted spans that no gold one is paired with, by label."""

    def add(self, gold: Sequence[TagSpan], predicted: Sequence[TagSpan], words: int) -> list[Match]:
        """Count a sentence and return its errors, in the order of the text.

        Args:
            gold: ascending, in words of the sentence.
            predicted: the same.
            words: how many the sentence has.
        """
        self.sentences += 1
        self.words += words
        self.gold.update(span.label for span in gold)
        self.predicted.update(span.label for span in predicted)
        errors = []
        for match in match_spans(gold, predicted):
            self._count(match, match.kind)
            if match.kind != "correct":
                errors.append(match)
        return errors

    def _count(self, match: Match, kind: MatchKind) -> None:
        self.kinds[kind] += 1
        ours, theirs = match
        if ours is None or theirs is None:
            if ours is not None:
                self.missed[ours.label] += 1
            if theirs is not None:
                self.spurious[theirs.label] += 1
        elif kind in ("correct", "label"):
            self.confusion[ours.label, theirs.label] += 1
        elif kind == "boundaries":
            self.boundaries[ours.label, *match.edges] += 1

    @property
    def labels(self) -> list[str]:
        """The labels that occur on either side, sorted."""
        return sorted({*self.gold, *self.predicted})

    def label(self, label: str) -> ScoreFigures:
        """Return the figures of one label."""
        return figures(self.confusion[label, label], self.predicted[label], self.gold[label])

    @property
    def micro(self) -> ScoreFigures:
        """All spans alike: what conlleval calls overall."""
        return figures(self.kinds["correct"], self.predicted.total(), self.gold.total())

    @property
    def macro(self) -> ScoreFigures:
        """The mean of the labels."""
        return self._mean((label, 1) for label in self.labels)

    @property
    def weighted(self) -> ScoreFigures:
        """The mean of the labels, each as often as it has gold spans."""
        return self._mean((label, self.gold[label]) for label in self.labels)

    def _mean(self, weights: Iterable[tuple[str, int]]) -> ScoreFigures:
        rows = [(self.label(label), weight) for label, weight in weights]
        total = sum(weight for _, weight in rows) or 1
        precision, recall, f1 = (sum(row[at] * weight for row, weight in rows) / total for at in range(3))
        return ScoreFigures(precision, recall, f1, *self.micro[3:])

    def measure(self, name: Measure) -> MeasureRow:
        """Return one of the four measures of partial matches."""
        counts: Counter[Credit] = Counter()
        for kind, credit in MEASURES[name].items():
            counts[credit] += self.kinds[kind]
        return MeasureRow(
            counts["correct"], counts["incorrect"], counts["partial"], self.kinds["missed"], self.kinds["spurious"]
        )

"""The agreement of two annotations of the same words, neither of them gold.

Two figures. F1 over spans counts a span as agreed if place and label are the same; it is the same whichever side is
called gold. Cohen's kappa over words compares the label of each word, or none, with what the same two annotators
would agree on by chance; where a span begins does not enter it. Most words are in no span, which lifts kappa: it is
given over the words that are in a span of either side, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ner_tui.domain.evaluation.matching import Match, MatchKind, match_spans
from ner_tui.domain.evaluation.scoring import figures
from ner_tui.domain.schemes import TagSpan

NONE = ""
"""Stands for no label."""


@dataclass
class Comparison:
    """Counts over the sentences added so far."""

    sentences: int = 0
    words: int = 0
    spans: tuple[int, int] = (0, 0)
    """In the first annotation and in the second."""
    kinds: Counter[MatchKind] = field(default_factory=Counter)
    """Pairs of spans; ``missed`` are those in the first alone, ``spurious`` those in the second alone."""
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Words by (label in the first, label in the second)."""

    def add(self, first: Sequence[TagSpan], second: Sequence[TagSpan], words: int) -> list[Match]:
        """Count a sentence and return where the two differ, in the order of the text."""
        self.sentences += 1
        self.words += words
        self.spans = self.spans[0] + len(first), self.spans[1] + len(second)
        if first or second:
            self.pairs.update(zip(word_labels(first, words), word_labels(second, words), strict=True))
        else:
            self.pairs[NONE, NONE] += words
        found = match_spans(first, second)
        self.kinds.update(match.kind for match in found)
        return [match for match in found if match.kind != "correct"]

    @property
    def differences(self) -> int:
        """How many places differ."""
        return self.kinds.total() - self.kinds["correct"]

    @property
    def f1(self) -> float | None:
        """Over spans, 0 to 1; None where neither side has one."""
        return figures(self.kinds["correct"], *self.spans).f1 if any(self.spans) else None

    @property
    def kappa(self) -> float | None:
        """Over all words, at most 1; None where chance alone agrees on every word."""
        return cohen_kappa(self.pairs)

    @property
    def kappa_labelled(self) -> float | None:
        """Over the words that are in a span of either side; None as for ``kappa``."""
        return cohen_kappa({pair: n for pair, n in self.pairs.items() if pair != (NONE, NONE)})


def word_labels(spans: Sequence[TagSpan], words: int) -> list[str]:
    """Return the label of each word, ``NONE`` for those in no span; the later span where two overlap."""
    labels = [NONE] * words
    for span in spans:
        labels[span.start : span.end] = [span.label] * (span.end - span.start)
    return labels


def cohen_kappa(pairs: Mapping[tuple[str, str], int]) -> float | None:
    """Return the agreement beyond chance of two annotators.

    Args:
        pairs: how often the first said one thing where the second said the other.

    Returns:
        1 for full agreement, 0 for that of chance, None where chance agrees on everything, or on nothing at all.
    """
    pairs = {pair: number for pair, number in pairs.items() if number}
    if not pairs:
        return None
    total = sum(pairs.values())
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), number in pairs.items():
        first[one] += number
        second[other] += number
    agreed = sum(number for (one, other), number in pairs.items() if one == other) / total
    chance = sum(first[label] * second[label] for label in first) / total**2
    # By counts, not by a comparison of floats: one label on both sides throughout.
    if len(first) == len(second) == 1 and first.keys() == second.keys():
        return None
    return (agreed - chance) / (1 - chance)

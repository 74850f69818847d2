"""How well several annotators agree: over spans and over words, all together and in pairs, label by label.

Every figure is a function of sums over units of resampling, which are documents, or sentences where there are few
documents. So a figure and its interval are one computation: the first row of the weights takes each unit once, every
other row is a resample of them (the percentile bootstrap).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.evaluation import word_agreement
from ner_tui.domain.evaluation.agreement_figures import (
    AgreementFigures,
    DocumentAgreement,
    Figure,
    JointFigures,
    PairAgreement,
    PairFigures,
)
from ner_tui.domain.evaluation.labelled_texts import SharedTexts
from ner_tui.domain.evaluation.pairing import NOBODY, pair_spans
from ner_tui.domain.evaluation.unitising import Units, distances
from ner_tui.domain.evaluation.word_agreement import Combinations

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

RESAMPLES = 500
_FEW_DOCUMENTS = 10
"""With fewer documents than these, sentences are resampled."""
_MOST_UNITS = 1000
"""With more documents or sentences, consecutive ones are resampled together."""
_LISTED = 20
"""Documents of which it is said how they pull the agreement down."""
_COVERAGE = 95
_FAR = np.iinfo(np.int64).max
"""A word behind all others."""


def agreement(
    texts: SharedTexts, labels: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0
) -> AgreementFigures:
    """Measure how two or more annotators agree.

    Args:
        labels: their names by number.
        seed: of the resamples: the same one gives the same intervals.
    """
    return _Measuring(texts, labels, resamples, seed).result()


class _Pair:
    """Two annotators' spans: which are the same, and how the others are paired."""

    def __init__(self, ours: Numbers, theirs: Numbers, labels: int) -> None:
        found = pair_spans(ours, theirs)
        self.same = ours[found.same]
        self.placed = np.concatenate([ours[found.placed[0]], theirs[found.placed[1]]])
        """Spans of either, where the other has one at the same place."""
        left, right = found.matches[:, 0], found.matches[:, 1]
        both = (left != NOBODY) & (right != NOBODY)
        # A row behind the last stands for no span: the number of nobody is that of the last row.
        one, other = (np.vstack([spans, [[_FAR, _FAR, labels]]]) for spans in (ours, theirs))
        self.starts = np.minimum(one[left, 0], other[right, 0])
        """The first word of either, of each match."""
        self.table = _table(one[left, 2], other[right, 2], labels + 1)
        """How many matches have which labels; the last one stands for no span."""
        alike = both & (one[left, 2] == other[right, 2])
        self.near = np.stack([self.starts[alike], one[left[alike], 2]], axis=1)
        """First word and label of matches that differ in their boundaries alone."""
        self.distances = distances(ours, theirs, found)


class _Measuring:
    def __init__(self, texts: SharedTexts, labels: Sequence[str], resamples: int, seed: int) -> None:
        self._texts, self._labels = texts, labels
        self._units, self._number, self._resampled = _units(texts)
        weights: list[Values] = [np.ones((1, self._number))]
        if self._resampled:
            random = np.random.default_rng(seed)
            drawn = random.multinomial(self._number, np.full(self._number, 1 / self._number), resamples)
            weights.append(drawn.astype(np.float64))
        self._weights = np.concatenate(weights)
        self._pairs = {
            (one, other): _Pair(texts.spans[one], texts.spans[other], len(labels))
            for one, other in combinations(range(len(texts.spans)), 2)
        }
        self._combinations = Combinations(texts.spans, texts.words, len(labels), self._units, self._number)
        self._counts = self._weights @ self._combinations.counts
        self._by_label = [self._sums(each[:, 0], each[:, 2]) for each in texts.spans]
        self._used = [at for at in range(len(labels)) if any((each[:, 2] == at).any() for each in texts.spans)]

    def result(self) -> AgreementFigures:
        given, words = self._combinations.given(), self._counts.sum(axis=1)
        disagreements = [self._units_of(label).disagreements(self._weights, words) for label in self._used]
        joint = JointFigures(
            self._figure(word_agreement.fleiss_kappas(self._counts, given)),
            self._figure(word_agreement.nominal_alphas(self._counts, given)),
            self._figure(_alpha(sum(each[0] for each in disagreements), sum(each[1] for each in disagreements))),
        )
        by_label = {}
        for label, found in zip(self._used, disagreements, strict=True):
            two = word_agreement.binary(given, label)
            by_label[self._labels[label]] = JointFigures(
                self._figure(word_agreement.fleiss_kappas(self._counts, two)),
                self._figure(word_agreement.nominal_alphas(self._counts, two)),
                self._figure(_alpha(*found)),
            )
        return AgreementFigures(
            joint,
            by_label,
            tuple(self._pair_agreement(*pair) for pair in self._pairs),
            self._documents(given),
            self._differences(),
            tuple({self._labels[at]: int((each[:, 2] == at).sum()) for at in self._used} for each in self._texts.spans),
            self._resampled,
        )

    def _pair_agreement(self, one: int, other: int) -> PairAgreement:
        pair, tables = self._pairs[one, other], self._combinations.pair(one, other, self._counts)
        both = self._by_label[one] + self._by_label[other]
        same = self._sums(pair.same[:, 0], pair.same[:, 2])
        overlapping = same + self._sums(pair.near[:, 0], pair.near[:, 1])
        placed = self._sums(pair.placed[:, 0], pair.placed[:, 2])
        figures = PairFigures(
            self._f1(2 * same.sum(axis=1), both.sum(axis=1)),
            self._f1(placed.sum(axis=1), both.sum(axis=1)),
            self._f1(2 * overlapping.sum(axis=1), both.sum(axis=1)),
            self._figure(word_agreement.cohen_kappas(tables)),
        )
        labels = {
            self._labels[at]: PairFigures(
                self._f1(2 * same[:, at], both[:, at]),
                self._f1(placed[:, at], both[:, at]),
                self._f1(2 * overlapping[:, at], both[:, at]),
                self._figure(word_agreement.cohen_kappas(word_agreement.binary_tables(tables, at))),
            )
            for at in self._used
        }
        table, names = pair.table.copy(), (*self._labels, "")
        np.fill_diagonal(table, np.bincount(pair.same[:, 2], minlength=len(names)) + np.diag(table))
        confusion = Counter({(names[row], names[column]): int(table[row, column]) for row, column in _filled(table)})
        edges = np.diag(pair.table)
        boundaries = Counter({self._labels[at]: int(edges[at]) for at in self._used if edges[at]})
        return PairAgreement(one, other, figures, labels, confusion, boundaries)

    def _units_of(self, label: int) -> Units:
        disagreement = np.zeros(self._number)
        for pair in self._pairs.values():
            words, labels, distance = pair.distances
            here = labels == label
            disagreement += np.bincount(self._units[words[here]], weights=distance[here], minlength=self._number)
        spans = [each[each[:, 2] == label][:, :2] for each in self._texts.spans]
        return Units(spans, disagreement, self._texts.words, self._units, self._number)

    def _documents(self, given: Values) -> tuple[DocumentAgreement, ...]:
        """Return the documents that pull the agreement down."""
        if len(self._texts.names) < 2:
            return ()
        (overall,) = word_agreement.nominal_alphas(self._counts[:1], given)
        ends, found = self._texts.document_ends, np.zeros(len(self._texts.names), np.int64)
        for pair in self._pairs.values():
            found += np.bincount(np.searchsorted(ends, pair.starts, side="right"), minlength=len(found))
        listed = []
        for at in np.argsort(-found, kind="stable")[:_LISTED]:
            if not found[at]:
                break
            first, last = int(ends[at - 1]) if at else 0, int(ends[at])
            here = self._combinations.within(first, last)
            alphas = word_agreement.nominal_alphas(np.stack([here, self._counts[0] - here]), given)
            if not alphas[1] > overall:
                continue
            listed.append(
                DocumentAgreement(self._texts.names[at], last - first, int(found[at]), *map(_or_none, alphas))
            )
        return tuple(sorted(listed, key=lambda each: -(each.alpha_without or 0)))

    def _differences(self) -> dict[str, int]:
        found = np.zeros(len(self._labels) + 1, np.int64)
        for pair in self._pairs.values():
            found += pair.table.sum(axis=0) + pair.table.sum(axis=1) - np.diag(pair.table)
        return dict(Counter({name: int(found[at]) for at, name in enumerate(self._labels) if found[at]}).most_common())

    def _sums(self, words: Numbers, columns: Numbers) -> Values:
        """Return how many of what stands at words, in so many columns as there are labels, each resample has."""
        width = max(len(self._labels), 1)
        at = self._units[words] * width + columns
        counted = np.bincount(at, minlength=self._number * width).reshape(self._number, width)
        return self._weights @ counted.astype(np.float64)

    def _f1(self, found: Values, both: Values) -> Figure:
        """Return an F1: the share of two annotators' spans that the other has in some way."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._figure(found / both)

    def _figure(self, values: Values) -> Figure:
        value = _or_none(values[0])
        resampled = values[1:][np.isfinite(values[1:])]
        if value is None or not len(resampled):
            return Figure(value, None, None)
        rest = (100 - _COVERAGE) / 2
        low, high = np.percentile(resampled, (rest, 100 - rest))
        return Figure(value, float(low), float(high))


def _alpha(observed: Values | int, expected: Values | int) -> Values:
    if isinstance(observed, int) or isinstance(expected, int):
        return np.array([np.nan])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _units(texts: SharedTexts) -> tuple[Numbers, int, Literal["documents", "sentences"] | None]:
    """Return the unit of resampling of each word, how many there are, and what they are."""
    by_document = len(texts.names) >= _FEW_DOCUMENTS
    ends = texts.document_ends if by_document else texts.sentence_ends
    ends = np.unique(ends[ends > 0])
    together = max(-(-len(ends) // _MOST_UNITS), 1)
    units = np.minimum(np.searchsorted(ends, np.arange(texts.words), side="right"), max(len(ends) - 1, 0)) // together
    number = int(units[-1]) + 1 if len(units) else 1
    if number < 2:
        return units, number, None
    return units, number, "documents" if by_document else "sentences"


def _table(rows: Numbers, columns: Numbers, size: int) -> Numbers:
    """Return how often each row meets each column."""
    return np.bincount(rows * size + columns, minlength=size * size).reshape(size, size)


def _filled(table: Numbers) -> list[tuple[int, int]]:
    """Return the rows and columns where a table has a number."""
    return [(row, column) for row, column in np.argwhere(table).tolist()]


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

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
    Agreement,
    DocumentAgreement,
    Figure,
    JointFigures,
    PairAgreement,
    PairFigures,
)
from ner_tui.domain.evaluation.labelled_texts import SharedTexts
from ner_tui.domain.evaluation.matching import match_spans
from ner_tui.domain.evaluation.unitising import Units, distances
from ner_tui.domain.evaluation.word_agreement import Combinations
from ner_tui.domain.schemes import TagSpan

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


def agreement(texts: SharedTexts, labels: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0) -> Agreement:
    """Measure how two or more annotators agree.

    Args:
        labels: their names by number.
        seed: of the resamples: the same one gives the same intervals.
    """
    return _Measuring(texts, labels, resamples, seed).result()


class _Pair:
    """Two annotators' spans: which are the same, and how the others are paired."""

    def __init__(self, spans: Sequence[Numbers], one: int, other: int, labels: int) -> None:
        ours, theirs = spans[one], spans[other]
        longest = max((int((each[:, 1] - each[:, 0]).max()) for each in (ours, theirs) if len(each)), default=0)
        self.places = ours[np.isin(_keys(ours, 0, longest), _keys(theirs, 0, longest))]
        keys = _keys(ours, labels, longest), _keys(theirs, labels, longest)
        same = np.isin(keys[0], keys[1])
        self.same = ours[same]
        left = _tag_spans(ours[~same]), _tag_spans(theirs[~np.isin(keys[1], keys[0])])
        self.matches = match_spans(*left)
        self.distances: dict[int, list[tuple[int, int]]] = {}
        for label in {int(span.label) for side in left for span in side}:
            of_label = [[(s.start, s.end) for s in side if int(s.label) == label] for side in left]
            self.distances[label] = list(distances(*of_label))


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
            pair: _Pair(texts.spans, *pair, len(labels)) for pair in combinations(range(len(texts.spans)), 2)
        }
        self._combinations = Combinations(texts.spans, texts.words, len(labels), self._units, self._number)
        self._counts = self._weights @ self._combinations.counts
        self._by_label = [self._sums(each[:, 0], each[:, 2]) for each in texts.spans]
        self._used = [at for at in range(len(labels)) if any((each[:, 2] == at).any() for each in texts.spans)]

    def result(self) -> Agreement:
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
        return Agreement(
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
        near = [match for match in pair.matches if match.kind == "boundaries" and match.gold]
        starts = np.array([match.start for match in near], np.int64)
        overlapping = same + self._sums(starts, np.array([int(match.gold.label) for match in near if match.gold], int))
        places = self._sums(pair.places[:, 0], np.zeros(len(pair.places), np.int64)).sum(axis=1)
        figures = PairFigures(
            self._f1(same.sum(axis=1), both.sum(axis=1)),
            self._f1(places, both.sum(axis=1)),
            self._f1(overlapping.sum(axis=1), both.sum(axis=1)),
            self._figure(word_agreement.cohen_kappas(tables)),
        )
        labels = {
            self._labels[at]: PairFigures(
                self._f1(same[:, at], both[:, at]),
                None,
                self._f1(overlapping[:, at], both[:, at]),
                self._figure(word_agreement.cohen_kappas(word_agreement.binary_tables(tables, at))),
            )
            for at in self._used
        }
        confusion: Counter[tuple[str, str]] = Counter()
        for at in self._used:
            if number := int((pair.same[:, 2] == at).sum()):
                confusion[self._labels[at], self._labels[at]] += number
        for match in pair.matches:
            ours, theirs = (self._labels[int(span.label)] if span else "" for span in match)
            confusion[ours, theirs] += 1
        edges = Counter(self._labels[int(match.gold.label)] for match in near if match.gold)
        return PairAgreement(one, other, figures, labels, confusion, edges)

    def _units_of(self, label: int) -> Units:
        disagreement = np.zeros(self._number)
        for pair in self._pairs.values():
            found = pair.distances.get(label, [])
            for word, distance in found:
                disagreement[self._units[word]] += distance
        spans = [each[each[:, 2] == label][:, :2] for each in self._texts.spans]
        return Units(spans, disagreement, self._texts.words, self._units, self._number)

    def _documents(self, given: Values) -> tuple[DocumentAgreement, ...]:
        """Return the documents that pull the agreement down."""
        if len(self._texts.names) < 2:
            return ()
        (overall,) = word_agreement.nominal_alphas(self._counts[:1], given)
        ends, found = self._texts.document_ends, np.zeros(len(self._texts.names), np.int64)
        for pair in self._pairs.values():
            starts = np.array([match.start for match in pair.matches], np.int64)
            found += np.bincount(np.searchsorted(ends, starts, side="right"), minlength=len(found))
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
        found: Counter[str] = Counter()
        for pair in self._pairs.values():
            for match in pair.matches:
                found.update({self._labels[int(span.label)] for span in match if span})
        return dict(found.most_common())

    def _sums(self, words: Numbers, columns: Numbers) -> Values:
        """Return how many of what stands at words, in so many columns as there are labels, each resample has."""
        width = max(len(self._labels), 1)
        at = self._units[words] * width + columns
        counted = np.bincount(at, minlength=self._number * width).reshape(self._number, width)
        return self._weights @ counted.astype(np.float64)

    def _f1(self, same: Values, both: Values) -> Figure:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._figure(2 * same / both)

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
    together = -(-len(ends) // _MOST_UNITS) or 1
    units = np.minimum(np.searchsorted(ends, np.arange(texts.words), side="right"), max(len(ends) - 1, 0)) // together
    number = int(units[-1]) + 1 if len(units) else 1
    if number < 2:
        return units, number, None
    return units, number, "documents" if by_document else "sentences"


def _keys(spans: Numbers, labels: int, longest: int) -> Numbers:
    """Return a number for each span, the same for the same place and label; with no labels, for the same place."""
    places = spans[:, 0] * (longest + 1) + spans[:, 1] - spans[:, 0]
    return places * labels + spans[:, 2] if labels else places


def _tag_spans(spans: Numbers) -> list[TagSpan]:
    """Return spans whose labels are their numbers."""
    return [TagSpan(first, last, str(label)) for first, last, label in spans.tolist()]


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

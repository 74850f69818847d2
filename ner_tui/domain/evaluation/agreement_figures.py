"""The figures of agreement: of pairs of annotators, of all together, by label and by document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Figure(NamedTuple):
    """A measure with its 95 % interval; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Of two annotators, over all labels or one."""

    f1: Figure
    """Over spans at the same place with the same label."""
    f1_unlabelled: Figure
    """Over spans at the same place, whatever label the other one has."""
    f1_overlap: Figure
    """Over spans with the same label that share a word, each with one of the other annotator at the most."""
    kappa: Figure
    """Cohen's, over words."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How two annotators agree."""

    one: int
    """The number of an annotator, from 0."""
    other: int
    figures: PairFigures
    labels: dict[str, PairFigures]
    confusion: Counter[tuple[str, str]]
    """Spans by the label of either annotator, empty where one has none there; those of one label included."""
    boundaries: Counter[str]
    """Spans to which both give the label and other boundaries."""

    @property
    def differences(self) -> int:
        """How many places the two differ in."""
        other = sum(number for (ours, theirs), number in self.confusion.items() if ours != theirs)
        return other + self.boundaries.total()


@dataclass(frozen=True, slots=True)
class JointFigures:
    """Of all annotators together, over all labels or one."""

    fleiss: Figure
    """Fleiss' kappa over words."""
    alpha: Figure
    """Krippendorff's alpha over words."""
    alpha_spans: Figure
    """Krippendorff's alpha for units, over spans."""


@dataclass(frozen=True, slots=True)
class DocumentAgreement:
    """What a document does to the agreement."""

    name: str
    words: int
    differences: int
    """Spans that two annotators differ in, summed over all pairs."""
    alpha: float | None
    """Over its words."""
    alpha_without: float | None
    """Over the words of all the others."""


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """All there is to say."""

    joint: JointFigures
    labels: dict[str, JointFigures]
    pairs: tuple[PairAgreement, ...]
    documents: tuple[DocumentAgreement, ...]
    """Of those with the most differences, those without which the agreement would be better, the worst first."""
    differences: dict[str, int]
    """Spans that two annotators differ in, summed over all pairs, by label; one with two labels counts for both."""
    spans: tuple[dict[str, int], ...]
    """How many each annotator has, by label."""
    resampled: Literal["documents", "sentences"] | None
    """Over what the intervals are; None: there is too little for any."""

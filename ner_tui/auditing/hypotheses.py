"""Hypotheses of error: places of a sentence where another reading than the annotated one may be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ner_tui.learning.lessons import WordSpan

Kind = Literal["missing", "spurious", "label", "boundary", "split", "merged"]
"""What is wrong, if the hypothesis is right: nothing is annotated where a span is; a span where there is none; its
label; where it begins or ends; one span is several, or several are one."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A place with what is annotated there and what should be."""

    first: int
    """Words ``[first, end)`` of the sentence hold all spans of both readings."""
    end: int
    given: tuple[WordSpan, ...]
    """Ascending; empty: nothing is annotated."""
    proposed: tuple[WordSpan, ...]
    """Ascending; empty: there is no span."""

    @property
    def kind(self) -> Kind:
        """What is wrong, if it is right."""
        if not self.given:
            return "missing"
        if not self.proposed:
            return "spurious"
        if len(self.given) != len(self.proposed):
            return "split" if len(self.given) < len(self.proposed) else "merged"
        same = all(one[:2] == other[:2] for one, other in zip(self.given, self.proposed, strict=True))
        return "label" if same else "boundary"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A span that a model finds in a sentence, with what else it may be."""

    span: WordSpan
    score: float
    """Its probability."""
    others: tuple[tuple[WordSpan | None, float], ...]
    """Other readings of the place, None for no span, and their probabilities, the likeliest first."""


def hypotheses(given: Sequence[WordSpan], suggested: Sequence[Suggested], likely: float) -> Iterator[Hypothesis]:
    """Yield a hypothesis for each place where a model finds something else, or hesitates.

    Args:
        given: what is annotated, ascending.
        suggested: what a model finds, ascending; a span less probable than ``likely`` stands for no span.
        likely: see ``suggested``; where something is annotated a long span may be less probable, and still be found,
            if it is more probable than no span.
    """
    for spans, found in _places(given, suggested):
        here = tuple(spans)
        best: tuple[WordSpan, ...] | None = tuple(
            each.span for each in found if each.score >= likely or (here and each.score > _nothing(each))
        )
        if best == here:
            best = _second(here, found)
        if best is not None and best != here:
            both = [*here, *best]
            yield Hypothesis(min(span[0] for span in both), max(span[1] for span in both), here, best)


def _nothing(suggested: Suggested) -> float:
    """Return the probability that there is no span."""
    return next((chance for other, chance in suggested.others if other is None), 0.0)


def _second(here: tuple[WordSpan, ...], found: Sequence[Suggested]) -> tuple[WordSpan, ...] | None:
    """Return the likeliest reading of a place beside the one that model and annotation share; None: there is none."""
    choices = [(chance, each, other) for each in found for other, chance in each.others if each.span in here] + [
        (each.score, each, each.span) for each in found if each.span not in here
    ]
    for _, each, other in sorted(choices, key=lambda choice: -choice[0]):
        rest = [span for span in here if span != each.span]
        if other is None:
            return tuple(rest)
        if not any(_overlap(span, other) for span in rest):
            return tuple(sorted([*rest, other]))
    return None


def _places(
    given: Sequence[WordSpan], suggested: Sequence[Suggested]
) -> Iterator[tuple[list[WordSpan], list[Suggested]]]:
    """Yield what stands together: spans that overlap, directly or by others between."""
    both: list[tuple[int, int, WordSpan | Suggested]] = [
        *((span[0], span[1], span) for span in given),
        *((each.span[0], each.span[1], each) for each in suggested),
    ]
    both.sort(key=lambda one: one[:2])
    spans, found, reach = list[WordSpan](), list[Suggested](), -1
    for first, end, each in both:
        if first >= reach and (spans or found):
            yield spans, found
            spans, found = [], []
        reach = max(reach, end)
        if isinstance(each, Suggested):
            found.append(each)
        else:
            spans.append(each)
    if spans or found:
        yield spans, found


def _overlap(one: WordSpan, other: WordSpan) -> bool:
    return one[0] < other[1] and other[0] < one[1]

"""From decided sentences to lessons, and from what was learnt to suggestions as a project keeps them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.suggestions import FLOOR, Suggestion
from ner_tui.learning.lessons import Lesson, in_words
from ner_tui.learning.prior import ModelView

if TYPE_CHECKING:
    from ner_tui.store.decided import DecidedSentence

LessonKey = tuple[int, int, tuple[str, ...]]
"""Document, start and words of a sentence."""
_KEPT = 2_048
"""Lessons that are kept: each time that is learnt, nearly all are those of the time before."""
EVEN = 0.5
"""Chance of some span from which on a place is suggested, whichever label is the likeliest."""


def as_told(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion of a new label as it is told: where there is rather a span than none, it is suggested.

    Which of many new labels it has is seldom sure, and to correct a label costs less than to find a span.
    """
    none = next((other.score for other in suggestion.alternatives if other.label is None), 0.0)
    if suggestion.score < FLOOR and none < 1 - EVEN and suggestion.score > none:
        return replace(suggestion, score=FLOOR, margin=suggestion.margin + FLOOR - suggestion.score)
    return suggestion


def as_said(suggestion: Suggestion, aliases: dict[str, str]) -> Suggestion:
    """Return a suggestion in the names that it is stored from, which are called otherwise then if labels were renamed.

    A label may have the name that another one had once.
    """
    if aliases.keys().isdisjoint((suggestion.span.label, *(each.label for each in suggestion.alternatives))):
        return suggestion
    said = {label: name for name, label in aliases.items()}
    span = suggestion.span
    return replace(
        suggestion,
        span=replace(span, label=said.get(span.label, span.label)),
        alternatives=tuple(
            replace(each, label=said.get(each.label, each.label)) if each.label else each
            for each in suggestion.alternatives
        ),
    )


def renamed(known: ModelView, aliases: dict[str, str]) -> ModelView:
    """Return what a model says in the names that labels have now."""
    if not aliases:
        return known
    return replace(known, spans=frozenset((first, end, aliases.get(label, label)) for first, end, label in known.spans))


def lesson_key(decided: DecidedSentence) -> LessonKey:
    """Return what tells a decided sentence from others."""
    return decided.document, decided.sentence.start, lesson_of(decided).words


@lru_cache(_KEPT)
def lesson_of(decided: DecidedSentence) -> Lesson:
    """Return a decided sentence as a lesson."""
    told = (decided.spans, decided.rejected, decided.swept)
    spans, rejected, swept = (in_words(decided.sentence, some) for some in told)
    return Lesson(tuple(decided.sentence.words), spans, rejected, decided.is_confirmed, frozenset(swept))

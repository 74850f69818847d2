"""Combining: what several suggestion sources say of the same places, as the suggestions that a reviewer sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ner_tui.domain.annotation.suggestions import Suggestion


def combine(suggestions: Iterable[Suggestion]) -> tuple[list[Suggestion], list[Suggestion]]:
    """Return the suggestions to show, each with all its origins, and those they cover, both by place.

    Where the words of several runs share a character, the likeliest is shown and names the runs of those that it
    covers; what one run says is never held against itself. Nothing but ``also`` is changed, so combining both lists
    again gives the same, and a single run passes through as it is.

    Args:
        suggestions: of any number of prediction runs; earlier answers of this function are taken apart again.
    """
    said = [replace(each, also=()) if each.also else each for each in suggestions]
    if len({each.run for each in said}) < 2:
        return said, []
    shown: list[Suggestion] = []
    covered: list[Suggestion] = []
    for group in _touching(sorted(said, key=_order)):
        kept: list[Suggestion] = []
        lost: list[Suggestion] = []
        for each in sorted(group, key=lambda one: (-one.score, *_order(one))):
            (lost if _runs_over(each, kept) else kept).append(each)
        shown += (replace(each, also=runs) if (runs := _runs_over(each, lost)) else each for each in kept)
        covered += lost
    return sorted(shown, key=_order), sorted(covered, key=_order)


def likeliest(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return those of suggestions outside a project that are to be shown, by place: ``combine`` by their models."""
    said = list(suggestions)
    numbers = {model: number for number, model in enumerate(dict.fromkeys(each.model for each in said))}
    if len(numbers) < 2:
        return said
    shown, _ = combine(replace(each, run=numbers[each.model]) for each in said)
    return [replace(each, run=0, also=()) for each in shown]


def _runs_over(one: Suggestion, others: Iterable[Suggestion]) -> tuple[int, ...]:
    """Return the other runs that have a word among ``others`` for a place of ``one``, ascending."""
    start, end = one.span.start, one.span.end
    return tuple(sorted({each.run for each in others if each.run != one.run and each.span.overlaps(start, end)}))


def _order(suggestion: Suggestion) -> tuple[int, int, str, int]:
    span = suggestion.span
    return span.start, span.end, span.label, suggestion.run


def _touching(said: list[Suggestion]) -> Iterator[list[Suggestion]]:
    """Yield groups of suggestions, ascending by place, between which no character is shared."""
    group: list[Suggestion] = []
    end = 0
    for each in said:
        if group and each.span.start >= end:
            yield group
            group, end = [], 0
        group.append(each)
        end = max(end, each.span.end)
    if group:
        yield group

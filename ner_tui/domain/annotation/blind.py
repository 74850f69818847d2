"""Blind mode: suggestions of a sentence are hidden until a person has decided something there.

It reaches all sentences, or ``only`` the one that begins there.
"""

from __future__ import annotations

from dataclasses import replace

from ner_tui.domain.annotation.draft import Draft
from ner_tui.domain.annotation.edits import Edit
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.verb_table import Verb


def cover(context: Neighbourhood, only: int | None = None) -> Neighbourhood:
    """Return the neighbourhood without the suggestions of sentences that nobody has touched."""
    seen = tuple(s for s in context.suggestions if not is_covered(context, s.span.start, only))
    return context if len(seen) == len(context.suggestions) else replace(context, suggestions=seen)


def is_covered(context: Neighbourhood, offset: int, only: int | None = None) -> bool:
    """Whether what a model says of the sentence at ``offset`` is to be hidden."""
    sentence = context.sentence_at(offset)
    return only in (None, sentence.start) and context.sentence_state(sentence).status == "untouched"


def hides_something(context: Neighbourhood, start: int, end: int, only: int | None = None) -> bool:
    """Whether a suggestion that begins in ``[start, end)`` and would be shown is hidden."""
    seen = context.suggestions_over(start, end)
    return any(start <= s.span.start and is_covered(context, s.span.start, only) for s in seen)


def show(context: Neighbourhood, offset: int, *, cursor: int) -> Edit:
    """Show what is hidden in the sentence at ``offset``, which is in progress from then on; nothing is decided."""
    draft = Draft(context, notices=["nothing decided yet: these are the model's suggestions"])
    draft.touch(offset)
    return draft.edit(Verb.SHOW_SUGGESTIONS, cursor)

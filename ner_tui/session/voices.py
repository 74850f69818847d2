"""Who speaks for a suggestion: the model, what was learnt, and the decided places that it was learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ner_tui.learning.memory import string_keys

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.domain.spans import Span
    from ner_tui.learning.learner import Learner, Votes
    from ner_tui.store.decided import DecidedSentence

SHOWN = 3
"""Decided places that are named, at the most."""


@dataclass(frozen=True, slots=True)
class DecidedPlace:
    """A place where a person decided that the same words have the label."""

    document: int
    line: int
    """Of the sentence, counted from 1."""
    text: str
    """Of the sentence."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What each voter says of a suggestion by itself."""

    label: str
    votes: Votes
    lessons: int
    """Sentences that were learnt from."""
    has_head: bool
    """Whether hidden states were learnt from by now."""
    places: tuple[DecidedPlace, ...]
    """Where the same words were decided to be that, the nearest first."""


def voices_of(
    votes: Votes, learner: Learner, decided: Sequence[DecidedSentence], document: int, sentence: Sentence, span: Span
) -> Voices:
    """Return who speaks for a suggestion.

    Args:
        decided: the sentences that were learnt from.
        document: of the suggestion.
        sentence: in which it stands.
        span: where it is.
    """
    keys = set(string_keys(_words(sentence, span)))
    found = [
        (one.document != document, abs(one.sentence.start - sentence.start), one)
        for one in decided
        for other in one.spans
        if other.label == span.label
        and (one.document, other.start) != (document, span.start)
        and not keys.isdisjoint(string_keys(_words(one.sentence, other)))
    ]
    nearest = sorted(found, key=lambda each: (*each[:2], each[2].document))
    places = dict.fromkeys(DecidedPlace(one.document, one.sentence.line, one.sentence.text) for _, _, one in nearest)
    return Voices(span.label, votes, learner.lessons, learner.head is not None, tuple(places)[:SHOWN])


def _words(sentence: Sentence, span: Span) -> list[str]:
    return [
        sentence.text[token.start - sentence.start : token.end - sentence.start]
        for token in sentence.tokens
        if span.start <= token.start < span.end
    ]

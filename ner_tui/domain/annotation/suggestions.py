"""Suggestions: what a suggestion source says, kept apart in type from what a person decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ner_tui.domain.spans import Span

DOUBTFUL_BELOW = 0.87
"""A suggestion that is less probable than this per word is doubtful; see ``is_doubtful``."""


FLOOR = 0.4
"""Spans less probable than this are not suggested.

A span adds to the expected F1 when its probability exceeds half the F1 that can be reached, and models reach 0.75 to
0.95. On the bundled model's dev sets this gains 0.1 to 2.0 F1: less recall, more precision.
"""
LEARNING = "; learning"
"""How the settings of a run end whose source learns from what is decided."""
LEAST = 0.15
"""Spans less probable than ``FLOOR`` but not than this are kept below the threshold: no suggestion, and no place to
look at unless a person asks for them. They cover most of what a model misses, and few of them are right."""


CONTESTED = -0.5
"""At most this is the margin of what one reader says of a place where others say something else, and of no model's
suggestion above the threshold. Such a one is a doubt whatever its score, and no key that confirms accepts it."""


class SuggestionState(IntEnum):
    """What a suggestion is to a reviewer. The numbers are stored in project files and never change."""

    ANSWERED = 0
    """A decision says the same, or a person rejected what it overlaps: nothing to show."""
    OPEN = 1
    """Waiting for an answer."""
    DOUBTFUL = 2
    """Waiting for an answer, and the model is not sure."""
    CONFLICT = 3
    """At odds with a decision of the file in a sentence that is not yet confirmed."""
    SETTLED = 4
    """At odds with what a person decided or confirmed: listed, never asked again."""
    BELOW_THRESHOLD = 5
    """Too improbable to be suggested: never exported or accepted with others, but a person may take it up."""
    DENIED = 6
    """Waiting for an answer, where a file with labels of its own has none."""


TO_ANSWER = (SuggestionState.OPEN, SuggestionState.DOUBTFUL, SuggestionState.DENIED)
"""The states of a suggestion that waits for an answer and is at odds with no decision."""
DOUBTS = (SuggestionState.DOUBTFUL, SuggestionState.CONFLICT, SuggestionState.DENIED)
"""The states of a suggestion that a person should look at: what accepts many at once leaves it alone."""


def is_doubtful(score: float, words: int) -> bool:
    """Whether a suggestion of so many words is doubtful, by its probability per word (a geometric mean).

    The score of a span is a product over its words, so that by the score alone long names would be doubted too often
    and short ones too seldom. ``benchmarks/doubt.py`` compares this rule with others.
    """
    return bool(score < DOUBTFUL_BELOW ** max(words, 1))


@dataclass(frozen=True, slots=True, order=True)
class Alternative:
    """One way to read a place: a labelled stretch, or nothing there."""

    start: int
    end: int
    label: str | None
    """None: no entity touches ``[start, end)``."""
    score: float
    """Probability of this reading, 0 to 1."""


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """A predicted span waiting for review."""

    span: Span
    score: float
    """Probability that exactly this span with this label is there, 0 to 1."""
    margin: float
    """Score minus the next best reading's score, -1 to 1; see ``CONTESTED``."""
    alternatives: tuple[Alternative, ...] = ()
    """The next best readings of the place, best first, three at the most."""
    run: int = 0
    """Id of the prediction run in the project whose word it is; 0 outside a project."""
    also: tuple[int, ...] = ()
    """Ids of further runs that spoke of the place and were less sure, ascending; see ``combining``."""
    model: str = ""
    """The name of its source as files have it, empty if they say none; in a project, that is the name of the run."""

    @property
    def origins(self) -> tuple[int, ...]:
        """Ids of all runs that spoke of the place, the one whose word it is first."""
        return self.run, *self.also

    @property
    def contested(self) -> bool:
        """Whether it is one reader's word, and another reader has another."""
        return self.margin <= CONTESTED and self.score >= FLOOR

    @property
    def below_threshold(self) -> bool:
        """Whether it is too improbable to be suggested."""
        return self.score < FLOOR


@dataclass(frozen=True, slots=True)
class PredictionRun:
    """A suggestion source with everything that decides what it says; the same one twice is the same run."""

    source: str
    """Which of the project's sources: what it says replaces what an earlier run of the same source said."""
    name: str
    """What people call it, such as ``bundled-4 (int8)``."""
    version: str
    """Changes when what it says could change, such as the hash of a model's weights."""
    settings: str
    """All else that decides what it says, in its own words; that of one that learns ends with `LEARNING`."""

"""Spans as the screen draws them: of which kind each is, what lies over what, and what is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ner_tui.domain.annotation.suggestions import SuggestionState
from ner_tui.domain.spans import Span

Kind = Literal["decided", "suggested", "conflict", "settled", "below"]

ORDER: tuple[Kind, ...] = ("decided", "conflict", "settled", "below", "suggested")
"""What is drawn over what where spans begin at the same place."""
DRAWN: dict[SuggestionState, Kind] = {
    SuggestionState.OPEN: "suggested",
    SuggestionState.DOUBTFUL: "suggested",
    SuggestionState.DENIED: "suggested",
    SuggestionState.CONFLICT: "conflict",
    SuggestionState.BELOW_THRESHOLD: "below",
}

HIDDEN: dict[tuple[bool, bool], tuple[Kind, ...]] = {
    (False, False): ("settled", "below"),
    (False, True): ("settled",),
    (True, False): ("below",),
    (True, True): (),
}
"""What is not drawn, whether blind mode is on and whether suggestions below the threshold are shown."""


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A span as the screen draws it."""

    span: Span
    kind: Kind
    """``conflict`` is a suggestion at odds with a decision that it touches; ``below`` one below the threshold, and
    ``settled``, which only ``OpenDocument`` sees, one at odds with what a person decided."""
    score: float | None = None
    """The model's probability; None for a decision."""
    doubtful: bool = False
    """Whether a person should look at it before it is accepted."""


class SentenceCounts(NamedTuple):
    """How far a sentence is."""

    decided: int
    suggested: int
    doubtful: int
    """Suggestions that are doubtful, and those at odds with a decision."""

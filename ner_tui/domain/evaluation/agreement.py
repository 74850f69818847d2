"""Agreement of a person's decisions with the suggestions for the same sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ner_tui.domain.spans import Span

Outcome = Literal["equal", "relabelled", "re-bounded", "added", "removed"]
"""``equal``: decided as suggested; ``added``: decided where nothing was suggested; ``removed``: the reverse."""
OUTCOMES: tuple[Outcome, ...] = ("equal", "relabelled", "re-bounded", "added", "removed")
SpanPair = tuple[Span | None, Span | None]
"""(suggested, decided), one of which may be missing."""


def outcome(pair: SpanPair) -> Outcome:
    """Return how a decision compares with its suggestion."""
    suggested, decided = pair
    if suggested is None:
        return "added"
    if decided is None:
        return "removed"
    if (suggested.start, suggested.end) != (decided.start, decided.end):
        return "re-bounded"
    return "equal" if suggested.label == decided.label else "relabelled"


def compare(suggested: Sequence[Span], decided: Sequence[Span]) -> Iterator[SpanPair]:
    """Pair the spans of a sentence, each once: first those at the same place, then those that touch, in order."""
    at = {(span.start, span.end): span for span in decided}
    left: list[Span] = []
    for span in suggested:
        same = at.pop((span.start, span.end), None)
        if same is not None:
            yield span, same
        else:
            left.append(span)
    rest = list(at.values())
    for span in left:
        touched = next((other for other in rest if other.overlaps(span.start, span.end)), None)
        if touched is not None:
            rest.remove(touched)
        yield span, touched
    for span in rest:
        yield None, span


@dataclass
class Agreement:
    """How decisions in confirmed sentences compare with what a model suggested there."""

    sentences: int = 0
    """Confirmed sentences that suggestions were made for."""
    confirmed: Counter[str] = field(default_factory=Counter)
    """Decisions by label in all confirmed sentences, whether suggestions were made for them or not."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    confusion: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    """By (suggested label, decided label); None is no entity."""
    share: float = 0.0
    """Of the confirmed sentences that are counted so far, 0 to 1."""

    def add(self, suggested: Sequence[Span], decided: Sequence[Span]) -> None:
        """Count a sentence."""
        self.sentences += 1
        for pair in compare(suggested, decided):
            self.outcomes[outcome(pair)] += 1
            self.confusion[tuple(span.label if span else None for span in pair)] += 1  # type: ignore[index]

    @property
    def precision(self) -> float | None:
        """Share of the suggestions that were decided as they were; None without suggestions."""
        return self._share("removed")

    @property
    def recall(self) -> float | None:
        """Share of the decisions that were suggested so; None without decisions."""
        return self._share("added")

    def _share(self, other: Outcome) -> float | None:
        kinds: tuple[Outcome, ...] = ("equal", "relabelled", "re-bounded", other)
        total = sum(self.outcomes[kind] for kind in kinds)
        return self.outcomes["equal"] / total if total else None

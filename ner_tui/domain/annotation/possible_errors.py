"""Possible errors: places of annotations where an audit finds another reading more or less likely."""

from __future__ import annotations

from dataclasses import dataclass

from ner_tui.domain.spans import Span

NOTHING = "no entity"


@dataclass(frozen=True, slots=True)
class PossibleError:
    """A place of a project with what is annotated there and what should be.

    It is answered as soon as a person decides or rejects something in it, or confirms its sentence.
    """

    document: int
    start: int
    """``[start, end)`` holds all spans of both readings."""
    end: int
    given: tuple[Span, ...]
    """Ascending; empty: nothing is annotated."""
    proposed: tuple[Span, ...]
    """Ascending; empty: there is no entity."""
    probability: float
    """That what is annotated is wrong, 0 to 1."""
    reasons: tuple[str, ...] = ()
    """In words, the strongest first."""
    evidence: tuple[float, ...] = ()
    """What speaks for it in numbers, as the audit weighs it."""

    @property
    def change(self) -> str:
        """What would be otherwise in a few words, such as ``LOC → ORG``."""
        return change(*(", ".join(span.label for span in spans) or NOTHING for spans in (self.given, self.proposed)))


def change(given: str, proposed: str) -> str:
    """Return in a few words what would be otherwise, from the labels of both readings."""
    return f"{given} → {proposed}" if given != proposed else f"{given}, other words"

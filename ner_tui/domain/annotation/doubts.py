"""Doubts: places of a project that a person should look at, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal["margin", "faint", "model", "mixed", "source", "audit"]
"""Why a place is in the queue: a suggestion that nearly lost, one too improbable to be suggested, a model at odds with
a label, a string that is labelled otherwise elsewhere, a problem in the source file, or chance."""
Status = Literal["any", "suggested", "decided", "yours"]
"""What stands at a place: ``any`` but what a person decided, a suggestion, a label of the file, or ``yours``."""
REASONS: tuple[Reason, ...] = ("margin", "faint", "model", "mixed", "source", "audit")
STATUSES: tuple[Status, ...] = ("any", "suggested", "decided", "yours")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place and one reason to look at it."""

    reason: Reason
    weight: float
    """How likely it is that something is wrong there, 0 to 1, as far as one can tell."""
    document: int
    start: int
    """``[start, end)`` is the place."""
    end: int
    label: str | None
    """What is suggested or decided there."""
    number: float
    """The margin, the model's probability, or how many places elsewhere have the other label."""
    note: str = ""
    """The other label, or what is wrong in the source."""

    @property
    def why(self) -> str:
        """The reason in a few words."""
        match self.reason:
            case "margin":
                return f"margin {self.number:.2f}"
            case "faint":
                return f"perhaps {self.label} {_short(self.number)}"
            case "model":
                return f"model: {self.label} {_short(self.number)}"
            case "mixed":
                return f"{self.number:.0f} × {self.note} elsewhere"
            case "source":
                return self.note
            case "audit":
                return "audit: by chance"


@dataclass(frozen=True, slots=True)
class DoubtFilter:
    """Which doubts are wanted, and in which order."""

    by_document: bool = False
    """In the order of the documents instead of the most doubtful first."""
    reason: Reason | None = None
    status: Status = "any"
    label: str | None = None
    text: str = ""
    """What the words of the place hold, whatever the case of ASCII letters."""

    @property
    def with_audit(self) -> bool:
        """Whether places by chance belong among what is left: they have neither label nor words of their own."""
        return self.reason in (None, "audit") and self.status == "any" and not self.label and not self.text


def _short(probability: float) -> str:
    return f"{min(probability, 0.99):.2f}"[1:]

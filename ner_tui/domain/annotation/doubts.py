"""Doubts: places of a project that a person should look at, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ner_tui.domain.annotation.possible_errors import change

Reason = Literal["conflict", "unsure", "model", "denied", "mixed", "source", "audit", "below", "unlike", "error"]
"""Why a place is in the queue: annotators who read it differently, a suggestion that is often wrong, a model at odds
with a label, a suggestion where a file with labels has none, a string that is labelled otherwise elsewhere, a problem
in the source file, chance, or, where a person asks for them, a suggestion below the threshold, a sentence that is
unlike all that was decided, or what an audit of the labels finds likely to be wrong."""
Status = Literal["any", "suggested", "decided", "yours"]
"""What stands at a place: ``any`` but what a person decided, a suggestion, a label of the file, or ``yours``."""
STATUSES: tuple[Status, ...] = ("any", "suggested", "decided", "yours")
Order = Literal["doubt", "document", "learning"]
"""Which comes first: the most doubtful, what stands first in the documents, or what teaches most."""
ORDERS: Mapping[Order, str] = {
    "doubt": "most doubtful first",
    "document": "by document",
    "learning": "most to learn first",
}


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
    """The model's probability, how many places elsewhere have the other label, or how many sentences are like it."""
    note: str = ""
    """The other label, what is wrong in the source, or the labels of both readings with an arrow between."""

    @property
    def why(self) -> str:
        """The reason in a few words."""
        return KINDS[self.reason].why(self)


@dataclass(frozen=True, slots=True)
class DoubtKind:
    """One kind of doubt; what finds it and whether it still holds is in ``store/doubts.py`` and ``store/audits.py``."""

    title: str
    """What it is called where one of the kinds is chosen."""
    why: Callable[[Doubt], str]
    """Says the reason for one place in a few words."""
    is_suggestion: bool = False
    """Whether it is about a suggestion, which blind mode hides."""
    asked_for: bool = False
    """Whether it is listed only where it is asked for by its reason."""


KINDS: Mapping[Reason, DoubtKind] = {
    "conflict": DoubtKind("conflicts of annotators", lambda doubt: "annotators differ", True),
    "unsure": DoubtKind("unsure suggestions", lambda doubt: f"unsure {_short(doubt.number)}", True),
    "model": DoubtKind("model against label", lambda doubt: f"model: {doubt.label} {_short(doubt.number)}", True),
    "denied": DoubtKind(
        "not labelled in the file", lambda doubt: f"model: {doubt.label} {_short(doubt.number)}, file: none", True
    ),
    "mixed": DoubtKind("other labels elsewhere", lambda doubt: f"{doubt.number:.0f} × {doubt.note} elsewhere"),
    "source": DoubtKind("problems of the file", lambda doubt: doubt.note),
    "audit": DoubtKind("audit", lambda doubt: "audit: by chance"),
    "below": DoubtKind(
        "below the threshold", lambda doubt: f"perhaps {doubt.label} {_short(doubt.number)}", True, asked_for=True
    ),
    "error": DoubtKind("possible errors", lambda doubt: f"{doubt.number:.0%} {_changed(doubt.note)}", True, True),
    "unlike": DoubtKind("unlike what is decided", lambda doubt: f"new, {doubt.number:.0f} like it", asked_for=True),
}
REASONS: tuple[Reason, ...] = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class DoubtFilter:
    """Which doubts are wanted, and in which order."""

    order: Order = "doubt"
    reason: Reason | None = None
    status: Status = "any"
    label: str | None = None
    text: str = ""
    """What the words of the place hold, whatever the case of ASCII letters."""

    def wants(self, reason: Reason) -> bool:
        """Whether doubts of a kind are among them."""
        return reason == self.reason if self.reason else not KINDS[reason].asked_for

    @property
    def is_plain(self) -> bool:
        """Whether all doubts are wanted, in whatever order."""
        return self.reason is None and self._is_wide

    @property
    def with_audit(self) -> bool:
        """Whether places by chance belong among what is left: they have neither label nor words of their own."""
        return self.reason in (None, "audit") and self._is_wide

    @property
    def with_unlike(self) -> bool:
        """Whether sentences that are unlike all that was decided belong among what is left."""
        return self._is_wide and (self.reason == "unlike" or (self.reason is None and self.order == "learning"))

    @property
    def _is_wide(self) -> bool:
        return self.status == "any" and not self.label and not self.text


def _changed(labels: str) -> str:
    given, _, proposed = labels.partition(" → ")
    return change(given, proposed)


def _short(probability: float) -> str:
    return f"{min(probability, 0.99):.2f}"[1:]

"""Edits: every change a person makes, as a value that says what it takes away and what it puts there.

What is known of a document is a set of *items*: decisions, rejections, suggestions, notes, sentence states, and the
boundaries of sentences and tokens. An edit removes some and adds others, so its inverse is the same edit with the two
swapped, the journal stores nothing else, and undo, redo and crash recovery are one mechanism. An edit names only the
items it touches: its cost is the cost of what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.document import Status
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Span

Source = Literal["file", "person", "sweep"]
"""Who decided: the tags of the source file, or a person in this project, by a word of their own or by accepting what
was suggested in a whole sentence or more."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A span that is there: from the file's own tags or by a person."""

    span: Span
    source: Source = "person"

    @property
    def by_person(self) -> bool:
        """Whether a person decided it, in whatever way."""
        return self.source != "file"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A person's word that exactly this span with this label is not there; no suggestion that overlaps it is shown."""

    span: Span


@dataclass(frozen=True, slots=True)
class SentenceState:
    """Where a person stands with a sentence. A sentence without one is untouched and not flagged."""

    start: int
    """Offset where the sentence starts; it names the sentence."""
    status: Status
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class SentenceBoundary:
    """A sentence starts here; removing it joins the sentence to the one before."""

    offset: int


@dataclass(frozen=True, slots=True)
class TokenBoundary:
    """Two tokens of raw text meet here with nothing between; removing it makes them one token."""

    offset: int


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of a person on a span or a sentence."""

    start: int
    """``[start, end)`` is what it is about."""
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """A label stands in the project's list."""

    label: Label
    at: int
    """Its place in the list, from 0."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What a model calls ``said`` is taken as ``label``."""

    said: str
    label: str


@dataclass(frozen=True, slots=True)
class LabelRename:
    """Everything in all documents that carried ``old`` carries ``new``, which nothing carried before.

    Both names are only ever swapped, so no list of places is needed for the way back.
    """

    old: str
    new: str


Item = (
    Decision
    | Rejection
    | Suggestion
    | SentenceState
    | SentenceBoundary
    | TokenBoundary
    | Note
    | LabelEntry
    | Alias
    | LabelRename
)
ProjectItem = LabelEntry | Alias | LabelRename
"""Items about the project itself; the journal holds them as edits to document 0."""
Structure = SentenceBoundary | TokenBoundary
"""Items that the others stand on."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One key press worth of change to one document."""

    verb: Verb
    """What the person did."""
    removed: tuple[Item, ...]
    """Items that are there before and not after."""
    added: tuple[Item, ...]
    """Items that are there after and not before."""
    cursor: int = 0
    """Offset where the cursor stood; undo goes back there."""
    notice: str = ""
    """What the person should be told beyond the obvious, such as a span that was trimmed."""

    @property
    def inverse(self) -> Edit:
        """The edit that takes this one back."""
        return replace(self, removed=self.added, added=self.removed)


def place_of(item: Item) -> tuple[int, int]:
    """Return ``[start, end)`` of what an item is about; nowhere, ``(0, 0)``, for one about the project."""
    match item:
        case Decision(span) | Rejection(span) | Suggestion(span):
            return span.start, span.end
        case SentenceState(start) | SentenceBoundary(start):
            return start, start + 1
        case TokenBoundary(offset):
            return offset - 1, offset + 1
        case Note(start, end):
            return start, end
    return 0, 0

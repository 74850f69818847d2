"""The document that is open: its text, and what is marked on any stretch of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal

from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.edits import Note, SentenceMark
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.suggestions import Standing, Suggestion
from ner_tui.domain.text import LineIndex
from ner_tui.session.veil import Veil
from ner_tui.store.project import Project

Kind = Literal["decided", "suggested", "dissent", "faint"]

_DRAWN: dict[Standing, Kind] = {
    Standing.OPEN: "suggested",
    Standing.DOUBTFUL: "suggested",
    Standing.DISSENT: "dissent",
    Standing.FAINT: "faint",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span as the screen draws it."""

    span: Span
    kind: Kind
    """``dissent`` is a suggestion at odds with a decision that it touches; ``faint`` too improbable to be one."""
    score: float | None = None
    """The model's probability; None for a decision."""
    doubtful: bool = False


class TokenIndex:
    """The tokens of a document by number and by offset."""

    def __init__(self, edges: list[int]) -> None:
        self._starts = edges[::2]
        self._ends = edges[1::2]

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, number: int) -> Token:
        return Token(self._starts[number], self._ends[number])

    def at(self, offset: int) -> int:
        """Return the number of the token at ``offset``, or of the last one before it; 0 before the first."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def first_from(self, offset: int) -> int:
        """Return the number of the first token that ends after ``offset``; ``len`` if none does."""
        return bisect_right(self._ends, offset)


class OpenDocument:
    """A document in front of a person. Its text never changes; what is marked on it is read from the project."""

    def __init__(self, project: Project, document: int, veil: Veil) -> None:
        head = project.content.document(document)
        self._project = project
        self._veil = veil
        self.id = document
        self.name: str = head.name
        self.origin: Origin = head.origin
        self.revision: int = head.revision
        self.cursor: int = head.cursor
        """Offset where the person stood when the document was last left."""
        self.text, edges, self._sentence_starts = project.content.text_and_edges(document)
        self.lines = LineIndex(self.text)
        self.tokens = TokenIndex(edges)

    def marks(self, start: int, end: int) -> list[Mark]:
        """Return what is drawn on ``[start, end)``, ascending; a dissent follows the decision it is about."""
        decided = [Mark(d.span, "decided") for d in self._project.marks.decisions(self.id, start, end)]
        suggested = [
            Mark(suggestion.span, _DRAWN[standing], suggestion.score, suggestion.doubtful)
            for suggestion, standing in self._project.marks.suggestions(self.id, start, end)
            if standing in _DRAWN and not self._veil.hides(self.id, suggestion.span.start)
        ]
        return sorted(decided + suggested, key=lambda mark: (mark.span.start, mark.kind))

    def mark_at(self, offset: int) -> Mark | None:
        """Return what is drawn at ``offset``: the decision, or else the suggestion."""
        found = self.marks(offset, offset + 1)
        return min(found, key=lambda mark: mark.kind == "dissent", default=None)

    def suggestion_at(self, offset: int) -> Suggestion | None:
        """Return the suggestion to answer at ``offset``, with its alternatives."""
        if self._veil.hides(self.id, offset):
            return None
        found = self._project.marks.suggestions(self.id, offset, offset + 1)
        suggestion = next((suggestion for suggestion, standing in found if standing in _DRAWN), None)
        return suggestion and self._project.label_list.with_listed_readings(suggestion)

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that owns the character at ``offset``."""
        found = self._project.content.sentence_at(self.id, offset)
        return found or Sentence(0, self.text, ())

    def sentence_start(self, offset: int) -> int:
        """Return where the sentence that owns the character at ``offset`` starts."""
        return self._sentence_starts[max(0, bisect_right(self._sentence_starts, offset) - 1)]

    def sentence_starts(self, start: int, end: int) -> list[int]:
        """Return the offsets in ``[start, end)`` where a sentence starts."""
        low, high = bisect_left(self._sentence_starts, start), bisect_left(self._sentence_starts, end)
        return self._sentence_starts[low:high]

    def sentence_mark(self, offset: int) -> SentenceMark:
        """Return how far a person has got with the sentence at ``offset``."""
        start = self.sentence_start(offset) if self._sentence_starts else 0
        found = self._project.marks.sentence_marks(self.id, start, start + 1)
        return found[0] if found else SentenceMark(start, "untouched")

    def reload_structure(self) -> None:
        """Read tokens and sentence boundaries again after an edit moved one."""
        self.revision = self._project.content.document(self.id).revision
        _, edges, self._sentence_starts = self._project.content.text_and_edges(self.id)
        self.tokens = TokenIndex(edges)

    def notes(self, start: int, end: int) -> list[Note]:
        """Return the notes on what begins in ``[start, end)``, ascending."""
        return self._project.marks.notes(self.id, start, end)

    def problems(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Return (start, end, what) for what was wrong in the source in ``[start, end)`` and nobody has answered."""
        return self._project.doubts.problems(self.id, start, end)

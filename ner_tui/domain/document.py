"""Sentences, and a document as the stream it is read and written in.

The sentences of a document partition its text: each owns the text from its start to the next sentence's start,
trailing white space included, so joining two is concatenation and the document's text is the join of them all.
A reader yields ``DocumentStart`` and then that document's sentences, so no file needs to be in memory whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ner_tui.domain.spans import Span, Token

if TYPE_CHECKING:
    from ner_tui.domain.annotation.edits import Note
    from ner_tui.domain.annotation.suggestions import Suggestion

Origin = Literal["text", "tokens"]
"""``text``: raw text that we tokenised, sentences may be joined; ``tokens``: a token format, its tokens are its own."""

Status = Literal["untouched", "in progress", "confirmed"]
"""How far a person has got with a sentence; only a confirm key or accept-and-go-on confirms."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its tokens, and the text up to the next sentence."""

    start: int
    """Offset of the first character in the document's text."""
    text: str
    """The text from ``start`` to the next sentence, white space around the tokens included."""
    tokens: tuple[Token, ...]
    """Offsets in the document's text, ascending, disjoint, never empty as a tuple except in a blank document."""
    line: int = 1
    """Line of the source, counted from 1, where the first token stands."""

    @property
    def end(self) -> int:
        """Offset after the last character: the start of the next sentence."""
        return self.start + len(self.text)

    @property
    def words(self) -> list[str]:
        """The tokens' texts."""
        base = self.start
        return [self.text[token.start - base : token.end - base] for token in self.tokens]

    def tokens_touching(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the tokens that share a character with ``[start, end)``."""
        return tuple(token for token in self.tokens if token.start < end and start < token.end)


@dataclass(frozen=True, slots=True)
class DocumentStart:
    """The head of a document in a stream of sentences."""

    name: str
    """What people call it: the file's path as given, with ``#2`` and so on for the further documents of one file."""
    origin: Origin
    line: int = 1
    """Line of the source, counted from 1, where the document begins."""


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """A sentence with what is known of it."""

    sentence: Sentence
    spans: tuple[Span, ...] = ()
    """Decisions: from the file's own tags or by a person; disjoint, ascending."""
    suggestions: tuple[Suggestion, ...] = ()
    """Open suggestions of a model; disjoint from ``spans`` when written, ascending."""
    status: Status = "untouched"
    flagged: bool = False
    """Whether a person wants to come back to it."""
    notes: tuple[Note, ...] = ()
    """Remarks of a person on what begins in it, ascending."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that was read with a guess, such as an illegal transition."""

    path: str
    line: int
    """Line number, counted from 1."""
    reason: str
    lost: bool = False
    """Whether something of the source, such as one of two overlapping spans, is not in what was read."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


StreamItem = DocumentStart | AnnotatedSentence | Problem
"""What readers yield: a problem stands before the sentence it belongs to."""

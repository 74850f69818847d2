"""A document as the stream that it is read and written in.

A reader yields ``DocumentStart`` and then that document's sentences with what is known of them, so no file needs to
be in memory whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ner_tui.domain.document import Origin, Sentence, Status
from ner_tui.domain.printable import without_surrogates
from ner_tui.domain.spans import Span

if TYPE_CHECKING:
    # Only for the types: what draws the first screen reads streams, and needs no edits.
    from ner_tui.domain.annotation.edits import Note
    from ner_tui.domain.annotation.suggestions import Suggestion


Metadata = Mapping[str, object]
"""What a source says of a document or a sentence beside its text and spans, such as an id: values of JSON by name, in
the source's order. It is carried along and never looked into."""


class _Nothing(dict[str, object]):
    """No metadata: one for all, which stays empty, and itself when it comes back from another process."""

    def __setitem__(self, key: str, value: object) -> None:
        raise TypeError("what a source says is not changed")

    def __reduce__(self) -> str:
        return "NO_METADATA"


NO_METADATA: Metadata = _Nothing()
"""Those of a source that says nothing more."""


def _no_metadata() -> Metadata:
    return NO_METADATA


@dataclass(frozen=True, slots=True)
class DocumentStart:
    """The head of a document in a stream of sentences."""

    name: str
    """What people call it: the file's path as given, with ``#2`` and so on for the further documents of one file."""
    origin: Origin
    line: int = 1
    """Line of the source, counted from 1, where the document begins."""
    metadata: Metadata = field(default_factory=_no_metadata, hash=False)

    def __post_init__(self) -> None:
        # No format could hold what is no character.
        object.__setattr__(self, "name", without_surrogates(self.name))


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
    metadata: Metadata = field(default_factory=_no_metadata, hash=False)
    """Of this sentence alone, where a record or a row of the source is a sentence."""


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


def by_document(
    items: Iterable[StreamItem],
) -> Iterator[tuple[DocumentStart, Iterator[AnnotatedSentence | Problem]]]:
    """Yield each document's head with what stands between it and the next; take that before asking for the next.

    Problems before the first document belong to none and are passed over.
    """
    stream = iter(items)
    heads: list[DocumentStart] = []

    def until_next() -> Iterator[AnnotatedSentence | Problem]:
        for item in stream:
            if isinstance(item, DocumentStart):
                heads.append(item)
                return
            yield item

    rest = until_next()
    while True:
        for _ in rest:
            pass
        if not heads:
            return
        rest = until_next()
        yield heads.pop(), rest

"""The hits of a query in the open document and over the project, as a stream that can be paused anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ner_tui.domain.annotation.query import Query, in_sentence, in_text
from ner_tui.session.concordance import Occurrence, occurrence
from ner_tui.session.open_document import OpenDocument
from ner_tui.store.project import Project

_END = 1 << 62


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that answers a query."""

    document: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, or the flag of a sentence, for the list of both."""

    place: Occurrence
    note: str
    """What the note says; empty for a flag."""


class Search:
    """Finds places in a project.

    What streams hits yields None where it has looked at something in vain: whoever asks may do other things then, or
    stop asking. An expression that takes too long on a sentence raises ``InputError`` out of the stream.
    """

    def __init__(self, project: Project, current: Callable[[], OpenDocument]) -> None:
        self._project = project
        self._current = current

    def hits(
        self, query: Query, document: int = 0, offset: int = 0, step: int = 1, *, only: bool = False
    ) -> Iterator[Hit | None]:
        """Yield the hits that begin behind an offset (``step`` 1), or before it (-1) from there backwards.

        Args:
            query: not empty.
            document: 0 for the beginning of the project.
            offset: -1 to have a hit at the beginning of a document, too.
            only: stop at the end of the document.
        """
        if query.empty:
            return
        seen = (0, -1)
        here = self._project.content.sentence_at(document, offset) if document else None
        first = here.start - 1 if here and step > 0 else offset
        for candidate in self._project.finder.candidates(query, document, first, step):
            if only and candidate.document != document:
                return
            if not candidate.real:
                yield None
                continue
            # What leads to spans and notes may lead to one sentence more than once.
            known = query.pattern is not None
            at = candidate.start if known else self._project.items.sentence_range(*candidate[:2])[0]
            if (candidate.document, at) == seen:
                continue
            seen = (candidate.document, at)
            places = self._places(query, candidate.document, at, candidate.text)
            if candidate.document == document:
                places = [place for place in places if (place[0] > offset if step > 0 else place[0] < offset)]
            if not places:
                yield None
            for start, end in places[::step]:
                yield Hit(candidate.document, start, end)

    def all_round(self, query: Query, document: int, offset: int, step: int) -> Iterator[Hit | None]:
        """Yield hits as ``hits`` does, going on from the other end of the project when they are used up."""
        yield from self.hits(query, document, offset, step)
        yield from self.hits(query, *((0, 0) if step > 0 else (_END, 0)), step)

    def in_document(self, query: Query, offset: int) -> Iterator[Hit | None]:
        """Yield the hits of the open document: those from ``offset`` on, then those from its beginning."""
        document = self._current().id
        yield from self.hits(query, document, offset - 1, only=True)
        for hit in self.hits(query, document, -1, only=True):
            if hit is not None and hit.start >= offset:
                return
            yield hit

    def within(self, query: Query, start: int, end: int) -> list[tuple[int, int]]:
        """Return what of the open document's ``[start, end)`` is in a hit, for the screen.

        Raises:
            InputError: an expression takes too long.
        """
        document = self._current()
        starts = [document.sentence_start(start), *document.sentence_starts(start + 1, max(end, start + 1))]
        found: list[tuple[int, int]] = []
        for each in starts:
            found += self._places(query, document.id, each)
        return [(max(low, start), min(high, end)) for low, high in found if low < end and start < high]

    def line(self, hit: Hit) -> Occurrence:
        """Return a hit with what stands around it and on it."""
        return self._line(hit.document, hit.start, hit.end)

    def whole(self, query: Query) -> Iterator[Occurrence | None]:
        """Yield the hits in order that begin and end where tokens do, with what stands around them."""
        for hit in self.hits(query):
            yield self.line(hit) if hit is not None and self._is_whole(hit) else None

    def _is_whole(self, hit: Hit) -> bool:
        sentence = self._project.content.sentence_at(hit.document, hit.start)
        tokens = sentence.tokens if sentence else ()
        return any(token.start == hit.start for token in tokens) and any(token.end == hit.end for token in tokens)

    def remarks(self) -> Iterator[Remark]:
        """Yield every note and every flag, in order; a flag stands before the notes of its sentence."""
        flags = [(document, start, start, "") for document, start in self._project.finder.flagged()]
        notes = [(document, n.start, n.end, n.text) for document, n in self._project.items.all_notes()]
        for document, start, end, text in sorted(flags + notes):
            if start == end:
                sentence = self._project.content.sentence_at(document, start)
                if sentence is None or not sentence.tokens:
                    continue
                start, end = sentence.tokens[0].start, sentence.tokens[-1].end
            yield Remark(self._line(document, start, end), text)

    def _line(self, document: int, start: int, end: int) -> Occurrence:
        context = self._project.items.neighbourhood(document, start, end, margin=0)
        return occurrence(context, document, self._project.content.document(document).name, start, end)

    def _places(self, query: Query, document: int, start: int, text: str = "") -> list[tuple[int, int]]:
        """Return the hits of the sentence that begins at ``start``; ``text`` is its text where it is known."""
        if query.text_only or (text and not any(in_text(query, text, start))):
            sentence = None if text else self._project.content.sentence_at(document, start)
            return list(in_text(query, sentence.text if sentence else text, start))
        end = self._project.items.sentence_range(document, start)[1]
        context = self._project.items.neighbourhood(document, start, max(end, start + 1), margin=0)
        return list(in_sentence(query, context, context.sentence_at(start)))

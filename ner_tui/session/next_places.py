"""Where to go on from a place: the next span, the next doubt, the next sentence that is not confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ner_tui.session.place import Place
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.session.blind_mode import BlindMode
    from ner_tui.session.faint_mode import FaintMode
    from ner_tui.session.sample import Sample


class NextPlaces:
    """Finds what comes next, as far as it is shown; in a sample of sentences, only its sentences."""

    def __init__(
        self,
        project: Project,
        document: Callable[[], int],
        blind_mode: BlindMode,
        faint_mode: FaintMode,
        sample: Sample | None,
    ) -> None:
        """
        Args:
            project: in which to look.
            document: returns the id of the open document.
            blind_mode: whether suggestions in sentences that nobody has touched are hidden.
            faint_mode: whether those below the threshold are shown.
            sample: the sentences that the session is about, if it is not about all.
        """
        self._project = project
        self._document = document
        self._blind_mode = blind_mode
        self._faint_mode = faint_mode
        self._sample = sample

    def span(self, offset: int, step: int) -> int | None:
        """Return where the next (1) or previous (-1) span of the open document starts, or None."""
        return self._span(self._document(), offset, step)

    def doubtful(self, offset: int, step: int) -> Place | None:
        """Return the next or previous place to look at, across documents, or None; in a sample its next sentence."""
        document = self._document()
        if self._sample is not None:
            return self._sample.next(document, offset, step)
        in_begun, anywhere = self._project.doubts.next_in_begun, self._project.suggestions.next_doubt
        found = (in_begun if self._blind_mode.is_on else anywhere)(document, offset, step)
        return Place(*found) if found else None

    def doubtful_within(self, start: int, end: int) -> int | None:
        """Return where the first place to look at begins in ``[start, end)`` of the open document, or None."""
        document = self._document()
        found = self._project.suggestions.next_doubt(document, start - 1, 1)
        return found[1] if found and found[0] == document and found[1] < end else None

    def open_sentence(self, offset: int | None) -> Place | None:
        """Return where to go on after ``offset``, or from the beginning of the project for None.

        That is the first span, or else the first word, of the next sentence that is not confirmed, in whatever
        document; None if there is none.
        """
        document, start = (0, 0) if offset is None else (self._document(), offset)
        if self._sample is not None:
            return self._sample.next(document, start, 1, unconfirmed=True)
        found = self._project.items.next_unconfirmed(document, start)
        if found is None:
            return None
        document, start = found
        sentence = self._project.content.sentence_at(document, start)
        if sentence is None or not sentence.tokens:
            return Place(document, start)
        word = sentence.tokens[0].start
        first = self._span(document, word - 1, 1)
        return Place(document, word if first is None or first >= sentence.end else first)

    def _span(self, document: int, offset: int, step: int) -> int | None:
        blind, faint = self._blind_mode, self._faint_mode.is_on
        while True:
            found = self._project.items.next_start(document, offset, step, blind=blind.is_on, faint=faint)
            if blind.is_on or found is None or blind.place is None or not blind.hides(document, found):
                return found
            if any(
                each.span.start == found for each in self._project.items.known(document, found, found + 1).decisions
            ):
                return found
            offset = found

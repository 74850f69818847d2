"""The verbs of a person on the open document: each is one edit, carried out, journalled, and reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ner_tui.domain.annotation import blind, structure, verbs
from ner_tui.domain.annotation.edits import Decision, Edit, SentenceBoundary, SentenceState, Structure, place_of
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.annotation.suggestions import FLOOR, Alternative
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused
from ner_tui.session.blind_mode import BlindMode
from ner_tui.session.edit_result import EditResult, named_span, told_of_sweep, words_of
from ner_tui.session.faint_mode import FaintMode
from ner_tui.session.open_document import OpenDocument
from ner_tui.store.journal import JournalEntry
from ner_tui.store.project import WHOLE, Project

REACH = 2
"""Sentences on either side that a verb may look at."""


class Corrections:
    """The correcting verbs on the open document.

    All of them raise ``EditRefused`` with the reason where they make no sense; those that take ``join`` raise
    ``NeedsJoin`` where they would cross a sentence boundary and it is not given.
    """

    def __init__(
        self,
        project: Project,
        current: Callable[[], OpenDocument],
        clock: Callable[[], float],
        annotator: str,
        blind_mode: BlindMode,
        faint_mode: FaintMode,
        *,
        accepts_doubtful: bool,
    ) -> None:
        """Prepare.

        Args:
            accepts_doubtful: whether ``confirm`` and ``confirm_in_sight`` accept what is doubtful, too.
        """
        self._project = project
        self._current = current
        self._blind_mode = blind_mode
        self._faint_mode = faint_mode
        self._accepts_doubtful = accepts_doubtful
        self._clock = clock
        self._annotator = annotator

    def label(self, start: int, end: int, name: str, *, cursor: int, join: bool = False) -> EditResult:
        """Decide that ``[start, end)``, whole tokens, is a ``name``."""
        return self._apply(start, end, lambda context: verbs.label(context, start, end, name, cursor=cursor, join=join))

    def relabel(self, offset: int, name: str, *, complete: bool = False) -> EditResult:
        """Give the span at ``offset`` another label; ``complete`` as in ``accept``."""
        return self._answer(
            offset, offset + 1, lambda context: verbs.relabel(context, offset, name, cursor=offset), complete
        )

    def resize(self, offset: int, *, left: int = 0, right: int = 0, join: bool = False) -> EditResult:
        """Move the edges of the span at ``offset`` by tokens, positive to the right."""
        return self._at(
            offset, lambda context: verbs.resize(context, offset, left=left, right=right, cursor=offset, join=join)
        )

    def accept(self, offset: int, *, complete: bool = False) -> EditResult:
        """Decide the suggestion at ``offset``.

        Args:
            complete: confirm its sentence, too, if nothing doubtful is left there: a sweep has come by already.
        """
        return self._answer(offset, offset + 1, lambda context: verbs.accept(context, offset, cursor=offset), complete)

    def remove(self, offset: int, *, complete: bool = False) -> EditResult:
        """Reject the suggestion at ``offset``, or else delete the decision there; ``complete`` as in ``accept``."""
        return self._answer(offset, offset + 1, lambda context: verbs.remove(context, offset, cursor=offset), complete)

    def _answer(self, start: int, end: int, verb: Callable[[Neighbourhood], Edit], complete: bool) -> EditResult:
        if not complete:
            return self._apply(start, end, verb)
        low, high = self._current().sentence_range(start)
        return self._apply(
            min(start, low), max(end, high), lambda context: verbs.completed(context, verb(context), start)
        )

    def confirm(self, offset: int) -> EditResult:
        """Accept the rest of the sentence at ``offset`` and confirm it; show first what blind mode hides there.

        What is doubtful is left alone, and its sentence open, unless that is to be accepted, too.
        """
        if self.hides_something(offset):
            return self._at(offset, lambda context: blind.show(context, offset, cursor=offset))
        start, end = self._current().sentence_range(offset)
        return self._sweep(start, end, offset, None)

    def hides_something(self, offset: int) -> bool:
        """Whether blind mode hides a suggestion in the sentence at ``offset``."""
        document = self._current()
        return self._hidden(document.id, *document.sentence_range(offset))

    def confirm_in_sight(self, start: int, end: int) -> EditResult:
        """Do what ``confirm`` does for all sentences of which every token stands in ``[start, end)``, as one edit."""
        if self._hidden(self._current().id, start, end):
            raise EditRefused("blind mode: decide in each sentence first, or see what is hidden in it with enter")
        return self._sweep(start, end, start, end)

    def _sweep(self, start: int, end: int, cursor: int, inside: int | None) -> EditResult:
        left: list[int] = []

        def sweep(context: Neighbourhood) -> Edit:
            edit = verbs.confirm(context, cursor, cursor=cursor, end=inside, doubtful=self._accepts_doubtful)
            if not self._accepts_doubtful:
                for sentence in verbs.swept(context, cursor, inside):
                    left.extend(each.span.start for each in context.doubtful_in(sentence.start, sentence.end))
            return replace(edit, notice=told_of_sweep(edit, len(left))) if left else edit

        return replace(self._apply(start, end, sweep), left=tuple(left))

    def take(self, offset: int, reading: Alternative, *, complete: bool = False) -> EditResult:
        """Decide another reading of the place at ``offset``; ``complete`` as in ``accept``."""
        return self._answer(
            reading.start, reading.end, lambda context: verbs.take(context, reading, cursor=offset), complete
        )

    def take_reading(self, start: int, end: int, spans: Sequence[Span], *, cursor: int) -> EditResult:
        """Decide that ``spans`` are there in ``[start, end)`` and nothing else; confirm the sentence if that was all.

        Args:
            spans: ascending, disjoint; none: nothing is there.
            cursor: where the person stands.
        """
        return self._answer(start, end, lambda context: verbs.take_all(context, start, end, spans, cursor=cursor), True)

    def settle(self, error: PossibleError, *, right: bool, cursor: int) -> EditResult:
        """Decide a possible error of the open document: what is annotated is ``right``, or else what is proposed."""
        return self._apply(
            error.start, error.end, lambda context: verbs.settle(context, error, right=right, cursor=cursor)
        )

    def split_token(self, offset: int, at: int) -> EditResult:
        """Split the token under the cursor, at ``offset``, before the character at ``at``."""
        return self._at(offset, lambda context: structure.split_token(context, at, cursor=offset), seeing=True)

    def merge_tokens(self, offset: int) -> EditResult:
        """Merge the token at ``offset`` with the next."""
        return self._at(offset, lambda context: structure.merge_tokens(context, offset, cursor=offset), seeing=True)

    def move_boundary(self, offset: int) -> EditResult:
        """Start a sentence at the token at ``offset``, or join the one that starts there to the one before."""
        return self._at(offset, lambda context: structure.move_boundary(context, offset, cursor=offset), seeing=True)

    def note(self, start: int, end: int, text: str, *, cursor: int) -> EditResult:
        """Put a note on ``[start, end)``; empty text takes it away."""
        return self._apply(start, end, lambda context: structure.note(context, start, end, text, cursor=cursor))

    def flag(self, offset: int) -> EditResult:
        """Flag the sentence at ``offset``, or take its flag off."""
        return self._at(offset, lambda context: verbs.flag(context, offset, cursor=offset))

    def undo(self) -> EditResult | None:
        """Take back the last change, in whatever document; None if there is none left."""
        return self._turned(self._project.journal.undo(time=self._clock(), annotator=self._annotator), Verb.UNDO)

    def redo(self) -> EditResult | None:
        """Do again what was taken back last; None if there is none."""
        return self._turned(self._project.journal.redo(time=self._clock(), annotator=self._annotator), Verb.REDO)

    def _at(self, offset: int, verb: Callable[[Neighbourhood], Edit], *, seeing: bool = False) -> EditResult:
        return self._apply(offset, offset + 1, verb, seeing=seeing)

    def _apply(
        self, start: int, end: int, verb: Callable[[Neighbourhood], Edit], *, seeing: bool = False
    ) -> EditResult:
        """Carry out a verb, which does not see what blind mode hides unless ``seeing``."""
        document = self._current()
        context = self._project.items.neighbourhood(document.id, start, end, margin=REACH)
        edit = verb(context if seeing else self._seen(context))
        changed = bool(edit.removed or edit.added)
        if changed:
            self._project.journal.apply(document.id, edit, time=self._clock(), annotator=self._annotator, known=context)
        done = self._done(document, document.id, edit, edit.verb, edit.notice, _inside(edit, edit.cursor))
        return done if changed else replace(done, changed=False)

    def _seen(self, context: Neighbourhood) -> Neighbourhood:
        """Return a neighbourhood without the suggestions that are not shown."""
        if (mode := self._blind_mode).is_on or (mode.place is not None and mode.is_anywhere(self._current().id)):
            context = blind.cover(context, mode.only)
        if self._faint_mode.is_on:
            return context
        shown = tuple([each for each in context.suggestions if each.score >= FLOOR])
        return context if len(shown) == len(context.suggestions) else replace(context, suggestions=shown)

    def _hidden(self, document: int, start: int, end: int) -> bool:
        if not ((mode := self._blind_mode).is_on or (mode.place and mode.is_anywhere(document))):
            return False
        context = self._project.items.neighbourhood(document, start, end, margin=0)
        return blind.hides_something(context, start, end, mode.only)

    def _turned(self, entries: list[JournalEntry], verb: Verb) -> EditResult | None:
        """Tell of a change that was turned, at the place of its first edit in the open document, or else its first."""
        if not entries:
            return None
        if entries[0].document == WHOLE:
            document = self._current()
            notice = f"{verb.words}: {entries[0].edit.verb.words}"
            return EditResult(
                verb, document.id, 0, document.length, 0, notice, everywhere=True, turned=entries[0].edit.verb
            )
        open_one = self._current()
        here = [entry for entry in entries if entry.document == open_one.id] or entries
        first = here[0]
        places = f" in {len(entries)} places" if len(entries) > 1 else ""
        about = f" {named_span(first.edit, open_one)}" if len(entries) == 1 and first.document == open_one.id else ""
        notice = f"{verb.words}: {words_of(first.edit)}{places}{about}".rstrip()
        done = self._done(open_one, first.document, first.edit, verb, notice, first.edit.cursor)
        for entry in here[1:]:
            if entry.document == first.document:
                more = self._done(open_one, entry.document, entry.edit, verb, "", entry.edit.cursor)
                start, end = min(done.start, more.start), max(done.end, more.end)
                done = replace(done, start=start, end=end, signs=(*done.signs, *more.signs))
        return replace(done, turned=first.edit.verb)

    def _done(
        self, document: OpenDocument, identifier: int, edit: Edit, verb: Verb, notice: str, cursor: int
    ) -> EditResult:
        """Return what an edit of the document with this id did, ``document`` being the one that is open."""
        items = (*edit.removed, *edit.added)
        if document.id == identifier and any(isinstance(item, Structure) for item in items):
            document.reload_structure()
        starts, ends, signs = [cursor], [cursor + 1], list[int]()
        # What a model says of a sentence looks different when that is confirmed, or no longer hidden.
        wide = bool(self._blind_mode.is_on or self._blind_mode.place) or any(
            isinstance(item, SentenceState) and item.status == "confirmed" for item in items
        )
        for item in items:
            low, high = place_of(item)
            if isinstance(item, SentenceState) and not wide:
                signs.append(low)
                continue
            if isinstance(item, SentenceState | SentenceBoundary):
                if document.id == identifier:
                    low, high = document.sentence_range(low)
                else:
                    low, high = self._project.items.sentence_range(identifier, low)
            starts.append(low)
            ends.append(high)
        return EditResult(verb, identifier, min(starts), max(ends), cursor, notice, tuple(signs))


def _inside(edit: Edit, cursor: int) -> int:
    """Return the cursor, moved into the span the edit decided if it would be left outside."""
    decided = [item.span for item in edit.added if isinstance(item, Decision)]
    if edit.verb.value.shrinks and decided:
        # The decision the verb is about is the last one added.
        span = decided[-1]
        return min(max(cursor, span.start), span.end - 1)
    return cursor

"""The keys that answer suggestions: one, or all of a sentence or of what is in sight but the doubtful ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.app.keymap import first_key
from ner_tui.app.screens.review.base import ScreenPart
from ner_tui.app.screens.review.correction_keys import CorrectionKeys
from ner_tui.app.screens.review.outcome_keys import OutcomeKeys
from ner_tui.domain.annotation.verb_table import Verb

if TYPE_CHECKING:
    from ner_tui.session import DrawnSpan, EditResult, Place


class Sweep(NamedTuple):
    """Sentences that a key confirmed but for those with something doubtful."""

    document: int
    start: int
    """``[start, end)`` goes from the first to the last sentence that was left open."""
    end: int
    go_on: Callable[[], None]
    """Goes to what comes after them."""

    def covers(self, document: int, offset: int) -> bool:
        """Whether a place is in one of the sentences."""
        return document == self.document and self.start <= offset < self.end


class AnswerKeys(OutcomeKeys, CorrectionKeys):
    """The actions of accepting, rejecting, taking another reading, and confirming."""

    sweep: Sweep | None = None
    """The last one that left something doubtful: an answer there goes on to the next."""

    def action_accept(self) -> None:
        """Accept the suggestion under the cursor."""
        self._last = self.action_accept
        cursor = self.view.cursor
        self._answer(lambda complete: self.session.corrections.accept(cursor, complete=complete))

    def action_remove(self) -> None:
        """Reject the suggestion under the cursor, or delete the entity."""
        self._last = self.action_remove
        cursor = self.view.cursor
        self._answer(lambda complete: self.session.corrections.remove(cursor, complete=complete))

    def action_confirm(self) -> None:
        """Accept the rest of the sentence, confirm it, and go to the next one that is not.

        What is doubtful is not accepted: then the cursor goes there, unless it is at the beginning of such a place.
        """
        cursor = self.view.cursor

        def go_on() -> None:
            if self.in_order:
                self._go_on()
            else:
                self._go_to_open(self.session.next_places.open_sentence(cursor))

        if self.walk.rereads and self.session.document.sentence_state(cursor).status == "confirmed":
            go_on()
            return
        self._confirm(lambda: self.session.corrections.confirm(cursor), cursor, go_on)

    def action_confirm_page(self) -> None:
        """Do so for the sentences that are in sight whole, and show what comes after them from the top."""
        start, end = self.view.visible_range()
        # From where the first sentence in sight begins: one that is cut off at the top is the next to be seen.
        before = self.session.document.sentence_start(start) - 1

        def go_on() -> None:
            place = self._go_to_open(self.session.next_places.open_sentence(before))
            if place is not None:
                self.view.show_from(self.session.document.sentence_start(place.offset))

        self._confirm(lambda: self.session.corrections.confirm_in_sight(start, end), start, go_on)

    def _relabel(self, cursor: int, name: str, drawn: DrawnSpan) -> None:
        """Do so; another label is an answer to a suggestion, too."""
        if drawn.kind == "decided":
            super()._relabel(cursor, name, drawn)
        else:
            self._answer(lambda complete: self.session.corrections.relabel(cursor, name, complete=complete))

    def _confirm(self, verb: Callable[[], EditResult], here: int, go_on: Callable[[], None]) -> None:
        """Do so, and go on where nothing doubtful is left, else to the first such place, or to the one at ``here``."""
        done: EditResult | None = None

        def confirmed(_: bool) -> EditResult:
            nonlocal done
            done = verb()
            return done

        if not self._do(confirmed):
            return
        self.sweep = None
        if done is None or not done.left:
            go_on()
            return
        document = self.session.document
        start, end = document.sentence_start(done.left[0]), document.sentence_range(done.left[-1])[1]
        self.sweep = Sweep(document.id, start, end, go_on)
        self.go(document.id, here if here in done.left else done.left[0])
        undo = first_key(self.KEYS, "edit.undo")
        back = f" · {undo} takes it back" if undo and done.changed else ""
        self.messages.tell(done.notice + back)

    def _answer(self, verb: Callable[[bool], EditResult]) -> None:
        """Answer the suggestion under the cursor; after a sweep, go to the next that it left, or on from there.

        Args:
            verb: its argument says whether the sentence is to be confirmed if nothing else is doubtful there.
        """
        sweep = self.sweep
        if sweep is None or not sweep.covers(self.session.document.id, cursor := self.view.cursor):
            self._do(lambda _: verb(False))
            return
        answered = False

        def answer(_: bool) -> EditResult:
            nonlocal answered
            done = verb(True)
            answered = True
            return done

        self._do(answer)
        if not answered:
            return
        following = self.session.next_places.doubtful_within(cursor, sweep.end)
        if following is None:
            following = self.session.next_places.doubtful_within(sweep.start, cursor)
        if following is not None:
            self.go(sweep.document, following)
        else:
            self.sweep = None
            sweep.go_on()

    def after_decision(self) -> None:
        """Go on in the order; where a sweep left something, that comes first."""
        if self.sweep is None or not self.sweep.covers(self.session.document.id, self.view.cursor):
            super().after_decision()

    def after_turn(self, done: EditResult) -> None:
        """Go on where that was; who took a sweep back is no longer asked for what it left."""
        super().after_turn(done)
        if done.verb is Verb.UNDO and done.turned is Verb.CONFIRM:
            self.sweep = None

    def _go_on(self) -> None:
        """Go to the next place of the order, and say what was said before, too."""
        found = self.walk.end_second_reading()
        if found is not None:
            self.invalidate(ScreenPart.STATUS)
            self.show_summary(found)
            return
        told, here = self.messages.notice, (self.session.document.id, self.view.cursor)
        self.step(1)
        self.messages.tell(" · ".join(dict.fromkeys(filter(None, (told, self.messages.notice)))))
        stays = (self.session.document.id, self.view.cursor) == here
        if stays and self.session.next_places.open_sentence(None) is None:
            self.show_summary()

    def _go_to_open(self, place: Place | None) -> Place | None:
        """Go to where the next open sentence is, or, past the last one, to the first that was left open."""
        notice = self.messages.notice
        if place is None:
            place = self.session.next_places.open_sentence(None)
            if place is None:
                self.show_summary()
                return None
            notice = "the end: on to the first sentence that was left open"
        self.go_to(place)
        self.messages.tell(notice)
        return place

    def action_take(self, number: int) -> None:
        """Take another reading of the place under the cursor, by its number from 0."""
        cursor = self.view.cursor
        suggestion = self.session.document.suggestion_at(cursor)
        readings = suggestion.alternatives if suggestion else ()
        if number >= len(readings):
            self.messages.tell("there is no such reading of this place")
            return
        self._answer(lambda complete: self.session.corrections.take(cursor, readings[number], complete=complete))

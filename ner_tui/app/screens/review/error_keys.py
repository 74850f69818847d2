"""The keys that go through possible errors of labels: one takes what is proposed, one says that the label is right."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from textual import on

from ner_tui.app.glyphs import printable
from ner_tui.app.jobs import AuditAdvanced, AuditEnded, Job, audit_job
from ner_tui.app.keymap import first_key
from ner_tui.app.queue_walk import MORE, WalkStart
from ner_tui.app.screens.review.base import ScreenPart
from ner_tui.app.screens.review.conflict_keys import ConflictKeys
from ner_tui.app.screens.review.reading_words import words_around
from ner_tui.app.widgets.highlights import WRONG
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.possible_errors import NOTHING
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ner_tui.app.queue_walk import Stop
    from ner_tui.app.widgets.highlights import Found
    from ner_tui.domain.annotation.possible_errors import PossibleError
    from ner_tui.domain.spans import Span

WANTED = DoubtFilter("doubt", "error")


class ErrorKeys(ConflictKeys):
    """Looking for possible errors, going through them, and what accepting and removing mean at one."""

    _audit: Job | None = None
    _share = 0.0
    """Of the sentences that the audit under way has looked at."""
    _blind: tuple[int, int] | None = None
    """The sentence that chance has opened blind."""
    _error: PossibleError | None = None
    """The one whose readings are in sight."""

    # Looking for them

    def action_possible_errors(self) -> None:
        """Go through possible errors, the likeliest first; where none is left, ask whether to look for some."""
        if self._audit is not None:
            self.messages.tell(f"still looking for errors: {self._share:.0%}")
        elif self.session.possible_errors.is_any_left:
            self._go_through_errors()
        elif self.session.read_only:
            self.messages.tell("read-only: nobody looked for errors here, and nothing can be kept")
        else:
            sentences = counted(self.session.row().sentences, "sentence")
            self.messages.ask(f"look for errors in what is labelled? a model reads {sentences}", self._look_for_errors)

    def _look_for_errors(self) -> None:
        audit = self.session.possible_errors.audit()
        if audit is None:
            self.messages.tell("no model looks for errors in this session: --model bundled does, for any labels")
            return
        self._audit = audit_job(audit, self.post_message)
        self._audit.start()
        self._tell_share(0.0)

    @on(AuditAdvanced)
    def _advanced(self, message: AuditAdvanced) -> None:
        self._tell_share(self._share + message.share)

    @on(AuditEnded)
    def _ended(self, message: AuditEnded) -> None:
        self._audit, self.beside = None, ""
        self.invalidate(ScreenPart.TOP)
        if message.found is None:
            self.messages.tell(message.error)
            return
        number, key = len(message.found.findings), first_key(self.KEYS, "errors.walk")
        found = counted(number, "place may be wrong", "places may be wrong")
        self.messages.tell(f"{found}{f' · {key} goes through them' if key and number else ''} · {message.found.how}")

    def _tell_share(self, share: float) -> None:
        self._share = min(1.0, share)
        self.beside = f"looking for errors {self._share:.0%}"
        self.invalidate(ScreenPart.TOP)

    def stop_audit(self) -> None:
        """End an audit that is under way."""
        if self._audit is not None:
            self._audit.stop()

    # Going through them

    def _go_through_errors(self) -> None:
        answers = self.session.possible_errors.weigh()
        self.leave_order()
        entries = (entry for entry in self.session.queue.entries(WANTED) if entry is not None)
        first = tuple(islice(entries, MORE))
        behind = self.session.queue.number("error") - len(first)
        self.go_to_stop(self.walk.begin(WalkStart(WANTED, first, 0, entries, behind)))
        if answers:
            self.messages.tell(f"in the order that {answers:,} answers of yours give")

    def go_to_stop(self, stop: Stop) -> None:
        """Do so; at possible errors the readings of the place are shown from now on."""
        if self.walk.wanted.reason == "error":
            self.settles, self.parts_of_place = True, (ScreenPart.STATUS, ScreenPart.PLACE, ScreenPart.HINTS)
        super().go_to_stop(stop)
        # What was hidden in the one is shown again, and in the other no more.
        before, self._blind = self._blind, self.session.blind_mode.place
        for place in {before, self._blind} if before != self._blind else ():
            if place is not None and place[0] == self.session.document.id:
                self.view.repaint(*self.session.document.sentence_range(place[1]))

    def _error_here(self) -> PossibleError | None:
        """Return the possible error under the cursor while such are gone through; None with a selection."""
        if not self.walk.is_on or self.walk.wanted.reason != "error" or self.view.selection is not None:
            return None
        return self.session.possible_errors.at(self.view.cursor)

    def _remarks_on(self, start: int, end: int) -> tuple[str, ...]:
        error = self.session.possible_errors.at(self.view.cursor)
        said = (f"{WRONG} {error.probability:.0%} {error.change}: {'; '.join(error.reasons)}",) if error else ()
        return (*super()._remarks_on(start, end), *said)

    def action_accept(self) -> None:
        """Take what is proposed at a possible error; elsewhere accept the suggestion under the cursor."""
        if not self._settle(right=False):
            super().action_accept()

    def action_remove(self) -> None:
        """Say that what is labelled at a possible error is right; elsewhere reject or delete."""
        if not self._settle(right=True):
            super().action_remove()

    def _settle(self, *, right: bool) -> bool:
        error, cursor = self._error_here(), self.view.cursor
        if error is None:
            return False
        self._do(lambda _: self.session.corrections.settle(error, right=right, cursor=cursor))
        return True

    def show_readings(self) -> None:
        """Show both readings of a possible error with the keys that take them, and why it may be one."""
        error, before = self._error_here(), self._error
        self._error = error
        if error != before:
            self.view.highlight(_marking(error.start, error.end) if error else None)
        if error is None:
            super().show_readings()
            return
        if error != before:
            self.view.show_from(self.session.document.sentence_start(self.view.cursor))
        why = "; ".join(map(printable, error.reasons))
        take, keep = (first_key(self.KEYS, command) for command in ("span.accept", "span.remove"))
        lines = [
            ("accept", f"{take}  should be: {self._reading(error, error.proposed)}"),
            ("remove", f"{keep}  is right:  {self._reading(error, error.given)}"),
        ]
        below = sum(bar.size.height for bar in (self.status, self.notice, self.hints))
        title = f"{error.probability:.0%} wrong{f': {why}' if why else ''}"
        self.key_menu.show_lines(title, lines, len(lines) + 1, below)

    def _reading(self, error: PossibleError, spans: Sequence[Span]) -> str:
        """Return what a reading makes of a place, among the words around it."""
        document = self.session.document
        shown = [(span.start, span.end, f" {printable(span.label)}") for span in spans]
        shown = shown or [(error.start, error.end, f": {NOTHING}")]
        before, behind = words_around(document, error.start, max(error.end, shown[-1][1]))
        parts, at = [before], error.start
        for low, high, label in shown:
            parts.append(f"{printable(document.words(at, low))}[{printable(document.words(low, high))}{label}]")
            at = high
        return "".join(parts) + printable(document.words(at, error.end)) + behind


def _marking(low: int, high: int) -> Found:
    """Return what marks a place in the rows of the text."""
    return lambda start, end: [(max(low, start), min(high, end))] if low < end and start < high else []

"""What every part of the review screen shares: the session, the widgets, the messages, and when what is drawn."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.timer import Timer

from ner_tui.app.import_progress import ImportProgress
from ner_tui.app.keymap import EVERY, READINGS, Command, first_key, label_keys
from ner_tui.app.messages import Messages, Topic
from ner_tui.app.prediction_controller import PredictionController
from ner_tui.app.queue_walk import QueueWalk
from ner_tui.app.saving_controller import SavingController, SavingState
from ner_tui.app.screens.pane_layout import PaneLayout
from ner_tui.app.screens.review.key_bar import KeyBar
from ner_tui.app.screens.review.status_lines import bottom_line, place_line, status_line, top_line
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.detail import Detail, DetailPlace
from ner_tui.app.widgets.document_list import DocumentList
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.app.widgets.highlights import NOTED, WRONG
from ner_tui.app.widgets.key_menu import KeyMenu
from ner_tui.app.widgets.legend import Legend

if TYPE_CHECKING:
    from ner_tui.app.queue_walk import Stop
    from ner_tui.session import Place, Session
    from ner_tui.session.kept_view import KeptView

COUNTERS_AFTER = 0.2
"""Seconds within which changes to the counters that come from the model are drawn together."""
REST = 0.15
"""Seconds after which a cursor is at rest and the detail pane is filled."""


class ScreenPart(Enum):
    """A part of the screen that is drawn at once, in the order of drawing."""

    COUNTS = auto()
    """The counts of documents and labels in the panes."""
    TOP = auto()
    STATUS = auto()
    """Which sentence the cursor is in, and how far that is."""
    PLACE = auto()
    """What is under the cursor, or else what was told."""
    HINTS = auto()
    """The bottom line, and the menu of keys above it."""


class ReviewBase(PaneLayout, inherit_bindings=False):
    """The state of the review screen. What changes is invalidated, and drawn once when the key has done its work."""

    KEYS: ClassVar[tuple[Command, ...]] = EVERY
    """What the keys do; a person's own keys make a class of their own."""

    def __init__(self, session: Session, kept: KeptView | None = None) -> None:
        super().__init__(kept)
        self.session = session
        self.view = DocumentView(session.document, session.labels, kept)
        self.documents = DocumentList()
        self.legend = Legend(label_keys(self.KEYS))
        self.detail = Detail([first_key(self.KEYS, command) for command in ("span.accept", *READINGS)])
        self.top = Bar("top", left_yields=True)
        self.status = Bar("status")
        self.notice = Bar("notice")
        self.hints = Bar("hints")
        self.key_menu = KeyMenu()
        self.messages = Messages(
            lambda: self.invalidate(ScreenPart.PLACE, ScreenPart.HINTS),
            session.notices,
            first_key(self.KEYS, "view.messages"),
        )
        self.predictions = PredictionController(
            session,
            self.messages,
            self,
            key=first_key(self.KEYS, "model.rest"),
            changed=lambda: self.recount_soon(session.document.id),
            importing=lambda: self.imports.reading is not None,
        )
        self.imports = ImportProgress(session, self.messages)
        self.saving = SavingController(session, self.messages, self, self.saved_again)
        self.walk = QueueWalk(session)
        self._key_bar = KeyBar(self.KEYS, self.legend.keys.keys)
        self._answers_to_model = first_key(self.KEYS, "span.accept"), first_key(self.KEYS, "span.remove")
        self._counting: Timer | None = None
        self._resting: Timer | None = None
        self._stale_parts: set[ScreenPart] = set()
        self.holding = 0
        """How many of those who draw at their end are at work: drawn then, it is in the same frame as the text."""
        self._stale_documents: set[int] = set()

    settles = False
    """Whether readings are chosen from."""
    beside = ""
    """What is done beside reading files and predicting, for the top line."""
    parts_of_place: tuple[ScreenPart, ...] = (ScreenPart.STATUS, ScreenPart.PLACE)

    def show_readings(self) -> None:
        """Show what is read differently under the cursor."""

    def take_reading(self, key: str) -> bool:
        """Take what a key stands for at a conflict; False where there is none."""
        return False

    # Drawing

    def invalidate(self, *parts: ScreenPart) -> None:
        """Have parts of the screen drawn when what happens now is over: a key, an action, a message or a timer."""
        if not self._stale_parts and not self.holding and self.is_running:
            self.call_later(self.draw)
        self._stale_parts.update(parts)

    def draw(self) -> None:
        """Draw what was invalidated; what cannot be drawn does not keep the other parts from it."""
        failed: Exception | None = None
        for part in ScreenPart if self._stale_parts else ():
            if part in self._stale_parts:
                self._stale_parts.discard(part)
                try:
                    self._draw_part(part)
                except Exception as broken:
                    failed = failed or broken
        if failed is not None:
            raise failed

    def _draw_part(self, part: ScreenPart) -> None:
        match part:
            case ScreenPart.COUNTS:
                for document in self._stale_documents:
                    self.documents.update_row(self.session.row(document))
                self._stale_documents.clear()
                self.legend.show(self.session.labels, self.session.label_counts(self.session.document.id))
            case ScreenPart.TOP:
                self._draw_top()
            case ScreenPart.STATUS:
                self.view.look_at_cursor()
                self.status.show(*status_line(self.session.document, self.view, self.documents, self.order_words()))
            case ScreenPart.PLACE:
                asks, answers = self.predictions.asks, self._answers_to_model
                self.notice.offer(place_line(self.messages, self.session.document, self.view, answers, asks))
            case ScreenPart.HINTS:
                asked = bottom_line(self.messages)
                self.hints.offer(asked or self._key_bar.targets(self.legend.rows, self.size.width))
                if (prompt := self.messages.prompt) is not None and prompt.choices:
                    self.key_menu.show(prompt.text, prompt.choices, self.size.width, max(2, self.size.height * 3 // 4))
                    return
                if self.key_menu.display:
                    self.key_menu.hide()
                if self.settles:
                    self.show_readings()

    def _draw_top(self) -> None:
        saving = self.saving.state
        if saving is SavingState.NOT_SAVED and not self.messages.stands(Topic.SAVING):
            self.saving.check()
        beside = self.imports.words or self.beside
        self.top.show(*top_line(self.session, saving=saving, importing=beside, predicting=self.predictions.words))
        if saving is SavingState.NOT_SAVED:
            # Not for one frame may an edit be in sight that is not called unsaved.
            self.top.go_first()

    def moved(self) -> None:
        """Show what is under the cursor now, and all that is known of it when the cursor rests."""
        self.predictions.note_place(self.session.document.id, self.view.cursor)
        self.invalidate(*self.parts_of_place)
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self.rest)

    def rest(self) -> None:
        """Keep where the person is, and fill the detail pane."""
        self._resting = None
        # A terminal may be closed at any moment; the next session starts where this one rested.
        self.saving.remember_cursor(self.view.cursor)
        if self.has_class("-panes"):
            document, cursor = self.session.document, self.view.cursor
            self.detail.show(
                DetailPlace(
                    document.words,
                    self.view.token,
                    document.span_at(cursor),
                    document.suggestion_at(cursor),
                    document.sentence_state(cursor),
                    document.line(cursor),
                    self._remarks_on(*document.sentence_range(cursor)),
                )
            )

    def _remarks_on(self, start: int, end: int) -> tuple[str, ...]:
        """Return the notes on ``[start, end)`` and what was wrong with it in the source, each with its sign."""
        document = self.session.document
        notes = [f"{NOTED} {note.text}" for note in document.notes(start, end)]
        problems = [f"{WRONG} {document.words(low, high)}: {what}" for low, high, what in document.problems(start, end)]
        return (*notes, *problems)

    def saved_again(self) -> None:
        """Go on with what a disk that took nothing has stopped."""
        self.predictions.saved_again()
        self.invalidate(ScreenPart.TOP)

    # Counts and labels

    def recount(self, *documents: int) -> None:
        """Have the counters of ``documents``, of those that changed since, and of the project drawn again."""
        self._stale_documents.update(documents)
        self.invalidate(ScreenPart.COUNTS, ScreenPart.TOP, ScreenPart.STATUS, ScreenPart.PLACE)

    def recount_soon(self, document: int) -> None:
        """Have the counters drawn again, together with what else changes in a moment."""
        self._stale_documents.add(document)
        if self._counting is None:
            self._counting = self.set_timer(COUNTERS_AFTER, self._recount_stale)

    def _recount_stale(self) -> None:
        self._counting = None
        # Of a document whose file is read there may be more.
        self.view.grow()
        self.recount()

    def list_documents(self) -> None:
        """List the documents again: there are others, or their counts changed in many places."""
        self.documents.show(self.session.document_ids(), self.session.row, self.session.document.id)

    def labels_changed(self) -> None:
        """Draw everything that has to do with labels again: what they are called, their keys, their counts."""
        self.view.use_labels(self.session.labels)
        self.view.repaint(0, self.session.document.length)
        self.list_documents()
        self.recount(self.session.document.id)
        self.invalidate(ScreenPart.HINTS)
        self.moved()

    # Going to a place

    def go(self, document: int, offset: int | None = None) -> None:
        """Go to ``offset`` of ``document``, or where the person last was; in the same one a selection goes along."""
        if document == self.session.document.id:
            if offset is not None:
                self.view.move_to(offset)
                self.moved()
            return
        self.saving.remember_cursor(self.view.cursor)
        opened = self.session.open(document)
        self.view.show(opened, opened.cursor if offset is None else offset)
        self.documents.stand_on(document)
        self.recount(document)
        self.moved()

    def go_to(self, place: Place | None) -> None:
        """Go to a place, if there is one."""
        if place is not None:
            self.go(place.document, place.offset)

    # The order in which places are gone through

    def order_words(self) -> str:
        """Return which place of the order this is; nothing in the order of the documents."""
        return self.walk.words()

    @property
    def in_order(self) -> bool:
        """Whether places are gone through in another order than that of the documents."""
        return self.walk.is_on

    def step(self, step: int) -> None:
        """Go to the next (1) or previous (-1) place of the order."""
        self.go_to_stop(self.walk.move(self.view.cursor, step))

    def after_decision(self) -> None:
        """Go on in the order if what was decided answers its place."""
        stop = self.walk.after_decision()
        if stop is not None:
            told = self.messages.notice
            self.go_to_stop(stop)
            self.messages.tell(" · ".join(filter(None, (told, stop.notice))))

    def leave_order(self) -> bool:
        """Go through the documents in their order again; whether it was otherwise."""
        return self.walk.end()

    def go_to_stop(self, stop: Stop) -> None:
        """Go where a step of the walk leads, and say what it says."""
        self.go_to(stop.place)
        self.invalidate(ScreenPart.STATUS)
        if stop.notice:
            self.messages.tell(stop.notice)

    async def _dispatch_message(self, message: Message) -> None:
        self.holding += 1
        try:
            await super()._dispatch_message(message)
        finally:
            self.holding -= 1
        if self._stale_parts and not self.holding:
            self.draw()

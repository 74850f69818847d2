"""The review screen: composes the widgets and turns keys and messages into calls on the session. It decides nothing."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Static

from ner_tui.app.keymap import EVERY, Command, bindings, hints, key_name, label_keys, sequences
from ner_tui.app.screens.review.import_progress import ImportProgress
from ner_tui.app.screens.review.label_keys import LabelKeys
from ner_tui.app.screens.review.movement_keys import MovementKeys
from ner_tui.app.screens.review.note_keys import NoteKeys
from ner_tui.app.screens.review.queue_keys import QueueKeys
from ner_tui.app.screens.review.search_keys import SearchKeys
from ner_tui.app.screens.review.status_lines import StatusLines
from ner_tui.app.screens.review.view_keys import ViewKeys
from ner_tui.app.widgets.detail import DetailPlace
from ner_tui.app.widgets.document_list import DocumentList
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.app.widgets.legend import Legend

if TYPE_CHECKING:
    from ner_tui.session import Session

REST = 0.15
"""Seconds after which a cursor is at rest and the detail pane is filled."""
NOTICE_OVER = 0.05
"""Seconds after a key when a notice is gone that the key did not replace."""


class ReviewScreen(SearchKeys, QueueKeys, NoteKeys, MovementKeys, LabelKeys, ImportProgress, ViewKeys, StatusLines):
    """Where a person reviews documents."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    KEYS: ClassVar[tuple[Command, ...]] = EVERY
    """What the keys do; a person's own keys make a class of their own."""
    AUTO_FOCUS = "DocumentView"
    CSS_PATH = "../../ner_tui.tcss"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.legend.keys = label_keys(self.KEYS)
        self.usual_hints = hints(self.KEYS)
        self._actions = {key: each.action for each in bindings(self.KEYS) for key in each.key.split(",")}
        self._resting: Timer | None = None
        self._following: str | None = None
        """The action that the second key of a pair asks for."""

    def compose(self) -> ComposeResult:
        """Lay out the panes around the text."""
        yield self.top
        with Container(id="body"):
            with Vertical(id="lists", classes="pane"):
                yield Static("Documents", classes="heading", markup=False)
                yield self.documents
                yield Static("Labels", classes="heading", markup=False)
                yield self.legend
            yield self.view
            with Vertical(id="place", classes="pane"):
                yield Static("At the cursor", classes="heading", markup=False)
                yield self.detail
        yield self.status
        yield self.hints
        yield self.following

    def on_mount(self) -> None:
        """Leave everything that the first paint can do without until after it."""
        super().on_mount()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        # A start does without; see the command.
        gc.enable()
        self.documents.show(self.session.document_ids(), self.session.row, self.session.document.id)
        self.legend.show(self.session.labels, self.session.label_counts(self.session.document.id))
        for notice in self.session.notices:
            self.notice = notice
        if len(self.session.notices) > 1:
            self.notice = f"{self.session.notices[0]} (and {len(self.session.notices) - 1} more: m)"
        self.show_top()
        self.show_status()
        self.show_hints()
        self.start_reading()
        self.start_predicting()

    # Messages

    async def take_key(self, key: str) -> bool:
        """Do at once what a key means in the text; False if it means nothing here.

        What a key does is done before the next one is looked at. Textual hands keys on and acts on them when they come
        back; one that arrives with its forerunner, as over a slow line, would find the screen as it was before.
        """
        if self.focused is not self.view:
            return False
        if await self._answers(key):
            return True
        action = self._actions.get(key)
        if action is not None:
            await self.run_action(action)
        return action is not None

    async def on_key(self, event: events.Key) -> None:
        """Take a key that came while something else had the focus."""
        if self.focused is not self.view and await self._answers(event.key):
            event.stop()
            event.prevent_default()

    async def _answers(self, key: str) -> bool:
        """Take the answer to a question; any other key ends what was said."""
        if self.waiting is not None:
            take, self.waiting = self.waiting, None
            self.show_following([])
            self.show_hints()
            if key != "escape":
                take(key)
            elif self.give_up is not None:
                self.give_up()
            following, self._following = self._following, None
            if following is not None:
                await self.run_action(following)
            return True
        if self.question is not None:
            question, self.question = self.question, None
            self.tell("")
            if key in ("y", "Y"):
                question.on_yes()
            return True
        if self.answers_offer(key):
            return True
        if self.notice:
            # Most keys say something new or move, and draw the line then: once is enough.
            self.notice = ""
            self.set_timer(NOTICE_OVER, self.show_hints)
        return False

    @on(DocumentView.Moved)
    def moved(self) -> None:
        """Show what is under the cursor now, and all that is known of it when the cursor rests."""
        self.note_place()
        self.show_status()
        self.show_hints()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._rest)

    def _rest(self) -> None:
        self._resting = None
        document, cursor = self.session.document, self.view.cursor
        # A terminal may be closed at any moment; the next session starts where this one rested.
        self.remember_cursor()
        if self.has_class("-panes"):
            start, end = document.sentence_range(cursor)
            self.detail.show(
                DetailPlace(
                    document.words,
                    self.view.token,
                    document.mark_at(cursor),
                    document.suggestion_at(cursor),
                    document.sentence_mark(cursor),
                    document.line(cursor),
                    self.remarks_on(start, end),
                )
            )

    @on(DocumentList.Chosen)
    def _document_chosen(self, message: DocumentList.Chosen) -> None:
        self.go(message.document)

    @on(Legend.Chosen)
    def _label_chosen(self, message: Legend.Chosen) -> None:
        self.action_label(message.number)

    # Panes, dialogs, the way out

    def action_toggle_panes(self) -> None:
        """Show or hide the side panes."""
        self.panes_chosen = True
        self.toggle_class("-panes")
        self._rest()

    def action_toggle_spacing(self) -> None:
        """Give the labels rows of their own, or put them into the text."""
        self.view.toggle_spacing()

    def action_prefix(self, prefix: str) -> None:
        """Say what can follow ``prefix``, and do what does."""
        pairs = sequences(self.KEYS).items()
        following = {keys.split(" ")[1]: each for keys, each in pairs if keys.startswith(f"{prefix} ")}

        def take(key: str) -> None:
            if key in following:
                self._following = following[key].action
            else:
                self.tell(f"nothing is bound to {key_name(f'{prefix} {key}')}")

        choices = [f"{key_name(key)}  {each.description}" for key, each in following.items()]
        self.wait_for_key(f"{key_name(prefix)} and: ", take)
        self.show_following(choices)

    def action_help(self) -> None:
        """Show the keys."""
        from ner_tui.app.screens.text_page import keys_screen

        self.app.push_screen(keys_screen(self.KEYS, self.session.labels))

    def action_messages(self) -> None:
        """Show everything that was said."""
        from ner_tui.app.screens.text_page import messages_screen

        self.app.push_screen(messages_screen([*self.standing.values(), *reversed(self.said)]))

    def action_export(self) -> None:
        """Ask where to and how, and export."""
        if not self._all_on_disk("export"):
            return
        from ner_tui.app.screens.export import ExportScreen

        def tell(said: str | None) -> None:
            if said:
                self.tell(said)

        self.app.push_screen(ExportScreen(self.session), tell)

    def action_save(self) -> None:
        """Ask, and write the open document's decisions into the file it came from."""
        if not self._all_on_disk("save"):
            return
        from ner_tui.app.screens.save import SaveScreen

        def tell(said: str | None) -> None:
            if said:
                self.tell(said)

        self.app.push_screen(SaveScreen(self.session), tell)

    def _all_on_disk(self, what: str) -> bool:
        """Whether a worker that reads the project file finds all that is drawn; says so if not."""
        if self.session.unsaved and not self.session.save_pending():
            self.tell(f"{what} would leave out what is not saved")
            return False
        if what == "save" and self.session.read_only:
            self.tell("this session is read-only: nothing can be changed")
            return False
        return True

    def action_leave(self) -> None:
        """Quit, or ask first if something could not be saved."""
        if self._leaves_nothing(self._leave):
            self._leave()

    def _leave(self) -> None:
        try:
            self.remember_cursor()
            self.stop_reading()
            self.stop_predicting()
        finally:
            self.app.exit()


def review_screen(session: Session, commands: Sequence[Command]) -> ReviewScreen:
    """Return a screen whose keys mean ``commands``."""
    if tuple(commands) == EVERY:
        return ReviewScreen(session)

    # Textual's own keymap cannot give a command its first key of one press, or take its last one away.
    class Remapped(ReviewScreen, inherit_bindings=False):
        """The review screen under a person's own keys."""

        BINDINGS: ClassVar[list[BindingType]] = [*bindings(commands)]
        KEYS = tuple(commands)

    return Remapped(session)

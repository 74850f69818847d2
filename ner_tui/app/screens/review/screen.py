"""The review screen: composes the widgets and turns keys and messages into calls on the session. It decides nothing."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.geometry import Size
from textual.widgets import Static

from ner_tui.app.jobs import ImportEnded, Predicted, PredictionEnded, SourceRead
from ner_tui.app.keymap import EVERY, Command, bindings, first_key, sought
from ner_tui.app.screens.review.base import ScreenPart
from ner_tui.app.screens.review.error_keys import ErrorKeys
from ner_tui.app.screens.review.jump_keys import JumpKeys
from ner_tui.app.screens.review.mouse_menu import MouseMenu
from ner_tui.app.screens.review.note_keys import NoteKeys
from ner_tui.app.screens.review.search_keys import SearchKeys
from ner_tui.app.screens.review.view_keys import ViewKeys
from ner_tui.app.widgets.document_list import DocumentList
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.app.widgets.legend import Legend
from ner_tui.app.widgets.targets import Wanted

if TYPE_CHECKING:
    from ner_tui.app.widgets.first_card import FirstCard
    from ner_tui.session import Session
    from ner_tui.session.kept_view import KeptView


_ONLY_CLOSE = ("enter", "space", "escape")
"""What people press to have a card go away: it does nothing else then; any other key does what it is for, unless it may
answer a conflict that the card hides."""


class ReviewScreen(ErrorKeys, JumpKeys, SearchKeys, NoteKeys, ViewKeys, MouseMenu):
    """Where a person reviews documents."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = "DocumentView"
    CSS_PATH = "../../ner_tui.tcss"

    def __init__(self, session: Session, kept: KeptView | None = None) -> None:
        super().__init__(session, kept)
        self._card: FirstCard | None = None
        self._actions = {key: each.action for each in bindings(self.KEYS) for key in each.key.split(",")}

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
        yield self.notice
        yield self.hints
        yield self.key_menu

    def on_mount(self) -> None:
        """Leave everything that the first paint can do without until after it."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not gc.isenabled():
            # A start does without; see the command. What it made stays: to look through that takes 20 ms each time.
            gc.freeze()
            gc.enable()
        self.list_documents()
        notices = self.session.notices
        if notices:
            key = first_key(self.KEYS, "view.messages")
            told = notices[0]
            if len(notices) > 1:
                told = f"{notices[0]} (and {len(notices) - 1} more: {key})"
                if len(told) >= self.app.size.width:
                    # What does not fit is cut off at its end.
                    told = f"{len(notices)} messages: {key} · {notices[0]}"
            self.messages.notice = told
        self.imports.start(self.post_message)
        self.moved()
        self.predictions.start()
        self.begin_conflicts()
        if self.kept is not None and self.session.introduce():
            from ner_tui.app.widgets.first_card import FirstCard

            self._card = FirstCard(self.KEYS, settles=self.session.adjudication.is_on)
            self.mount(self._card)
        self.invalidate(*ScreenPart)
        # A project that cannot be drawn at all ends the session now, with the reason, not at the next key.
        self.draw()

    def take_size(self, size: Size) -> None:
        """Divide a window of ``size``, and offer as many keys as there is room for, if any are offered yet."""
        super().take_size(size)
        if self.hints.text:
            self.invalidate(ScreenPart.HINTS)

    # Messages

    async def take_key(self, key: str) -> bool:
        """Do at once what a key means in the text; False if it means nothing here.

        What a key does is done before the next one is looked at. Textual hands keys on and acts on them when they come
        back; one that arrives with its forerunner, as over a slow line, would find the screen as it was before.
        """
        if self.focused is not self.view:
            return False
        if not self.conflicts_begun:
            self.begin_conflicts()
        closed = self._close_card() and (self.settles or key in _ONLY_CLOSE)
        if self._menu is not None:
            self.close_menu()
            closed = closed or key == "escape"
        if closed:
            return True
        self.holding += 1
        try:
            taken = await self._answers(key)
            action = None if taken else self._actions.get(key)
            if action is not None:
                await self.run_action(action)
            elif not taken and (words := sought(self.KEYS, key)):
                self.messages.tell(words)
        finally:
            self.holding -= 1
        self.draw()
        return taken or action is not None

    def _close_card(self) -> bool:
        """Take the card of the first start away; whether it was there."""
        card, self._card = self._card, None
        if card is not None:
            card.remove()
        return card is not None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the card away, wherever the mouse was pressed, and the menu at a place, unless that is there."""
        self._close_card()
        self.messages.end_notice()
        self.close_menu_under(event.screen_offset)

    @on(Wanted)
    async def _wanted_by_mouse(self, message: Wanted) -> None:
        """Do what was clicked, as its key would."""
        self._close_card()
        self.close_menu()
        if not message.action.startswith("answer("):
            # What is waited for is given up: it was not clicked.
            self.messages.take_key("escape")
        await self.run_action(message.action)

    async def action_answer(self, key: str) -> None:
        """Take a key that is waited for, as if it was pressed."""
        await self._answers(key)

    async def on_key(self, event: events.Key) -> None:
        """Take a key that came while something else had the focus."""
        if self.focused is not self.view and await self._answers(event.key):
            event.stop()
            event.prevent_default()

    async def _answers(self, key: str) -> bool:
        """Take a key that is waited for; any other ends the last notice."""
        if self.messages.prompt is not None and self.key_menu.scrolled(key):
            return True
        if self.messages.take_key(key):
            second, self._second = self._second, None
            if second is not None:
                await self.run_action(second)
        elif self.predictions.take_key(key):
            self.invalidate(ScreenPart.TOP)
        else:
            self.messages.end_notice()
            return False
        self.draw()
        return True

    # Messages

    @on(Predicted)
    def _predicted(self, message: Predicted) -> None:
        from ner_tui.session.prediction import AllPredicted, BlockResult, Learnt

        item = message.item
        if isinstance(item, Learnt | AllPredicted):
            if isinstance(item, Learnt):
                self.predictions.learnt(item.sentences)
            else:
                self.predictions.complete()
            self.recount_soon(self.session.document.id)
            return
        if isinstance(item, BlockResult):
            self.predictions.advance(item)
            if item.document == self.session.document.id:
                self.view.repaint(item.start, item.end)
            self.recount_soon(item.document)
            return
        self.predictions.ready(item)
        notice = self.session.model_ready(item)
        self.view.use_labels(self.session.labels)
        self.invalidate(ScreenPart.HINTS)
        self.recount_soon(self.session.document.id)
        for each in filter(None, (notice, self.predictions.beginning)):
            self.messages.tell_later(each)

    @on(PredictionEnded)
    def _prediction_ended(self, message: PredictionEnded) -> None:
        self.predictions.end(message.error, unsaved=message.unsaved)
        self.recount_soon(self.session.document.id)

    @on(SourceRead)
    def _source_read(self, message: SourceRead) -> None:
        self.imports.advance(message.part)
        if message.part.ended:
            self._all_read()
        self.recount_soon(self.session.document.id)

    @on(ImportEnded)
    def _import_ended(self, message: ImportEnded) -> None:
        self.imports.end(message.error)
        self._all_read()

    def _all_read(self) -> None:
        self.list_documents()
        self.view.use_labels(self.session.labels)
        self.view.grow()
        self.recount(self.session.document.id)
        self.predictions.take_in()

    @on(DocumentView.Moved)
    def _moved(self) -> None:
        self.moved()

    @on(DocumentView.Failed)
    def _failed(self, message: DocumentView.Failed) -> None:
        self.messages.tell_fault(message.error)

    @on(DocumentList.Chosen)
    def _document_chosen(self, message: DocumentList.Chosen) -> None:
        self.go(message.document)

    @on(Legend.Chosen)
    def _label_chosen(self, message: Legend.Chosen) -> None:
        self.action_label(message.number)

    # The way out

    def tell_how_to_leave(self) -> None:
        """Say which key it is."""
        key = first_key(self.KEYS, "app.quit")
        self.messages.tell(f"{key} quits; everything is saved" if key else "ctrl+q quits; everything is saved")

    def action_leave(self) -> None:
        """Quit, or ask first if something could not be saved."""
        if self.saving.leaves_nothing(self._leave):
            self._leave()

    def end(self) -> None:
        """End what works here, so that the session can be closed; what the disk has not taken is tried once more."""
        try:
            if not self.session.unsaved or self.session.save_pending():
                self.saving.remember_cursor(self.view.cursor)
        finally:
            self.imports.stop()
            self.predictions.stop()
            self.stop_audit()

    def _leave(self) -> None:
        try:
            self.end()
        finally:
            self.app.exit()


def review_screen(session: Session, commands: Sequence[Command], kept: KeptView | None = None) -> ReviewScreen:
    """Return a screen whose keys mean ``commands``, as the person likes it."""
    if tuple(commands) == EVERY:
        return ReviewScreen(session, kept)

    # Textual's own keymap cannot give a command its first key of one press, or take its last one away.
    class Remapped(ReviewScreen, inherit_bindings=False):
        """The review screen under a person's own keys."""

        BINDINGS: ClassVar[list[BindingType]] = [*bindings(commands)]
        KEYS = tuple(commands)

    return Remapped(session, kept)

"""What every part of the review screen shares: the session, the widgets, and how things are said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from traceback import format_exception
from typing import TYPE_CHECKING

from textual.timer import Timer

from ner_tui.app.screens.pane_layout import PaneLayout
from ner_tui.app.widgets.bar import Bar
from ner_tui.app.widgets.detail import Detail
from ner_tui.app.widgets.document_list import DocumentList
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.app.widgets.key_menu import KeyMenu
from ner_tui.app.widgets.legend import Legend
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from ner_tui.session import Session

COUNTERS_AFTER = 0.2
"""Seconds within which changes to the counters that come from the model are drawn together."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to be answered with y, or anything else for no."""

    words: str
    on_yes: Callable[[], None]


class ReviewBase(PaneLayout, inherit_bindings=False):
    """The state of the review screen and its ways to speak."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.view = DocumentView(session.document, session.labels)
        self.documents = DocumentList()
        self.legend = Legend()
        self.detail = Detail()
        self.top = Bar("top", left_yields=True)
        self.status = Bar("status")
        self.hints = Bar("hints")
        self.following = KeyMenu()
        self.question: Question | None = None
        self.waiting: Callable[[str], None] | None = None
        """Takes the next key in place of what it is bound to, such as the second one of a pair."""
        self.prompt = ""
        """What the bottom line says while it waits."""
        self.give_up: Callable[[], None] | None = None
        """Called if escape comes in place of the key that is waited for."""
        self.notice = ""
        """What was said last; it stands until the next key."""
        self.standing: dict[str, str] = {}
        """What stays said until it is mended, by subject."""
        self.said: list[str] = list(session.notices)
        """Everything that was said in this session."""
        self.model = ""
        """What the model is doing, for the top line."""
        self.reading = ""
        """How far the files are read, for the top line; empty where all is."""
        self._place_lost = ""
        """What was said when the place of the cursor could not be kept."""
        self._counting: Timer | None = None
        self._stale_documents: set[int] = set()

    def tell(self, notice: str) -> None:
        """Say ``notice`` in the line at the bottom until the next key; an empty one takes back the last."""
        self.notice = notice
        if notice:
            self.said.append(notice)
        self.show_hints()

    def keep_telling(self, subject: str, notice: str) -> None:
        """Say ``notice`` until an empty one takes it back."""
        if notice and self.standing.get(subject) != notice:
            self.said.append(notice)
        if notice:
            self.standing[subject] = notice
        else:
            self.standing.pop(subject, None)
        self.show_hints()

    def note_fault(self, error: Exception, subject: str = "") -> None:
        """Say what went wrong where nothing should have; nothing else stops.

        Args:
            subject: the action that failed; what is said stands until it works, or until the messages are read.
        """
        known = isinstance(error, NerTuiError)
        if not known:
            self.said.append("".join(format_exception(error)))
        what = str(error) if known else f"something went wrong: {type(error).__name__}: {error} (m: messages)"
        self.keep_telling(f"fault {subject}", what)

    def forget_fault(self, subject: str = "") -> None:
        """Take back what ``note_fault`` said; it is still among the messages."""
        if f"fault {subject}" in self.standing:
            self.keep_telling(f"fault {subject}", "")

    def ask(self, words: str, on_yes: Callable[[], None]) -> None:
        """Ask a question that the next key answers."""
        self.question = Question(words, on_yes)
        self.show_hints()

    def wait_for_key(self, prompt: str, take: Callable[[str], None], give_up: Callable[[], None] | None = None) -> None:
        """Give the next key to ``take`` and say ``prompt`` until it comes; escape calls ``give_up`` instead."""
        self.waiting, self.prompt, self.give_up = take, prompt, give_up
        self.show_hints()

    def show_following(self, choices: Sequence[str]) -> None:
        """Show what the key that is waited for can be, over the lower part of the screen; nothing takes it away."""
        if choices or self.following.display:
            self.following.show(self.prompt, choices, self.size.width, max(2, self.size.height // 2))

    def go(self, document: int, offset: int | None = None) -> None:
        """Stand at ``offset`` of ``document``, or where the person last stood in it."""
        if document == self.session.document.id:
            if offset is not None:
                self.view.stand_on(offset)
                self.moved()
            return
        self.remember_cursor()
        opened = self.session.open(document)
        self.view.show(opened, opened.cursor if offset is None else offset)
        self.documents.stand_on(document)
        self.recount(document)
        self.moved()

    def remember_cursor(self) -> None:
        """Keep where the person stands for the next session."""
        try:
            self.session.remember_cursor(self.view.cursor)
        except NerTuiError as failed:
            self._place_lost = f"not saved: {failed}"
            self.keep_telling("saving", self._place_lost)
        else:
            if self._place_lost and self.standing.get("saving") == self._place_lost:
                self.keep_telling("saving", "")
            self._place_lost = ""

    def recount_soon(self, document: int) -> None:
        """Have the counters drawn again, together with what else changes in a moment."""
        self._stale_documents.add(document)
        if self._counting is None:
            self._counting = self.set_timer(COUNTERS_AFTER, self.recount)

    def recount(self, *documents: int) -> None:
        """Draw the counters of ``documents``, of those that changed since, and of the project again."""
        self._counting = None
        self._stale_documents.update(documents)
        for document in self._stale_documents:
            self.documents.update_row(self.session.row(document))
        self._stale_documents.clear()
        self.view.grown()
        self.legend.show(self.session.labels, self.session.label_counts(self.session.document.id))
        self.show_top()
        self.show_status()

    def labels_changed(self) -> None:
        """Draw everything that has to do with labels again: what they are called, their keys, their counts."""
        self.view.use_labels(self.session.labels)
        self.view.repaint(0, self.session.document.length)
        self.documents.show(self.session.document_ids(), self.session.row, self.session.document.id)
        self.recount(self.session.document.id)
        self.moved()

    def saved_again(self) -> None:
        """Go on with what a disk that took nothing has stopped."""

    def moved(self) -> None:
        """Show what is under the cursor now."""
        raise NotImplementedError

    def tell_unsaved(self) -> None:
        """Say how many edits are not saved, and why."""
        raise NotImplementedError

    def show_hints(self) -> None:
        """Draw the bottom line."""
        raise NotImplementedError

    def show_top(self) -> None:
        """Draw the top line."""
        raise NotImplementedError

    def show_status(self) -> None:
        """Draw the status line."""
        raise NotImplementedError

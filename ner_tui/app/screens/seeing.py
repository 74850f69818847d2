"""Seeing: the keys that change how things look and show what is known."""

from __future__ import annotations

from textual import on
from textual.message import Message

from ner_tui.app.screens.base import ReviewBase
from ner_tui.app.widgets.document_view import DocumentView


class Seeing(ReviewBase):
    """The actions of the themes, the statistics and the details; and what keeps a mishap from ending the sitting."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as broken:
            # Left to itself, the screen would take no message any more.
            if not self.is_mounted:
                raise
            self.note_fault(broken)

    @on(DocumentView.Failed)
    def _failed(self, message: DocumentView.Failed) -> None:
        self.note_fault(message.error)

    def action_theme(self) -> None:
        """Choose a theme; it is kept in the project."""
        from ner_tui.app.screens.theme import ThemeScreen

        def keep(chosen: str | None) -> None:
            if chosen:
                self.session.theme = chosen

        self.app.push_screen(ThemeScreen(sorted(self.app.available_themes), self.app.theme), keep)

"""Seeing: the keys that change how things look and show what is known."""

from __future__ import annotations

from textual import on
from textual.message import Message

from ner_tui.app.screens.review.base import ReviewBase
from ner_tui.app.widgets.document_view import DocumentView


class ViewKeys(ReviewBase):
    """The actions of the themes, the statistics and the details; and what keeps a mishap from ending the session."""

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

    def action_detail(self) -> None:
        """Show all that is known of the place under the cursor."""
        from ner_tui.app.screens.detail import DetailScreen

        found = self.session.inspecting.at(self.view.cursor)
        if found is None:
            self.tell("there are no words here")
        else:
            # Two copies of a large model are more than many a machine holds.
            busy = "" if self.model == "all predicted" else "the model can be asked when all is predicted"
            asking = self.session.asking(found.start, found.end)
            self.app.push_screen(DetailScreen(found, asking, busy))

    def action_statistics(self) -> None:
        """Show counts, agreement with the model, and pace."""
        from ner_tui.app.screens.statistics import StatisticsScreen

        presses = getattr(self.app, "presses", 0)
        self.app.push_screen(StatisticsScreen(self.session, presses))

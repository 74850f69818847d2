"""The keys that change where the person is and what is selected."""

from __future__ import annotations

from ner_tui.app.screens.review.base import ReviewBase
from ner_tui.app.widgets.document_view import Step


class MovementKeys(ReviewBase):
    """The actions of the moving and selecting keys."""

    def action_move_token(self, step: int) -> None:
        """Go by tokens."""
        self._move("token", step)

    def action_move_row(self, step: int) -> None:
        """Go by rows."""
        self._move("row", step)

    def action_move_page(self, step: int) -> None:
        """Go by pages."""
        self._move("page", step)

    def action_move_edge(self, step: int) -> None:
        """Go to an end of the row."""
        self._move("edge", step)

    def action_move_end(self, step: int) -> None:
        """Go to an end of the document."""
        self._move("end", step)

    def action_move_span(self, step: int) -> None:
        """Go to the next or previous entity of the document."""
        offset = self.session.next_span(self.view.cursor, step)
        if offset is None:
            self.messages.tell(f"no entity {'further on' if step > 0 else 'before this'} in this document")
        else:
            self.view.stand_on(offset)
            self.moved()

    def action_reach(self) -> None:
        """Go to any word in sight: two letters stand on each, and typing them goes there."""
        codes = self.view.show_codes()
        typed = ""

        def take(key: str) -> None:
            nonlocal typed
            typed += key
            if typed in codes:
                self.view.hide_codes()
                self.view.stand_on(codes[typed])
                self.moved()
            elif len(typed) == 1 and any(code.startswith(typed) for code in codes):
                self.messages.wait_for_key(f"go to: {typed}", take, self.view.hide_codes)
            else:
                self.view.hide_codes()

        self.messages.wait_for_key("go to: type the two letters on a word", take, self.view.hide_codes)

    def action_move_document(self, step: int) -> None:
        """Open the next or previous document."""
        document = self.session.step_document(step)
        if document is None:
            self.messages.tell(f"this is the {'last' if step > 0 else 'first'} document")
        else:
            self.go(document)

    def action_select(self) -> None:
        """Start selecting at the cursor, or stop."""
        self.view.select(None if self.view.selection else self.view.token)
        self.moved()

    def action_extend_selection(self, step: int) -> None:
        """Move the end of the selection where the cursor is."""
        self._move("selection", step)

    def action_clear_selection(self) -> None:
        """Take away the highlights of hits, and the selection."""
        self.view.highlight(None)
        self.view.select(None)
        self.moved()

    def _move(self, step: Step, amount: int) -> None:
        self.view.move(step, amount)
        self.moved()

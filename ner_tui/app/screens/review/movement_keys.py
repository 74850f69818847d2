"""The keys that change where the person is and what is selected, those of the queue among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.screens.review.base import ReviewBase
from ner_tui.app.widgets.text_view import Step
from ner_tui.domain.annotation.doubts import DoubtFilter

if TYPE_CHECKING:
    from ner_tui.app.queue_walk import WalkStart

_LEFT = "in the order of the documents again"


class MovementKeys(ReviewBase):
    """The actions of the moving and selecting keys."""

    def action_move(self, by: Step, step: int) -> None:
        """Move the cursor by so many steps; a selection that was started goes along."""
        self.view.move(by, step)
        self.moved()

    def action_move_span(self, step: int) -> None:
        """Go to the next or previous entity of the document."""
        offset = self.session.next_places.span(self.view.cursor, step)
        if offset is None:
            self.messages.tell(f"no entity {'further on' if step > 0 else 'before this'} in this document")
        else:
            self.view.move_to(offset)
            self.moved()

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

    def action_clear_selection(self) -> None:
        """Take away the selection, or else go through the documents in their order again."""
        if self.view.selection is not None:
            self.view.select(None)
        elif self.leave_order():
            self.messages.tell(_LEFT)
        else:
            self.view.highlight(None)
        self.moved()

    def action_queue(self) -> None:
        """List what to look at; choosing an entry begins a walk from there."""
        from ner_tui.app.screens.queue import QueueScreen

        wanted = self.walk.wanted
        if wanted == DoubtFilter() and self.predictions.has_new_labels and not self.session.row().doubts:
            wanted = DoubtFilter("learning")
        self.app.push_screen(QueueScreen(self.session, wanted), self._chosen)

    def action_move_doubt(self, step: int) -> None:
        """Go to the next or previous place of the order, or else to a doubtful one in whatever document."""
        self.step(step)

    def _chosen(self, start: WalkStart | None) -> None:
        if start is not None:
            self.leave_order()
            self.go_to_stop(self.walk.begin(start))
        elif self.leave_order():
            self.messages.tell(_LEFT)

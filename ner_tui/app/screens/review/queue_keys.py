"""The keys of the queue, and those that go from one place to look at to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.screens.review.base import ReviewBase

if TYPE_CHECKING:
    from ner_tui.app.queue_walk import Stop, WalkStart


class QueueKeys(ReviewBase):
    """The actions of the queue."""

    def action_queue(self) -> None:
        """List what to look at; choosing an entry begins a walk from there."""
        from ner_tui.app.screens.queue import QueueScreen

        self.app.push_screen(QueueScreen(self.session, self.walk.wanted), self._chosen)

    def action_move_doubt(self, step: int) -> None:
        """Go to the next or previous place to look at: of the queue, or else by place in whatever document."""
        self._go_to_stop(self.walk.move(self.view.cursor, step))

    def action_blind(self) -> None:
        """Hide suggestions until something is decided in their sentence, or show them; remembered."""
        is_on = self.session.blind_mode.switch()
        self.view.repaint(0, self.session.document.length)
        self.moved()
        self.messages.tell(
            "blind: suggestions show once you decide something in their sentence" if is_on else "suggestions show again"
        )

    def _chosen(self, start: WalkStart | None) -> None:
        if start is not None:
            self._go_to_stop(self.walk.begin(start))
        elif self.walk.end():
            self.messages.tell("out of the queue: n and p go by place again")

    def _go_to_stop(self, stop: Stop) -> None:
        if stop.place is not None:
            self.go(stop.place.document, stop.place.offset)
        if stop.notice:
            self.messages.tell(stop.notice)

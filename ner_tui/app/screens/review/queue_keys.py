"""Queueing: the keys of the queue, and the walk through it that the next-doubt keys then take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.app.screens.review.base import ReviewBase
from ner_tui.domain.annotation.doubts import DoubtFilter

if TYPE_CHECKING:
    from ner_tui.app.screens.queue import Walk
    from ner_tui.session.queue import QueueEntry


class QueueKeys(ReviewBase):
    """The actions of the queue."""

    _doubts_wanted = DoubtFilter()
    _walk: list[QueueEntry] | None = None
    """The entries of the walk under way."""
    _at = 0
    """The entry of the walk where the person stands."""

    def action_queue(self) -> None:
        """List what to look at; choosing an entry begins a walk from there."""
        from ner_tui.app.screens.queue import QueueScreen

        self.app.push_screen(QueueScreen(self.session, self._doubts_wanted), self._begin_walk)

    def action_move_doubt(self, step: int) -> None:
        """Go to the next or previous place to look at: of the walk, or else by place in whatever document."""
        if self._walk is None:
            super().action_move_doubt(step)  # type: ignore[misc]
            return
        at = self._at + step
        while 0 <= at < len(self._walk) and not self.session.queue.holds(self._walk[at]):
            at += step
        if 0 <= at < len(self._walk):
            self._visit(at)
        else:
            self.tell("the queue goes no further this way; d lists what is left")

    def action_blind(self) -> None:
        """Hide suggestions until something is decided in their sentence, or show them; remembered."""
        is_on = self.session.blind_mode.switch()
        self.view.repaint(0, self.session.document.length)
        self.moved()
        self.tell(
            "blind: suggestions show once you decide something in their sentence" if is_on else "suggestions show again"
        )

    def _begin_walk(self, walk: Walk | None) -> None:
        if walk is None:
            if self._walk is not None:
                self._walk = None
                self.tell("out of the queue: n and p go by place again")
            return
        self._doubts_wanted, self._walk = walk.wanted, list(walk.entries)
        self._visit(walk.at)

    def _visit(self, at: int) -> None:
        assert self._walk is not None
        entry = self._walk[at]
        self._at = at
        self.session.queue.visit(entry)
        self.go(entry.doubt.document, entry.doubt.start)
        check = ": check the whole sentence, then enter" if entry.doubt.reason == "audit" else ""
        self.tell(f"{at + 1:,} of {len(self._walk):,} · {entry.why}{check} · n next, d list")

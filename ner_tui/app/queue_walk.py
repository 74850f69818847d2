"""The walk: the order in which the keys for the next and the previous place go, and where in it the person is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.session.place import Place

if TYPE_CHECKING:
    from ner_tui.session import Session
    from ner_tui.session.queue import QueueEntry


@dataclass(frozen=True, slots=True)
class WalkStart:
    """A walk through the queue that was chosen in the list: its entries, and the one to begin with."""

    wanted: DoubtFilter
    entries: Sequence[QueueEntry]
    at: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a step leads, and the notice there."""

    place: Place | None
    """None if there is nothing further this way."""
    notice: str = ""


class QueueWalk:
    """Through the listed entries of the queue; without a list by place, in a sample from sentence to sentence."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._entries: Sequence[QueueEntry] | None = None
        self._at = 0
        self.wanted = DoubtFilter()
        """What was last asked of the queue, to be asked again."""

    def begin(self, start: WalkStart) -> Stop:
        """Go through these entries from now on; return the first stop."""
        self.wanted, self._entries = start.wanted, start.entries
        return self._visit(start.at)

    def end(self) -> bool:
        """Go by place from now on; whether it was otherwise."""
        was, self._entries = self._entries, None
        return was is not None

    def move(self, cursor: int, step: int) -> Stop:
        """Return the next (``step`` 1) or previous (-1) stop; a walk by place goes on from ``cursor``.

        What was answered meanwhile is passed over.
        """
        if self._entries is None:
            place = self._session.next_doubtful(cursor, step)
            return Stop(place, "" if place else f"nothing doubtful {'further on' if step > 0 else 'before this'}")
        at = self._at + step
        while 0 <= at < len(self._entries) and not self._session.queue.holds(self._entries[at]):
            at += step
        if 0 <= at < len(self._entries):
            return self._visit(at)
        return Stop(None, "the queue goes no further this way; d lists what is left")

    def _visit(self, at: int) -> Stop:
        assert self._entries is not None
        entry, self._at = self._entries[at], at
        self._session.queue.visit(entry)
        check = ": check the whole sentence, then enter" if entry.doubt.reason == "audit" else ""
        notice = f"{at + 1:,} of {len(self._entries):,} · {entry.why}{check} · n next, d list"
        return Stop(Place(entry.doubt.document, entry.doubt.start), notice)

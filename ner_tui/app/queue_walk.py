"""The walk: the order in which the keys for the next and the previous place go, and where in it the person is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.doubts import KINDS, DoubtFilter, Reason
from ner_tui.session.place import Place

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.auditing import Estimate
    from ner_tui.session import Session
    from ner_tui.session.queue import QueueEntry
    from ner_tui.session.second_reading import SecondReading

MORE = 200
"""Entries that are read at a time when a walk comes to the end of those that are known."""
_BESIDE: Mapping[Reason, str] = {"audit": "by chance", "unlike": "to learn from"}
"""What an entry is called that is none of the doubtful ones, where it has a name of its own."""


@dataclass(frozen=True, slots=True)
class WalkStart:
    """A walk through the queue that was chosen in the list: its entries, and the one to begin with."""

    wanted: DoubtFilter
    entries: Sequence[QueueEntry]
    at: int
    rest: Iterator[QueueEntry | None] = field(default_factory=lambda: iter(()))
    """Finds the entries behind those, as they are asked for."""
    behind: int = 0
    """How many of those are known to be there."""
    second_reading: SecondReading | None = None
    """If the entries are sentences to be read once more, whatever was answered in them."""


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
        self._entries: list[QueueEntry] | None = None
        self._rest: Iterator[QueueEntry | None] = iter(())
        self._at = 0
        self._behind = 0
        self._second_reading: SecondReading | None = None
        self._skipped: set[int] = set()
        """The entries that were passed without an answer."""
        self._answered: set[int] = set()
        """Those that were found to wait no more."""
        self.wanted = DoubtFilter()
        """What was last asked of the queue, to be asked again."""

    @property
    def is_on(self) -> bool:
        """Whether it goes through the queue, and not by place."""
        return self._entries is not None

    @property
    def rereads(self) -> bool:
        """Whether it goes through sentences that are read once more."""
        return self._entries is not None and self._second_reading is not None

    def end_second_reading(self) -> Estimate | None:
        """Go by place from now on if the last of the sentences was read that were to be; return what they say."""
        if self._entries is None or self._second_reading is None or self._at + 1 < len(self._entries):
            return None
        found = self._second_reading.result(len(self._entries))
        self._entries = None
        return found

    def begin(self, start: WalkStart) -> Stop:
        """Go through these entries from now on; return the first stop."""
        self.wanted, self._entries, self._rest = start.wanted, list(start.entries), start.rest
        self._second_reading, self._skipped = start.second_reading, set(range(start.at))
        self._answered, self._behind = set(), start.behind
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
            place = self._session.next_places.doubtful(cursor, step)
            return Stop(place, "" if place else f"nothing doubtful {'further on' if step > 0 else 'before this'}")
        found = self._found(self._entries, step)
        if found is None:
            return Stop(None, self._end())
        if not self._holds(self._entries[self._at]):
            self._answered.add(self._at)
        elif step > 0:
            self._skipped.add(self._at)
        return self._visit(found)

    def after_decision(self) -> Stop | None:
        """Return the next stop if what was decided answers this one, else None."""
        if self._entries is None or self._holds(self._entries[self._at]):
            return None
        return self.move(0, 1)

    def here(self) -> Stop | None:
        """Return the stop that waits for an answer, whatever was answered elsewhere; None: it waits no more."""
        if self._entries is None or not self._holds(self._entries[self._at]):
            return None
        return self._visit(self._at)

    def stand_at(self, document: int, offset: int) -> None:
        """Go on from the entry at a place, if there is one: undoing leads back to it."""
        for at, entry in enumerate(self._entries or ()):
            if entry.doubt.document == document and entry.doubt.start <= offset < max(entry.doubt.end, offset):
                self._at = at
                self._skipped = {each for each in self._skipped if each < at}
                self._answered.discard(at)

    def words(self) -> str:
        """Return which place it is of how many that are left, such as ``doubt 3/245``; nothing in a walk by place."""
        if self._entries is None:
            return ""
        if self._second_reading is not None:
            return f"second reading {self._at + 1}/{len(self._entries)}"
        if not self._counts(self._entries[self._at]):
            name = _BESIDE.get(self._entries[self._at].doubt.reason, "for another reason")
            passed = self._number(self._skipped) - 1
            return f"{name} · {passed}/{max(passed, self._session.row().doubts)} doubtful"
        name = "doubt" if self.wanted.reason is None else KINDS[self.wanted.reason].title
        return f"{name} {self._number(self._skipped)}/{self._total()}"

    def _holds(self, entry: QueueEntry) -> bool:
        return self._second_reading is not None or self._session.queue.holds(entry)

    def _number(self, skipped: set[int]) -> int:
        entries = self._entries or []
        return 1 + sum(1 for each in skipped if each < self._at and self._counts(entries[each]))

    def _total(self) -> str:
        if self.wanted.is_plain:
            return f"{max(self._session.row().doubts, self._number(self._skipped)):,}"
        return f"{len(self._entries or ()) - len(self._answered) + self._behind:,}"

    def _counts(self, entry: QueueEntry) -> bool:
        """Whether an entry is one of those that are counted; those by chance and for other reasons stand between."""
        return not self.wanted.is_plain or KINDS[entry.doubt.reason].is_suggestion

    def _found(self, entries: list[QueueEntry], step: int) -> int | None:
        """Return the next entry this way that waits for an answer."""
        at = self._at + step
        while 0 <= at < len(entries) or (step > 0 and self._read_on(entries)):
            if self._holds(entries[at]):
                return at
            self._skipped.discard(at)
            self._answered.add(at)
            at += step
        return None

    def _end(self) -> str:
        """Say that there is nothing further this way."""
        entries = self._entries or []
        if self.wanted.reason == "conflict" and not any(self._holds(entries[at]) for at in (self._at, *self._skipped)):
            return "the last conflict is settled"
        return "the queue goes no further this way; d lists what is left"

    def _read_on(self, entries: list[QueueEntry]) -> bool:
        before = len(entries)
        entries += islice((entry for entry in self._rest if entry is not None), MORE)
        self._behind = max(0, self._behind - (len(entries) - before)) if len(entries) > before else 0
        return len(entries) > before

    def _visit(self, at: int) -> Stop:
        assert self._entries is not None
        entry, self._at = self._entries[at], at
        self._skipped.discard(at)
        self._answered.discard(at)
        hidden = False
        if self._second_reading is None:
            hidden = self._session.queue.visit(entry)
        # What a model says of the place is shown there anyhow.
        notice = "" if KINDS[entry.doubt.reason].is_suggestion else entry.why
        if entry.doubt.reason == "audit":
            unseen = ", without suggestions at first" if hidden else ""
            notice = f"audit, by chance: check the whole sentence{unseen}, then enter"
        elif entry.doubt.reason == "unlike":
            notice = f"{entry.why}, and nothing decided is: label what is there, then enter"
        return Stop(Place(entry.doubt.document, entry.doubt.start), notice)

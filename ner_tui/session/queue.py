"""The queue: the doubtful places of all documents in one order, with some by chance among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.doubts import KINDS, Doubt, DoubtFilter, Reason
from ner_tui.domain.evaluation.auditing import EVERY, Estimate, opens_blind
from ner_tui.session.blind_mode import BlindMode
from ner_tui.session.concordance import Occurrence, occurrence
from ner_tui.session.statistics import errors_left
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.session.second_reading import SecondReading

HIDDEN = "hidden until you decide"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A place of the queue."""

    doubt: Doubt
    place: Occurrence
    """The words with what stands around them."""
    why: str


class Queue:
    """Lists what to look at, and keeps the books of the audit."""

    def __init__(self, project: Project, blind_mode: BlindMode) -> None:
        self._project = project
        self._blind_mode = blind_mode
        self._names: dict[int, str] = {}

    def entries(self, wanted: DoubtFilter) -> Iterator[QueueEntry]:
        """Yield the places that pass, one in ``EVERY`` of them by chance, found as they are asked for."""
        return filter(None, self.stream(wanted))

    def stream(self, wanted: DoubtFilter) -> Iterator[QueueEntry | None]:
        """Do so for whoever does other things meanwhile: None lets them have a turn."""
        doubts = self._with_audit(wanted) if wanted.with_audit else self._ordered(wanted)
        return (None if each is None else self._entry(each) for each in doubts)

    def number(self, reason: Reason) -> int:
        """Return how many places there are for a reason, none by chance; looks at each of them."""
        return self._project.doubts.number(reason)

    def second_reading(self) -> tuple[SecondReading, list[QueueEntry]]:
        """Draw sentences by chance, to be read once more, and return them."""
        from ner_tui.session.second_reading import SecondReading

        reading = SecondReading(self._project)
        return reading, list(filter(None, map(self._entry, reading.doubts)))

    def holds(self, entry: QueueEntry) -> bool:
        """Whether a place still waits for an answer."""
        doubt = entry.doubt
        if doubt.reason == "unlike":
            return self._project.teaching.is_open(doubt.document, doubt.start)
        if doubt.reason == "audit":
            return self._project.audits.holds(doubt.document, int(doubt.number))
        return self._project.doubts.holds(doubt)

    def visit(self, entry: QueueEntry) -> bool:
        """Note that a person goes to a place because the queue said so: only then does an audit count.

        One in ``BLIND`` of those by chance is opened blind; return whether this one is.
        """
        document, start = entry.doubt.document, int(entry.doubt.number)
        by_chance = entry.doubt.reason == "audit"
        hidden = by_chance and opens_blind(document, start)
        self._blind_mode.place = (document, start) if hidden else None
        if by_chance:
            self._project.audits.draw(document, start)
        return hidden

    def estimate(self, *, everywhere: bool = False) -> Estimate:
        """Return what the checked places by chance say of the others, see ``errors_left``."""
        return errors_left(self._project, everywhere=everywhere)

    def _ordered(self, wanted: DoubtFilter) -> Iterator[Doubt | None]:
        if wanted.order == "learning" or wanted.reason == "unlike":
            from ner_tui.session.teaching import most_to_learn

            return most_to_learn(self._project, wanted)
        return self._project.doubts.find(wanted)

    def _with_audit(self, wanted: DoubtFilter) -> Iterator[Doubt | None]:
        by_chance = self._by_chance()
        if wanted.reason == "audit":
            yield from by_chance
            return
        passed = 0
        for doubt in self._ordered(wanted):
            yield doubt
            passed += doubt is not None
            if doubt is not None and passed % (EVERY - 1) == 0:
                yield from islice(by_chance, 1)
        yield from islice(by_chance, 1)

    def _by_chance(self) -> Iterator[Doubt]:
        for document, start in self._project.audits.waiting():
            sentence = self._project.content.sentence_at(document, start)
            if sentence is not None and sentence.tokens:
                first, last = sentence.tokens[0].start, sentence.tokens[-1].end
                yield Doubt("audit", 0.0, document, first, last, None, start)

    def _entry(self, doubt: Doubt) -> QueueEntry | None:
        if doubt.document not in self._names:
            self._names[doubt.document] = self._project.content.document(doubt.document).name
        try:
            context = self._project.items.neighbourhood(doubt.document, doubt.start, doubt.end, margin=0)
        except IndexError:
            return None
        place = occurrence(context, doubt.document, self._names[doubt.document], doubt.start, doubt.end)
        if doubt.reason == "audit":
            return QueueEntry(doubt, replace(place, label=None, score=None), doubt.why)
        suggested = KINDS[doubt.reason].is_suggestion or place.state == "suggested"
        if suggested and self._blind_mode.hides(doubt.document, doubt.start):
            return QueueEntry(doubt, replace(place, label=None, score=None, state="none"), HIDDEN)
        return QueueEntry(doubt, place, doubt.why)

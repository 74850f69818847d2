"""Conflicts of several readers in a project: what each of them says of a place, and taking one's word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ner_tui.domain.evaluation.conflicts import span_groups
from ner_tui.domain.spans import Span
from ner_tui.session.transfer.copies import given_suggestions
from ner_tui.session.votes import following, readers_of, voters_at
from ner_tui.store.project import BLIND, Project

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.following import Following
    from ner_tui.session.open_document import OpenDocument


@dataclass(frozen=True, slots=True)
class Reading:
    """What some readers see in a place."""

    spans: tuple[Span, ...]
    """Ascending; none: nothing is there."""
    readers: tuple[str, ...]
    """Who reads it so; empty where names are hidden."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that readers see differently."""

    start: int
    """``[start, end)`` is what their spans cover."""
    end: int
    readings: tuple[Reading, ...]
    """The one of most readers first; that nothing is there is the last."""


class Adjudication:
    """The conflicts of the open document."""

    def __init__(self, project: Project, current: Callable[[], OpenDocument]) -> None:
        self._project = project
        self._current = current

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """Between whose readings a person chooses; nobody in most projects."""
        return readers_of(self._project)

    @property
    def is_on(self) -> bool:
        """Whether there are any."""
        return bool(self.readers)

    @property
    def is_blind(self) -> bool:
        """Whether it is hidden who read what."""
        return self._project.setting(BLIND) == "yes"

    def following(self) -> Iterator[Following | None]:
        """Yield None while it is counted, then who was followed so far; nothing where there are no readers."""
        if self.is_on:
            yield from following(self._project)

    def conflict_at(self, offset: int) -> Conflict | None:
        """Return the conflict at ``offset`` that waits for an answer, or None."""
        document = self._current()
        suggestion = document.suggestion_at(offset)
        if suggestion is None or not suggestion.contested:
            return None
        start, end = document.sentence_range(offset)
        said: dict[str, list[Span]] = {name: [] for name in self.readers}
        for each in given_suggestions(self._project, document.id, start, end):
            if each.contested:
                said.setdefault(each.model, []).append(each.span)
        for group in span_groups(list(said.values())):
            spans = [span for each in group for span in each]
            low, high = min(span.start for span in spans), max(span.end for span in spans)
            if low <= offset < high:
                read = dict(zip(said, group, strict=True))
                asked = self._asked(read, voters_at(self._project, document.id, start, end))
                return Conflict(low, high, self._readings({name: read[name] for name in read if name in asked}))
        return None

    def _asked(self, said: Mapping[str, tuple[Span, ...]], voters: Collection[str]) -> Collection[str]:
        """Return whose reading of a place is known: who has spans there, and whose having none says something.

        In a project that was merged since, the readers are those who voted and then the two sides of each merge.
        """
        with_spans = {name for name, spans in said.items() if spans}
        sides = [name for name in said if name not in voters]
        others = voters if with_spans.intersection(voters) else ()
        # Of more merges than one, nobody knows whose this place is.
        return with_spans.union(others, sides if len(sides) == 2 and with_spans.intersection(sides) else ())

    def _readings(self, said: dict[str, tuple[Span, ...]]) -> tuple[Reading, ...]:
        readers: dict[tuple[Span, ...], list[str]] = {}
        for name, spans in said.items():
            readers.setdefault(spans, []).append(name)
        order = sorted(readers, key=lambda spans: (not spans, -len(readers[spans]), spans))
        blind = self.is_blind
        return tuple(Reading(spans, () if blind else tuple(readers[spans])) for spans in order)

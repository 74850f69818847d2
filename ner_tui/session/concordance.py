"""The concordance: every other place where a span's words are, and labelling the chosen ones as one change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ner_tui.domain.annotation import verbs
from ner_tui.domain.annotation.edits import Edit
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.occurrences import Matching, Pattern
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused
from ner_tui.store.project import Project

CONTEXT = 40
"""Characters of context on either side."""

State = Literal["none", "suggested", "file", "person", "confirmed"]
"""What stands at an occurrence: nothing, a suggestion, a decision of the file or of a person, or nothing in a sentence
that a person confirmed."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where the words stand."""

    document: int
    name: str
    """Of the document."""
    start: int
    end: int
    before: str
    text: str
    after: str
    label: str | None
    """Of what covers the place now, None if nothing does."""
    score: float | None
    """Of the suggestion there."""
    state: State

    @property
    def protected(self) -> bool:
        """Whether a person decided here: only a choice of its own changes it."""
        return self.state in ("person", "confirmed")


class Concordance:
    """Finds and changes occurrences all over a project."""

    def __init__(self, project: Project, clock: Callable[[], float], annotator: str) -> None:
        self._project = project
        self._clock = clock
        self._annotator = annotator

    def occurrences(self, text: str, matching: Matching) -> Iterator[Occurrence]:
        """Yield the places where ``text`` stands, in order."""
        pattern = Pattern(text, matching)
        names: dict[int, str] = {}
        for document, sentence in self._project.content.containing(pattern.anchor):
            places = list(pattern.find(sentence))
            if not places:
                continue
            if document not in names:
                names[document] = self._project.content.document(document).name
            context = self._project.items.neighbourhood(document, sentence.start, sentence.end, margin=0)
            for start, end in places:
                yield occurrence(context, document, names[document], start, end)

    def label(self, chosen: Iterable[Occurrence], label: str | None) -> int:
        """Give the chosen places a label, or take away what is there for None, as one change; return how many changed.

        A place where it makes no sense, such as one that has the label already, is left as it is.
        """
        edits = [(each.document, partial(self._edit, each, label)) for each in chosen]
        done = self._project.journal.apply_all(edits, time=self._clock(), annotator=self._annotator)
        return len(done)

    def _edit(self, place: Occurrence, label: str | None) -> Edit | None:
        context = self._project.items.neighbourhood(place.document, place.start, place.end)
        try:
            if label is None:
                return verbs.remove(context, place.start, cursor=place.start)
            here = context.decision_at(place.start)
            if here and here.span == Span(place.start, place.end, label):
                return None
            return verbs.label(context, place.start, place.end, label, cursor=place.start, verb=Verb.FIX_ALL)
        except (EditRefused, verbs.NeedsJoin):
            return None


def occurrence(context: Neighbourhood, document: int, name: str, start: int, end: int) -> Occurrence:
    """Return ``[start, end)`` as a line of a concordance."""
    decision = next(iter(context.decisions_over(start, end)), None)
    suggestion = next((s for s in context.open_suggestions if s.span.overlaps(start, end)), None)
    state: State = "none"
    if decision:
        state = "person" if decision.by_person else "file"
    elif suggestion:
        state = "suggested"
    elif context.sentence_state(context.sentence_at(start)).status == "confirmed":
        state = "confirmed"
    mark = decision or suggestion
    low, high = max(context.start, start - CONTEXT), min(context.end, end + CONTEXT)
    return Occurrence(
        document,
        name,
        start,
        end,
        " ".join(context.text(low, start).split("\n")),
        " ".join(context.text(start, end).split("\n")),
        " ".join(context.text(end, high).split("\n")),
        mark.span.label if mark else None,
        suggestion.score if suggestion and not decision else None,
        state,
    )

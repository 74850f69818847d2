"""Everything that is known of one place: alternatives, models, and who decided what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.edits import Decision, Edit, Note, Rejection, SentenceState, Source
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span, Token
from ner_tui.session.blind_mode import BlindMode
from ner_tui.session.learning_switch import LearningSwitch
from ner_tui.session.open_document import OpenDocument
from ner_tui.store.journal import JournalEntry
from ner_tui.store.project import BLIND, READERS, Project

if TYPE_CHECKING:
    from ner_tui.session.voices import DecidedPlace, Voices


@dataclass(frozen=True, slots=True)
class TokenShares:
    """What the stored readings of a place say of one of its tokens."""

    text: str
    shares: tuple[tuple[str | None, float], ...]
    """(label, probability), the most probable first; the label is None for no entity. Each is what the stored readings
    add up to: the truth may be more, by the rest at the most."""
    rest: float
    """Probability of the readings that are not stored."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model says, or said, of the place."""

    suggestion: Suggestion
    answered: bool
    """Whether a person has answered it, so that it is shown no more."""
    model: str
    """Name and precision, or empty where it is not known."""
    time: float
    """When the model's run was begun last, in seconds since the epoch; 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to the place."""

    time: float
    """Seconds since the epoch."""
    annotator: str
    verb: Verb
    what: str
    """What came of it here, such as ``PER “Ada”``; may be empty."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that is known of a place."""

    document: str
    text: str
    start: int
    """``[start, end)`` of the place, in code points of the document."""
    end: int
    line: int
    """Line of the source, counted from 1."""
    decision: Span | None
    source: Source | None
    """Who made the decision."""
    sentence: SentenceState
    hidden: bool
    """Whether blind mode hides what models say here."""
    tokens: tuple[TokenShares, ...]
    opinions: tuple[Opinion, ...]
    rejected: tuple[Span, ...]
    notes: tuple[Note, ...]
    history: tuple[Event, ...]
    """The latest first."""
    voices: Voices | None = None
    """Who speaks for the suggestion, if something was learnt."""
    agreed: bool = False
    """Whether what the file decided here is what several annotators agreed on."""
    error: PossibleError | None = None
    """What an audit finds wrong here that nobody has answered."""
    places: tuple[tuple[str, int, str], ...] = ()
    """The decided places that speak for it: the document's name, the line, and the sentence."""


class Inspector:
    """Looks closely at one place of the open document."""

    def __init__(
        self, project: Project, current: Callable[[], OpenDocument], blind_mode: BlindMode, learning: LearningSwitch
    ) -> None:
        self._project = project
        self._current = current
        self._blind_mode = blind_mode
        self._learning = learning

    def at(self, offset: int) -> Inspection | None:
        """Return what is known of the entity at ``offset``, or else of its token; None where no words are."""
        document = self._current()
        drawn = document.span_at(offset)
        if drawn is not None:
            start, end = drawn.span.start, drawn.span.end
        else:
            number = document.tokens.at(offset)
            if number >= len(document.tokens):
                return None
            start, end = document.tokens[number]
            if not start <= offset < end:
                return None
        sentence = document.sentence_state(start)
        entries = self._project.journal.history(document.id, start, end, sentence=sentence.start)
        items = self._project.items.known(document.id, document.sentence_start(start), end)
        decision = next((each for each in items.decisions if each.span.overlaps(start, end)), None)
        hidden = self._blind_mode.hides(document.id, start)
        stored = [suggestion for suggestion, _ in items.suggestions if suggestion.span.overlaps(start, end)]
        opinions = () if hidden else tuple(self._opinions(stored, start, end, entries))
        shown = document.suggestion_at(start)
        voices = None if hidden or shown is None else self._voices(document.id, shown.span)
        return Inspection(
            document.name,
            document.words(start, end),
            start,
            end,
            document.line(start),
            decision.span if decision else None,
            decision.source if decision else None,
            sentence,
            hidden,
            tuple(self._tokens(document, start, end, [opinion.suggestion for opinion in opinions])),
            opinions,
            tuple(each.span for each in items.rejections if each.span.overlaps(start, end)),
            tuple(document.notes(start, end)),
            tuple(
                Event(
                    entry.time,
                    entry.annotator,
                    entry.edit.verb,
                    ", ".join(_outcome(entry.edit, document.words, start, end, sentence.start)),
                )
                for entry in entries
            ),
            voices,
            self._project.setting(READERS) is not None,
            None if hidden else self._project.possible_errors.at(document.id, start),
            tuple(self._named(place) for place in voices.places) if voices else (),
        )

    def _voices(self, document: int, span: Span) -> Voices | None:
        """Return who speaks for a suggestion, by what the thread that predicts has learnt last."""
        source = self._learning.source
        sentence = self._project.content.sentence_at(document, span.start)
        return source.voices(document, sentence, span) if source and sentence else None

    def _named(self, place: DecidedPlace) -> tuple[str, int, str]:
        return self._project.content.document(place.document).name, place.line, " ".join(place.text.split())

    def _opinions(
        self, stored: Iterable[Suggestion], start: int, end: int, entries: Iterable[JournalEntry]
    ) -> Iterator[Opinion]:
        """Yield what models say of the place, then what they said that was answered, each once."""
        was = [
            item
            for entry in entries
            for item in entry.edit.removed
            if isinstance(item, Suggestion) and item.span.overlaps(start, end)
        ]
        seen: set[tuple[Span, int]] = set()
        for suggestion, answered in [*((s, False) for s in stored), *((s, True) for s in was)]:
            if (suggestion.span, suggestion.run) in seen:
                continue
            seen.add((suggestion.span, suggestion.run))
            listed = self._project.label_list.with_listed_readings(suggestion)
            found = self._project.predictions.run(suggestion.run)
            model = found[0].name if found else ""
            if suggestion.contested and self._project.setting(BLIND) == "yes":
                model = "a reader"
            yield Opinion(listed, answered, model, found[1] if found else 0.0)

    def _tokens(
        self, document: OpenDocument, start: int, end: int, suggestions: list[Suggestion]
    ) -> Iterator[TokenShares]:
        for number in range(document.tokens.first_from(start), len(document.tokens)):
            token = document.tokens[number]
            if token.start >= end:
                return
            about = next((s for s in suggestions if s.span.overlaps(token.start, token.end)), None)
            if about is not None:
                yield shares(document.words(token.start, token.end), token, about)


def shares(text: str, token: Token, suggestion: Suggestion) -> TokenShares:
    """Return what the stored readings of a place say of one token.

    A token is in one entity at the most, so the readings that cover it exclude one another and may be added up; those
    that do not cover it say nothing of it. A source that scores each reading by itself, as GLiNER does, can say more
    than all of it; no share is.
    """
    span = suggestion.span
    sums: dict[str | None, float] = {}
    readings = (Alternative(span.start, span.end, span.label, suggestion.score), *suggestion.alternatives)
    for reading in readings:
        if reading.start < token.end and token.start < reading.end:
            sums[reading.label] = min(1.0, sums.get(reading.label, 0.0) + reading.score)
    ordered = sorted(sums.items(), key=lambda pair: -pair[1])
    return TokenShares(text, tuple(ordered), max(0.0, 1.0 - sum(sums.values())))


def _outcome(edit: Edit, words: Callable[[int, int], str], start: int, end: int, sentence: int) -> Iterator[str]:
    """Yield what an edit put at a place of the sentence that starts at ``sentence``."""
    for item in edit.added:
        match item:
            case Decision(span) if span.overlaps(start, end):
                yield f"{span.label} “{words(span.start, span.end)}”"
            case Rejection(span) if span.overlaps(start, end):
                yield f"not {span.label} “{words(span.start, span.end)}”"
            case Note(first, last, text) if first < end and start < last:
                yield f"“{text}”"
            case SentenceState(first, status, flagged) if first == sentence and (status == "confirmed" or flagged):
                yield f"sentence {status}{', flagged' if flagged else ''}"

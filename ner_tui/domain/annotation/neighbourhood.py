"""A neighbourhood: all that is known of a few consecutive sentences, as edits and the screen need it.

It is cut out of a document around one place, so that whatever is computed from it costs the same in a tweet and in
a corpus.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from ner_tui.domain.annotation.edits import Decision, Edit, Item, Note, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import (
    CONTESTED,
    DOUBTFUL_BELOW,
    DOUBTS,
    FLOOR,
    TO_ANSWER,
    Suggestion,
    SuggestionState,
    is_doubtful,
)
from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.spans import Token

_RANK = {
    SuggestionState.OPEN: 0,
    SuggestionState.DOUBTFUL: 0,
    SuggestionState.DENIED: 0,
    SuggestionState.CONFLICT: 1,
    SuggestionState.BELOW_THRESHOLD: 2,
}
"""The states in which a person sees a suggestion, by which of two at a place goes first."""
_BY_START, _BY_SPAN = attrgetter("start"), attrgetter("span.start")


@dataclass(frozen=True)
class Neighbourhood:
    """Consecutive sentences of one document with the items that touch them."""

    origin: Origin
    sentences: tuple[Sentence, ...]
    """Consecutive, never empty."""
    decisions: tuple[Decision, ...] = ()
    """Ascending by start, disjoint."""
    suggestions: tuple[Suggestion, ...] = ()
    """Every stored suggestion, ascending by start; ``suggestion_state`` tells which are to be answered."""
    rejections: tuple[Rejection, ...] = ()
    states: tuple[SentenceState, ...] = ()
    notes: tuple[Note, ...] = ()
    near: tuple[int, int] | None = None
    """What is known of ``[start, end)`` is here, and no more of the sentences: for those of thousands of tokens."""
    labelled: bool = False
    """Whether the document is from a file with labels of its own, which thereby says where there are none."""

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.sentences[-1].end

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of all sentences in order, as far as they are near."""
        if self.near is None:
            return tuple(token for sentence in self.sentences for token in sentence.tokens)
        return tuple(token for sentence in self.sentences for token in sentence.tokens_touching(*self.near))

    @cached_property
    def _states(self) -> dict[int, SentenceState]:
        return {state.start: state for state in self.states}

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def text(self, start: int, end: int) -> str:
        """Return the document's text in ``[start, end)``, which lies inside the neighbourhood."""
        whole = "".join(sentence.text for sentence in self.sentences)
        return whole[start - self.start : end - self.start]

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that owns the character at ``offset``; the last one from the end on."""
        return self.sentences[max(0, bisect_right(self._sentence_starts, offset) - 1)]

    def sentence_state(self, sentence: Sentence) -> SentenceState:
        """Return where a person stands with ``sentence``."""
        return self._states.get(sentence.start) or SentenceState(sentence.start, "untouched")

    def has_state(self, sentence: Sentence) -> bool:
        """Whether a state is stored for ``sentence``."""
        return sentence.start in self._states

    @cached_property
    def _decision_starts(self) -> list[int]:
        return [decision.span.start for decision in self.decisions]

    def decisions_over(self, start: int, end: int) -> Iterator[Decision]:
        """Yield the decisions that share a character with ``[start, end)``, ascending."""
        first = max(0, bisect_right(self._decision_starts, start) - 1)
        for at in range(first, bisect_left(self._decision_starts, end)):
            if self.decisions[at].span.overlaps(start, end):
                yield self.decisions[at]

    def decision_at(self, offset: int) -> Decision | None:
        """Return the decision over the character at ``offset``."""
        return next(self.decisions_over(offset, offset + 1), None)

    def suggestion_state(self, suggestion: Suggestion) -> SuggestionState:
        """Return what ``suggestion`` is to a reviewer, given the decisions and rejections around it."""
        span = suggestion.span
        over = list(self.decisions_over(span.start, span.end)) if self.decisions else []
        if any(decision.span == span for decision in over):
            return SuggestionState.ANSWERED
        if self.rejections and any(each.span.overlaps(span.start, span.end) for each in self.rejections):
            return SuggestionState.ANSWERED
        starts = self._sentence_starts
        state = self._states.get(starts[max(0, bisect_right(starts, span.start) - 1)])
        confirmed = state is not None and state.status == "confirmed"
        if suggestion.score < FLOOR:
            return SuggestionState.ANSWERED if over or confirmed else SuggestionState.BELOW_THRESHOLD
        if confirmed or (over and any(decision.by_person for decision in over)):
            return SuggestionState.SETTLED
        if suggestion.margin <= CONTESTED:
            # What a file or a reader said meanwhile does not settle it: a person has to.
            return SuggestionState.DOUBTFUL
        if over:
            return SuggestionState.CONFLICT
        if self.labelled:
            return SuggestionState.DENIED
        if suggestion.score >= DOUBTFUL_BELOW:
            # More words allow for less: their tokens need not be looked at.
            return SuggestionState.OPEN
        words = len(self.sentence_at(span.start).tokens_touching(span.start, span.end))
        return SuggestionState.DOUBTFUL if is_doubtful(suggestion.score, words) else SuggestionState.OPEN

    def after(self, edit: Edit) -> Neighbourhood:
        """Return what is known here when an edit of these items, none of them a boundary, is carried out."""
        now: dict[type[Item], list[Any]] = {
            Decision: [*self.decisions],
            Suggestion: [*self.suggestions],
            Rejection: [*self.rejections],
            SentenceState: [*self.states],
        }
        for item in edit.removed:
            if item in now.get(type(item), ()):
                now[type(item)].remove(item)
        for item in edit.added:
            now.get(type(item), []).append(item)
        for kind, items in now.items():
            items.sort(key=_BY_START if kind is SentenceState else _BY_SPAN)
        decisions, suggestions, rejections, states = map(tuple, now.values())
        return replace(self, decisions=decisions, suggestions=suggestions, rejections=rejections, states=states)

    @cached_property
    def open_suggestions(self) -> tuple[Suggestion, ...]:
        """Suggestions still to be answered that are at odds with nothing."""
        return tuple(s for s in self.suggestions if self.suggestion_state(s) in TO_ANSWER)

    def doubtful_in(self, start: int, end: int) -> tuple[Suggestion, ...]:
        """Return the suggestions that begin in ``[start, end)`` and that a person should look at, ascending."""
        return tuple(s for s in self.suggestions if start <= s.span.start < end and self.suggestion_state(s) in DOUBTS)

    def suggestions_over(self, start: int, end: int) -> list[Suggestion]:
        """Return the suggestions that a person sees and that share a character with ``[start, end)``.

        Those to answer come first, then conflicts, then what is below the threshold.
        """
        seen: list[list[Suggestion]] = [[], [], []]
        for suggestion in self.suggestions:
            if suggestion.span.start < end and start < suggestion.span.end:
                rank = _RANK.get(self.suggestion_state(suggestion))
                if rank is not None:
                    seen[rank].append(suggestion)
        return [*seen[0], *seen[1], *seen[2]]

    def suggestion_at(self, offset: int) -> Suggestion | None:
        """Return the suggestion a person sees at ``offset``, the first of ``suggestions_over``."""
        return next(iter(self.suggestions_over(offset, offset + 1)), None)

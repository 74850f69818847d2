r"""Queries: what a person looks for in texts and in what is marked on them, and where a sentence answers.

Terms stand side by side, and a hit answers all of them::

    New York                words, however they are wrapped; small letters find capitals too
    "is:here"               the same, where a word would be read as something else
    /\d{4}-\d\d/            a regular expression; the closing slash may be missing at the end
    label:LOC               marked as LOC, decided or suggested; label:"A B" where the name has a space
    score:<0.7              suggested with such a score; also >, <=, >=, 0.2-0.5, 0.97
    is:suggested            also decided, doubtful; of the sentence confirmed or flagged; noted is with a note

A hit of words or an expression is where they match, inside one sentence; without them it is the span, else the noted
stretch, else the sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.edits import place_of
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import TO_ANSWER, SuggestionState
from ner_tui.domain.document import Sentence
from ner_tui.errors import InputError

if TYPE_CHECKING:
    from ner_tui.domain.annotation.expressions import Expression

SPAN_STATES = ("suggested", "decided", "doubtful")
SENTENCE_STATES = ("confirmed", "flagged", "noted")
_STATES = ", ".join((*SPAN_STATES, *SENTENCE_STATES))
_TERM = re.compile(
    r"""\s*(?: "(?P<quoted>[^"]*)"?
            | /(?P<regex>.*?)(?:/(?=\s|$)|$)
            | (?P<key>label|score|is):(?P<value>"[^"]*"?|\S*)
            | (?P<word>\S+) )""",
    re.VERBOSE | re.DOTALL,
)
_BOUND = re.compile(r"(<=|>=|<|>)?\s*(\d*\.?\d+)")
_RANGE = re.compile(r"(\d*\.?\d+)-(\d*\.?\d+)")
_ROUNDING = 0.005
"""Scores are shown with two digits, and found by them."""
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Query:
    """What a hit has to be; everything that is set has to hold."""

    pattern: re.Pattern[str] | Expression | None = None
    """What stands there."""
    anchor: str = ""
    """What the sentence has whatever the case of ASCII letters; empty where nothing is known."""
    label: str = ""
    """The label, case-folded."""
    low: float = -math.inf
    """The score is at least this."""
    high: float = math.inf
    """The score is at most this."""
    spans: frozenset[str] = frozenset()
    """The span is in one of these states."""
    sentences: frozenset[str] = frozenset()
    """The sentence is in all of these states; ``noted`` asks for a note that touches the hit."""

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == Query()

    @property
    def scored(self) -> bool:
        """Whether only suggestions can answer, by their score."""
        return (self.low, self.high) != (-math.inf, math.inf)

    @property
    def about_spans(self) -> bool:
        """Whether a hit has to touch a span of some kind."""
        return bool(self.label or self.spans or self.scored)

    @property
    def text_only(self) -> bool:
        """Whether the text alone tells the hits."""
        return not (self.about_spans or self.sentences)

    @property
    def takes_decisions(self) -> bool:
        """Whether a decision can be what the query is about."""
        return not self.scored and (not self.spans or "decided" in self.spans)

    @property
    def takes_suggestions(self) -> bool:
        """Whether a suggestion can be what the query is about."""
        return not self.spans or bool(self.spans & {"suggested", "doubtful"})

    def takes(self, label: str, score: float | None, state: SuggestionState | None) -> bool:
        """Whether a span is what the query is about; a decision has neither score nor state."""
        if self.label and label.casefold() != self.label:
            return False
        if state is None or score is None:
            return self.takes_decisions
        if not self.low <= score <= self.high or not self.takes_suggestions:
            return False
        if self.spans and "suggested" not in self.spans:
            return state in (SuggestionState.DOUBTFUL, SuggestionState.CONFLICT)
        return state in (*TO_ANSWER, SuggestionState.CONFLICT)


def parse(text: str) -> Query:
    """Read a query; blank text is the empty query.

    Raises:
        InputError: a term makes no sense, in one sentence.
    """
    words: list[str] = []
    expressions: list[str] = []
    label, (low, high) = "", (-math.inf, math.inf)
    states: set[str] = set()
    for term in _TERM.finditer(text):
        key, value = term["key"], (term["value"] or "").strip('"')
        if term["regex"] is not None:
            expressions += [term["regex"]] if term["regex"] else []
        elif key == "label":
            label = _name(value)
        elif key == "score":
            low, high = _scores(value)
        elif key == "is":
            states.add(_state(value))
        else:
            words += (term["quoted"] or term["word"] or "").split()
    if len(expressions) + bool(words) > 1:
        raise InputError("look for words or for one /expression/, not for both")
    spans, sentences = states.intersection(SPAN_STATES), states.intersection(SENTENCE_STATES)
    limits = Query(label=label.casefold(), low=low, high=high, spans=frozenset(spans), sentences=frozenset(sentences))
    if expressions:
        from ner_tui.domain.annotation.expressions import Expression

        return replace(limits, pattern=Expression(*expressions))
    if not words:
        return limits
    fold = not any(char.isupper() for char in "".join(words))
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE if fold else 0)
    anchor = max(words, key=len)
    return replace(limits, pattern=pattern, anchor=anchor if anchor.isascii() or not fold else "")


def in_text(query: Query, text: str, start: int) -> Iterator[Range]:
    """Yield ``[start, end)`` in the document of what matches in a sentence's ``text``, which begins at ``start``.

    Raises:
        InputError: an expression takes too long.
    """
    if query.pattern is not None:
        for match in query.pattern.finditer(text):
            if match.end() > match.start():
                yield start + match.start(), start + match.end()


def in_sentence(query: Query, context: Neighbourhood, sentence: Sentence) -> Iterator[Range]:
    """Yield ``[start, end)`` in the document of each hit in a sentence of ``context``, ascending."""
    state = context.sentence_state(sentence)
    if "confirmed" in query.sentences and state.status != "confirmed":
        return
    if "flagged" in query.sentences and not state.flagged:
        return
    spans = sorted(set(_spans(query, context, sentence)))
    notes = [place_of(note) for note in context.notes if note.start < sentence.end and sentence.start < note.end]
    noted = "noted" in query.sentences
    if query.pattern is not None:
        found: list[Range] = list(in_text(query, sentence.text, sentence.start))
        if query.about_spans:
            found = [place for place in found if _touches(place, spans)]
    elif query.about_spans:
        found = spans
    elif noted:
        yield from notes
        return
    else:
        found = [(sentence.tokens[0].start, sentence.tokens[-1].end)] if sentence.tokens else []
    yield from (place for place in found if not noted or _touches(place, notes))


def _spans(query: Query, context: Neighbourhood, sentence: Sentence) -> Iterator[Range]:
    for decision in context.decisions_over(sentence.start, sentence.end):
        if query.takes(decision.span.label, None, None):
            yield place_of(decision)
    for suggestion in context.suggestions:
        span = suggestion.span
        if span.overlaps(sentence.start, sentence.end) and query.takes(
            span.label, suggestion.score, context.suggestion_state(suggestion)
        ):
            yield span.start, span.end


def _touches(place: Range, others: list[Range]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)


def _name(value: str) -> str:
    if not value:
        raise InputError("which label? write label:LOC")
    return value


def _state(value: str) -> str:
    if value not in (*SPAN_STATES, *SENTENCE_STATES):
        raise InputError(f"is: takes one of {_STATES}")
    return value


def _scores(value: str) -> tuple[float, float]:
    between, bound = _RANGE.fullmatch(value), _BOUND.fullmatch(value)
    if between:
        low, high = float(between[1]), float(between[2])
        return min(low, high), max(low, high)
    if not bound:
        raise InputError("which scores? write score:<0.7, score:>0.9 or score:0.2-0.5")
    sign, score = bound[1], float(bound[2])
    if sign == "<":
        return -math.inf, math.nextafter(score, -math.inf)
    if sign == ">":
        return math.nextafter(score, math.inf), math.inf
    if sign:
        return (-math.inf, score) if sign == "<=" else (score, math.inf)
    return score - _ROUNDING, score + _ROUNDING

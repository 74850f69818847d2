"""A neighbourhood: all that is known of a few consecutive sentences, as edits and the screen need it.

It is cut out of a document around one place, so that whatever is computed from it costs the same in a tweet and in
a corpus.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.edits import Decision, Rejection, SentenceMark
from ner_tui.domain.spans import Token
from ner_tui.domain.suggestions import Suggestion


@dataclass(frozen=True)
class Neighbourhood:
    """Consecutive sentences of one document with the items that touch them."""

    origin: Origin
    sentences: tuple[Sentence, ...]
    """Consecutive, never empty."""
    decisions: tuple[Decision, ...] = ()
    """Ascending by start, disjoint."""
    suggestions: tuple[Suggestion, ...] = ()
    """Every stored suggestion, ascending by start; ``open_suggestions`` and ``dissents`` tell which count."""
    rejections: tuple[Rejection, ...] = ()
    marks: tuple[SentenceMark, ...] = ()

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
        """The tokens of all sentences in order."""
        return tuple(token for sentence in self.sentences for token in sentence.tokens)

    @cached_property
    def _marks(self) -> dict[int, SentenceMark]:
        return {mark.start: mark for mark in self.marks}

    @cached_property
    def _rejected(self) -> frozenset[tuple[int, int, str]]:
        return frozenset((r.span.start, r.span.end, r.span.label) for r in self.rejections)

    def text(self, start: int, end: int) -> str:
        """Return the document's text in ``[start, end)``, which lies inside the neighbourhood."""
        whole = "".join(sentence.text for sentence in self.sentences)
        return whole[start - self.start : end - self.start]

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that owns the character at ``offset``; the last one from the end on."""
        starts = [sentence.start for sentence in self.sentences]
        return self.sentences[max(0, bisect_right(starts, offset) - 1)]

    def mark(self, sentence: Sentence) -> SentenceMark:
        """Return where a person stands with ``sentence``."""
        return self._marks.get(sentence.start) or SentenceMark(sentence.start, "untouched")

    def has_mark(self, sentence: Sentence) -> bool:
        """Whether a mark is stored for ``sentence``."""
        return sentence.start in self._marks

    def decision_at(self, offset: int) -> Decision | None:
        """Return the decision over the character at ``offset``."""
        return next((d for d in self.decisions if d.span.overlaps(offset, offset + 1)), None)

    def decisions_over(self, start: int, end: int) -> Iterator[Decision]:
        """Yield the decisions that share a character with ``[start, end)``."""
        return (d for d in self.decisions if d.span.overlaps(start, end))

    def _heard(self) -> Iterator[Suggestion]:
        for suggestion in self.suggestions:
            span = suggestion.span
            if (span.start, span.end, span.label) not in self._rejected:
                yield suggestion

    @cached_property
    def open_suggestions(self) -> tuple[Suggestion, ...]:
        """Suggestions still to be answered: over no decision, not rejected, in no confirmed sentence."""
        return tuple(
            s
            for s in self._heard()
            if self.mark(self.sentence_at(s.span.start)).status != "confirmed"
            and not any(self.decisions_over(s.span.start, s.span.end))
        )

    @cached_property
    def dissents(self) -> tuple[Suggestion, ...]:
        """Suggestions that differ from a decision they touch, or from a confirmed sentence that has nothing there."""
        decided = {d.span for d in self.decisions}
        still_open = set(self.open_suggestions)
        return tuple(s for s in self._heard() if s not in still_open and s.span not in decided)

    def suggestion_at(self, offset: int) -> Suggestion | None:
        """Return the suggestion a person sees at ``offset``: an open one, or else a dissent to answer."""
        for group in (self.open_suggestions, self.dissents):
            for suggestion in group:
                if suggestion.span.overlaps(offset, offset + 1):
                    return suggestion
        return None

"""A draft: the two sides of an edit while a verb fills them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ner_tui.domain.annotation.edits import Edit, Item, SentenceBoundary, SentenceState
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.document import Sentence


@dataclass
class Draft:
    """The two sides of an edit while a verb fills them in."""

    context: Neighbourhood
    removed: list[Item] = field(default_factory=list)
    added: list[Item] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def touch(self, offset: int) -> None:
        """Mark the sentence at ``offset`` as in progress if nobody has touched it."""
        sentence = self.context.sentence_at(offset)
        state = self.context.sentence_state(sentence)
        if state.status == "untouched":
            self.swap_state(state, replace(state, status="in progress"))

    def swap_state(self, old: SentenceState, new: SentenceState) -> None:
        """Put ``new`` in place of ``old``, where a default state counts as none stored."""
        for state, side in ((old, self.removed), (new, self.added)):
            if state.status != "untouched" or state.flagged:
                side.append(state)

    def join(self, first: Sentence, boundaries: Iterable[int]) -> None:
        """Join to ``first`` the sentences that start at ``boundaries``, which follow it."""
        context = self.context
        crossed = [first, *(context.sentence_at(offset) for offset in boundaries)]
        states = [context.sentence_state(sentence) for sentence in crossed]
        for sentence, state in zip(crossed[1:], states[1:], strict=True):
            self.removed.append(SentenceBoundary(sentence.start))
            if context.has_state(sentence):
                self.removed.append(state)
        joined = SentenceState(first.start, "in progress", any(state.flagged for state in states))
        if joined != states[0]:
            self.swap_state(states[0], joined)

    def edit(self, verb: Verb, cursor: int) -> Edit:
        """Return the finished edit."""
        return Edit(verb, tuple(self.removed), tuple(self.added), cursor, "; ".join(self.notices))

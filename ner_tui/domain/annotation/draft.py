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
        mark = self.context.mark(sentence)
        if mark.status == "untouched":
            self.swap_mark(mark, replace(mark, status="in progress"))

    def swap_mark(self, old: SentenceState, new: SentenceState) -> None:
        """Put ``new`` in place of ``old``, where a default mark counts as none stored."""
        for mark, side in ((old, self.removed), (new, self.added)):
            if mark.status != "untouched" or mark.flagged:
                side.append(mark)

    def join(self, first: Sentence, boundaries: Iterable[int]) -> None:
        """Join to ``first`` the sentences that start at ``boundaries``, which follow it."""
        context = self.context
        crossed = [first, *(context.sentence_at(offset) for offset in boundaries)]
        marks = [context.mark(sentence) for sentence in crossed]
        for sentence, mark in zip(crossed[1:], marks[1:], strict=True):
            self.removed.append(SentenceBoundary(sentence.start))
            if context.has_mark(sentence):
                self.removed.append(mark)
        joined = SentenceState(first.start, "in progress", any(mark.flagged for mark in marks))
        if joined != marks[0]:
            self.swap_mark(marks[0], joined)

    def edit(self, verb: Verb, cursor: int) -> Edit:
        """Return the finished edit."""
        return Edit(verb, tuple(self.removed), tuple(self.added), cursor, "; ".join(self.notices))

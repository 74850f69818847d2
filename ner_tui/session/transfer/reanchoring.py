"""Re-anchoring: the items of a text that has changed, put at their places in the new one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from ner_tui.domain.anchoring import Anchors
from ner_tui.domain.annotation.edits import Decision, Item, Note, Rejection, SentenceState
from ner_tui.domain.packing import PackedSentences, unpack_tokens
from ner_tui.domain.spans import Span
from ner_tui.session.transfer.file_import import Sentences

_BATCH = 1_000
"""Sentences that are packed together."""


class RereadSource:
    """The sentences of a document as its file has them now, with the file's decisions and nothing else."""

    def __init__(self, sentences: Iterable[Sentences]) -> None:
        self.batches: list[PackedSentences] = []
        held = PackedSentences()
        for each in sentences:
            held.add(each)
            if len(held) >= _BATCH:
                self.batches.append(held)
                held = PackedSentences()
        if len(held):
            self.batches.append(held)
        for batch in self.batches:
            # Sentence states and notes are kept from the project, not read from the file.
            batch.states, batch.notes = [], []
        self._starts = [batch.starts[0] for batch in self.batches]

    def texts(self) -> Iterator[str]:
        """Yield the sentences' texts."""
        for batch in self.batches:
            yield from batch.texts

    def begins_sentence(self, offset: int) -> bool:
        """Whether a sentence begins at ``offset``."""
        return self._sentence(offset)[1] == offset

    def begins_token(self, offset: int) -> bool:
        """Whether a token begins at ``offset``."""
        tokens, start = self._sentence(offset)
        return any(token.start == offset for token in unpack_tokens(tokens, start))

    def _sentence(self, offset: int) -> tuple[bytes, int]:
        """Return the tokens of the sentence that ``offset`` is in, packed, and where it begins."""
        batch = self.batches[max(0, bisect_right(self._starts, offset) - 1)]
        at = max(0, bisect_right(batch.starts, offset) - 1)
        return batch.tokens[at], batch.starts[at]


def packed(sentences: Sentences) -> PackedSentences:
    """Return sentences as they are stored."""
    if isinstance(sentences, PackedSentences):
        return sentences
    made = PackedSentences()
    made.add(sentences)
    return made


def without_conflicts(batches: Iterable[PackedSentences], placed: Iterable[Item]) -> Iterator[PackedSentences]:
    """Yield sentences without the decisions of the file that conflict with what a person did."""
    placed = tuple(placed)
    spans = sorted(item.span for item in placed if isinstance(item, Decision))
    # They are disjoint: both edges ascend.
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    rejected = {(item.span.start, item.span.end, item.span.label) for item in placed if isinstance(item, Rejection)}
    for batch in batches:
        batch.spans = [
            span
            for span in batch.spans
            if span[:3] not in rejected and bisect_right(ends, span.start) == bisect_left(starts, span.end)
        ]
        yield batch


def reanchor(
    anchors: Anchors,
    items: Iterable[Decision | Rejection],
    notes: Iterable[Note],
    states: Iterable[SentenceState],
    fresh: RereadSource,
) -> tuple[list[Item], list[Item]]:
    """Return the items that have a place in the new text, moved there, and those that have none."""
    placed: list[Item] = []
    lost: list[Item] = []
    for item in items:
        span: Span | None = anchors.span(item.span)
        if span is None or not fresh.begins_token(span.start):
            lost.append(item)
        else:
            placed.append(Decision(span, item.source) if isinstance(item, Decision) else Rejection(span))
    for note in notes:
        place = anchors.span(Span(note.start, note.end, "note"))
        if place is None:
            lost.append(note)
        else:
            placed.append(Note(place.start, place.end, note.text))
    for state in states:
        start = anchors.offset(state.start)
        if start is None or not fresh.begins_sentence(start):
            lost.append(state)
        else:
            placed.append(SentenceState(start, state.status, state.flagged))
    return placed, lost

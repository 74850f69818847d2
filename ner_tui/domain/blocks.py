"""Blocks: consecutive sentences of a document that are predicted together.

Each cut depends on the text since the document's start and on nothing else, so reading a file whole, going on with one,
and predicting without a project give the same blocks. A landmark, a sentence that is known by itself and by the few
before it, always begins a block: who reads from there on, without what stands before, gets the same blocks too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.stream import AnnotatedSentence

BLOCK_WORDS = 1_500
"""Words of a block: a fraction of a second of work for the bundled model, enough to sort windows by length."""

LANDMARK_EVERY = 256
"""A sentence in so many is marked, by a checksum of its text: some five thousand words apart, three or four blocks."""
LANDMARK_PARAGRAPHS = 32
"""Of those that follow a blank line of prose, one in so many: there a new thought begins anyway."""
LANDMARK_QUIET = 32
"""Sentences before a landmark, of its document, none of which is marked: texts that repeat are not cut to pieces."""


class Landmarks:
    """Finds the landmarks of a document, or of a part of one: those that are known without what precedes the part."""

    def __init__(self) -> None:
        # The first sentence counts as marked: of a part that a landmark begins it is, of others nobody knows.
        self._quiet = -1
        self._every = LANDMARK_EVERY

    def is_next(self, text: str) -> bool:
        """Whether the next sentence, whose text this is with what stands before the one after it, is a landmark."""
        every, words = self._every, text.strip()
        self._every = LANDMARK_PARAGRAPHS if text.endswith("\n") and ends_paragraph(text) else LANDMARK_EVERY
        if crc32(words.encode("utf-8", "surrogatepass")) % every:
            self._quiet += 1
            return False
        found = self._quiet >= LANDMARK_QUIET
        self._quiet = 0
        return found


def ends_paragraph(text: str) -> bool:
    """Whether a blank line follows a sentence, whose text this is with what stands before the next one."""
    return text.count("\n", len(text.rstrip())) > 1


def blocks(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    """Cut a document's sentences, from its first on, into blocks of up to ``BLOCK_WORDS`` words.

    A longer sentence is a block of its own.
    """
    block: list[Sentence] = []
    words, landmarks = 0, Landmarks()
    for sentence in sentences:
        is_landmark = landmarks.is_next(sentence.text)
        if block and (is_landmark or words + len(sentence.tokens) > BLOCK_WORDS):
            yield block
            block, words = [], 0
        block.append(sentence)
        words += len(sentence.tokens)
    if block:
        yield block


def packed_blocks(runs: Iterable[PackedSentences | AnnotatedSentence]) -> Iterator[PackedSentences]:
    """Cut a document's sentences, from its first on, into the same blocks."""
    held, landmarks = PackedSentences(), Landmarks()
    words = 0
    for run in runs:
        at = len(held)
        held.add(run)
        while at < len(held):
            is_landmark = landmarks.is_next(held.texts[at])
            if at and (is_landmark or words + held.words[at] > BLOCK_WORDS):
                yield held.cut(at)
                at = words = 0
            words += held.words[at]
            at += 1
    if len(held):
        yield held

"""Blocks: consecutive sentences of a document that are predicted together.

Each cut depends on the text since the document's start and on nothing else, so reading a file whole, going on with one,
and predicting without a project give the same blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.stream import AnnotatedSentence

BLOCK_WORDS = 1_500
"""Words of a block: a fraction of a second of work for the bundled model, enough to sort windows by length."""


def blocks(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    """Cut a document's sentences, from its first on, into blocks of up to ``BLOCK_WORDS`` words.

    A longer sentence is a block of its own.
    """
    block: list[Sentence] = []
    words = 0
    for sentence in sentences:
        if block and words + len(sentence.tokens) > BLOCK_WORDS:
            yield block
            block, words = [], 0
        block.append(sentence)
        words += len(sentence.tokens)
    if block:
        yield block


def packed_blocks(runs: Iterable[PackedSentences | AnnotatedSentence]) -> Iterator[PackedSentences]:
    """Cut a document's sentences, from its first on, into the same blocks."""
    held = PackedSentences()
    words = 0
    for run in runs:
        at = len(held)
        held.add(run)
        while at < len(held):
            if at and words + held.words[at] > BLOCK_WORDS:
                yield held.cut(at)
                at = words = 0
            words += held.words[at]
            at += 1
    if len(held):
        yield held

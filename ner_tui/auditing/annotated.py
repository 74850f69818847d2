"""Annotated sentences as an audit goes over them: counted, and in the blocks that a model reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ner_tui.auditing.surfaces import SurfaceCounts
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.spans import Token
from ner_tui.learning.lessons import WordSpan

Read = Callable[[], Iterator[TaggedSentence]]
"""Begins to read annotated sentences anew."""
AnnotatedBlock = tuple[list[TaggedSentence], list[Sentence]]
"""Consecutive sentences that have words, as annotated and as a model reads them."""


@dataclass
class Numbers:
    """What was counted of annotations."""

    sentences: int = 0
    """Those that have words."""
    annotated: int = 0
    """Sentences with spans."""
    spans: int = 0
    labels: tuple[str, ...] = ()


def spans_of(sentence: TaggedSentence) -> tuple[WordSpan, ...]:
    """Return what is annotated in a sentence, ascending."""
    return tuple(sorted((span.start, span.end, span.label) for span in sentence.spans))


def counted(read: Read) -> tuple[SurfaceCounts, Numbers]:
    """Return how strings are annotated, and how much there is."""
    corpus, numbers, labels = SurfaceCounts(), Numbers(), dict[str, None]()
    for each in read():
        spans = spans_of(each)
        corpus.take_in(each.words, spans)
        numbers.sentences += bool(each.words)
        numbers.annotated += bool(spans)
        numbers.spans += len(spans)
        labels.update(dict.fromkeys(label for _, _, label in spans))
    numbers.labels = tuple(labels)
    for each in read():
        corpus.count(each.words, spans_of(each))
    return corpus, numbers


def annotated_blocks(read: Read) -> Iterator[AnnotatedBlock]:
    """Yield the sentences in blocks."""
    waiting: list[TaggedSentence] = []

    def sentences() -> Iterator[Sentence]:
        for each in read():
            if each.words:
                waiting.append(each)
                yield as_text(each.words)

    for block in blocks(sentences()):
        yield waiting[: len(block)], block
        del waiting[: len(block)]


def as_text(words: Sequence[str]) -> Sentence:
    """Return a sentence of words with a space between."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word) + 1)
    return Sentence(0, " ".join(words), tuple(Token(start, end - 1) for start, end in pairwise(ends)))

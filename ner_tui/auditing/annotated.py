"""Annotated sentences as an audit goes over them: counted, and in the blocks that a model reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import overload

from ner_tui.auditing.surfaces import OUTSIDE, SurfaceCounts
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.spans import Token
from ner_tui.learning.lessons import WordSpan

Read = Callable[[], Iterator[TaggedSentence]]
"""Begins to read annotated sentences anew."""
AnnotatedBlock = tuple[list[TaggedSentence], list[Sentence]]
"""Consecutive sentences that have words, as annotated and as a model reads them."""
_BETWEEN = "\0"


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


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """How what is annotated is annotated in the whole of the text."""

    strings: SurfaceCounts
    words: SurfaceCounts
    """One by one, see `one_by_one`."""


def counted(read: Read) -> tuple[CorpusCounts, Numbers]:
    """Return how strings and words are annotated, and how much there is."""
    corpus, numbers, labels = CorpusCounts(SurfaceCounts(), SurfaceCounts()), Numbers(), dict[str, None]()
    for each in read():
        spans = spans_of(each)
        corpus.strings.take_in(each.words, spans)
        corpus.words.take_in(*one_by_one(each.words, spans))
        numbers.sentences += bool(each.words)
        numbers.annotated += bool(spans)
        numbers.spans += len(spans)
        labels.update(dict.fromkeys(label for _, _, label in spans))
    numbers.labels = tuple(labels)
    for each in read():
        corpus.strings.count(each.words, spans_of(each))
    return corpus, numbers


def one_by_one(words: Sequence[str], spans: Sequence[WordSpan]) -> tuple[list[str], list[WordSpan]]:
    """Return words without their case, and each as a span of its own, those outside of spans too, to be counted."""
    labels = [OUTSIDE] * len(words)
    for first, end, label in spans:
        labels[first:end] = [label] * (end - first)
    return [word.casefold() for word in words], [(at, at + 1, label) for at, label in enumerate(labels)]


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


def kept(sentence: TaggedSentence) -> TaggedSentence:
    """Return a sentence as it is kept until the end, where many are: its words in one string."""
    lines = sentence.lines
    if len(lines) > 1 and not isinstance(lines, range) and lines[-1] - lines[0] == len(lines) - 1:
        lines = range(lines[0], lines[-1] + 1)
    return replace(sentence, words=_Words.of(sentence.words), lines=lines, tags=())


@dataclass(frozen=True, slots=True)
class _Words(Sequence[str]):
    """Words in one string."""

    text: str

    @classmethod
    def of(cls, words: Sequence[str]) -> Sequence[str]:
        """Return the words in one string, or as they are where they hold what stands between them there."""
        return words if any(_BETWEEN in word for word in words) else cls(_BETWEEN.join(words))

    def __len__(self) -> int:
        return self.text.count(_BETWEEN) + 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return self.text.split(_BETWEEN)[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self.text.split(_BETWEEN))

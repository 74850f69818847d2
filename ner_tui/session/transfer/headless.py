"""Prediction without a project: from files to sentences with suggestions, a block at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, TextIO

from ner_tui.domain.annotation.combining import combine
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.stream import (
    NO_METADATA,
    AnnotatedSentence,
    DocumentStart,
    Metadata,
    Problem,
    StreamItem,
    by_document,
)

if TYPE_CHECKING:
    from ner_tui.domain.annotation.suggestions import Suggestion
    from ner_tui.predictors.base import ModelInfo, SuggestedPart, SuggestionSource, TextSource


@dataclass(frozen=True, slots=True)
class OutputPart:
    """Consecutive blocks of an input, which alone are predicted and written."""

    start: int = 0
    """Number of the first block, counted from 0."""
    end: int | None = None
    """Number of the block after the last; None for all that follow."""

    def holds(self, block: int) -> bool:
        """Whether a block belongs to it."""
        return self.start <= block and (self.end is None or block < self.end)


class PredictionGate:
    """A text file that takes only what is written while it is open; at first it is closed."""

    def __init__(self, out: TextIO, note: Callable[[int], None] = lambda done: None) -> None:
        """Take a file.

        Args:
            note: called with how many blocks are done whenever one is, all of which is written.
        """
        self._out = out
        self._note = note
        self._is_open = False

    def begin(self, number: int, wanted: bool) -> None:
        """Open it or close it, before a block."""
        self._is_open = wanted

    def end(self, done: int) -> None:
        """Say that a block is done."""
        if self._is_open:
            self._note(done)

    def write(self, text: str) -> int:
        """Write, or not."""
        return self._out.write(text) if self._is_open else len(text)


@dataclass(frozen=True, slots=True)
class StreamPredictor:
    """A model, with the labels that are wanted of it and the context that it reads, at texts; patterns; or both."""

    source: TextSource | None
    info: ModelInfo | None
    """What the model is."""
    patterns: SuggestionSource | None = None

    @property
    def versions(self) -> tuple[object, ...]:
        """What is another where something else would be suggested."""
        runs = tuple(source.run for source in (self.source, self.patterns) if source is not None)
        return (*runs, self.info.tags if self.info else ())

    def close(self) -> None:
        """Let go of what they hold."""
        for source in (self.source, self.patterns):
            if source is not None:
                source.close()

    def label(
        self,
        items: Iterable[StreamItem],
        progress: Callable[[Sentence], None],
        part: OutputPart = OutputPart(),
        begin: Callable[[int, bool], None] = lambda number, wanted: None,
        end: Callable[[int], None] = lambda done: None,
    ) -> Iterator[StreamItem]:
        """Yield the same documents with the suggestions in place of whatever spans they had.

        Args:
            progress: called for each sentence that is done.
            part: what is wanted; the other sentences come without suggestions, up to the end of the part.
            begin: called with a block's number, and whether it is wanted, before what belongs to the block: the head
                of a document belongs to its first block.
            end: called with how many blocks are done as soon as what follows the last sentence of one is asked for.
        """
        waiting: deque[DocumentStart | list[Sentence]] = deque()
        metadata = dict[int, Metadata]()

        def parts() -> Iterator[Sequence[Sentence]]:
            """Yield the blocks, and an empty one for what the model does not read."""
            number = 0
            for head, rest in by_document(items):
                waiting.append(head)
                yield []
                for block in blocks(_sentences(rest, metadata)):
                    if part.end is not None and number >= part.end:
                        return
                    if not part.holds(number):
                        waiting.append(block)
                    yield block if part.holds(number) else []
                    number += 1

        number, heads = 0, list[DocumentStart]()
        for block, found in self._suggested(parts()):
            passed = () if block else waiting.popleft()
            if isinstance(passed, DocumentStart):
                heads.append(passed)
                continue
            begin(number, part.holds(number))
            number += 1
            yield from heads
            heads.clear()
            for sentence in passed:
                progress(sentence)
                yield AnnotatedSentence(sentence, metadata=metadata.pop(id(sentence), NO_METADATA))
            for sentence, suggestions in zip(block, found, strict=True):
                progress(sentence)
                yield AnnotatedSentence(sentence, (), suggestions, metadata=metadata.pop(id(sentence), NO_METADATA))
            end(number)
        # A document without sentences at the end of all.
        if heads and part.end is None:
            begin(number, part.holds(number))
            yield from heads

    def _suggested(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        """Yield each block with the suggestions for it, which name their source."""
        name, said = "", _nothing_said(blocks)
        if self.source is not None:
            name, said = self.source.run.name, self.source.ahead(blocks)
        for block, found in said:
            named = [tuple(replace(each, model=name) for each in some) for some in found]
            yield block, named if self.patterns is None else _with_patterns(block, named, self.patterns)


def _nothing_said(blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
    for block in blocks:
        yield block, [() for _ in block]


def _with_patterns(
    block: Sequence[Sentence], found: Sequence[tuple[Suggestion, ...]], patterns: SuggestionSource
) -> list[tuple[Suggestion, ...]]:
    """Return for each sentence what is shown of what a model and patterns say together."""
    matched = [some for _, part in patterns.suggest(block) for some in part] if block else []
    name = patterns.run.name
    return [
        tuple(
            replace(each, run=0, also=())
            for each in combine((*said, *(replace(match, run=1, model=name) for match in more)))[0]
        )
        for said, more in zip(found, matched, strict=True)
    ]


def shard(items: Iterable[StreamItem], number: int, of: int) -> OutputPart:
    """Return one of ``of`` parts of an input with about as many words each; in order they are all of it.

    Args:
        items: the input, read for the purpose.
        number: counted from 1.
    """
    words = [
        sum(len(sentence.tokens) for sentence in block)
        for _, rest in by_document(items)
        for block in blocks(_sentences(rest, {}))
    ]
    total = max(sum(words), 1)
    owners = [before * of // total for before in accumulate(words[:-1], initial=0)] if words else []
    return OutputPart(bisect_left(owners, number - 1), bisect_left(owners, number) if number < of else None)


def _sentences(items: Iterable[AnnotatedSentence | Problem], metadata: dict[int, Metadata]) -> Iterator[Sentence]:
    """Yield sentences; what metadata they have goes into ``metadata``, by the object's id."""
    for item in items:
        if isinstance(item, AnnotatedSentence):
            if item.metadata:
                metadata[id(item.sentence)] = item.metadata
            yield item.sentence

"""Predicting without a project: files in, labelled sentences out, a block at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ner_tui.domain.document import AnnotatedSentence, DocumentStart, Problem, Sentence, StreamItem
from ner_tui.predictors.windows import blocks

if TYPE_CHECKING:
    from ner_tui.domain.label_map import LabelMap
    from ner_tui.predictors.base import Context, Predictor


@dataclass(frozen=True, slots=True)
class Labeller:
    """A model with its labels in the person's words and how much context it reads."""

    predictor: Predictor
    label_map: LabelMap
    context: Context

    def label(self, items: Iterable[StreamItem], progress: Callable[[Sentence], None]) -> Iterator[StreamItem]:
        """Yield the same documents with the model's suggestions in place of whatever spans they had.

        Args:
            progress: called for each sentence that is done.
        """
        from ner_tui.predictors.labelling import suggest_ahead

        heads: deque[DocumentStart] = deque()

        def parts() -> Iterator[list[Sentence]]:
            """Yield the blocks, and an empty one where a document begins."""
            for head, sentences in _documents(items):
                heads.append(head)
                yield []
                yield from blocks(sentences)

        for block, found in suggest_ahead(self.predictor, parts(), self.label_map, self.context):
            if not block:
                yield heads.popleft()
            for sentence, suggestions in zip(block, found, strict=True):
                progress(sentence)
                yield AnnotatedSentence(sentence, (), suggestions)


def _documents(items: Iterable[StreamItem]) -> Iterator[tuple[DocumentStart, Iterator[Sentence]]]:
    """Group a stream by document; the sentences of one are taken before the next is asked for."""
    stream = iter(items)
    heads = [item for item in [next(stream, None)] if isinstance(item, DocumentStart)]

    def sentences() -> Iterator[Sentence]:
        for item in stream:
            if isinstance(item, DocumentStart):
                heads.append(item)
                return
            if not isinstance(item, Problem):
                yield item.sentence

    while heads:
        yield heads.pop(), sentences()

"""Predict and decode: from sentences to suggestions in the project's labels."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ner_tui.domain.annotation.suggestions import FLOOR, LEAST, PredictionRun, Suggestion
from ner_tui.domain.decoding import decode_block
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.labels import Label
from ner_tui.domain.schemes import split_tag
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.errors import ModelError
from ner_tui.predictors.base import Context, Predictor, PromptedModel, SuggestedPart, TextSource, WordProbabilities

T = TypeVar("T")
U = TypeVar("U")

if TYPE_CHECKING:
    from ner_tui.predictors.base import FloatArray

AHEAD = 16
"""Blocks that are begun before the first of them is wanted: short documents are short blocks, of a batch or two."""

LATER = 5
"""How much longer than for the first part of a block a reader waits for the others."""


def source_of(
    model: Predictor | PromptedModel,
    label_map: LabelMap,
    context: Context,
    known: Sequence[str] = (),
    *,
    only: Sequence[Label] = (),
    threshold: float = FLOOR,
) -> TextSource:
    """Return the suggestion source that a model is.

    Args:
        label_map: what its labels are called in the project.
        context: how much text around a sentence it reads.
        known: labels that need no name in ``label_map``.
        only: the labels that are wanted; of a model that has labels of its own, none are all of them.
        threshold: what a span has to score for ``ahead`` to give it, 0 to 1; a reviewer is shown more.

    Raises:
        ModelError: the model has to be asked for labels, and none are given.
    """
    if isinstance(model, PromptedModel):
        return model.source(only, label_map, context, threshold)
    return ModelSource(model, label_map, context, known, only=[label.name for label in only], threshold=threshold)


class ModelSource:
    """A token-classification model as a suggestion source."""

    def __init__(
        self,
        predictor: Predictor,
        label_map: LabelMap,
        context: Context,
        known: Sequence[str] = (),
        *,
        only: Sequence[str] = (),
        threshold: float = FLOOR,
    ) -> None:
        """Take a model.

        Args:
            label_map: what its labels are called in the project.
            context: how much text around a sentence it reads.
            known: labels that need no name in ``label_map``.
            only: if given, the project's own label set: what the model calls otherwise is not suggested.
            threshold: what a span has to score for ``ahead`` to give it.
        """
        info, own = predictor.info, tag_labels(predictor.info.tags)
        self._predictor = predictor
        self._context: Context = context
        self._threshold = threshold
        self.remarks = remarks(predictor, label_map)
        """What a person should know of it before relying on it, a sentence each."""
        self.unmapped = label_map.unmapped(own, known)
        """Its labels that the project does not have and the map does not name."""
        self.run = PredictionRun(
            "model",
            f"{info.name} ({info.precision})",
            info.file_hash,
            f"{info.precision}; {info.window_rule}; {context}; {label_map};{','.join(only)}",
        )
        """What decides what it says."""
        if only:
            label_map = LabelMap((*label_map.pairs, *((label, "") for label in self.unmapped)))
        self._label_map = label_map
        self.labels = tuple(dict.fromkeys(target for label in own if (target := label_map.target(label))))
        """The labels it can suggest."""

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in ``SuggestionSource``."""
        return suggest_in_parts(self._predictor, block, self._label_map, self._context)

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        """As in ``TextSource``."""
        return suggest_ahead(self._predictor, blocks, self._label_map, self._context, self._threshold)

    def close(self) -> None:
        """As in ``SuggestionSource``."""
        self._predictor.close()


def remarks(predictor: Predictor, label_map: LabelMap) -> tuple[str, ...]:
    """Return what a person should know of a model, read through a label map, before relying on it, a sentence each."""
    info = predictor.info
    own = tag_labels(info.tags)
    told = info.remarks
    if absent := [source for source, _ in label_map.pairs if source not in own]:
        told = (*told, f"--map names {', '.join(absent)}, which {info.name} has not: its labels are {', '.join(own)}")
    if any(role == "outside" for _, role in TagColumns.of(info.tags, label_map).columns):
        return told
    bare = [tag for tag in info.tags if not split_tag(tag)[0]]
    labels = bare if 0 < len(bare) < len(info.tags) else own
    which = labels[0] if len(labels) == 1 else f"one of {', '.join(labels)}"
    return (
        *told,
        f"{info.name}: none of its tags says that a word is in no name, so every word will be in one; if {which} "
        f"stands for that, drop it, as with --map {labels[0]}=",
    )


def suggest(
    predictor: Predictor, block: Sequence[Sentence], label_map: LabelMap | None = None, context: Context = "document"
) -> list[tuple[Suggestion, ...]]:
    """Return what a model suggests for each sentence of a block, a block as ``domain.blocks`` cuts it.

    Raises:
        ModelError: the model failed.
    """
    columns = TagColumns.of(predictor.info.tags, label_map)
    rows = [_numbers(predictor, words) for words in predictor.predict(block, context)]
    return decode_block(block, rows, columns)


def suggest_ahead(
    predictor: Predictor,
    blocks: Iterable[Sequence[Sentence]],
    label_map: LabelMap | None = None,
    context: Context = "document",
    threshold: float = FLOOR,
) -> Iterator[SuggestedPart]:
    """Yield each block with what ``suggest`` returns for it, in order, while the next ones are being read.

    Blocks are taken ``AHEAD`` in advance, so memory stays bounded however many there are.

    Raises:
        ModelError: the model failed.
    """
    columns = TagColumns.of(predictor.info.tags, label_map)

    def decoded(block: Sequence[Sentence], rows: list[WordProbabilities]) -> list[tuple[Suggestion, ...]]:
        return decode_block(block, [_numbers(predictor, each) for each in rows], columns, threshold)

    return read_ahead(blocks, lambda block: predictor.predict(block, context), decoded)


def read_ahead(
    blocks: Iterable[Sequence[Sentence]],
    read: Callable[[Sequence[Sentence]], Iterator[T]],
    decoded: Callable[[Sequence[Sentence], list[T]], U],
) -> Iterator[tuple[Sequence[Sentence], U]]:
    """Yield each block with what is made of it, in order, while the ``AHEAD`` next ones are being read.

    Args:
        read: begins to read a block, and yields a value for each sentence.
        decoded: makes something, such as suggestions, of all values of a block.
    """
    begun: deque[tuple[Sequence[Sentence], Iterator[T]]] = deque()

    def oldest() -> tuple[Sequence[Sentence], U]:
        block, rows = begun.popleft()
        return block, decoded(block, list(rows))

    for block in blocks:
        begun.append((block, read(block)))
        if len(begun) > AHEAD:
            yield oldest()
    while begun:
        yield oldest()


def suggest_in_parts(
    predictor: Predictor,
    block: Sequence[Sentence],
    label_map: LabelMap | None = None,
    context: Context = "document",
    *,
    patience: float = 0.1,
) -> Iterator[SuggestedPart]:
    """Yield what a reviewer is to see, in parts: some sentences in order, and the suggestions for each.

    Besides what ``suggest`` returns there are those below the threshold, too improbable to be suggested.

    Args:
        patience: seconds after which a reader is given what there is, and `LATER` times as long for the parts after
            that: something soon, then little to draw. A fast model gives a block in one part.

    Raises:
        ModelError: the model failed.
    """
    columns = TagColumns.of(predictor.info.tags, label_map)

    def decoded(part: Sequence[Sentence], rows: list[WordProbabilities]) -> list[tuple[Suggestion, ...]]:
        return decode_block(part, [_numbers(predictor, each) for each in rows], columns, faint=LEAST)

    return in_parts(block, predictor.predict(block, context), decoded, patience=patience)


def in_parts(
    block: Sequence[Sentence],
    read: Iterable[T],
    decoded: Callable[[Sequence[Sentence], list[T]], list[tuple[Suggestion, ...]]],
    *,
    patience: float = 0.1,
) -> Iterator[SuggestedPart]:
    """Yield a block in parts as it is read; see ``suggest_in_parts``.

    Args:
        read: a value for each sentence.
        decoded: makes suggestions of some sentences' values.
    """
    rows: list[T] = []
    done, since, wait = 0, monotonic(), patience
    for row in read:
        rows.append(row)
        last = done + len(rows) == len(block)
        if last or monotonic() - since >= wait:
            part = block[done : done + len(rows)]
            yield part, decoded(part, rows)
            rows, done, since = [], done + len(part), monotonic()
            wait = LATER * patience


def _numbers(predictor: Predictor, words: WordProbabilities) -> FloatArray:
    """Return what a model says of a sentence.

    Raises:
        ModelError: it is no numbers; decoded, they would be stored as if the model had been sure of something.
    """
    if not np.isfinite(words.probabilities).all():
        raise ModelError(f"{predictor.info.name}: the model returned values that are not numbers; it may be damaged")
    return words.probabilities

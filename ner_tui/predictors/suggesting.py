"""Predict and decode: from sentences to suggestions in the project's labels."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from ner_tui.domain.annotation.suggestions import FAINT, Suggestion
from ner_tui.domain.decoding import decode_block
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.tag_chain import TagColumns
from ner_tui.errors import ModelError
from ner_tui.predictors.base import Context, Predictor, WordProbabilities

if TYPE_CHECKING:
    from ner_tui.predictors.base import FloatArray

AHEAD = 16
"""Blocks that are begun before the first of them is wanted: short documents are short blocks, of a batch or two."""


def suggest(
    predictor: Predictor, block: Sequence[Sentence], label_map: LabelMap | None = None, context: Context = "document"
) -> list[tuple[Suggestion, ...]]:
    """Return what a model suggests for each sentence of a block, a block as ``windows.blocks`` cuts it.

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
) -> Iterator[tuple[Sequence[Sentence], list[tuple[Suggestion, ...]]]]:
    """Yield each block with what ``suggest`` returns for it, in order, while the next ones are being read.

    Blocks are taken ``AHEAD`` in advance, so memory stays bounded however many there are.

    Raises:
        ModelError: the model failed.
    """
    columns = TagColumns.of(predictor.info.tags, label_map)
    begun: deque[tuple[Sequence[Sentence], Iterator[WordProbabilities]]] = deque()

    def oldest() -> tuple[Sequence[Sentence], list[tuple[Suggestion, ...]]]:
        block, words = begun.popleft()
        return block, decode_block(block, [_numbers(predictor, each) for each in words], columns)

    for block in blocks:
        begun.append((block, predictor.predict(block, context)))
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
    patience: float = 0.5,
) -> Iterator[tuple[Sequence[Sentence], list[tuple[Suggestion, ...]]]]:
    """Yield what a reviewer is to see, in parts: some sentences in order, and the suggestions for each.

    Besides what ``suggest`` returns there are the faint ones, which the model finds too improbable to suggest.

    Args:
        patience: seconds after which a reader is given what there is; a fast model gives a block in one part.

    Raises:
        ModelError: the model failed.
    """
    columns = TagColumns.of(predictor.info.tags, label_map)
    rows = []
    done, since = 0, monotonic()
    for words in predictor.predict(block, context):
        rows.append(_numbers(predictor, words))
        last = done + len(rows) == len(block)
        if last or monotonic() - since >= patience:
            part = block[done : done + len(rows)]
            yield part, decode_block(part, rows, columns, faint=FAINT)
            rows, done, since = [], done + len(part), monotonic()


def _numbers(predictor: Predictor, words: WordProbabilities) -> FloatArray:
    """Return what a model says of a sentence.

    Raises:
        ModelError: it is no numbers; decoded, they would be stored as if the model had been sure of something.
    """
    if not np.isfinite(words.probabilities).all():
        raise ModelError(f"{predictor.info.name}: the model returned values that are not numbers; it may be damaged")
    return words.probabilities

"""Predict and decode: from sentences to suggestions in the project's labels."""

from __future__ import annotations

from collections.abc import Sequence

from ner_tui.domain.decoding import TagColumns, decode_block
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.suggestions import Suggestion
from ner_tui.predictors.base import Context, Predictor


def suggest(
    predictor: Predictor, block: Sequence[Sentence], label_map: LabelMap | None = None, context: Context = "document"
) -> list[tuple[Suggestion, ...]]:
    """Return what a model suggests for each sentence of a block, a block as ``windows.blocks`` cuts it.

    Raises:
        ModelError: the model failed.
    """
    columns = TagColumns.of(predictor.info.tags, label_map)
    rows = [words.probabilities for words in predictor.predict(block, context)]
    return decode_block(block, rows, columns)

"""The predictor of a session without a model: every word is outside, so that only what is decided there speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from ner_tui.predictors.base import Context, ModelInfo, Piece, WordProbabilities

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence


class OutsideOnly:
    """Knows no label and gives no states: what is learnt beside it is a memory of decided strings."""

    info = ModelInfo("memory", sha256(b"").hexdigest(), "exact", ("O",), "whole sentences")

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """As in ``Predictor``."""
        for sentence in block:
            words = len(sentence.tokens)
            yield WordProbabilities(np.ones((words, 1), np.float32), np.zeros(words, np.bool_))

    def wordpieces(self, text: str) -> Iterator[Piece]:
        """As in ``Predictor``; there are none."""
        return iter(())

    def close(self) -> None:
        """As in ``Predictor``."""

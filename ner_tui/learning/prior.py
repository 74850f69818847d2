"""What a model says of a sentence, and what that is in the learner's tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.learning.features import Projection
from ner_tui.learning.lessons import FloatArray, TagTable, WordSpan

UNKNOWN = float(np.log(0.02))
"""Prior log probability of tags that the model does not know, beside labels that it does."""
FLOOR = 1e-6
SAID = 0.5
"""Weight of the model's log probabilities among the features."""
_LEAST = 1e-3

OwnFeatures = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class ModelView:
    """What a model says of a sentence."""

    probabilities: FloatArray
    """words x tags of the model."""
    own: OwnFeatures | None
    """Each word's own features, words x dimensions; None if the model gives no states."""
    spans: frozenset[WordSpan] = frozenset()
    """What it finds by itself, in the project's labels."""


def features_of(known: Sequence[ModelView]) -> FloatArray:
    """Return what the head reads, words of all sentences x features.

    It is states of the words and their neighbours, and what the model says: one that calls something a person says much
    of labels that it does not know.

    Args:
        known: what a model that gives states says of the sentences, at least one.
    """
    own = np.concatenate([each.own for each in known if each.own is not None])
    probabilities = np.concatenate([each.probabilities for each in known])
    said = np.log(np.maximum(probabilities, np.float32(_LEAST))) * np.float32(SAID)
    return Projection.features(own, [len(each.probabilities) for each in known], said)


class Prior:
    """A model's probabilities as log probabilities of the learner's tags."""

    def __init__(self, columns: TagColumns, table: TagTable) -> None:
        """Take what the model's tags mean.

        Args:
            columns: in the project's labels.
            table: the learner's tags.
        """
        self._width = len(table.tags)
        self._columns: list[int] = []
        for label, role in columns.columns:
            name = columns.labels[label] if label >= 0 else ""
            if name not in table.labels:
                self._columns.append(0)
            else:
                self._columns.append(table.begin(name) + (role not in ("begin", "single")))
        self.known = frozenset(columns.labels) & frozenset(table.labels)
        """Labels that the model knows."""
        strange = [label for label in table.labels if label not in self.known]
        self.strange = [table.begin(label) + further for label in strange for further in (0, 1)]
        """Tags that it does not know."""
        self.held = np.array([tag for tag in range(self._width) if tag not in self.strange], dtype=np.intp)
        """Tags that it knows, O among them."""

    def of(self, probabilities: FloatArray) -> FloatArray:
        """Return log probabilities, words x tags of the learner; all equal if the model knows none of the labels."""
        found = np.zeros((len(probabilities), self._width), dtype=np.float32)
        if not self.known:
            return found
        for column, target in enumerate(self._columns):
            found[:, target] += probabilities[:, column]
        result = np.log(np.maximum(found, np.float32(FLOOR)))
        result[:, self.strange] = UNKNOWN
        return result

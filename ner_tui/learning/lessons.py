"""What is learnt from: the words of a sentence, what the model knows of them, and what a person decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.domain.spans import Span

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

WordSpan = tuple[int, int, str]
"""``[first, end)`` in words, and the label."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence in which something was decided."""

    words: tuple[str, ...]
    spans: tuple[WordSpan, ...]
    """What was decided to be there."""
    rejected: tuple[WordSpan, ...] = ()
    """What was decided not to be there."""
    is_whole: bool = True
    """Whether the sentence is confirmed: its other words are in no span. If not, they are unknown."""
    swept: frozenset[WordSpan] = frozenset()
    """Those of the spans that were only accepted with others, by a key that confirms."""

    @property
    def stressed(self) -> BoolArray:
        """Which words a person had something of their own to say of: a span that was not only swept, or a rejection."""
        found = np.zeros(len(self.words), dtype=np.bool_)
        for first, end, label in (*self.spans, *self.rejected):
            if (first, end, label) not in self.swept:
                found[first:end] = True
        return found


class TagTable:
    """The tags of labels: O, then for each label its first and its further words."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.tags = ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))
        self._numbers = {label: number for number, label in enumerate(self.labels)}

    def begin(self, label: str) -> int:
        """Return the column of a label's first words; that of its further words stands behind it."""
        return 1 + 2 * self._numbers[label]

    def allowed(self, lesson: Lesson) -> BoolArray:
        """Return for each word the tags that it may have after what was decided, words x tags; all of them: unknown."""
        rows = np.ones((len(lesson.words), len(self.tags)), dtype=np.bool_)
        if lesson.is_whole:
            rows[:, 1:] = False
        for first, end, label in lesson.rejected:
            if label in self._numbers:
                column = self.begin(label)
                # That the span is not there says of its first word alone that it does not begin it so.
                rows[first, column] = False
                if end - first == 1:
                    rows[first, column + 1] = False
        for first, end, label in lesson.spans:
            column = self.begin(label)
            rows[first:end] = False
            rows[first, column] = True
            rows[first + 1 : end, column + 1] = True
        return rows


def labels_of(lessons: Sequence[Lesson]) -> set[str]:
    """Return the labels that were decided."""
    return {label for lesson in lessons for _, _, label in lesson.spans}


def in_words(sentence: Sentence, spans: Sequence[Span]) -> tuple[WordSpan, ...]:
    """Return spans of a sentence in its words; those that do not begin and end with words are left out."""
    starts = {token.start: number for number, token in enumerate(sentence.tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(sentence.tokens)}
    return tuple(
        (starts[span.start], ends[span.end], span.label) for span in spans if span.start in starts and span.end in ends
    )

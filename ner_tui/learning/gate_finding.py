"""Which gate would have served: each sentence is read by what was learnt from others."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from ner_tui.learning.gate import SHUT, TwoReadings, find_gate
from ner_tui.learning.scores import joined
from ner_tui.learning.taught import FOLDS, Examples, Taught

ALL, STEP = 64, 32
"""So many lessons are all read by others; of more, what is over a multiple of so many waits until that is full. To fit
heads on parts of the lessons costs as much as all else, and one sentence more changes little of what they say."""


class GateFinder:
    """Finds gates, and keeps the last one: which it is, lessons alone tell."""

    def __init__(self) -> None:
        self._of: Taught | None = None
        self._gate = SHUT

    def find(self, taught: Taught, examples: Examples, cancelled: Callable[[], bool]) -> float:
        """Return the gate for some lessons.

        Args:
            taught: the lessons.
            examples: their words.
            cancelled: whether to give up; asked now and then.

        Raises:
            Interrupted: it was cancelled.
        """
        number = len(taught.lessons)
        used = number if number < ALL else number - number % STEP
        if self._of is None or not _are_first(self._of, taught, used):
            part = taught.first(used)
            self._gate = _gate_of(part, examples if used == number else part.examples(), cancelled)
            self._of = part
        return self._gate


def _are_first(known: Taught, taught: Taught, number: int) -> bool:
    """Whether what is known are so many lessons that others begin with."""
    return (
        len(known.lessons) == number
        and known.columns == taught.columns
        and known.labels == taught.labels
        and all(one is other for one, other in zip(known.known, taught.known, strict=False))
        and all(one == other for one, other in zip(known.lessons, taught.lessons, strict=False))
    )


def _gate_of(taught: Taught, examples: Examples, cancelled: Callable[[], bool]) -> float:
    if examples.features is None:
        return SHUT
    mixed = taught.mixed()
    others = [examples.head(mixed, cancelled, but=fold, new=taught.has_new) for fold in range(FOLDS)]
    readings, right = [], []
    starts = [0, *examples.ends[:-1].tolist()]
    places = zip(taught.lessons, starts, examples.ends.tolist(), strict=True)
    # Many words at a time: for each product the neighbours' features go through the processor once.
    for fold, some in groupby((each for each in places if each[0].words), key=lambda each: int(examples.fold[each[1]])):
        held = [*some]
        head, first, last = others[fold], held[0][1], held[-1][2]
        assert head is not None
        logits = head.logits(examples.features[first:last])
        for lesson, start, end in held:
            if lesson.is_whole:
                before, hits = examples.prior[start:end], taught.memory.hits(lesson.words, but=lesson)
                scores = joined(before, logits[start - first : end - first], hits, taught.table, knows=True)
                readings.append(TwoReadings(before, scores, taught.prior.held))
                right.append(frozenset(lesson.spans))
    return find_gate(readings, right, taught.table.tags) if readings else SHUT

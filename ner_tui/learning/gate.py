"""The gate: how much likelier another reading has to be before a model's own is given up for it.

It is found from what was decided: each sentence is read by what was learnt from others, and what that would have
repaired there is held against what it would have broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.learning.lessons import FloatArray, WordSpan

SHUT = float("inf")
STEPS = (2.0, 3.0, 4.0, 6.0)
"""Log odds by which another reading has to be likelier, that are tried."""
PRICE = 5.0
"""Repairs that a right reading which is broken is worth."""
LEAST = 5.0
"""Repairs beyond that from which on the gate is open at all."""
NEARLY = 0.75
"""Share of the most that can be had for which the gate is held closer than for all of it."""

TagRow = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """What the model says of a sentence, and what was learnt."""

    prior: FloatArray
    """Log probabilities of the model, words x tags."""
    scores: FloatArray
    """The same with what was learnt."""
    held: NDArray[np.intp]
    """Tags that the model knows, O among them: with these alone the gate has to do."""

    @property
    def said(self) -> TagRow:
        """The model's tag of each word."""
        result: TagRow = self.held[self.prior[:, self.held].argmax(axis=1)]
        return result

    @property
    def learnt(self) -> TagRow:
        """The likeliest of the tags that the model knows, for each word."""
        result: TagRow = self.held[self.scores[:, self.held].argmax(axis=1)]
        return result

    def advantages(self, said: TagRow, learnt: TagRow) -> NDArray[np.float64]:
        """Return by how much the other reading is likelier, the most of each stretch of words that either is about."""
        words = np.arange(len(said))
        found = (self.scores[words, learnt] - self.scores[words, said]).astype(np.float64)
        for stretch in _stretches((said > 0) | (learnt > 0)):
            found[stretch] = found[stretch].max()
        return found

    def through(self, gate: float) -> FloatArray:
        """Return the scores, with the model's own where the gate holds; of tags that it does not know, as they are.

        Where both read the same, what was learnt may make the model surer, not less sure, if the gate is open at all.
        """
        said, learnt, words = self.said, self.learnt, np.arange(len(self.prior))
        stays = self.advantages(said, learnt) <= gate
        if gate < SHUT:
            surer = _share(self.scores[:, self.held], self.scores[words, said]) >= _share(
                self.prior[:, self.held], self.prior[words, said]
            )
            stays &= (said != learnt) | ~surer
        result = self.scores.copy()
        shift = (self.scores[words, said] - self.prior[words, said])[stays, None]
        places = np.ix_(np.flatnonzero(stays), self.held)
        result[places] = self.prior[places] + shift
        return result


def _share(scores: FloatArray, of: FloatArray) -> FloatArray:
    """Return the share of a score among those of its row."""
    result: FloatArray = 1 / np.exp(scores - of[:, None]).sum(axis=1)
    return result


def find_gate(readings: Sequence[TwoReadings], right: Sequence[frozenset[WordSpan]], tags: Sequence[str]) -> float:
    """Return the gate that would have served; `SHUT` if none would have.

    Args:
        readings: of each sentence, learnt from others.
        right: the spans that were decided there.
        tags: what the columns are.
    """
    worths = np.zeros(len(STEPS))
    for reading, spans in zip(readings, right, strict=True):
        said, learnt = reading.said, reading.learnt
        if (said == learnt).all():
            continue
        labels = {tags[tag][2:] for tag in reading.held if tag}
        there = {span for span in spans if span[2] in labels}
        alone = set(_spans(said, tags))
        advantages = reading.advantages(said, learnt)
        for number, gate in enumerate(STEPS):
            now = set(_spans(np.where(advantages > gate, learnt, said), tags))
            repaired = len((now - alone) & there) + len((alone - there) - now)
            broken, added = len((alone & there) - now), len(now - alone - there)
            worths[number] += repaired - added - PRICE * broken
    enough = max(LEAST, NEARLY * float(worths.max()))
    return max((gate for gate, worth in zip(STEPS, worths, strict=True) if worth >= enough), default=SHUT)


def _stretches(inside: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    rows = np.flatnonzero(inside)
    if len(rows):
        yield from np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)


def _spans(row: TagRow, tags: Sequence[str]) -> Iterator[WordSpan]:
    """Yield the spans of a sentence's tags; a further word of another label begins a span."""
    first, label = 0, ""
    for word, tag in enumerate([*row.tolist(), 0]):
        name = tags[tag]
        if label and name != f"I-{label}":
            yield first, word, label
            label = ""
        if tag and not label:
            first, label = word, name[2:]

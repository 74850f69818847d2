"""Which sentences teach most while little is suggested: those that many others are like, and nothing decided is.

Sentences are compared by their words and the shapes of these, so that it needs no model. Each choice is the one that
brings the most sentences nearer to something that is decided or chosen (facility location, greedily). In two domains of
CrossNER, what was learnt from 10 and 20 sentences so chosen was better by some 4 F1 than from as many drawn by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from zlib import crc32

import numpy as np

from ner_tui.learning.lessons import FloatArray

DIMENSIONS = 512
"""Places that features are hashed to."""
_SIGN = 1 << 20
"""A bit of a hash that no place depends on."""
_TINY = 1e-6


Traits = Mapping[int, int]
"""What a sentence is compared by, hashed, and how often each is there."""


def traits(words: Iterable[str]) -> Traits:
    """Return the traits of a sentence: its words whatever their case, and of each how it begins and ends."""
    found: Counter[str] = Counter()
    for word in words:
        found[f"w{word.casefold()}"] += 1
        found[f"s{_shape(word[0])}{_shape(word[-1])}"] += 1
    return {crc32(trait.encode("utf-8", "surrogatepass")): number for trait, number in found.items()}


def vectors(sentences: Sequence[Traits]) -> FloatArray:
    """Return a vector of length 1 for each sentence, sentences x `DIMENSIONS`; what is in few of them counts more."""
    total = sum(map(len, sentences))
    hashed = np.fromiter(chain.from_iterable(sentences), np.int64, total)
    times = np.fromiter(chain.from_iterable(each.values() for each in sentences), np.float32, total)
    _, number, among = np.unique(hashed, return_inverse=True, return_counts=True)
    weights = np.sqrt(times) * np.log((len(sentences) + 1) / among)[number]
    rows = np.zeros((len(sentences), DIMENSIONS), np.float32)
    places = np.repeat(np.arange(len(sentences)), [len(each) for each in sentences])
    np.add.at(rows, (places, hashed % DIMENSIONS), np.where(hashed & _SIGN, weights, -weights).astype(np.float32))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    result: FloatArray = rows / np.maximum(lengths, np.float32(_TINY))
    return result


def choices(candidates: FloatArray, decided: FloatArray) -> Iterator[tuple[int, float, int]]:
    """Yield all candidates, what teaches most first: its number, what it brings, how many others it is nearest to.

    Args:
        candidates: vectors of sentences to choose from.
        decided: those of sentences that are decided.
    """
    alike = np.maximum(candidates @ candidates.T, 0)
    nearest = np.zeros(len(candidates), np.float32)
    if len(decided):
        nearest = np.maximum((candidates @ decided.T).max(axis=1), 0)
    left = np.ones(len(candidates), np.bool_)
    for _ in range(len(candidates)):
        gains = np.where(left, np.maximum(alike, nearest).sum(axis=1) - nearest.sum(), -np.inf)
        best = int(gains.argmax())
        left[best] = False
        others = int(((alike[best] > nearest) & left).sum())
        nearest = np.maximum(nearest, alike[best])
        yield best, float(gains[best]), others


def _shape(letter: str) -> str:
    if letter.isupper():
        return "X"
    if letter.islower():
        return "x"
    return "9" if letter.isdigit() else letter

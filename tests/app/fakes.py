"""A model for tests: it knows a few names, and how sure it is of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ner_tui.domain.document import Sentence
from ner_tui.predictors.base import Context, ModelInfo, Piece, WordProbabilities

TAGS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC")
NAMES: dict[str, tuple[str, float]] = {
    "Hugging Face": ("ORG", 0.98),
    "New York City": ("LOC", 0.97),
    "New York": ("LOC", 0.9),
    "Ada Okonkwo": ("PER", 0.99),
    "Łódź": ("LOC", 0.55),
    "Manhattan Bridge": ("LOC", 0.5),
    "Paris": ("LOC", 0.95),
}


class Gazetteer:
    """Finds the names it knows, the longest first."""

    info = ModelInfo("gazetteer", "0" * 64, "fp32", TAGS, "none")

    def __init__(self, wait: Callable[[], None] = lambda: None) -> None:
        self._wait = wait

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        self._wait()
        for sentence in block:
            yield self._label(sentence.words)

    def wordpieces(self, text: str) -> Iterator[Piece]:
        return iter(())

    def close(self) -> None:
        pass

    def _label(self, words: list[str]) -> WordProbabilities:
        found = np.zeros((len(words), len(TAGS)), dtype=np.float32)
        found[:, 0] = 1
        at = 0
        while at < len(words):
            at += self._place(words, at, found)
        return WordProbabilities(found, np.zeros(len(words), dtype=bool))

    def _place(self, words: list[str], at: int, found: np.ndarray) -> int:
        for name in sorted(NAMES, key=len, reverse=True):
            parts = name.split()
            if words[at : at + len(parts)] == parts:
                label, score = NAMES[name]
                for number in range(len(parts)):
                    tag = TAGS.index(f"{'I' if number else 'B'}-{label}")
                    found[at + number] = 0
                    found[at + number, tag], found[at + number, 0] = score, 1 - score
                return len(parts)
        return 1

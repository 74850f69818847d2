"""From what a GLiNER graph says to spans: which candidates there are, and which of them stand side by side.

Of the candidates that share a word the best is taken, and of equals the first, as the gliner package does it for spans
that do not nest. Lowering a threshold only adds spans: those above keep their place, since better ones are taken first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.decoding import ALTERNATIVES
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span

LONGEST = 100
"""Words of a span, at most, of a graph that scores words: a name is no page, and time grows with it."""

NEAREST = 64
"""Candidates of a place, at most, that its other readings are taken from: some are the same once they are on tokens."""

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Stretches of words that may be spans: columns of the same length, in the order that settles between equals."""

    starts: IntArray
    """Their first words."""
    ends: IntArray
    """Their last words, not the ones behind."""
    labels: IntArray
    """Number of each one's label."""
    scores: FloatArray
    """0 to 1."""

    @classmethod
    def none(cls) -> Candidates:
        """Return no candidates."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing, np.zeros(0, dtype=np.float32))

    @classmethod
    def joined(cls, parts: Sequence[Candidates]) -> Candidates:
        """Return the candidates of all parts, one part after the other."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.ends for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.scores for part in parts]),
        )

    def where(self, wanted: NDArray[np.bool_] | IntArray) -> Candidates:
        """Return those that a mask or places choose."""
        return Candidates(self.starts[wanted], self.ends[wanted], self.labels[wanted], self.scores[wanted])

    def moved(self, words: int, labels: int) -> Candidates:
        """Return them with words and labels counted from elsewhere."""
        return Candidates(self.starts + words, self.ends + words, self.labels + labels, self.scores)

    def __len__(self) -> int:
        return len(self.scores)


def of_spans(scores: FloatArray, words: int, least: float) -> Candidates:
    """Return the spans that score ``least`` or more.

    Args:
        scores: words x widths x labels: of the span of ``width + 1`` words from a word on.
        words: how many words there are; the rest is padding.
    """
    start, width, label = (each.astype(np.int64) for each in np.nonzero(scores >= least))
    inside = start + width < words
    start, width, label = start[inside], width[inside], label[inside]
    return Candidates(start, start + width, label, scores[start, width, label])


def of_words(scores: FloatArray, words: int, least: float) -> Candidates:
    """Return the spans all of whose words score ``least`` or more; the least of a span's scores is the span's.

    Args:
        scores: words x labels x 3: that a span begins there, ends there, and that the word is inside of one.
        words: how many words there are; the rest is padding.
    """
    begins, ends, inside = (scores[:words, :, kind] for kind in range(3))
    parts: list[Candidates] = []
    for start, label in np.argwhere((begins >= least) & (inside >= least)).tolist():
        reach = slice(start, start + LONGEST)
        weakest = np.minimum(np.minimum.accumulate(inside[reach, label]), begins[start, label])
        whole = np.minimum(weakest, ends[reach, label])
        last = np.flatnonzero(whole >= least)
        parts.append(Candidates(np.full_like(last, start), start + last, np.full_like(last, label), whole[last]))
    return Candidates.joined(parts)


def on_tokens(found: Candidates, words: Sequence[tuple[int, int]], sentence: Sentence) -> Candidates:
    """Return candidates with the sentence's tokens that they touch in place of words, the best first.

    What the model takes for a word can be a part of a token or reach into another. A span is on whole tokens, so those
    that share a character with it are its own.

    Args:
        found: of one sentence; their words are counted from its first.
        words: offsets of the words in the document.
    """
    bounds = np.array(words, dtype=np.int64).reshape(-1, 2)
    begins, ends = (np.array([token[side] for token in sentence.tokens], dtype=np.int64) for side in range(2))
    first = np.searchsorted(ends, bounds[found.starts, 0], side="right")
    last = np.searchsorted(begins, bounds[found.ends, 1], side="left") - 1
    snapped = Candidates(first, last, found.labels, found.scores)
    snapped = snapped.where(first <= last)
    return snapped.where(np.argsort(-snapped.scores, kind="stable"))


def suggestions(found: Candidates, sentence: Sentence, labels: Sequence[str], floor: float) -> tuple[Suggestion, ...]:
    """Return the spans of a sentence, ascending: of those that share a token the best, with the others beside it.

    Args:
        found: by tokens, the best first.
        labels: names by number.
        floor: spans that score less are left out.
    """
    tokens = sentence.tokens
    picked: list[Suggestion] = []
    free = found.where(found.scores >= floor)
    while len(free):
        first, last, label = int(free.starts[0]), int(free.ends[0]), int(free.labels[0])
        score = round(float(free.scores[0]), 6)
        free = free.where((free.starts > last) | (free.ends < first))
        span = Span(tokens[first].start, tokens[last].end, labels[label])
        touching = np.flatnonzero((found.starts <= last) & (found.ends >= first))[:NEAREST]
        others = _others(found.where(touching), sentence, labels, span, score)
        picked.append(Suggestion(span, score, round(score - others[0].score, 6), others))
    return tuple(sorted(picked, key=lambda each: each.span.start))


def _others(
    touching: Candidates, sentence: Sentence, labels: Sequence[str], span: Span, score: float
) -> tuple[Alternative, ...]:
    """Return the best other readings of a span's place, the one that nothing is there among them."""
    tokens = sentence.tokens
    others: dict[tuple[int, int, str | None], float] = {(span.start, span.end, None): round(1.0 - score, 6)}
    own = (span.start, span.end, span.label)
    for at in range(len(touching)):
        if len(others) > ALTERNATIVES:
            break
        start, end = tokens[touching.starts[at]].start, tokens[touching.ends[at]].end
        reading = (start, end, labels[touching.labels[at]])
        if reading != own:
            others.setdefault(reading, round(float(touching.scores[at]), 6))
    found = (Alternative(*reading, score) for reading, score in others.items())
    return tuple(sorted(found, key=lambda each: -each.score)[:ALTERNATIVES])

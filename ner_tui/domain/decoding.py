"""Decoding: from tag probabilities per word to spans, how probable each is, and its alternatives.

How a sentence is read as a chain, and the formula of a span's probability, are in ``tag_chain``.

Sentences are decoded a block at a time, one below the other with a row of zeros between them; what the formulas need
beyond the ends of a sentence is there by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.annotation.suggestions import FLOOR, Alternative, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.domain.tag_chain import TINY, TagChain, TagColumns, stacked_chain

REACH = 3
"""Other readings of a place begin and end at most so many words from the suggestion's ends."""
ALTERNATIVES = 3
"""How many other readings a suggestion keeps."""
WORTH = 1e-6
"""Readings less probable than this are not kept."""


def decode_block(
    sentences: Sequence[Sentence],
    probabilities: Sequence[NDArray[np.float32]],
    columns: TagColumns,
    floor: float = FLOOR,
    *,
    faint: float | None = None,
) -> list[tuple[Suggestion, ...]]:
    """Return the best reading of each sentence: its spans, ascending, each with score, margin and alternatives.

    Args:
        sentences: the words; decoding many at once costs far less than one by one.
        probabilities: for each sentence words x tags; rows sum to 1. A word the model did not see says O.
        columns: what the tags mean.
        floor: spans less probable than this are left out.
        faint: give spans down to this probability too, and the likeliest span of each place where the model hesitated
            before it said O; they have a score below ``floor`` and are for a reviewer's eyes alone.
    """
    least = floor if faint is None else min(floor, faint)
    found: list[list[Suggestion]] = [[] for _ in sentences]
    if columns.labels and any(len(rows) for rows in probabilities):
        chain, firsts = stacked_chain(probabilities, columns, REACH + 1)
        spans = list(_best_spans(chain))
        if faint is not None:
            spans = sorted([*spans, *_faint_spans(chain, spans, faint)])
        owners = np.searchsorted(firsts, [start for start, _, _ in spans], side="right") - 1
        scored = _alternatives(chain, spans)
        for (start, end, label), owner, (score, others) in zip(spans, owners.tolist(), scored, strict=True):
            if score < least:
                continue
            tokens, base = sentences[owner].tokens, int(firsts[owner])
            alternatives = tuple(
                Alternative(
                    tokens[first - base].start,
                    tokens[last - base - 1].end,
                    None if other < 0 else columns.labels[other],
                    chance,
                )
                for first, last, other, chance in others
            )
            span = Span(tokens[start - base].start, tokens[end - base - 1].end, columns.labels[label])
            margin = score - alternatives[0].score if alternatives else score
            found[owner].append(Suggestion(span, score, round(margin, 6), alternatives))
    return [tuple(suggestions) for suggestions in found]


def _best_spans(chain: TagChain) -> Iterator[tuple[int, int, int]]:
    """Yield (start row, end row, label) of the most probable path.

    Where p(O) exceeds every label's mass the best path has O: putting O there multiplies the path by p(O) / m > 1 at
    the word and never lowers the next factor, since m is at least I and B. Only the stretches between need a search.
    """
    active = np.flatnonzero(chain.mass.max(axis=1) > chain.outside)
    if not len(active):
        return
    for rows in np.split(active, np.flatnonzero(np.diff(active) > 1) + 1):
        first, end = int(rows[0]), int(rows[-1]) + 1
        labels = _best_labels(chain, first, end) if end - first > 1 else [int(chain.mass[first].argmax())]
        nothing = chain.mass.shape[1]
        start = first
        for row, label in enumerate(labels, first):
            following = labels[row + 1 - first] if row + 1 < end else nothing
            if label == nothing:
                start = row + 1
            elif following != label or chain.cut[row + 1, label] > chain.stay[row + 1, label]:
                yield start, row + 1, label
                start = row + 1


def _faint_spans(
    chain: TagChain, spans: Sequence[tuple[int, int, int]], faint: float
) -> Iterator[tuple[int, int, int]]:
    """Yield a span for each stretch without one where labels have more than ``faint`` of the mass, word by word.

    Within a stretch the label with the most mass over all of it is taken.
    """
    hesitant = chain.mass.sum(axis=1) > faint
    for start, end, _ in spans:
        hesitant[start:end] = False
    rows = np.flatnonzero(hesitant)
    if not len(rows):
        return
    for stretch in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
        start, end = int(stretch[0]), int(stretch[-1]) + 1
        yield start, end, int(chain.mass[start:end].sum(axis=0).argmax())


def _best_labels(chain: TagChain, first: int, end: int) -> list[int]:
    """Return the labels of rows ``[first, end)`` on the best path (Viterbi); the number of labels stands for O."""
    rows = slice(first, end)
    outside = np.log(np.maximum(chain.outside[rows], TINY))[:, None]
    mass = np.log(np.maximum(chain.mass[rows], TINY))
    same = np.log(np.maximum(np.maximum(chain.cut[rows], chain.stay[rows]), TINY))
    takes = np.hstack((mass, outside)).tolist()
    keeps = np.hstack((same, outside)).tolist()
    states = range(len(takes[0]))
    score: list[float] = takes[0]
    trace: list[list[int]] = []
    for take, keep in zip(takes[1:], keeps[1:], strict=True):
        # From another label a word takes its full mass, so only the best and the second best label before it matter.
        best = max(states, key=score.__getitem__)
        second = max((state for state in states if state != best), key=score.__getitem__)
        came: list[int] = []
        following: list[float] = []
        for state in states:
            other = second if state == best else best
            change, stay = score[other] + take[state], score[state] + keep[state]
            came.append(other if change > stay else state)
            following.append(max(change, stay))
        trace.append(came)
        score = following
    path = [max(states, key=score.__getitem__)]
    for came in reversed(trace):
        path.append(came[path[-1]])
    return path[::-1]


_Scored = tuple[float, list[tuple[int, int, int, float]]]
"""A span's score and its alternatives: (start row, end row, label or -1 for nothing, score), best first."""


def _alternatives(chain: TagChain, spans: Sequence[tuple[int, int, int]]) -> Iterator[_Scored]:
    """Yield for each span its probability and the most probable other readings of the place.

    These are all spans of any label that share a word with it and begin and end within ``REACH`` words of its ends,
    and the reading that none of its words is in a span.
    """
    if not spans:
        return
    starts, ends, labels = (np.array(column, dtype=np.intp) for column in zip(*spans, strict=True))
    begin, stop = chain.begin, 1.0 - chain.stay
    # Sums of logarithms up to and with each row; a difference is the product of the rows between.
    stays = np.cumsum(np.log(np.maximum(chain.stay, TINY)), axis=0)
    nothing = np.cumsum(np.log(np.maximum(chain.outside, TINY)))

    offsets = np.arange(-REACH, REACH + 1)
    first = (starts[:, None] + offsets)[:, :, None]
    last = (ends[:, None] + offsets)[:, None, :]
    valid = (first < last) & (first < ends[:, None, None]) & (last > starts[:, None, None])
    inner = np.minimum(stays[last - 1] - stays[first], 0.0)
    chances = np.where(valid[..., None], begin[first] * np.exp(inner) * stop[last], 0.0)
    each = np.arange(len(starts))
    own = chances[each, REACH, REACH, labels].copy()
    chances[each, REACH, REACH, labels] = 0.0
    none = np.exp(nothing[ends - 1] - nothing[starts - 1])

    # The last bits of a sum depend on where in a block the sentence stands; ranks and scores must not.
    flat = np.round(np.concatenate((chances.reshape(len(starts), -1), none[:, None]), axis=1), 9)
    keep = min(ALTERNATIVES, flat.shape[1])
    top = np.argpartition(-flat, keep - 1, axis=1)[:, :keep]
    width, count = len(offsets), chain.mass.shape[1]
    for at, candidates in enumerate(top.tolist()):
        others: list[tuple[int, int, int, float]] = []
        for candidate in sorted(candidates, key=lambda place: (-flat[at, place], place)):
            chance = round(float(flat[at, candidate]), 6)
            if chance < WORTH:
                continue
            if candidate == flat.shape[1] - 1:
                others.append((int(starts[at]), int(ends[at]), -1, chance))
                continue
            place, label = divmod(candidate, count)
            left, right = divmod(place, width)
            others.append((int(starts[at]) + left - REACH, int(ends[at]) + right - REACH, label, chance))
        yield round(float(own[at]), 6), others

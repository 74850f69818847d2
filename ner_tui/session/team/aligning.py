"""Annotators' texts that are not the same, letter by letter: what they share is found as for a source that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ner_tui.domain.anchoring import Anchors, LineAnchors
from ner_tui.domain.evaluation.labelled_texts import Flags, LabelledText, Numbers, WordNote
from ner_tui.domain.spans import Span
from ner_tui.session.team.sides import Side

_SHARED = 0.5
"""Of the characters of a text, the share that another edition of it has at least."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A span or a note that has no place in the first annotator's text."""

    annotator: str
    document: str
    label: int | None
    """None: it is a note."""
    words: str

    def described(self, labels: Sequence[str]) -> str:
        """Say it in words."""
        what = "a note on" if self.label is None else labels[self.label]
        return f"{self.annotator}: {self.document}: not placed: {what} “{self.words}”"


def align(sides: Sequence[Side]) -> list[Unplaced]:
    """Put other editions of the first side's texts in the words of the first side, and return what has no place there.

    A text that the first side has letter by letter is left as it is. Of the others, one with the same name, else the
    next in order where each side has as many, is another edition of a text if it shares half of its characters.
    """
    first, lost = sides[0], list[Unplaced]()
    for side in sides[1:]:
        ours, theirs = _without_equal(first.texts, side.texts)
        for mine, other in _pairs(first.texts, ours, side.texts, theirs):
            moved = _moved(first.texts[mine], side.texts[other], side.annotator)
            if moved is not None:
                side.texts[other] = moved[0]
                lost += moved[1]
    return lost


def _without_equal(ours: Sequence[LabelledText], theirs: Sequence[LabelledText]) -> tuple[list[int], list[int]]:
    """Return the numbers of the texts on each side that the other does not have."""
    waiting: dict[bytes, list[int]] = {}
    for at, text in enumerate(theirs):
        waiting.setdefault(text.key, []).append(at)
    rest = []
    for at, text in enumerate(ours):
        if waiting.get(text.key):
            waiting[text.key].pop(0)
        else:
            rest.append(at)
    return rest, sorted(at for left in waiting.values() for at in left)


def _pairs(
    first: Sequence[LabelledText], ours: Sequence[int], second: Sequence[LabelledText], theirs: Sequence[int]
) -> list[tuple[int, int]]:
    named = {second[at].name: at for at in theirs}
    found = [(at, named.pop(first[at].name)) for at in ours if first[at].name in named]
    left = [at for at in ours if at not in {mine for mine, _ in found}]
    rest = [at for at in theirs if at not in {other for _, other in found}]
    return found + (list(zip(left, rest, strict=True)) if len(left) == len(rest) else [])


def _moved(text: LabelledText, other: LabelledText, annotator: str) -> tuple[LabelledText, list[Unplaced]] | None:
    """Return what is said of another edition as said of a text, and what has no place there; None if it is none."""
    anchors = Anchors(_lines(other), _lines(text))
    # One character stands behind every word, a line end where a sentence ends: offsets count it.
    starts, ends = _word_edges(other.ends)
    to_starts, to_ends = _word_edges(text.ends)
    first_at = {start: at for at, start in enumerate(to_starts.tolist())}
    behind_at = {end: at for at, end in enumerate(to_ends.tolist(), 1)}
    counts = np.zeros(len(text.ends), np.bool_)
    shared = 0
    for at, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        place = anchors.span(Span(start, end, "word"))
        if place is None:
            continue
        shared += end - start
        if place.start in first_at and place.end in behind_at:
            counts[first_at[place.start] : behind_at[place.end]] = other.counts[at]
    if shared < _SHARED * max(len(text.characters), 1):
        return None
    rows, notes, lost = list[tuple[int, int, int]](), list[WordNote](), list[Unplaced]()
    said: list[tuple[int, int, int | None, str]] = [(*span, "") for span in other.spans.tolist()]
    for first, last, label, note in [*said, *((first, last, None, note) for first, last, note in other.notes)]:
        place = anchors.span(Span(int(starts[first]), int(ends[last - 1]), "span"))
        if place is None or place.start not in first_at or place.end not in behind_at:
            words = " ".join(word(other, at) for at in range(first, last))
            lost.append(Unplaced(annotator, other.name, label, words))
            # The words are the same, and what is said of them is not known.
            places = [anchors.span(Span(int(starts[at]), int(ends[at]), "word")) for at in range(first, last)]
            for each in places:
                if each and each.start in first_at and each.end in behind_at:
                    counts[first_at[each.start] : behind_at[each.end]] = False
        elif label is None:
            notes.append((first_at[place.start], behind_at[place.end], note))
        else:
            rows.append((first_at[place.start], behind_at[place.end], label))
    spans: Numbers = np.array(rows, np.int64).reshape(-1, 3)
    return replace(text, spans=spans, counts=_whole_sentences(text, counts), notes=tuple(notes)), lost


def _whole_sentences(text: LabelledText, counts: Flags) -> Flags:
    """Return which words count if those of a sentence do only together."""
    found = np.zeros(len(counts), np.bool_)
    for start, end in pairwise([0, *text.sentences.tolist()]):
        found[start:end] = counts[start:end].all()
    return found


def word(text: LabelledText, at: int) -> str:
    """Return a word of a text by its number."""
    return text.characters[text.ends[at - 1] if at else 0 : text.ends[at]]


def _word_edges(ends: Numbers) -> tuple[Numbers, Numbers]:
    """Return where words start and end if a line end stands behind each."""
    steps = np.arange(len(ends))
    return np.concatenate(([0], ends[:-1])) + steps, ends + steps


def _lines(text: LabelledText) -> LineAnchors:
    words = [word(text, at) for at in range(len(text.ends))]
    return LineAnchors(" ".join(words[start:end]) + "\n" for start, end in pairwise([0, *text.sentences.tolist()]))

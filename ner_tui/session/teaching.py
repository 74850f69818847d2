"""The order of most to learn: what is doubtful, times how many places are like it, and sentences unlike all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.doubts import Doubt, DoubtFilter
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.learning.coverage import Traits

SEEN = 1_000
"""Doubts that are ordered together, the most doubtful of all first."""
DECIDED = 300
"""Decided sentences that others are compared with: those near the last edit."""
MOST_WORDS = 10_000
"""Words that these may have."""
TURN = 20
"""Places that are looked at before others have their turn."""
BETWEEN = 4
"""Doubts that stand before each sentence."""


def most_to_learn(project: Project, wanted: DoubtFilter) -> Iterator[Doubt | None]:
    """Yield the doubts that pass, what teaches most first; None lets others have a turn."""
    doubts = _doubts(project, wanted) if wanted.reason != "unlike" else iter(())
    sentences = unlike(project) if wanted.with_unlike else iter(())
    passed = 0
    for doubt in doubts:
        yield doubt
        passed += doubt is not None
        if doubt is not None and passed % BETWEEN == 0:
            yield from _through(sentences)
    yield from sentences


def _through(sentences: Iterator[Doubt | None]) -> Iterator[Doubt | None]:
    """Yield from sentences up to the next one."""
    for each in sentences:
        yield each
        if each is not None:
            return


def _doubts(project: Project, wanted: DoubtFilter) -> Iterator[Doubt | None]:
    """Yield doubts, those first whose answer may settle most: doubt times the open places with the same words.

    The first place of some words stands for all of them, the others for themselves.
    """
    found = project.doubts.find(replace(wanted, order="doubt"))
    told: set[str] = set()
    while some := list(islice(found, SEEN)):
        worths: list[tuple[float, int]] = []
        for number, doubt in enumerate(some):
            if number % TURN == 0:
                yield None
            text = project.teaching.text(doubt.document, doubt.start, doubt.end)
            times = 1 if text in told else max(1, project.teaching.alike(text))
            told.add(text)
            worths.append((doubt.weight * times, number))
        for _, number in sorted(worths, key=lambda each: (-each[0], each[1])):
            yield some[number]


def unlike(project: Project) -> Iterator[Doubt | None]:
    """Yield sentences that are like many and unlike all that was decided; None lets others have a turn."""
    from ner_tui.learning.coverage import choices, traits, vectors

    decided = [traits(one.sentence.words) for one in project.decided_sentences(DECIDED, MOST_WORDS)]
    yield None
    found: list[tuple[int, Sentence]] = []
    compared: list[Traits] = []
    for document, sentence in project.teaching.candidates():
        found.append((document, sentence))
        compared.append(traits(sentence.words))
        if len(found) % TURN == 0:
            yield None
    if not found:
        return
    rows = vectors([*compared, *decided])
    yield None
    for number, gain, others in choices(rows[: len(found)], rows[len(found) :]):
        document, sentence = found[number]
        first, last = sentence.tokens[0].start, sentence.tokens[-1].end
        yield Doubt("unlike", gain / len(found), document, first, last, None, others)

"""The tags to change so that a sentence of a file has other spans: as few as that takes.

A tag changes only where the scheme would write another one for the new spans than for the old, so illegal tags stay
until their own span is edited; where what is left then reads as other spans than the new ones, the tags beside them are
written anew, then those of all the spans that touch them, and at last the sentence's.

A cell holds the tag of a word. Where a word stands in several lines, as the multiword tokens of CoNLL-U do, it has
several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ner_tui.domain.schemes import SCHEMES, CannotEncode, TagSpan, decode, encode, split_tag
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import SentenceLines


def changed_tags(
    sentence: SentenceLines, before: list[TagSpan], after: list[TagSpan], scheme: str, inference: Inference
) -> Sequence[str]:
    """Return the tag of each cell that changes, ``""`` for the others.

    Args:
        before: the spans that the sentence has, in words.
        after: those that it is to have.

    Raises:
        CannotEncode: the scheme has no tags for them.
    """
    # IO has no way to keep touching spans apart: where such a pair is new, it is refused; where it is old, it stays.
    tables = "iob1" if SCHEMES[scheme].touching is None else scheme
    old = encode(over_cells(sentence, before), cell_count(sentence), tables)
    new = encode(over_cells(sentence, after), cell_count(sentence), tables)
    touched = [at for at, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    edit = ["" if was == now else now for was, now in zip(old, new, strict=True)]
    if tables != scheme and inference.spelling.bare and any(tag.startswith("B-") for tag in edit):
        raise CannotEncode(f"{SCHEMES[scheme].title} cannot keep two adjacent spans of one label apart")
    runs = _joined_ranges(over_cells(sentence, [*before, *after]))
    near = {at for start, end in runs if any(start <= cell < end for cell in touched) for at in range(start, end)}
    full = without_equal(sentence, new, bare=inference.spelling.bare)
    beside = {at + step for at in touched for step in (-1, 0, 1)}
    wider = ([tag if at in cells else "" for at, tag in enumerate(full)] for cells in (beside, near))
    for attempt in (edit, *wider, full):
        if _is_read_as(sentence, attempt, after, inference):
            break
    else:
        labels = ", ".join(sorted({span.label for span in after}))
        raise CannotEncode(f"these spans cannot be written in {SCHEMES[scheme].title} (labels {labels})")
    return attempt


def _is_read_as(sentence: SentenceLines, edit: Sequence[str], spans: list[TagSpan], inference: Inference) -> bool:
    """Whether the sentence is read as ``spans`` after an edit."""
    firsts = edit if sentence.cells is None else [edit[at] for at in list(_offsets(sentence.cells))[:-1]]
    spelling = inference.spelling
    read = [
        spelling.normal(spelling.spell(new)) if new else old for old, new in zip(sentence.tags, firsts, strict=True)
    ]
    return decode(read) == spans


def without_equal(sentence: SentenceLines, tags: Sequence[str], *, bare: bool) -> list[str]:
    """Return tags, one a cell, empty where the cell says the same in its own spelling.

    Args:
        bare: whether tags are labels without prefixes, from which one with a prefix differs.
    """
    if sentence.cells is not None:
        return list(tags)
    if not bare:
        pairs = zip(sentence.tags, tags, strict=True)
        return ["" if old == new or split_tag(old) == split_tag(new) else new for old, new in pairs]
    both = [(split_tag(old), split_tag(new), new) for old, new in zip(sentence.tags, tags, strict=True)]
    return ["" if old == now and old[0] != "I" else new for old, now, new in both]


def _joined_ranges(spans: Iterable[TagSpan]) -> list[tuple[int, int]]:
    """Return the ranges that spans cover, as one range where they touch or overlap."""
    runs: list[tuple[int, int]] = []
    for start, end, _ in sorted(spans):
        if runs and start <= runs[-1][1]:
            start, before = runs.pop()
            end = max(before, end)
        runs.append((start, end))
    return runs


def cell_count(sentence: SentenceLines) -> int:
    """Return how many cells of tags a sentence has."""
    return len(sentence.words) if sentence.cells is None else sum(map(len, sentence.cells))


def over_cells(sentence: SentenceLines, spans: list[TagSpan]) -> list[TagSpan]:
    """Return spans over words as spans over cells of tags."""
    if sentence.cells is None:
        return spans
    offsets = list(_offsets(sentence.cells))
    return [TagSpan(offsets[start], offsets[end], label) for start, end, label in spans]


def _offsets(cells: Sequence[Sequence[int]]) -> Iterator[int]:
    return accumulate(map(len, cells), initial=0)

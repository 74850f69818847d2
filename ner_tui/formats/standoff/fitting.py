"""Marks made to fit: without white space at their edges, and disjoint; each that is changed or lost is an issue."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ner_tui.domain.spans import Token
from ner_tui.formats.standoff.offset_spans import OffsetSpan, quoted, short_name


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem at an offset of the text."""

    offset: int
    line: int
    reason: str
    lost: bool = False


Issues = list[Issue]


def trimmed(
    mark: OffsetSpan, text: str, tokens: Sequence[Token], starts: Sequence[int], issues: Issues
) -> OffsetSpan | None:
    """Return a mark without the white space at its edges, None where nothing is left."""
    start, end = mark.start, mark.end
    first = bisect_right(starts, start) - 1
    if first < 0 or tokens[first].end <= start:
        first += 1
        start = starts[first] if first < len(starts) else end
    last = bisect_left(starts, end) - 1
    if last >= 0 and tokens[last].end < end:
        end = tokens[last].end
    if start >= end:
        issues.append(Issue(mark.start, mark.line, f"{named_mark(mark, text)} holds no word: left out", lost=True))
        return None
    if (start, end) != (mark.start, mark.end):
        reason = f"{named_mark(mark, text)} is read as {quoted(text[start:end])}"
        issues.append(Issue(start, mark.line, reason))
        return mark._replace(start=start, end=end)
    return mark


def disjoint(marks: list[OffsetSpan], text: str, issues: Issues) -> list[OffsetSpan]:
    """Return the marks that are kept, ascending; of suggestions those of each model are so by themselves."""
    marks = sorted(marks, key=place_of)
    if all(before.end <= mark.start for before, mark in pairwise(marks)):
        return marks
    decided = _longest([mark for mark in marks if mark.score is None], [], text, issues)
    found = list(decided)
    for model in dict.fromkeys(mark.model for mark in marks if mark.score is not None):
        theirs = [mark for mark in marks if mark.score is not None and mark.model == model]
        found += [mark for mark in _longest(theirs, decided, text, issues) if mark.score is not None]
    return sorted(found, key=place_of)


def _longest(marks: Sequence[OffsetSpan], before: Sequence[OffsetSpan], text: str, issues: Issues) -> list[OffsetSpan]:
    """Return the marks that are kept beside those ``before``, the longest first, and these."""
    kept = list(before)
    for mark in sorted(marks, key=lambda mark: (mark.start - mark.end, mark.start)):
        at = bisect_right(kept, mark.start, key=lambda mark: mark.start)
        near = [other for other in kept[max(0, at - 1) : at + 1] if other.start < mark.end and mark.start < other.end]
        if not near:
            insort(kept, mark, key=place_of)
            continue
        reason = f"{named_mark(mark, text)} {_relation(mark, near[0])} {named_mark(near[0], text)}: left out"
        issues.append(Issue(mark.start, mark.line, reason, lost=True))
    return kept


def place_of(mark: OffsetSpan) -> tuple[int, int]:
    """Return where a mark begins and ends."""
    return mark.start, mark.end


def _relation(mark: OffsetSpan, other: OffsetSpan) -> str:
    if place_of(mark) == place_of(other):
        return "stands on the same words as"
    return "stands within" if other.start <= mark.start and mark.end <= other.end else "overlaps"


def named_mark(mark: OffsetSpan, text: str) -> str:
    """Return a mark as it is told."""
    return f"{short_name(mark.label)} {quoted(text[mark.start : mark.end])}"

"""Sentences as other tools give them, as parts of a text that leave nothing out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ner_tui.domain.spans import Token
from ner_tui.formats.standoff.offset_spans import OffsetRange


def sentences_at(starts: Iterable[int], text: str, tokens: Sequence[Token] | None) -> list[OffsetRange] | None:
    """Return the sentences that begin at ``starts``, or rather where their first token does.

    Sentences without a token are part of those before; a start within a token is that of the token. None where there
    are no tokens.

    Args:
        starts: offsets of ``text``, in any order.
        tokens: ascending, disjoint, blanks among them or not; None for those that would be found.
    """
    if tokens is None:
        from ner_tui.domain.segmentation.tokens import tokenize

        tokens = tokenize(text)
    words = [token for token in tokens if not text[token.start : token.end].isspace()]
    firsts, ends = [token.start for token in words], [token.end for token in words]
    bounds = set[int]()
    for start in starts:
        at = bisect_right(firsts, start) - 1
        if at < 0 or ends[at] <= start:
            at = bisect_left(firsts, start)
        if at < len(firsts):
            bounds.add(firsts[at])
    if not bounds:
        return None
    edges = [0, *sorted(bounds - {firsts[0]}), len(text)]
    return [OffsetRange(start, end) for start, end in pairwise(edges)]

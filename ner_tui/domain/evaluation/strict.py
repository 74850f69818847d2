"""Strict decoding of tags: only spans that are legal in their scheme, as seqeval's strict mode finds them.

``schemes.decode`` reads illegal tags as conlleval does; here they are no spans. Which of them are dropped, and that a
legal part of an illegal run may remain, is seqeval's: ``B-PER I-LOC`` in IOB2 is PER on the first word and nothing
on the second. BMES, which seqeval has not, goes as BIOES does; so does IO, as IOB1 without ``B-``.
"""

from __future__ import annotations

from collections.abc import Sequence

from ner_tui.domain.schemes import EDGE, SCHEMES, Scheme, TagSpan, split_tag

_CLOSED = frozenset("ESLU")
"""No span continues after these."""


def strict_decode(tags: Sequence[str], scheme: str) -> list[TagSpan]:
    """Return the spans of one sentence whose tags are legal in ``scheme``, a key of ``SCHEMES``."""
    rules = SCHEMES[scheme]
    cells = [_cell(tag, rules.bare) for tag in tags]
    final = {rules.one, rules.shape[2], rules.touching}
    spans: list[TagSpan] = []
    before, at = ("O", ""), 0
    while at < len(cells):
        prefix, label = cells[at]
        end = at + 1
        if _begins(scheme, before, (prefix, label)):
            while end < len(cells) and _continues(rules, cells[end - 1], cells[end]):
                end += 1
            after = cells[end] if end < len(cells) else _cell(EDGE, rules.bare)
            if cells[end - 1][0] in final and not _is_cut_off(scheme, cells[end - 1], after):
                spans.append(TagSpan(at, end, label))
        before, at = cells[end - 1], end
    return spans


def _cell(tag: str, bare: str) -> tuple[str, str]:
    prefix, label = split_tag(tag)
    return prefix or bare, label


def _begins(scheme: str, before: tuple[str, str], cell: tuple[str, str]) -> bool:
    prefix, label = cell
    if scheme not in ("iob1", "io"):
        return prefix in (SCHEMES[scheme].one, SCHEMES[scheme].shape[0])
    if prefix == "I":
        # A `B-` that could not begin a span is no part of one either: the `I-` after it begins its own.
        return before[1] != label or before[0] == "B"
    return prefix == "B" and scheme == "iob1" and before[1] == label


def _continues(rules: Scheme, before: tuple[str, str], cell: tuple[str, str]) -> bool:
    return before[0] not in _CLOSED and cell[0] in rules.shape[1:] and cell[1] == before[1]


def _is_cut_off(scheme: str, last: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether what follows spoils a span: in IOB1, a ``B-`` of another label after one of a single ``B-``."""
    return scheme == "iob1" and last[0] == "B" and after[0] == "B" and after[1] != last[1]

"""Inference: how a source writes its tags, from how often they occur: in which scheme, and how they are spelled.

A source of any size is counted sentence by sentence, so nothing of it has to be held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from ner_tui.domain.schemes import EDGE, LEADS, OUTSIDE, SCHEMES, UNNAMED, objection, split_tag


class Spelling(NamedTuple):
    """How a source writes its tags, if not ``B-PER`` and ``O``: new tags beside the old are written so too."""

    outside: str = "O"
    bare: bool = False
    """Labels stand without prefixes."""
    joiner: str = "-"
    lower: bool = False
    """Prefixes are small letters."""
    nameless: bool = False
    """Prefixes stand without a label."""

    def spell(self, tag: str) -> str:
        """Return a tag that ``encode`` made as the source writes it."""
        prefix, label = split_tag(tag)
        if prefix == "O":
            return self.outside
        if self.bare:
            return label
        if self.nameless and label == UNNAMED:
            return prefix
        known = prefix in "BI"
        return f"{prefix.lower() if self.lower and known else prefix}{self.joiner if known else '-'}{label}"


PLAIN = Spelling()
"""As ``encode`` writes."""


def find_spelling(counts: Mapping[tuple[str, str], int]) -> Spelling:
    """Return how most tags of a source are written, from how often each pair of ``transitions`` occurs."""
    tags: Counter[str] = Counter()
    for (_, tag), n in counts.items():
        tags[tag] += n
    outside = {tag: n for tag, n in tags.items() if tag in OUTSIDE and tag != EDGE}
    votes: dict[tuple[bool, str, bool, bool], int] = {}
    for tag, n in tags.items():
        prefix, _ = split_tag(tag)
        if prefix != "O":
            joiner = tag[1] if tag[:2] in LEADS else "-"
            style = (prefix == "", joiner, prefix != "" and tag[0].islower(), tag == prefix)
            votes[style] = votes.get(style, 0) + n
    style = max(votes, key=lambda s: votes[s], default=(False, "-", False, False))
    return Spelling(max(outside, key=lambda tag: outside[tag], default="O"), *style)


def infer_scheme(counts: Mapping[tuple[str, str], int]) -> str:
    """Return the key of the scheme that the fewest tags of a source break.

    Args:
        counts: how often each pair of ``transitions`` occurs, so a source of any size is counted sentence by
            sentence, as ``Counter.update(transitions(tags))``.

    IOB1 is out as soon as a span that follows none of its label starts with ``B``, however many start with ``I``:
    conlleval reads both alike, and IOB2 with slips is by far the commoner source of such a mixture. IO is in only
    where a label stands without a prefix: with prefixes it is IOB1 in which nothing touches.
    """
    seen = {pair: n for pair, n in counts.items() if pair[0] not in OUTSIDE or pair[1] not in OUTSIDE}
    fresh_begin = any(_starts_fresh(before, tag) for before, tag in seen)
    bare_label = any(split_tag(tag)[0] == "" for _, tag in seen)
    out = {name for name, barred in (("iob1", fresh_begin), ("io", not bare_label)) if barred}
    candidates = [name for name in SCHEMES if name not in out]
    return min(candidates, key=lambda name: sum(n for pair, n in seen.items() if objection(*pair, name)))


def count_broken(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return how many tags break each scheme, by its key, from how often each pair of ``transitions`` occurs."""
    return {name: sum(n for pair, n in counts.items() if objection(*pair, name)) for name in SCHEMES}


def _starts_fresh(before: str, tag: str) -> bool:
    prefix, label = split_tag(tag)
    return prefix == "B" and split_tag(before)[1] != label

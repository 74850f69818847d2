"""Spelling: how a source writes its tags where that is not ``B-PER`` and ``O``, in both directions.

Inside the program a tag is as ``schemes.encode`` writes it. ``E_PER``, ``l-per`` and ``PER-I`` are read into such tags,
and new tags beside them are written as they are. Which spelling a source has is found by ``scheme_inference``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ner_tui.domain.schemes import LETTERS, OUTSIDE, UNNAMED, split_tag
from ner_tui.errors import InputError

JOINERS = frozenset("-_")
"""What stands between a prefix and its label."""
_EXAMPLE = "PER"


class TagParts(NamedTuple):
    """A prefix, its label and how they are written as one."""

    letter: str
    """A capital."""
    label: str
    joiner: str
    lower: bool


def leading(tag: str) -> TagParts | None:
    """Return the parts of a tag whose prefix is in front, such as ``B-PER``, ``e_per``; None: it cannot be one."""
    letter = tag[:1].upper()
    if letter not in LETTERS or tag[1:2] not in JOINERS or len(tag) < 3:
        return None
    return TagParts(letter, tag[2:], tag[1], tag[0] != letter)


def trailing(tag: str) -> TagParts | None:
    """Return the parts of a tag whose prefix is behind, such as ``PER-B``; None: it cannot be one."""
    letter = tag[-1:].upper()
    if letter not in LETTERS or tag[-2:-1] not in JOINERS or len(tag) < 3:
        return None
    return TagParts(letter, tag[:-2], tag[-2], tag[-1] != letter)


class Spelling(NamedTuple):
    """How a source writes its tags: new tags beside the old are written so too."""

    outside: str = "O"
    """What new tags of words in no span are."""
    bare: bool = False
    """Labels stand without prefixes."""
    joiner: str = "-"
    lower: bool = False
    """Prefixes are small letters."""
    nameless: bool = False
    """Prefixes stand without a label."""
    suffix: bool = False
    """Prefixes stand behind their labels."""
    outsides: frozenset[str] = frozenset()
    """What is read as outside besides ``schemes.OUTSIDE``."""
    exact: bool = True
    """Tags are read as they stand, but for those of ``outsides``."""

    @property
    def is_literal(self) -> bool:
        """Whether tags as they stand are what they are read as."""
        return self.exact and not self.outsides

    def spell(self, tag: str) -> str:
        """Return a tag that ``encode`` made as the source writes it."""
        prefix, label = split_tag(tag)
        if prefix == "O":
            return self.outside
        if self.bare:
            return label
        if self.lower:
            prefix = prefix.lower()
        if self.nameless and label == UNNAMED:
            return prefix
        return f"{label}{self.joiner}{prefix}" if self.suffix else f"{prefix}{self.joiner}{label}"

    def normal(self, tag: str) -> str:
        """Return a tag of the source as ``encode`` writes it; a label without a prefix stays one."""
        if tag in self.outsides:
            return "O"
        if self.exact or tag in OUTSIDE:
            return tag
        if self.bare:
            # A label that reads as a prefix with another one.
            return f"I-{tag}" if split_tag(tag)[0] else tag
        parts = trailing(tag) if self.suffix else leading(tag)
        if parts is not None:
            return f"{parts.letter}-{parts.label}"
        letter = tag.upper()
        return letter if self.nameless and letter in LETTERS else tag

    def normalised(self, tags: list[str]) -> list[str]:
        """Return tags of the source as ``encode`` writes them, the same list where they stand so."""
        if self.is_literal:
            return tags
        known = _readings(self)
        return [known[tag] for tag in tags]


PLAIN = Spelling()
"""As ``encode`` writes."""


class _Readings(dict[str, str]):
    """What each tag of a spelling is read as: of millions, few differ."""

    def __init__(self, spelling: Spelling) -> None:
        super().__init__()
        self._spelling = spelling

    def __missing__(self, tag: str) -> str:
        made = self._spelling.normal(tag)
        if len(self) < 100_000:
            self[tag] = made
        return made


@lru_cache(maxsize=16)
def _readings(spelling: Spelling) -> _Readings:
    return _Readings(spelling)


def spelling_of(examples: Iterable[str]) -> Spelling:
    """Return the spelling that a person names by examples: a tag of PER, then what is outside.

    Args:
        examples: one of ``PER``, ``B_PER``, ``PER-B`` and the like, and any number of others.

    Raises:
        InputError: none of the examples, or more than one, is of PER.
    """
    given = [example for example in examples if example]
    tags = [tag for tag in given if _EXAMPLE in tag.upper().replace("_", "-").split("-")]
    outsides = [tag for tag in given if tag not in tags]
    parts = [leading(tag) or trailing(tag) for tag in tags]
    if len(tags) != 1 or (parts[0] is None and tags[0].upper() != _EXAMPLE):
        raise InputError("give one tag of PER and what is outside, such as B_PER,O or PER-B,0 or PER,NONE")
    read = frozenset(outsides) - OUTSIDE
    found, spelling = parts[0], Spelling((outsides or ["O"])[0], outsides=read, exact=False)
    if found is None:
        return spelling._replace(bare=True)
    return spelling._replace(joiner=found.joiner, lower=found.lower, suffix=leading(tags[0]) is None)

r"""What stands between the words of a sentence, as the MISC column of CoNLL-U gives it.

``SpaceAfter=No`` is nothing. ``SpacesAfter=\s\n`` and, at the beginning of a document, ``SpacesBefore=\n`` are what
UDPipe writes for everything else than one space: ``\s`` is a space, ``\t`` ``\r`` ``\n`` are as everywhere, ``\p`` is a
bar and ``\\`` a backslash. There, other characters than letters and digits count too; where one of those is, the value
means something else.
"""

from __future__ import annotations

import re

_AFTER = re.compile(r"(?:^|\|)Space(?:After=No|sAfter=([^|\t\r]*))(?=[|\r]|$)")
_AT_END = re.compile(r"(?:^|\|)SpacesAfter=([^|]*)")
_BEFORE = re.compile(r"(?:^|\|)SpacesBefore=([^|]*)")
_MEANINGS = {"s": " ", "t": "\t", "r": "\r", "n": "\n", "p": "|", "\\": "\\"}
_NAMES = {meaning: f"\\{name}" for name, meaning in _MEANINGS.items()}
_ESCAPE = re.compile(r"\\([strnp\\])")
_ESCAPED = re.compile(r"[ \t\r\n|\\]")


def between(misc: str) -> str | None:
    """Return what MISC says to follow a word within a sentence; None where that is one space."""
    found = _AFTER.search(misc)
    if found is None:
        return None
    return "" if found[1] is None else _unescaped(found[1])


def after(misc: str) -> str | None:
    """Return what a last word's MISC says to follow the sentence; None where it does not say.

    ``SpaceAfter=No`` does not: many corpora have it at the end of a paragraph.
    """
    found = _AT_END.search(misc) if "SpacesAfter=" in misc else None
    return None if found is None else _unescaped(found[1])


def before(misc: str) -> str:
    """Return what a first word's MISC says to precede the document."""
    found = _BEFORE.search(misc) if "SpacesBefore=" in misc else None
    return "" if found is None else _unescaped(found[1]) or ""


def is_spacing(gap: str) -> bool:
    """Whether a text can be written as spacing."""
    return not any(map(str.isalnum, gap))


def escaped(gap: str) -> str:
    """Return a text as the value of ``SpacesAfter`` or ``SpacesBefore``."""
    return _ESCAPED.sub(lambda found: _NAMES[found[0]], gap)


def _unescaped(value: str) -> str | None:
    """Return the text that a value stands for; None where it means something else."""
    gap = _ESCAPE.sub(lambda found: _MEANINGS[found[1]], value)
    return gap if is_spacing(gap) else None

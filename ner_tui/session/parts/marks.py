"""Parts of an output to be, and the marks of those that are done.

Of part 7 of ``OUT`` there are, in the folder ``OUT.parts``, ``00007.part``, what is written of it, and ``00007.json``,
the mark; while it is done, what a file that can be resumed has (``formats/files/resumable.py``) and ``00007.tries``.
The mark is there first: a part is done when its text is in its place and is what the mark says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.tries import FailedSentence


@dataclass(frozen=True, slots=True)
class PartJob:
    """A part with where it goes."""

    file: PlannedFile
    part: Part
    folder: str
    """Where parts of the output are."""
    number: int
    """Of all parts of the output, counted from 0."""
    fmt: str
    scheme: str
    separator: str
    follows: bool
    """Whether something stands before it in the output."""
    by_document: bool
    """Whether its documents get files of their own."""
    threshold: float | None = None

    @property
    def text(self) -> Path:
        """What is written of it."""
        return Path(self.folder, f"{self.number:05}.part")

    @property
    def mark(self) -> Path:
        """What it was made of."""
        return Path(self.folder, f"{self.number:05}.json")

    @property
    def tries(self) -> Path:
        """What was tried."""
        return Path(self.folder, f"{self.number:05}.tries")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a part that is done."""

    key: str
    """Tells what would not be written in the same way: another model, option, version or place in the file."""
    input: str
    """SHA-256 of its bytes, hexadecimal."""
    size: int
    modified: int
    """Of its file, when it was read: in bytes, and in nanoseconds."""
    output: str
    """SHA-256 of what is written of it, hexadecimal."""
    lines: int
    """Line ends of the part."""
    words: int
    problems: tuple[tuple[int, str], ...] = ()
    """The first things that were read with a guess: line of the part, reason."""
    more_problems: int = 0
    told: tuple[str, ...] = ()
    """What is written otherwise than it was read, or not at all: the first sentences on it."""
    failed: tuple[FailedSentence, ...] = ()
    tags: tuple[tuple[str, str, int], ...] = ()
    """Pairs of neighbouring tags of the part, and how many there are, where its scheme was guessed from the beginning
    of its file."""
    lost_records: int = 0
    """Records, rows or documents with metadata, for which what is written has no place."""
    lost_keys: tuple[str, ...] = ()
    """What these are called."""


def mark_of(text: str) -> Mark | None:
    """Return a mark as it was written; None where it is none."""
    try:
        kept: dict[str, Any] = json.loads(text)
        kept["failed"] = tuple(FailedSentence(**each) for each in kept["failed"])
        for name in ("problems", "tags"):
            kept[name] = tuple(map(tuple, kept[name]))
        for name in ("told", "lost_keys"):
            kept[name] = tuple(kept[name])
        return Mark(**kept)
    except (ValueError, KeyError, TypeError):
        return None


def read_mark(path: Path) -> Mark | None:
    """Read a part's mark; None where there is none."""
    try:
        return mark_of(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None

"""The files that a person's paths mean, and what is told of those in their folders that are not read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ner_tui.formats import SUFFIXES, may_hold_texts
from ner_tui.formats.files.paths import expand, is_gone

_NAMED = 3
"""Files that are named, of more the number is told."""


class FoundFiles(NamedTuple):
    """What paths came to."""

    files: tuple[str, ...]
    """Each once, in the order given."""
    notices: tuple[str, ...]
    """One for each folder with files that were not taken."""


def found_files(paths: Sequence[str], *, is_new: bool) -> FoundFiles:
    """Return the files that are meant; one that is gone may still be in a project that is not new.

    Raises:
        InputError: a path does not exist, or a folder holds nothing to read.
    """
    found: dict[str, None] = {}
    rest: dict[str, tuple[str, ...]] = {}
    for path in paths:
        if not is_new and is_gone(path):
            found[path] = None
            continue
        inputs = expand([path], SUFFIXES, may_hold_texts)
        found |= dict.fromkeys(inputs.files)
        rest[path] = inputs.left_out
    notices = []
    for folder, files in rest.items():
        if left := [str(Path(file).relative_to(folder)) for file in files if file not in found]:
            more = f" and {len(left) - _NAMED:,} more" if len(left) > _NAMED else ""
            why = "a folder's files are read if they are not empty and their names end as those of texts or tables do"
            notices.append(f"left out of {folder}: {', '.join(left[:_NAMED])}{more}; {why}")
    return FoundFiles(tuple(found), tuple(notices))

"""Which parts of a plan are a shard's."""

from __future__ import annotations

from collections.abc import Sequence

from ner_tui.session.parts.planning import Part, PlannedFile


def shard_of(plan: Sequence[PlannedFile], number: int, of: int) -> list[tuple[PlannedFile, Part]]:
    """Return consecutive parts, one of ``of`` shares of about as many bytes each; in order the shares are all.

    Args:
        number: counted from 1.
    """
    total = sum(file.size for file in plan)
    taken: list[tuple[PlannedFile, Part]] = []
    before = 0
    for file in plan:
        for part in file.parts:
            # A part is owned by where its middle is.
            middle = before + part.start + (part.end - part.start) // 2
            if min(middle * of // total, of - 1) == number - 1:
                taken.append((file, part))
        before += file.size
    return taken

"""What a correction did, for whoever draws it."""

from __future__ import annotations

from dataclasses import dataclass

from ner_tui.domain.annotation.verb_table import Verb


@dataclass(frozen=True, slots=True)
class EditResult:
    """What an edit did, as far as the screen needs to know."""

    verb: Verb
    document: int
    start: int
    """``[start, end)`` is what looks different now."""
    end: int
    cursor: int
    """Offset to stand on."""
    notice: str = ""
    signs: tuple[int, ...] = ()
    """Where sentences start whose sign looks different now, and nothing else in them because of it."""
    changed: bool = True
    """Whether anything is otherwise now."""
    left: tuple[int, ...] = ()
    """Where the doubtful suggestions begin that a sweep left alone, ascending."""
    everywhere: bool = False
    """Whether the project's labels changed: anything may look different, and there is no place to go to."""
    turned: Verb | None = None
    """What was taken back, or done again."""

"""What a correction did, for whoever draws it or tells of it."""

from __future__ import annotations

from dataclasses import dataclass

from ner_tui.domain.annotation.edits import Decision, Edit, Rejection, SentenceState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.annotation.verbs import named
from ner_tui.domain.counting import counted
from ner_tui.session.open_document import OpenDocument


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


def words_of(edit: Edit) -> str:
    """Return what an edit did, such as ``confirm 18 sentences``."""
    confirmed = sum(1 for item in edit.added if isinstance(item, SentenceState) and item.status == "confirmed")
    if edit.verb is not Verb.CONFIRM or confirmed < 2:
        return edit.verb.words
    return f"{edit.verb.words} {counted(confirmed, 'sentence')}"


def named_span(edit: Edit, document: OpenDocument) -> str:
    """Return the span that an edit decided, such as ``PER “Ada”``; empty if it is about none, several or sentences."""
    if edit.verb is Verb.CONFIRM:
        return ""
    for items in (edit.added, edit.removed):
        if spans := {each.span for each in items if isinstance(each, Decision | Rejection)}:
            span, *others = spans
            return "" if others else named(span, document.words(span.start, span.end))
    return ""


def told_of_sweep(edit: Edit, left: int) -> str:
    """Return what a person is told of a sweep that left doubtful suggestions alone, of which there are ``left``."""
    confirmed = sum(isinstance(each, SentenceState) and each.status == "confirmed" for each in edit.added)
    accepted = sum(isinstance(each, Decision) for each in edit.added)
    done = f"{confirmed:,} confirmed, " if confirmed else f"{accepted:,} accepted, " if accepted else ""
    return f"{done}{left:,} doubtful left"

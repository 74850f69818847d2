"""Where to go on from a place: the next doubt, the next sentence that is not confirmed, across documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ner_tui.session.place import Place
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.session.sample import Sample


def doubtful(project: Project, here: Place, step: int, sample: Sample | None, *, blind: bool) -> Place | None:
    """Return the next (``step`` 1) or previous (-1) place to look at, or None; in a sample its next sentence.

    Args:
        blind: in sentences that nobody has touched there is none.
    """
    if sample is not None:
        return sample.next(here.document, here.offset, step)
    find = project.doubts.next_in_begun if blind else project.suggestions.next_doubt
    found = find(here.document, here.offset, step)
    return Place(*found) if found else None


def open_sentence(project: Project, here: Place, sample: Sample | None, *, blind: bool, faint: bool) -> Place | None:
    """Return the first span, or else the first word, of the next sentence that is not confirmed, or None.

    Args:
        blind: suggestions in sentences that nobody has touched are not shown.
        faint: those below the threshold are.
    """
    if sample is not None:
        return sample.next(here.document, here.offset, 1, unconfirmed=True)
    found = project.items.next_unconfirmed(here.document, here.offset)
    if found is None:
        return None
    document, start = found
    sentence = project.content.sentence_at(document, start)
    if sentence is None or not sentence.tokens:
        return Place(document, start)
    word = sentence.tokens[0].start
    first = project.items.next_start(document, word - 1, 1, blind=blind, faint=faint)
    return Place(document, word if first is None or first >= sentence.end else first)

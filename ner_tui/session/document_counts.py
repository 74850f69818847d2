"""Counting: how far a project is, from tallies that every edit keeps up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ner_tui.store.project import WHOLE, Project


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with its counts, for lists."""

    id: int
    name: str
    sentences: int
    confirmed: int
    in_progress: int
    flagged: int
    spans: int
    """Decisions."""
    suggestions: int
    """Open suggestions."""
    doubts: int
    """Places to look at: doubtful suggestions, and suggestions at odds with a decision."""


def rows(project: Project) -> Iterator[DocumentRow]:
    """Yield all documents in order, with their counts."""
    for head in list(project.content.documents()):
        yield _row(project, head.id, head.name)


def row(project: Project, document: int = WHOLE) -> DocumentRow:
    """Return the counts of a document, or of the whole project."""
    name = project.content.document(document).name if document != WHOLE else str(project.path)
    return _row(project, document, name)


def label_counts(project: Project, document: int = WHOLE) -> dict[str, int]:
    """Return how many decisions and open suggestions carry each label, the project's labels first."""
    counts = dict.fromkeys(project.labels.names, 0)
    for (kind, label), number in project.tallies(document).items():
        if kind in ("decision", "open") and (number or label in counts):
            counts[label] = counts.get(label, 0) + number
    return counts


def _row(project: Project, document: int, name: str) -> DocumentRow:
    sums: dict[str, int] = {}
    for (kind, _), number in project.tallies(document).items():
        sums[kind] = sums.get(kind, 0) + number
    kinds = ("sentence", "confirmed", "in progress", "flagged", "decision", "open", "doubt")
    return DocumentRow(document, name, *(sums.get(kind, 0) for kind in kinds))

"""The counts of documents and labels, from tallies that every edit keeps up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.labels import LabelSet


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


Tallies = Mapping[tuple[str, str], int]
"""Counts of a document or of the project, by kind and label."""


def rows(project: Project) -> Iterator[DocumentRow]:
    """Yield all documents in order, with their counts."""
    for head in list(project.content.documents()):
        yield row(head.id, head.name, project.tallies(head.id))


def row(document: int, name: str, tallies: Tallies) -> DocumentRow:
    """Return the counts of a document, or of the whole project."""
    sums: dict[str, int] = {}
    for (kind, _), number in tallies.items():
        sums[kind] = sums.get(kind, 0) + number
    kinds = ("sentence", "confirmed", "in progress", "flagged", "decision", "open", "doubt")
    return DocumentRow(document, name, *(sums.get(kind, 0) for kind in kinds))


def label_counts(labels: LabelSet, tallies: Tallies) -> dict[str, int]:
    """Return how many decisions and open suggestions carry each label, the project's labels first."""
    counts = dict.fromkeys(labels.names, 0)
    for (kind, label), number in tallies.items():
        if kind in ("decision", "open") and (number or label in counts):
            counts[label] = counts.get(label, 0) + number
    return counts

"""What became of several readers' spans where somebody settled the gold: who was followed, and where each errs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ner_tui.domain.evaluation.conflicts import is_conflict, span_groups
from ner_tui.domain.evaluation.matching import match_spans
from ner_tui.domain.schemes import TagSpan


@dataclass(slots=True)
class ReaderFigures:
    """How one reader compares with the gold."""

    name: str
    followed: int = 0
    """In how many conflicts the gold is what they read."""
    spans: int = 0
    same: int = 0
    """How many of their spans are the gold's."""
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Spans with another label than the gold's, whatever their boundaries: theirs, then the gold's."""
    boundaries: Counter[str] = field(default_factory=Counter)
    """Spans with the gold's label and other boundaries, by label."""
    missed: Counter[str] = field(default_factory=Counter)
    """Spans of the gold where they have none, by label."""
    spurious: Counter[str] = field(default_factory=Counter)
    """Spans where the gold has none, by label."""


@dataclass(slots=True)
class Following:
    """Counts sentences whose gold is settled."""

    readers: list[ReaderFigures]
    conflicts: int = 0
    """Groups of spans that the readers differ in."""
    gold: int = 0
    """Spans of the gold."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.gold and not any(reader.spans for reader in self.readers)

    def add(self, gold: Sequence[TagSpan], said: Sequence[Sequence[TagSpan]]) -> None:
        """Count a sentence, or a part of one.

        Args:
            gold: ascending, disjoint, like those of each reader.
            said: in the order of ``readers``.
        """
        self.gold += len(gold)
        for truth, *group in span_groups([gold, *said]):
            differ = is_conflict(group)
            self.conflicts += differ
            for reader, read in zip(self.readers, group, strict=True):
                reader.followed += differ and read == truth
        for reader, spans in zip(self.readers, said, strict=True):
            reader.spans += len(spans)
            for match in match_spans(gold, spans):
                _count(reader, match.gold, match.predicted)

    def f1(self, reader: ReaderFigures) -> float | None:
        """Return the F1 of a reader against the gold; None where neither has a span."""
        both = self.gold + reader.spans
        return 2 * reader.same / both if both else None


def _count(reader: ReaderFigures, gold: TagSpan | None, theirs: TagSpan | None) -> None:
    if gold is None or theirs is None:
        if gold is not None:
            reader.missed[gold.label] += 1
        elif theirs is not None:
            reader.spurious[theirs.label] += 1
    elif gold.label != theirs.label:
        reader.labels[theirs.label, gold.label] += 1
    elif gold[:2] != theirs[:2]:
        reader.boundaries[gold.label] += 1
    else:
        reader.same += 1

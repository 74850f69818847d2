"""A document of a dump while it is loaded, and whether all of its sentences came, each once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ner_tui.domain.annotation.edits import Item
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.session.transfer.dump_lines import DumpLine


@dataclass
class LoadedDocument:
    """A document whose sentences are being stored."""

    id: int
    end: int = 0
    """Where its next sentence starts."""
    items: list[Item] = field(default_factory=list)
    """What belongs to sentences that are not stored yet, ascending."""
    suggestions: list[Suggestion] = field(default_factory=list)
    """The same of what a file suggested."""
    head: DumpLine | None = None
    sentences: int = 0
    """How many there are so far."""
    doubled: DumpLine | None = None
    """The first line with a sentence that stands before, too."""
    seen: dict[tuple[int, str], int] = field(default_factory=dict)
    """By line in the source and text: the line of the dump."""

    def note(self, line: DumpLine, text: str) -> None:
        """Count a sentence."""
        self.sentences += 1
        place = (line.number("line"), text)
        if self.seen.setdefault(place, line.line) != line.line and self.doubled is None:
            self.doubled = line

    def require_whole(self) -> None:
        """Refuse a document of which a merge has doubled or lost sentences."""
        head = self.head
        if head is None or "sentences" not in head.value or head.number("sentences") == self.sentences:
            return
        said = head.number("sentences")
        told = f"{head.text('name')} has {self.sentences:,} sentences, and {said:,} are said to follow"
        told += ": merge dumps with `ner-tui merge`, see docs/team.md"
        if self.doubled is None or self.sentences < said:
            raise head.error(told)
        before = self.seen[self.doubled.number("line"), self.doubled.text("text")]
        raise self.doubled.error(f"this sentence stands in line {before}, too; {told}")

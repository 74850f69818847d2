"""Facts of a project that are read once and held until the project changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ner_tui.domain.labels import LabelSet
    from ner_tui.store.project import Project

T = TypeVar("T")

MOST = 256
"""Facts that are held at a time: more than a screen shows."""


class FactCache:
    """What was read at one revision of a project, which is another after every change, whoever made it."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._changes = project.changes
        self._outside = 0
        """The changes that others made to the project file for this session: the model, the reading of files."""
        self._counting = Lock()
        self._no_facts = 0
        """Our own changes that are of no fact."""
        self._held_at = -1
        self._facts: dict[Hashable, Any] = {}

    @property
    def revision(self) -> int:
        """The revision of the project."""
        return self._changes() + self._outside - self._no_facts

    def changed_outside(self) -> None:
        """Take note that another connection has changed the project; may be called from any thread."""
        with self._counting:
            self._outside += 1

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Change something inside that is no fact, such as where the person is."""
        # What others change meanwhile counts.
        before = self._changes()
        yield
        self._no_facts += self._changes() - before

    def get(self, key: Hashable, read: Callable[..., T], *arguments: Any) -> T:
        """Return ``read(*arguments)``, as it was returned first under ``key`` at this revision."""
        now = self._changes() + self._outside - self._no_facts
        if now != self._held_at:
            self._facts.clear()
            self._held_at = now
        if key not in self._facts:
            if len(self._facts) >= MOST:
                self._facts.clear()
            self._facts[key] = read(*arguments)
        found: T = self._facts[key]
        return found

    @property
    def labels(self) -> LabelSet:
        """The project's labels."""
        found: LabelSet = self.get("labels", getattr, self._project.label_list, "labels")
        return found

    @property
    def merged_labels(self) -> dict[str, str]:
        """The names of labels that were merged into others, and into which."""
        return self.get("merged labels", self._read_merged)

    def tallies(self, document: int) -> dict[tuple[str, str], int]:
        """Return the counts of a document, or of the whole project, by kind and label."""
        return self.get(("tallies", document), self._project.tallies, document)

    def _read_merged(self) -> dict[str, str]:
        return self._project.label_list.merged(self.labels)

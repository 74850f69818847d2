"""Labels: what a project's spans can be called, each with a stable key and colour slot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

COLOUR_SLOTS = 9
"""How many entity colours a theme has; labels beyond share them in turn."""
CONLL2003 = ("PER", "ORG", "LOC", "MISC")
"""The labels of CoNLL-2003, in the order of their keys."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the project."""

    name: str
    """Such as ``PER``; shown as data, never parsed."""
    key: str
    """The key that sets it, ``1`` to ``9``, or empty beyond nine labels."""
    slot: int
    """Colour slot, 1 to ``COLOUR_SLOTS``."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The project's labels in order; a label keeps its key and slot when others are added after it."""

    labels: tuple[Label, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str]) -> LabelSet:
        """Build a set from names; repeated names count once."""
        unique = dict.fromkeys(names)
        return cls(
            tuple(Label(name, str(at + 1) if at < 9 else "", at % COLOUR_SLOTS + 1) for at, name in enumerate(unique))
        )

    def with_names(self, names: Iterable[str]) -> LabelSet:
        """Return the set with the names that are new added at the end."""
        return LabelSet.of([*self.names, *names])

    @property
    def names(self) -> tuple[str, ...]:
        """The labels' names in order."""
        return tuple(label.name for label in self.labels)

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def find(self, name: str) -> Label | None:
        """Return the label of this name, or None."""
        return next((label for label in self.labels if label.name == name), None)

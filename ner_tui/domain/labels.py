"""Labels: what a project's spans can be called, each with a key and a colour slot that stay its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_letters, digits

from ner_tui.errors import EditRefused

COLOUR_SLOTS = 12
"""How many entity colours a theme has; labels beyond share them in turn."""
CONLL2003 = ("PER", "ORG", "LOC", "MISC")
"""The labels of CoNLL-2003, in the order of their keys."""
CODE_PREFIX = "0"
"""First key of the codes of two; it means nothing alone, so no code is the beginning of another."""
CODES = (*"123456789", *(CODE_PREFIX + second for second in ascii_letters + digits))
"""The keys that set a label, in the order they are given out."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the project."""

    name: str
    """Such as ``PER``; shown as data, never parsed."""
    key: str
    """One of ``CODES``: ``1`` to ``9``, or ``0`` and a second key; empty when they are used up."""
    slot: int
    """Colour slot, 1 to ``COLOUR_SLOTS``."""
    description: str = ""
    """What the label is for, in a line."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The project's labels in order; a label keeps its key and slot whatever is added, renamed or taken away."""

    labels: tuple[Label, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str]) -> LabelSet:
        """Build a set from names; repeated names count once."""
        return cls().with_names(names)

    def with_names(self, names: Iterable[str]) -> LabelSet:
        """Return the set with the names that are new added at the end, each with the next free key."""
        labels = list(self.labels)
        known = set(self.names)
        taken, used = _taken(labels)
        for name in dict.fromkeys(names):
            if name not in known:
                labels.append(_fitted(Label(name, "", 0), taken, used))
                taken.add(labels[-1].key)
                used[labels[-1].slot] += 1
        return LabelSet(tuple(labels))

    def with_label(self, label: Label, at: int) -> LabelSet:
        """Return the set with ``label`` at place ``at``, or at the end; a key that is taken becomes the next free one.

        A label of this name is replaced.
        """
        rest = [each for each in self.labels if each.name != label.name]
        return LabelSet((*rest[:at], _fitted(label, *_taken(rest)), *rest[at:]))

    def without(self, name: str) -> LabelSet:
        """Return the set without the label of this name."""
        return LabelSet(tuple(label for label in self.labels if label.name != name))

    def described_by(self, other: LabelSet) -> LabelSet:
        """Return the set with the descriptions that ``other`` has for labels without one."""
        known = {label.name: label.description for label in other}
        return LabelSet(
            tuple(replace(each, description=each.description or known.get(each.name, "")) for each in self.labels)
        )

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

    def place(self, name: str) -> int:
        """Return where the label of this name stands, from 0; the number of labels if there is none."""
        return next((at for at, label in enumerate(self.labels) if label.name == name), len(self.labels))

    def with_key(self, key: str) -> Label | None:
        """Return the label that ``key``, one of ``CODES``, sets, or None."""
        return next((label for label in self.labels if label.key == key), None)


def label_name(text: str) -> str:
    """Return ``text`` as the name of a label, without the white space around it.

    Raises:
        EditRefused: it cannot be one, with the reason.
    """
    name = text.strip()
    if not name:
        raise EditRefused("a label needs a name")
    if name == "O":
        raise EditRefused("O means that there is no entity: it cannot be a label")
    if any(char.isspace() or not char.isprintable() for char in name):
        raise EditRefused("a label has no white space or control characters in it: CoNLL files could not hold it")
    if "," in name or "=" in name:
        raise EditRefused("a label has no comma or equals sign in it: --labels and --map could not name it")
    return name


def _taken(labels: Sequence[Label]) -> tuple[set[str], Counter[int]]:
    """Return the keys of labels, and how many have each colour slot."""
    return {each.key for each in labels}, Counter(each.slot for each in labels)


def _fitted(label: Label, taken: Container[str], used: Mapping[int, int]) -> Label:
    """Return ``label`` with a key that is not taken, and the colour slot that the fewest have if it has none."""
    key = label.key
    if not key or key in taken:
        key = next((code for code in CODES if code not in taken), "")
    slot = label.slot or min(range(1, COLOUR_SLOTS + 1), key=lambda slot: (used.get(slot, 0), slot))
    return replace(label, key=key, slot=slot)

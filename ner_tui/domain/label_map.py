"""Label maps: what a model calls things, said in the project's words.

Written ``PERSON=PER,GPE=LOC,DATE=``: the model's PERSON is our PER, its DATE is of no interest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ner_tui.domain.printable import without_surrogates
from ner_tui.domain.schemes import prefix_role, split_tag
from ner_tui.errors import InputError


@dataclass(frozen=True, slots=True)
class LabelMap:
    """From a model's labels to the project's; a label that is not named keeps its name."""

    pairs: tuple[tuple[str, str], ...] = ()
    """(model's label, project's label), an empty project's label drops the model's; model labels occur once."""
    _targets: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._targets.update(self.pairs)

    @classmethod
    def parse(cls, text: str) -> LabelMap:
        """Read the form of ``--map``, such as ``PERSON=PER,GPE=LOC,DATE=``; empty text is the map that changes nothing.

        Raises:
            InputError: an item is not ``A=B`` or ``A=``, or a model's label stands there twice, or one is no text.
        """
        pairs: dict[str, str] = {}
        for item in filter(None, (part.strip() for part in text.split(","))):
            source, equals, target = (part.strip() for part in item.partition("="))
            if not source or not equals:
                raise InputError(f"--map: {item!r} is not of the form MODEL_LABEL=LABEL, or MODEL_LABEL= to drop it")
            if pairs.get(source, target) != target:
                raise InputError(f"--map: {source} is mapped twice, to {pairs[source]!r} and {target!r}")
            if without_surrogates(target) != target:
                raise InputError(f"--map: {target!r} is not UTF-8, so it can be no label")
            pairs[source] = target
        return cls(tuple(pairs.items()))

    def __str__(self) -> str:
        """Write the map as ``parse`` reads it."""
        return ",".join(f"{source}={target}" for source, target in self.pairs)

    def target(self, label: str) -> str | None:
        """Return the project's label for a model's label; None where it is dropped."""
        return self._targets.get(label, label) or None

    def unmapped(self, model_labels: Iterable[str], project_labels: Iterable[str]) -> tuple[str, ...]:
        """Return the model's labels that would come out as labels the project does not have, in order, once each."""
        known = set(project_labels)
        targets = {label: self.target(label) for label in model_labels}
        return tuple(label for label, target in targets.items() if target is not None and target not in known)


def tag_labels(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the labels of tags such as ``O``, ``B-PER``, in order, once each."""
    parts = (split_tag(tag) for tag in tags)
    return tuple(dict.fromkeys(label for prefix, label in parts if prefix_role(prefix) != "outside" and label != "O"))

"""Prompts: the words that a GLiNER is asked for a label with, and which labels are asked for at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ner_tui.domain.labels import Label

MOST_LABELS = 25
"""Labels of a pass, at most: models have seen no more at a time, and with hundreds find nothing."""
LONGEST = 200
"""Characters of a description that are asked with; what comes behind is for people."""
_IN_WORDS = {
    "PER": "person",
    "PERS": "person",
    "ORG": "organization",
    "LOC": "location",
    "GPE": "country, city or state",
    "MISC": "miscellaneous",
    "FAC": "building or facility",
    "NORP": "nationality, religious or political group",
    "PROD": "product",
    "LAW": "law",
    "DATE": "date",
    "TIME": "time",
}
"""What models have seen for the labels of the usual corpora."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What stands for a label."""

    label: str
    text: str

    def __str__(self) -> str:
        """Return it as it is shown: ``drug``, or ``PER as “person”``."""
        return self.label if self.text == self.label else f"{self.label} as “{self.text}”"


def prompts_of(labels: Sequence[Label]) -> tuple[Prompt, ...]:
    """Return what each label is asked for with: its description, if it has one, else its name in words."""
    return tuple(Prompt(label.name, _described(label.description) or in_words(label.name)) for label in labels)


def in_words(name: str) -> str:
    """Return a label's name in words: ``PER`` as person, ``DATE_OF_BIRTH`` and ``date_of_birth`` as date of birth."""
    if known := _IN_WORDS.get(name):
        return known
    words = name.replace("_", " ").strip()
    shouted = words.isupper() and (len(words) > 4 or " " in words)
    return (words.lower() if shouted else words) or name


def passes(costs: Sequence[int], room: int) -> list[range]:
    """Cut labels into passes of about as many, in order, each of ``MOST_LABELS`` at most.

    Args:
        costs: sub-tokens of each label's prompt.
        room: sub-tokens of a pass's prompts together, at most; one that is longer alone has a pass of its own.
    """
    total = len(costs)
    for number in range(-(-total // MOST_LABELS), total + 1):
        cuts = [at * total // number for at in range(number + 1)] if number else []
        found = [range(start, end) for start, end in pairwise(cuts)]
        if all(len(each) == 1 or sum(costs[each.start : each.stop]) <= room for each in found):
            return found
    return []


def _described(description: str) -> str:
    """Return a description as a prompt: one line, cut at a word if it is long."""
    words = " ".join(description.split())
    return words if len(words) <= LONGEST else words[:LONGEST].rpartition(" ")[0]

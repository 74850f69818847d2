"""What a person's answers about possible errors say of those that are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ner_tui.auditing.evidence import sigmoid
from ner_tui.auditing.weighing import EvidenceWeights, held_by

STRENGTH = 500.0
"""Examples that the weights of the audit are worth: those that are answered first are the likeliest, and that some of
them are not right says little of how the others are to be weighed."""
CHANGE, SAME = 0.15, 1.0
"""Variances of what answers add, in log odds, for the same change of labels, and for that of the same words."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """A possible error."""

    evidence: tuple[float, ...]
    change: str
    """Which labels would be which others."""
    words: Callable[[], str]
    """Returns those it is about; asked where an answer is about the same change."""


def after_answers(
    weights: EvidenceWeights, answered: Sequence[tuple[Answerable, bool]], places: Sequence[Answerable]
) -> list[float]:
    """Return how probable each of some possible errors is.

    Args:
        weights: of the audit that found them.
        answered: those that a person has answered, and whether what stood there was wrong.
        places: those that are asked about.
    """
    if not answered:
        return [sigmoid(weights.log_odds(each.evidence)) for each in places]
    groups: dict[tuple[str, ...], int] = {}
    for each, _ in answered:
        for key in _groups(each):
            groups.setdefault(key, len(groups))
    count = len(weights.of)
    rows = [(*each.evidence, *_columns(_groups(each), groups)) for each, _ in answered]
    held = [held_by(STRENGTH, [row[at] for row in rows]) for at in range(count)]
    held += [1 / (CHANGE if len(key) == 1 else SAME) for key in groups]
    begin = EvidenceWeights((*weights.of, *(0.0 for _ in groups)), weights.bias)
    found = begin.fitted(rows, [wrong for _, wrong in answered], held=[*held, held_by(STRENGTH, [1.0])])
    audited = EvidenceWeights(found.of[:count], found.bias)

    def more(each: Answerable) -> float:
        own = [groups.get(key) for key in _groups(each)] if (each.change,) in groups else []
        return sum(found.of[count + group] for group in own if group is not None)

    return [sigmoid(audited.log_odds(each.evidence) + more(each)) for each in places]


def _columns(own: Sequence[tuple[str, ...]], groups: Mapping[tuple[str, ...], int]) -> list[float]:
    return [1.0 if key in own else 0.0 for key in groups]


def _groups(each: Answerable) -> tuple[tuple[str, ...], ...]:
    return (each.change,), (each.change, each.words().casefold())

"""The rules of conlleval.pl for B-, I- and O, as a second opinion in tests: where chunks begin, end, and are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Counts(NamedTuple):
    """Chunks by label."""

    correct: Counter[str]
    gold: Counter[str]
    guessed: Counter[str]


def _split(tag: str) -> tuple[str, str]:
    prefix, _, label = tag.partition("-")
    return prefix, label


def _ends(before: str, tag: str) -> bool:
    (prior, prior_label), (prefix, label) = _split(before), _split(tag)
    return (prior, prefix) in {("B", "B"), ("B", "O"), ("I", "B"), ("I", "O")} or (
        prior != "O" and prior_label != label
    )


def _starts(before: str, tag: str) -> bool:
    (prior, prior_label), (prefix, label) = _split(before), _split(tag)
    return (prior, prefix) in {("B", "B"), ("I", "B"), ("O", "B"), ("O", "I")} or (
        prefix != "O" and prior_label != label
    )


def _flat(sentences: Sequence[Sequence[str]]) -> Iterator[str]:
    for sentence in sentences:
        yield from sentence
        yield "O"


def conlleval(gold: Sequence[Sequence[str]], guessed: Sequence[Sequence[str]]) -> Counts:
    """Count as conlleval.pl does, tag by tag over the whole input, a blank line being an ``O``."""
    counts = Counts(Counter(), Counter(), Counter())
    running = False
    label = ""
    gold_before = guessed_before = "O"
    for right, guess in zip(_flat(gold), _flat(guessed), strict=True):
        if running:
            ends = _ends(gold_before, right), _ends(guessed_before, guess)
            if all(ends):
                running = False
                counts.correct[label] += 1
            elif any(ends) or _split(right)[1] != _split(guess)[1]:
                running = False
        starts = _starts(gold_before, right), _starts(guessed_before, guess)
        if all(starts) and _split(right)[1] == _split(guess)[1]:
            running, label = True, _split(right)[1]
        counts.gold[_split(right)[1]] += starts[0]
        counts.guessed[_split(guess)[1]] += starts[1]
        gold_before, guessed_before = right, guess
    return counts

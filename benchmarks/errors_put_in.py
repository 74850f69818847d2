"""Errors put into annotations at random, by the mix that is found in real files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ner_tui.auditing.annotated import spans_of
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.schemes import TagSpan
from ner_tui.learning.lessons import WordSpan

KINDS = (("drop", 0.45), ("relabel", 0.35), ("cut", 0.2))
CONFUSED = {"ORG": "LOC", "LOC": "ORG"}
OFTEN = 0.8


def spoilt(gold: Sequence[TaggedSentence], rate: float, dice: Random) -> tuple[list[TaggedSentence], set[int]]:
    """Return annotations with errors, one a sentence at the most, and which sentences have one."""
    labels = sorted({span.label for each in gold for span in each.spans})
    places = [(number, span) for number, each in enumerate(gold) for span in spans_of(each)]
    wanted = round(rate * len(places))
    dice.shuffle(places)
    result, wrong = list(gold), set[int]()
    for number, span in places:
        if len(wrong) == wanted:
            break
        if number in wrong:
            continue
        rest = [each for each in spans_of(gold[number]) if each != span]
        changed = _changed(span, rest, len(gold[number].words), labels, dice)
        if changed is not None:
            spans = [TagSpan(*each) for each in sorted([*rest, *changed])]
            result[number] = replace(gold[number], spans=spans)
            wrong.add(number)
    return result, wrong


def _changed(
    span: WordSpan, rest: Sequence[WordSpan], words: int, labels: Sequence[str], dice: Random
) -> list[WordSpan] | None:
    """Return what becomes of a span; None: it is left as it is this time."""
    first, end, label = span
    kind = dice.choices([name for name, _ in KINDS], [share for _, share in KINDS])[0]
    if kind == "drop":
        return [] if label == "MISC" or "MISC" not in labels or dice.random() < 0.5 else None
    if kind == "relabel":
        if label in CONFUSED and dice.random() < OFTEN:
            return [(first, end, CONFUSED[label])]
        return [(first, end, dice.choice([each for each in labels if each != label]))] if dice.random() < 0.5 else None
    near = [(first - 1, end), (first + 1, end), (first, end - 1), (first, end + 1)]
    cuts = [
        (one, other)
        for one, other in near
        if 0 <= one < other <= words and not any(one < each[1] and each[0] < other for each in rest)
    ]
    return [(*dice.choice(cuts), label)] if cuts else None

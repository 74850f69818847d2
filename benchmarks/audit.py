"""Put errors into gold annotations, and see how soon ``ner-tui audit`` finds them, beside cleanlab's score.

    python -m benchmarks.audit DATA [--seeds N] [--sittings N] [--model SPEC] [--json]

DATA is a folder with the sets. Into so many of a hundred spans an error is put, by the mix of real files: spans are
left out (MISC first), teams and cities change places, spans begin or end a word too early or too late. Sentences are
ranked by the likeliest error in them: printed are average precision, precision of the first 100, and the share of the
errors in the first tenth. Errors that the set had before count as none. Beside it stands the score of cleanlab's
``token_classification`` with its soft minimum (Wang & Mueller 2022), computed here from the same probabilities;
after 50 verdicts the first 50 places are confirmed or corrected, and those that are left are ranked anew, against the
same places as they were ranked before. Last come sittings in which sentences are checked by chance: in how many the
bounds on the errors that remain held at every look.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from ner_tui.auditing.annotated import as_text, spans_of
from ner_tui.auditing.gold import Audit, audit
from ner_tui.domain.document import Sentence
from ner_tui.domain.evaluation.auditing import bounds_of
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.schemes import TagSpan, split_tag
from ner_tui.formats import infer_format, open_source
from ner_tui.formats.tag_lines import tagged_sentences
from ner_tui.learning.lessons import WordSpan
from ner_tui.predictors import load
from ner_tui.predictors.base import Context, Piece, StatePredictor, WordProbabilities

KINDS = (("drop", 0.45), ("relabel", 0.35), ("cut", 0.2))
CONFUSED = {"ORG": "LOC", "LOC": "ORG"}
OFTEN = 0.8
RATES = (0.01, 0.03, 0.06)
VERDICTS = 50
TEMPERATURE = 0.05
CORPUS, LOOKS = 5_000, 200


@dataclass(frozen=True)
class Row:
    """A set with errors."""

    file: str
    rate: float
    dropped: str = ""
    """Labels that are left out of it."""
    out_of_fold: bool = False


ROWS = (
    *(Row("conll2003-testa.conll", rate) for rate in RATES),
    *(Row("uner-ewt-dev.conll", rate, "MISC") for rate in RATES),
    Row("conll2003-testa.conll", 0.03, out_of_fold=True),
    Row("uner-ewt-dev.conll", 0.03, "MISC", out_of_fold=True),
)


class Remembering:
    """A predictor that reads each sentence once: the same in every run."""

    def __init__(self, model: StatePredictor) -> None:
        self.info, self.channels = model.info, model.channels
        self._model = model
        self._said: dict[tuple[str, ...], list[WordProbabilities]] = {}

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        return self.predict_with_states(block, context)

    def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        key = tuple(sentence.text for sentence in block)
        if key not in self._said:
            self._said[key] = list(self._model.predict_with_states(block, context))
        return iter(self._said[key])

    def wordpieces(self, text: str) -> Iterator[Piece]:
        return self._model.wordpieces(text)

    def close(self) -> None:
        self._model.close()


def read(path: Path, dropped: str) -> list[TaggedSentence]:
    source = open_source(str(path))
    found = tagged_sentences(source, infer_format(source), lambda _: None)
    return [
        replace(each, spans=[span for span in each.spans if span.label != dropped], tags=())
        for each in found
        if each.words
    ]


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


@dataclass(frozen=True)
class Measures:
    """How soon errors are found."""

    ap: float
    first_100: float
    first_tenth: float

    @classmethod
    def of(cls, scores: Sequence[float], wrong: set[int], among: Sequence[int] | None = None) -> Measures:
        numbers = range(len(scores)) if among is None else among
        order = sorted(numbers, key=lambda number: -scores[number])
        right, total = 0, 0.0
        for rank, number in enumerate(order, 1):
            if number in wrong:
                right += 1
                total += right / rank
        sought = wrong & set(order)
        tenth = set(order[: len(scores) // 10])
        return cls(
            total / max(right, 1), len(sought & set(order[:100])) / 100, len(sought & tenth) / max(len(sought), 1)
        )


def scores_of(found: Audit, sentences: Sequence[TaggedSentence]) -> list[float]:
    """Return for each sentence how likely its likeliest error is."""
    places = {each.lines[0]: number for number, each in enumerate(sentences)}
    scores = [0.0] * len(sentences)
    for each in found.findings:
        number = places[each.sentence.lines[0]]
        scores[number] = max(scores[number], each.probability)
    return scores


def soft_minimum(sentences: Sequence[TaggedSentence], model: Remembering) -> list[float]:
    """Return for each sentence how little its tags are believed, by cleanlab's score."""
    from ner_tui.domain.blocks import blocks

    there = {span.label for each in sentences for span in each.spans}
    tags = [split_tag(tag) for tag in model.info.tags]
    columns = [(prefix, label) if label in there else ("O", "") for prefix, label in tags]
    scores, at = [], 0
    for block in blocks(as_text(each.words) for each in sentences):
        for said in model.predict(block, "document"):
            given = [("O", "")] * len(said.probabilities)
            for first, end, label in spans_of(sentences[at]):
                given[first:end] = [("B" if place == first else "I", label) for place in range(first, end)]
            chances = np.array(
                [
                    sum(float(row[column]) for column, tag in enumerate(columns) if tag == own)
                    for row, own in zip(said.probabilities, given, strict=True)
                ]
            )
            weights = np.exp((1 - chances) / TEMPERATURE)
            scores.append(-float(chances @ weights / weights.sum()))
            at += 1
    return scores


def run(row: Row, data: Path, model: Remembering, seed: int) -> dict[str, float | int]:
    gold = read(data / row.file, row.dropped)
    sentences, wrong = spoilt(gold, row.rate, Random(seed))

    def audited(some: Sequence[TaggedSentence]) -> list[float]:
        found = audit(lambda: iter(some), model, LabelMap(), "document", 0.0, out_of_fold=row.out_of_fold)
        return scores_of(found, some)

    scores = audited(sentences)
    ours, theirs = Measures.of(scores, wrong), Measures.of(soft_minimum(sentences, model), wrong)
    first = set(sorted(range(len(scores)), key=lambda number: -scores[number])[:VERDICTS])
    told = [
        replace(gold[number] if number in wrong else each, confirmed=True) if number in first else each
        for number, each in enumerate(sentences)
    ]
    left = [number for number in range(len(scores)) if number not in first]
    return {
        "sentences": len(gold),
        "errors": len(wrong),
        "ap": ours.ap,
        "first_100": ours.first_100,
        "first_tenth": ours.first_tenth,
        "softmin_ap": theirs.ap,
        "softmin_first_tenth": theirs.first_tenth,
        "left_ap": Measures.of(scores, wrong, left).ap,
        "left_ap_after_verdicts": Measures.of(audited(told), wrong, left).ap,
    }


def coverage(sittings: int, share: float, dice: Random) -> tuple[float, float]:
    """Return in which share of sittings the bounds on what is left held at every look, and how wide they were at last.

    Args:
        sittings: how many, of `LOOKS` sentences checked one after the other, of `CORPUS`.
        share: of the sentences that are wrong.
    """
    held = width = 0.0
    wrong = round(share * CORPUS)
    for _ in range(sittings):
        seen, always, last = 0, True, 0
        for checked, number in enumerate(dice.sample(range(CORPUS), LOOKS), 1):
            seen += number < wrong
            low, high = bounds_of(seen, checked, CORPUS - checked)
            always, last = always and low <= wrong - seen <= high, high - low
        held += always / sittings
        width += last / sittings / (CORPUS - LOOKS)
    return held, width


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=3, help="ways to put errors in (default: 3)")
    parser.add_argument("--sittings", type=int, default=1_000, help="to simulate for the bounds (default: 1,000)")
    parser.add_argument("--model", default="", help="as for ner-tui (default: the bundled one)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args()
    loaded = load(arguments.model)
    assert isinstance(loaded, StatePredictor)
    model = Remembering(loaded)
    everything: dict[str, dict[str, float]] = {}
    for row in ROWS:
        runs = [run(row, arguments.data, model, seed) for seed in range(arguments.seeds)]
        mean = {name: sum(each[name] for each in runs) / len(runs) for name in runs[0]}
        name = f"{Path(row.file).stem}, {row.rate:.0%}{', out of fold' if row.out_of_fold else ''}"
        everything[name] = mean
        if not arguments.json:
            print(
                f"{name}: AP {mean['ap']:.3f} (token scores {mean['softmin_ap']:.3f}), "
                f"first 100 {mean['first_100']:.0%}, found in the first tenth {mean['first_tenth']:.0%} "
                f"({mean['softmin_first_tenth']:.0%}), left after 50 {mean['left_ap']:.3f}, "
                f"with the verdicts {mean['left_ap_after_verdicts']:.3f}",
                flush=True,
            )
    for share in (0.01, 0.05, 0.2):
        held, width = coverage(arguments.sittings, share, Random(0))
        everything[f"bounds, {share:.0%} wrong"] = {"held": held, "width": width}
        if not arguments.json:
            print(
                f"{share:.0%} wrong: the bounds held at every look in {held:.1%} of sittings, {width:.3f} wide at last"
            )
    if arguments.json:
        print(json.dumps(everything))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Put errors into gold annotations, and see how soon ``ner-tui audit`` finds them, beside cleanlab's score.

    python -m benchmarks.audit DATA [--seeds N] [--sittings N] [--model SPEC] [--json]
    python -m benchmarks.audit DATA --sentences N [--model SPEC] [--json]

DATA is a folder with the sets. Into so many of a hundred spans an error is put, by the mix of real files: spans are
left out (MISC first), teams and cities change places, spans begin or end a word too early or too late. Sentences are
ranked by the likeliest error in them: printed are average precision, precision of the first 100, and the share of the
errors in the first tenth. Errors that the set had before count as none. Beside it stands the score of cleanlab's
``token_classification`` with its soft minimum (Wang & Mueller 2022), computed here from the same probabilities;
after 50 answers, to the likeliest error of each of the first 50 sentences, those that are left are ranked anew by what
the answers say, and by an audit of what is then confirmed or corrected, against the same sentences as they were ranked
before. Last come sittings in which sentences are checked by chance: in how many the
bounds on the errors that remain held at every look. With a number of sentences, what an audit of so many takes is
measured instead, beside predicting them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.audit_scale import rows
from benchmarks.errors_put_in import spoilt
from benchmarks.table import show
from ner_tui.auditing.annotated import as_text, spans_of
from ner_tui.auditing.answers import Answerable, after_answers
from ner_tui.auditing.gold import Audit, Finding, audit
from ner_tui.domain.document import Sentence
from ner_tui.domain.evaluation.auditing import bounds_of
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.schemes import split_tag
from ner_tui.formats import infer_format, open_source
from ner_tui.formats.tag_lines import tagged_sentences
from ner_tui.predictors import load
from ner_tui.predictors.base import Context, Piece, StatePredictor, WordProbabilities

RATES = (0.01, 0.03, 0.06)
ANSWERS = 50
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


def scores_of(
    found: Audit, sentences: Sequence[TaggedSentence], probabilities: Sequence[float] | None = None
) -> list[float]:
    """Return for each sentence how likely its likeliest error is.

    Args:
        found: the errors.
        sentences: all that there are.
        probabilities: of the errors; as they were found if not given.
    """
    scores = [0.0] * len(sentences)
    chances = [each.probability for each in found.findings] if probabilities is None else probabilities
    for number, chance in zip(sentences_of(found, sentences), chances, strict=True):
        scores[number] = max(scores[number], chance)
    return scores


def sentences_of(found: Audit, sentences: Sequence[TaggedSentence]) -> list[int]:
    """Return the number of the sentence of each error."""
    places = {each.lines[0]: number for number, each in enumerate(sentences)}
    return [places[each.sentence.lines[0]] for each in found.findings]


def answered_scores(
    found: Audit, sentences: Sequence[TaggedSentence], gold: Sequence[TaggedSentence], first: set[int]
) -> list[float]:
    """Return the scores when the likeliest error of each of some sentences has been answered, as the app has them."""
    answers: dict[int, tuple[Answerable, bool]] = {}
    for number, each in zip(sentences_of(found, sentences), found.findings, strict=True):
        if number in first and number not in answers:
            about = each.about
            put_in = set(spans_of(gold[number])) ^ set(spans_of(sentences[number]))
            is_wrong = any(span[0] < about.end and about.first < span[1] for span in put_in)
            answers[number] = _answerable(each), is_wrong
    chances = after_answers(found.weights, list(answers.values()), [_answerable(each) for each in found.findings])
    return scores_of(found, sentences, chances)


def _answerable(found: Finding) -> Answerable:
    about = found.about
    change = " → ".join(", ".join(label for *_, label in spans) for spans in (about.given, about.proposed))
    return Answerable(found.evidence, change, lambda: " ".join(found.sentence.words[about.first : about.end]))


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

    def audited(some: Sequence[TaggedSentence]) -> Audit:
        return audit(lambda: iter(some), model, LabelMap(), "document", 0.0, out_of_fold=row.out_of_fold)

    found = audited(sentences)
    scores = scores_of(found, sentences)
    ours, theirs = Measures.of(scores, wrong), Measures.of(soft_minimum(sentences, model), wrong)
    first = set(sorted(range(len(scores)), key=lambda number: -scores[number])[:ANSWERS])
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
        "left_ap_by_answers": Measures.of(answered_scores(found, sentences, gold, first), wrong, left).ap,
        "left_ap_audited_anew": Measures.of(scores_of(audited(told), told), wrong, left).ap,
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
    parser.add_argument("--sentences", type=int, help="audit and predict so many, and measure time and memory")
    parser.add_argument("--model", default="", help="as for ner-tui (default: the bundled one)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args()
    if arguments.sentences:
        show(rows(arguments.data, arguments.sentences, arguments.model), as_json=arguments.json)
        return 0
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
                f"by the answers {mean['left_ap_by_answers']:.3f}, audited anew {mean['left_ap_audited_anew']:.3f}",
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

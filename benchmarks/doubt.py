"""Print how well rules of doubt find the bundled model's wrong suggestions, and the entities a file lacks.

    python -m benchmarks.doubt DATA [--set SET] [--json]

DATA is a folder with the dev sets in two columns. A rule names suggestions to be looked at: the share of these that is
wrong is its precision, the share of all the wrong ones that it names its recall. Each rule has a number that doubtful
suggestions are below; a row for each threshold, the shipped one with a star, and the best recall at a precision of 0.4
whatever the threshold. Below it: a project is made of CoNLL-2003 testa without 20 of its entities, chosen by a seed,
and predicted; how many of the 20 are in the queue?
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.annotation.suggestions import DOUBTFUL_BELOW, Suggestion, is_doubtful
from ner_tui.domain.blocks import blocks
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.formats import open_source, read
from ner_tui.predictors import load
from ner_tui.predictors.base import Context, Predictor
from ner_tui.predictors.suggesting import suggest
from ner_tui.session import Place, SessionOptions, open_session


class Set(NamedTuple):
    file: str
    context: Context
    has_misc: bool
    """Whether it annotates MISC as CoNLL-2003 does; if not, that is left out."""


class Said(NamedTuple):
    """A suggestion with what rules may look at."""

    suggestion: Suggestion
    words: int
    others: float
    """Share of the suggestions of the same words in the document that have another label."""
    wrong: bool


class Result(NamedTuple):
    rule: str
    threshold: float
    named: int
    precision: float
    recall: float
    shipped: bool = False


SETS = (
    Set("conll2003-testa", "document", True),
    Set("uner-ewt-dev", "document", False),
    Set("btc-dev", "sentence", False),
    Set("wnut17-dev", "sentence", False),
)
LEAST_PRECISION = 0.4
GOLD = "conll2003-testa"
DELETED, SEED = 20, 0
TAB = "\t"


def per_word(said: Said) -> float:
    return float(said.suggestion.score ** (1 / said.words))


RULES: dict[str, tuple[Callable[[Said], float], tuple[float, ...]]] = {
    "score": (lambda said: said.suggestion.score, (0.7, 0.8, 0.82, 0.85)),
    "margin": (lambda said: said.suggestion.margin, (0.5, 0.65, 0.7, 0.75)),
    "score, other label elsewhere": (lambda said: said.suggestion.score - 0.1 * said.others, (0.8, 0.82, 0.85)),
    "score + 0.04 a further word": (lambda said: said.suggestion.score + 0.04 * (said.words - 1), (0.83, 0.84, 0.85)),
    "score per word": (per_word, (0.85, 0.86, DOUBTFUL_BELOW, 0.88, 0.89)),
    "score per word, other label": (lambda said: per_word(said) - 0.05 * said.others, (0.86, 0.87, 0.88)),
}


def suggestions(model: Predictor, path: Path, one: Set) -> list[Said]:
    """Return what a model suggests in a set, held against gold."""
    documents: list[list[AnnotatedSentence]] = []
    for item in read(open_source(str(path))):
        if isinstance(item, DocumentStart):
            documents.append([])
        elif isinstance(item, AnnotatedSentence):
            documents[-1].append(item)
    return [said for document in documents for said in in_document(model, document, one)]


def in_document(model: Predictor, document: list[AnnotatedSentence], one: Set) -> Iterator[Said]:
    found: list[tuple[AnnotatedSentence, Suggestion, str]] = []
    gold = iter(document)
    for block in blocks(each.sentence for each in document):
        for some in suggest(model, block, context=one.context):
            annotated = next(gold)
            base = annotated.sentence.start
            for each in some:
                if one.has_misc or each.span.label != "MISC":
                    text = annotated.sentence.text[each.span.start - base : each.span.end - base]
                    found.append((annotated, each, text))
    labels = Counter((text, each.span.label) for _, each, text in found)
    texts = Counter(text for _, _, text in found)
    for annotated, each, text in found:
        words = len(annotated.sentence.tokens_touching(each.span.start, each.span.end))
        others = 1 - labels[text, each.span.label] / texts[text]
        yield Said(each, words, others, each.span not in annotated.spans)


def results(found: list[Said]) -> Iterator[Result]:
    """Yield what each rule comes to."""
    wrong = sum(each.wrong for each in found)

    def judged(rule: str, threshold: float, number: Callable[[Said], float], *, shipped: bool = False) -> Result:
        named = [each for each in found if number(each) < threshold]
        right = sum(each.wrong for each in named)
        return Result(rule, threshold, len(named), right / max(1, len(named)), right / max(1, wrong), shipped)

    for rule, (number, thresholds) in RULES.items():
        for threshold in thresholds:
            shipped = rule == "score per word" and threshold == DOUBTFUL_BELOW
            if shipped:
                by_rule = sum(is_doubtful(each.suggestion.score, each.words) for each in found)
                assert by_rule == judged(rule, threshold, number).named, "the program has another rule"
            yield judged(rule, threshold, number, shipped=shipped)
        every = [judged(rule, at / 200, number) for at in range(80, 200)]
        enough = [each for each in every if each.precision >= LEAST_PRECISION]
        if enough:
            yield max(enough, key=lambda each: each.recall)._replace(rule=f"{rule}, best")


class Deleted(NamedTuple):
    """An entity that was taken out of a gold file."""

    document: int
    """From 0."""
    first: int
    """Number of its first word in the document, from 0."""
    label: str


def without_some(path: Path, out: Path) -> list[Deleted]:
    """Write a gold file, ``-DOCSTART-`` before each document, without some entities, and return these."""
    lines = path.read_text(encoding="utf-8").split("\n")
    entities: list[tuple[int, Deleted]] = []
    document, words = -1, 0
    for at, line in enumerate(lines):
        if line.startswith("-DOCSTART-"):
            document, words = document + 1, 0
        elif line:
            tag = line.split("\t")[-1]
            if tag.startswith("B-"):
                entities.append((at, Deleted(document, words, tag[2:])))
            words += 1
    chosen = sorted(random.Random(SEED).sample(entities, DELETED))
    for at, _ in chosen:
        lines[at] = f"{lines[at].split(TAB)[0]}{TAB}O"
        following = at + 1
        while TAB + "I-" in lines[following]:
            lines[following] = f"{lines[following].split(TAB)[0]}{TAB}O"
            following += 1
    out.write_text("\n".join(lines), encoding="utf-8")
    return [deleted for _, deleted in chosen]


def found_again(path: Path) -> dict[str, int]:
    """Return how many of the deleted entities are suggested, how many are in the queue, and how long that is."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gold.conll"
        deleted = without_some(path, file)
        session = open_session([str(file)], SessionOptions(project=str(Path(folder) / "p.ner"), load=lambda _: load()))
        if indexing := session.indexing():
            list(indexing.run(lambda: False))
        prediction = session.prediction(lambda: Place(1, 0))
        assert prediction is not None
        list(prediction.run(lambda: False))
        doubts = {
            (each.doubt.document, each.doubt.start, each.doubt.label)
            for each in session.queue.entries(DoubtFilter())
            if each.doubt.reason != "audit"
        }
        suggested = named = 0
        rows = session.rows()
        for one in deleted:
            document = session.open(rows[one.document].id)
            start = document.tokens[one.first][0]
            drawn = document.span_at(start)
            suggested += drawn is not None and (drawn.span.start, drawn.span.label) == (start, one.label)
            named += (document.id, start, one.label) in doubts
        session.close()
        return {"deleted": len(deleted), "suggested": suggested, "in the queue": named, "queue": len(doubts)}


def show(name: str, found: list[Said]) -> None:
    wrong = sum(each.wrong for each in found)
    print(f"{name}: {len(found):,} suggestions, {wrong:,} wrong")
    print(f"  {'rule':38}{'below':>7}{'named':>7}{'precision':>11}{'recall':>8}")
    for row in results(found):
        figures = f"{row.threshold:7.3f}{row.named:7,}{100 * row.precision:11.1f}{100 * row.recall:8.1f}"
        print(f"  {row.rule:38}{figures}{'  *' if row.shipped else ''}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", choices=[each.file for each in SETS], action="append", help="only this set")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    model, printed = load(), dict[str, object]()
    for one in SETS:
        if arguments.set and one.file not in arguments.set:
            continue
        found = suggestions(model, arguments.data / f"{one.file}.conll", one)
        printed[one.file] = [row._asdict() for row in results(found)]
        if not arguments.json:
            show(one.file, found)
    if not arguments.set or GOLD in arguments.set:
        printed["without some entities"] = again = found_again(arguments.data / f"{GOLD}.conll")
        if not arguments.json:
            print(f"{GOLD} without some entities: {', '.join(f'{number:,} {what}' for what, number in again.items())}")
    if arguments.json:
        print(json.dumps(printed))


if __name__ == "__main__":
    main()

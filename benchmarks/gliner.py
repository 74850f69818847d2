"""Count the spans that a GLiNER finds as the gliner package does with the same graph, and say how fast it reads.

    python -m benchmarks.gliner FOLDER... [--text FILE]

A folder is that of a model with an ``expected.jsonl``: what the package finds in texts, a line each, with the labels
asked for and the threshold; ``tests/predictors/gliner/models/span`` and ``token`` are two. Words a second, by the clock
and by the processors' time, are of a text file, or else of these texts one behind the other, asked for three labels.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.domain.spans import Token
from ner_tui.predictors.base import TextSource
from ner_tui.predictors.gliner.model import Gliner
from ner_tui.predictors.gliner.settings import Settings

ROUNDS = 3
Place = tuple[int, int, str]


class Case(NamedTuple):
    """A text, and what the package finds in it."""

    text: str
    labels: list[str]
    threshold: float
    spans: dict[Place, float]


def cases(path: Path) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        spans = {(start, end, label): score for start, end, label, score in each["spans"]}
        yield Case(each["text"], each["labels"], each["threshold"], spans)


def in_its_words(text: str) -> Sentence:
    """Return a sentence whose tokens are the words that the package counts, so that every span has a place."""
    places = (match.span() for match in re.finditer(r"\w+(?:[-_]\w+)*|\S", text))
    return Sentence(0, text, tuple(Token(*place) for place in places))


def asked(model: Gliner, labels: Sequence[str], threshold: float) -> TextSource:
    return model.source([Label(name, "", 0) for name in labels], LabelMap(), "document", threshold)


def compare(model: Gliner, known: Sequence[Case]) -> str:
    texts, wanted, same, largest = 0, 0, 0, 0.0
    for case in known:
        ((_, (found,)),) = asked(model, case.labels, case.threshold).ahead([[in_its_words(case.text)]])
        ours = {(s.span.start, s.span.end, s.span.label): s.score for s in found}
        texts += ours.keys() == case.spans.keys()
        wanted += len(case.spans)
        same += len(ours.keys() & case.spans.keys())
        largest = max([largest, *(abs(ours[place] - case.spans[place]) for place in ours.keys() & case.spans.keys())])
    return f"{texts} of {len(known)} texts, {same} of {wanted} spans, scores differ by {largest:.6f} at most"


def speed(model: Gliner, text: str) -> str:
    sentences = list(segment(text))
    words = sum(len(sentence.tokens) for sentence in sentences)
    source, taken = asked(model, ("person", "organization", "location"), FLOOR), []
    for _ in range(ROUNDS):
        clock, processors = time.perf_counter(), time.process_time()
        for _ in source.ahead(blocks(sentences)):
            pass
        taken.append((time.perf_counter() - clock, time.process_time() - processors))
    clock, processors = (min(each) for each in zip(*taken, strict=True))
    return f"{words:,} words: {words / clock:,.0f} a second, {words / processors:,.0f} a second of a processor"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER", type=Path)
    parser.add_argument("--text", type=Path)
    arguments = parser.parse_args()
    for folder in arguments.folders:
        known = list(cases(folder / "expected.jsonl"))
        model = Gliner(Settings.read(folder, folder.name))
        text = arguments.text.read_text(encoding="utf-8") if arguments.text else "\n\n".join(c.text for c in known)
        print(f"{folder.name}: {compare(model, known)}")
        print(f"{folder.name}: {speed(model, text)}")
        model.close()


if __name__ == "__main__":
    main()

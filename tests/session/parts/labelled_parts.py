"""Files whose parts are labelled by a model that is quick, and what is known of them then."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.errors import ModelError
from ner_tui.predictors.base import SuggestedPart
from ner_tui.session.parts.doing import PartWorker
from ner_tui.session.parts.marks import Mark, PartJob
from ner_tui.session.parts.planning import ReadingOptions, plan_file
from ner_tui.session.transfer.headless import StreamPredictor

PARTED = "-DOCSTART-\tO\n\n"
"""What stands between two documents."""


class Names:
    """A model that finds each Ada, and fails at a word."""

    remarks: tuple[str, ...] = ()
    labels = unmapped = ()

    def __init__(self, label: str = "PER", fails: str = "") -> None:
        self.run = PredictionRun(label, label, "", "")
        self.label, self.fails = label, fails
        self.closed = False

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        return self.ahead([block])

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        for block in blocks:
            if any(self.fails in sentence.words for sentence in block):
                raise ModelError("no memory")
            yield block, [tuple(self.found(sentence)) for sentence in block]

    def found(self, sentence: Sentence) -> Iterator[Suggestion]:
        for token, word in zip(sentence.tokens, sentence.words, strict=True):
            if word == "Ada":
                yield Suggestion(Span(token.start, token.end, self.label), 1.0, 1.0)

    def close(self) -> None:
        self.closed = True


def written(name: str, numbers: Iterable[int]) -> str:
    """Write a file of sentences, and return what it is with tags for each Ada."""
    text = "".join(f"Ada\tO\nleft\tO\n{name}{at}\tO\n\n" for at in numbers)
    Path(f"{name}.conll").write_text(text)
    return text.replace("Ada\tO", "Ada\tB-PER")


def jobs(*names: str, by_document: bool = False) -> list[PartJob]:
    """Plan the parts of files, which are columns where their names do not say."""
    paths = [name if "." in name else f"{name}.conll" for name in names]
    plan = [plan_file(path, ReadingOptions(), lambda told: None) for path in paths]
    places = [(file, part) for file in plan for part in file.parts]
    return [
        PartJob(file, part, "parts", number, "conll", "iob2", "\t", number > 0 and not by_document, by_document)
        for number, (file, part) in enumerate(places)
    ]


def worker(*models: Names) -> PartWorker:
    """A worker that loads one model after the other, the last one again and again."""
    waiting = deque(models or [Names()])
    return PartWorker(lambda: StreamPredictor(waiting.popleft() if len(waiting) > 1 else waiting[0], None))


def done(some: Sequence[PartJob], by: PartWorker | None = None) -> list[tuple[PartJob, Mark]]:
    """Do parts and return them with their marks."""
    by = by or worker()
    return [(job, by.do(job)[0]) for job in some]


def made(job: PartJob, **known: object) -> tuple[PartJob, Mark]:
    """Return a part with a mark that says something of it."""
    return job, replace(Mark("k", "i", 9, 9, "o", lines=10, words=7), **known)  # type: ignore[arg-type]

"""Replay a corpus through the real session with an annotator who knows gold, with learning and without.

    python -m benchmarks.learning DATA [--stream FILE]... [--known] [--sentences N] [--no-peers] [--json]

DATA is a folder with the sets; ``--stream`` replays column files instead, whose labels the model knows if ``--known``
is given. The annotator takes the sentences in the order of the file: every span of gold that is not suggested as it is
costs a correction, every suggestion where gold has nothing another one; then the sentence is confirmed. Printed is, for
each stream, how many corrections its last 80 % took, with and without learning, and with the peers: a CRF that is
fitted anew every ten sentences (python-crfsuite), a dictionary of decided strings, and spaCy's ``nlp.update``, each
where it is installed; span F1 of the suggestions for sentences not yet seen; how many right suggestions of the model
were broken for each wrong one repaired; and the seconds that learning took.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import process_time

from benchmarks.learning_peers import peers
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import infer_format, open_source, read
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor, StatePredictor
from ner_tui.predictors.suggesting import ModelSource
from ner_tui.session import Place, ProjectPrediction, Session, SessionOptions, open_session
from ner_tui.session.learning import Learning
from ner_tui.session.prediction import BlockResult, Learnt
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.store.project import Project

BUDGETS = (5, 10, 20, 50, 100, 200)
LATE = 0.2
"""Share of a stream whose corrections are not counted."""
NEWS = ("PER", "ORG", "LOC", "MISC")

WordSpan = tuple[int, int, str]


@dataclass(frozen=True, eq=False)
class Stream:
    """A file to replay."""

    path: Path
    is_known: bool
    """Whether the model knows its labels."""
    sentences: int = 400
    dropped: tuple[str, ...] = ()
    """Labels that count as nothing."""

    @property
    def labels(self) -> list[str]:
        """The project's."""
        there = {label for _, spans in self.gold for _, _, label in spans}
        return [label for label in NEWS if label in there] + sorted(there.difference(NEWS))

    @property
    def label_map(self) -> LabelMap:
        """Drops the model's labels that the stream does not have."""
        return LabelMap(tuple((label, "") for label in NEWS if label not in self.labels))

    @cached_property
    def gold(self) -> list[tuple[tuple[str, ...], tuple[WordSpan, ...]]]:
        """The words of each sentence and its spans, in words."""
        source = open_source(str(self.path))
        found: list[tuple[tuple[str, ...], tuple[WordSpan, ...]]] = []
        for item in read(source, inference=infer_format(source)):
            if isinstance(item, AnnotatedSentence) and item.sentence.tokens and len(found) < self.sentences:
                starts = {token.start: number for number, token in enumerate(item.sentence.tokens)}
                ends = {token.end: number + 1 for number, token in enumerate(item.sentence.tokens)}
                spans = tuple(
                    (starts[s.start], ends[s.end], s.label) for s in item.spans if s.label not in self.dropped
                )
                found.append((tuple(item.sentence.words), spans))
        return found


def streams(data: Path) -> list[Stream]:
    """Return those of the issue's table that are there."""
    without_misc = ("MISC",)
    listed = [
        Stream(data / "crossner-music.conll", is_known=False),
        Stream(data / "crossner-literature.conll", is_known=False),
        Stream(data / "uner-ewt-dev.conll", True, 400, without_misc),
        Stream(data / "btc-dev.conll", True, 400, without_misc),
        Stream(data / "wnut17-dev.conll", True, 400, without_misc),
        Stream(data / "conll2003-testa.conll", True, 1_000),
    ]
    return [stream for stream in listed if stream.path.is_file()]


@dataclass
class Replay:
    """What came of one way through a stream."""

    corrections: list[int] = field(default_factory=list)
    """Of each sentence."""
    suggested: list[set[WordSpan]] = field(default_factory=list)
    fits: list[float] = field(default_factory=list)
    """Seconds of processor time until something was learnt."""
    f1: dict[int, float] = field(default_factory=dict)

    @property
    def late(self) -> int:
        """Corrections in the last 80 %."""
        return sum(self.corrections[int(LATE * len(self.corrections)) :])


def corrections(suggested: Iterable[WordSpan], gold: Sequence[WordSpan]) -> int:
    """Count: spans of gold that are not suggested as they are, and suggestions where gold has nothing."""
    said, right = set(suggested), set(gold)
    extra = [span for span in said - right if not any(span[0] < end and start < span[1] for start, end, _ in gold)]
    return len(right - said) + len(extra)


def f1(said: Sequence[set[WordSpan]], gold: Sequence[set[WordSpan]]) -> float:
    """Return strict span F1 in per cent."""
    right = sum(len(one & other) for one, other in zip(said, gold, strict=True))
    total = sum(map(len, said)) + sum(map(len, gold))
    return 200 * right / max(total, 1)


class Annotator:
    """Works through a project while it is predicted, as ``ProjectPrediction`` asks where the reader is."""

    def __init__(self, path: Path, session: Session, stream: Stream, predictor: Predictor, learn: bool) -> None:
        self.path = path
        self.session = session
        self.stream = stream
        self.predictor = predictor
        self.learn = learn
        self.replay = Replay()
        project = Project.open(path, read_only=True)
        self.sentences = [
            (document, sentence)
            for document in project.content.document_ids()
            for sentence in project.content.sentences(document)
            if sentence.tokens
        ]
        project.close()
        self.is_busy = True
        self._begun = process_time()

    @property
    def is_done(self) -> bool:
        return len(self.replay.corrections) == len(self.sentences)

    def place(self) -> Place:
        document, sentence = self.sentences[min(len(self.replay.corrections), len(self.sentences) - 1)]
        return Place(document, sentence.start)

    def everywhere(self) -> bool:
        """Called before each look for something to predict: where nothing happened since the last, it is my turn."""
        if self.learn and not self.is_busy and not self.is_done:
            self.next()
            self._begun = process_time()
        self.is_busy = False
        return True

    def note(self, event: object) -> None:
        if isinstance(event, Learnt | BlockResult):
            self.is_busy = True
        if isinstance(event, Learnt):
            self.replay.fits.append(process_time() - self._begun)

    def next(self) -> None:
        """Correct and confirm the next sentence."""
        number = len(self.replay.corrections)
        document, sentence = self.sentences[number]
        words, gold = self.stream.gold[number]
        assert tuple(sentence.words) == words
        if self.session.document.id != document:
            self.session.open(document)
        suggested = self._suggested(sentence)
        self.replay.suggested.append(suggested)
        self.replay.corrections.append(corrections(suggested, gold))
        edits = self.session.corrections
        for first, end, label in gold:
            if (first, end, label) not in suggested:
                begin, stop = sentence.tokens[first].start, sentence.tokens[end - 1].end
                edits.label(begin, stop, label, cursor=begin, join=True)
        for first, end, label in self._suggested(sentence):
            if (first, end, label) not in gold:
                edits.remove(sentence.tokens[first].start)
        edits.confirm(sentence.start)
        done = number + 1
        if self.learn and done in BUDGETS and done < len(self.sentences):
            self.replay.f1[done] = self._f1(done)

    def _suggested(self, sentence: Sentence) -> set[WordSpan]:
        marks = self.session.document.spans(sentence.start, sentence.end)
        return _in_words(sentence, [mark.span for mark in marks if mark.kind == "suggested"])

    def _f1(self, done: int) -> float:
        """Return how good the suggestions for the sentences to come are, after so many were confirmed."""
        project = Project.open(self.path, read_only=True)
        try:
            label_map = self.stream.label_map
            model = ModelSource(self.predictor, label_map, "document")
            learning = Learning(project, self.predictor, model, label_map, "document")
            while not learning.has_looked:
                learning.refresh(lambda: False)
            said: list[set[WordSpan]] = []
            for document in dict.fromkeys(document for document, _ in self.sentences[done:]):
                for block in blocks(list(project.content.sentences(document))):
                    for some, found in learning.suggest(block):
                        said += [
                            _in_words(each, [s.span for s in group if not s.below_threshold])
                            for each, group in zip(some, found, strict=True)
                            if each.tokens
                        ]
        finally:
            project.close()
        left = [set(spans) for _, spans in self.stream.gold[done:]]
        return f1(said[-len(left) :], left)


def _in_words(sentence: Sentence, spans: Iterable[Span]) -> set[WordSpan]:
    starts = {token.start: number for number, token in enumerate(sentence.tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(sentence.tokens)}
    return {(starts[s.start], ends[s.end], s.label) for s in spans if s.start in starts and s.end in ends}


def replay(stream: Stream, predictor: Predictor, *, learn: bool) -> Replay:
    """Take an annotator through a stream, in a project of its own."""
    with tempfile.TemporaryDirectory() as name:
        text, project = Path(name) / "stream.conll", Path(name) / "p.ner"
        text.write_text(
            "\n".join("".join(f"{word} O\n" for word in words) for words, _ in stream.gold), encoding="utf-8"
        )
        options = SessionOptions(
            project=str(project),
            labels=LabelSet.of(stream.labels),
            learn=learn,
            read=ReadOptions(ignore_tags=True),
            load=lambda _: Lasting(predictor),
        )
        session = open_session([str(text)], options)
        try:
            annotator = Annotator(project, session, stream, predictor, learn)
            prediction = session.prediction(annotator.place, annotator.everywhere)
            assert isinstance(prediction, ProjectPrediction)
            for event in prediction.run(lambda: annotator.is_done):
                annotator.note(event)
            while not annotator.is_done:
                annotator.next()
        finally:
            session.close()
        return annotator.replay


class Lasting:
    """A predictor that is used again after somebody has closed it."""

    def __init__(self, predictor: Predictor) -> None:
        assert isinstance(predictor, StatePredictor)
        self.info, self.channels = predictor.info, predictor.channels
        self.predict, self.predict_with_states = predictor.predict, predictor.predict_with_states
        self.wordpieces = predictor.wordpieces

    def close(self) -> None:
        """Stay as it is."""


def measure(stream: Stream, predictor: Predictor, *, with_peers: bool) -> dict[str, object]:
    """Return the figures of a stream."""
    alone, learning = replay(stream, predictor, learn=False), replay(stream, predictor, learn=True)
    gold = [set(spans) for _, spans in stream.gold]
    broken = repaired = 0
    for before, after, right in zip(alone.suggested, learning.suggested, gold, strict=True):
        broken += len((before & right) - after)
        repaired += len((after & right) - before) + len((before - right) - after)
    late = slice(int(LATE * len(gold)), None)
    found: dict[str, object] = {
        "static": sum(alone.corrections),
        "learning": sum(learning.corrections),
        "last80": {"static": alone.late, "learning": learning.late},
        "f1": {str(done): round(value, 1) for done, value in learning.f1.items()},
        "broken": broken,
        "repaired": repaired,
        "fit_p95": round(sorted(learning.fits)[int(0.95 * len(learning.fits))], 3) if learning.fits else 0.0,
        "fit_most": round(max(learning.fits, default=0.0), 3),
    }
    if with_peers:
        said = peers(stream.gold)
        found["peers"] = {
            name: sum(corrections(some, spans) for some, (_, spans) in list(zip(rows, stream.gold, strict=True))[late])
            for name, rows in said.items()
        }
    return found


def show(name: str, found: dict[str, object]) -> None:
    late = found["last80"]
    assert isinstance(late, dict)
    ratio = late["learning"] / max(late["static"], 1)
    print(f"{name}: corrections in the last 80 %: {late['learning']} of {late['static']} ({ratio:.2f} x)")
    print(f"  broken {found['broken']}, repaired {found['repaired']}; F1 unseen {found['f1']}")
    print(f"  a fit takes {found['fit_p95']} s (p95), {found['fit_most']} s at most; peers {found.get('peers', {})}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--stream", type=Path, action="append", default=[])
    parser.add_argument("--known", action="store_true", help="the model knows the labels of the streams")
    parser.add_argument("--sentences", type=int, help="of each stream at the most")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    asked = [Stream(path, arguments.known) for path in arguments.stream] or streams(arguments.data)
    predictor = load("bundled")
    found = {}
    for stream in asked:
        if arguments.sentences:
            stream = replace(stream, sentences=arguments.sentences)
        found[stream.path.name] = measure(stream, predictor, with_peers=not arguments.no_peers)
        if not arguments.json:
            show(stream.path.name, found[stream.path.name])
    if arguments.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()

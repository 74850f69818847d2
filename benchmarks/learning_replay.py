"""One way through a stream by an annotator who knows gold, in a real project that is predicted and learnt from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from benchmarks.learning_streams import Stream, WordSpan
from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.spans import Span
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


@dataclass
class Replay:
    """What came of one way through a stream."""

    corrections: list[int] = field(default_factory=list)
    """Of each sentence."""
    suggested: list[set[WordSpan]] = field(default_factory=list)
    presses: int = 0
    """Keys beside those that move: a label's two, one to remove, to accept and to confirm."""
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
                self.replay.presses += 2
        for first, end, label in self._suggested(sentence):
            if (first, end, label) not in gold:
                edits.remove(sentence.tokens[first].start)
                self.replay.presses += 1
        left = edits.confirm(sentence.start).left
        for offset in left:
            edits.accept(offset)
        if left:
            edits.confirm(sentence.start)
        self.replay.presses += 1 + len(left)
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

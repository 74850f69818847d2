"""The way of suggestion sources through a project: block after block, near the reader first, and what was learnt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic, sleep
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.suggestions import FLOOR, Suggestion, is_doubtful
from ner_tui.domain.spans import Span
from ner_tui.session.pattern_run import PatternRun
from ner_tui.session.place import Place
from ner_tui.session.prediction_runs import LearningRun, Run
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence

LONG = 600.0
"""Seconds that a prediction may take before somebody is asked."""
MEASURED = 3.0
"""Seconds of predicting after which its rate can be relied on."""
NEAR = 20_000
"""Characters around the reader that are predicted when the rest is not wanted."""
AHEAD = 6_000
"""Characters after the reader whose suggestions are brought up to date when something was learnt."""
ALIKE = 0.02
"""Difference of two scores that nobody needs to see."""
NAP = 0.1
"""Seconds between two looks at whether the reader has moved."""


@dataclass(frozen=True, slots=True)
class ModelReady:
    """A suggestion source is loaded."""

    name: str
    labels: tuple[str, ...]
    """The labels it can suggest, in the project's words."""
    unmapped: tuple[str, ...]
    """Its labels that the project does not have and ``--map`` does not name."""
    kept: str = ""
    """The name of another version of it whose suggestions are kept; empty for none."""
    remarks: tuple[str, ...] = ()
    """What the person should know of it before relying on it, a sentence each."""


@dataclass(frozen=True, slots=True)
class BlockResult:
    """The suggestions for a block of sentences, or for the next few of one, are in the project."""

    document: int
    start: int
    """``[start, end)`` is what may look different now."""
    end: int
    done_words: int
    total_words: int
    words_per_second: float
    """Since the model was ready."""
    seconds: float
    """How long the model has worked to be measured so."""

    @property
    def seconds_left(self) -> float:
        """How long the rest will take at this rate."""
        return (self.total_words - self.done_words) / max(self.words_per_second, 1e-9)

    @property
    def takes_long(self) -> bool:
        """Whether the rest takes so long, as far as was measured, that somebody should be asked."""
        return self.seconds >= MEASURED and self.seconds_left > LONG


@dataclass(frozen=True, slots=True)
class AllPredicted:
    """Nothing is left to predict; what is decided from now on is learnt from."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was decided has been learnt from; the suggestions near the reader come next."""

    sentences: int
    """How many there are in which something was decided; 0: what was learnt before is forgotten."""


PredictionEvent = ModelReady | BlockResult | AllPredicted | Learnt


@dataclass(frozen=True, slots=True)
class Pass:
    """The way of suggestion sources through a project."""

    project: Project
    runs: tuple[Run, ...]
    cancelled: Callable[[], bool]
    learning: LearningRun | None
    patterns: Sequence[PatternRun] = ()

    def over(self, near: Callable[[], Place], everywhere: Callable[[], bool]) -> Iterator[PredictionEvent]:
        """Predict the blocks that these runs have not yet, those near the reader first, the sources taking turns."""
        predictions = self.project.predictions
        self._look_at_patterns()
        done = sum(predictions.words(run.all) for run in self._speaking())
        first, seconds, told = done, 0.0, False
        while not self.cancelled():
            idle, all_of_it = True, everywhere()
            self._look_at_patterns()
            if self.learning:
                if self.learning.refresh(self.cancelled):
                    yield Learnt(self.learning.source.lessons)
                stale = self._stale_block(self.learning, place := near())
                if stale is not None:
                    total = self._total()
                    for part in self._store(stale, self.learning.run, again=place):
                        rate = (done - first) / max(seconds, 1e-9)
                        yield BlockResult(part.document, part.start, part.end, done, total, rate, seconds)
                    told = False
                    continue
                # What is decided is read a little at a time.
                idle = not self.learning.source.is_reading
            for run in self._speaking():
                place = near()
                block = self._next_block(run, place, None if all_of_it else NEAR)
                if block is None:
                    continue
                idle = told = False
                total = self._total()
                begun = monotonic()
                for part in self._store(block, run):
                    seconds += monotonic() - begun
                    done += part.words
                    rate = (done - first) / max(seconds, 1e-9)
                    yield BlockResult(part.document, part.start, part.end, done, total, rate, seconds)
                    begun = monotonic()
            if idle:
                if all_of_it or not self._anything_left(near()):
                    if self.learning is None:
                        return
                    if not told:
                        told = True
                        yield AllPredicted()
                sleep(NAP)

    def _speaking(self) -> tuple[Run, ...]:
        """Return the runs that predict now: what learns stands for the model, unless there is nothing to say yet."""
        patterns = [Run(each.id, each.source) for each in self.patterns if each.source is not None]
        if self.learning is None:
            return (*self.runs, *patterns)
        speaks = self.learning.source.lessons or self.learning.alone.source.labels
        return (*((self.learning.run,) if speaks else ()), *self.runs[1:], *patterns)

    def _look_at_patterns(self) -> None:
        for each in self.patterns:
            each.refresh()

    def _total(self) -> int:
        """Return how many words all runs are to predict by now: a file may still be read."""
        return sum(self.project.predictions.words(beside_given=run.beside_given) for run in self._speaking())

    def _stale_block(self, learning: LearningRun, place: Place) -> SentenceBlock | None:
        """Return the nearest block, at the reader or behind, that was predicted before something else was learnt."""
        predictions, at = self.project.predictions, place.offset
        while (block := predictions.block_at(place.document, at)) is not None and block.start < place.offset + AHEAD:
            if learning.is_stale(block, predictions.runs_of(block).intersection(learning.run.all), place):
                return block
            if block.end <= at:
                break
            at = block.end
        return None

    def _anything_left(self, place: Place) -> bool:
        return any(self._next_block(run, place, None) is not None for run in self._speaking())

    def _next_block(self, run: Run, place: Place, within: int | None) -> SentenceBlock | None:
        return self.project.predictions.next_block(
            run.all, place.document, place.offset, within, beside_given=run.beside_given
        )

    def _store(self, block: SentenceBlock, run: Run, *, again: Place | None = None) -> Iterator[SentenceBlock]:
        """Predict one block and store it part by part.

        It ends early if cancelled, if its sentences change meanwhile or if something is undone that was learnt from.

        Args:
            again: where the reader is, if the run may have said the same before: that is left as it is then, and so
                is what a sentence has in which the reader is at work.
        """
        predictions = self.project.predictions
        revision = self.project.content.document(block.document).revision
        sentences = list(self.project.content.sentences(block.document, block.start, block.end))
        if not sentences:
            # Its only sentence was joined to the one before, whose block it is part of.
            predictions.save(block, revision, run.id, (), part=(block.end, block.end))
            self._note(block, run)
            return
        was_said = again is not None and run.id in predictions.runs_of(block)
        learning = self.learning if self.learning and run.id == self.learning.learnt.id else None
        learnt = learning.source.version if learning else None
        held = learning.in_hand(self.project, block, sentences, again) if learning and again is not None else None
        for some, found in run.source.suggest(sentences):
            if self.cancelled():
                return
            start, end = some[0].start, some[-1].end
            suggestions = [replace(suggestion, run=run.id) for group in found for suggestion in group]
            stays = (held.start, held.end) if held is not None and start <= held.start < end else None
            if stays is not None:
                suggestions = [each for each in suggestions if not stays[0] <= each.span.start < stays[1]]
            if was_said and self._is_said(block.document, some, suggestions, run, stays):
                continue
            if not predictions.save(block, revision, run.id, suggestions, part=(start, end), learnt=learnt, held=stays):
                return
            yield SentenceBlock(block.document, start, end, sum(len(sentence.tokens) for sentence in some))
        self._note(block, run, held)

    def _note(self, block: SentenceBlock, run: Run, held: Sentence | None = None) -> None:
        if self.learning and run.id == self.learning.run.id:
            self.learning.note(block, held)

    def _is_said(
        self,
        document: int,
        sentences: Sequence[Sentence],
        suggestions: Sequence[Suggestion],
        run: Run,
        held: tuple[int, int] | None,
    ) -> bool:
        """Whether a run's suggestions of some sentences look as they are stored, but for what is ``held``."""
        named = self.project.label_list.in_current_names
        stored = self.project.suggestions.of_runs(document, sentences[0].start, sentences[-1].end, {run.id: ""}, named)
        if held is not None:
            stored = [each for each in stored if not held[0] <= each.span.start < held[1]]
        now = sorted(named(suggestions), key=lambda each: each.span)
        if len(stored) != len(now):
            return False
        starts = [sentence.start for sentence in sentences]

        def words(span: Span) -> int:
            return len(sentences[max(0, bisect_right(starts, span.start) - 1)].tokens_touching(span.start, span.end))

        return all(
            one.span == other.span and _look_alike(one.score, other.score, words(one.span))
            for one, other in zip(stored, now, strict=True)
        )


def _look_alike(one: float, other: float, words: int) -> bool:
    """Whether two scores of a span of so many words make no difference to a reviewer."""
    return (
        abs(one - other) <= ALIKE
        and (one < FLOOR) is (other < FLOOR)
        and is_doubtful(one, words) is is_doubtful(other, words)
    )

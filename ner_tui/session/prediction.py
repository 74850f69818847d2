"""Predicting a project's documents in the background, near the reader first.

``ProjectPrediction.run`` is for a worker thread. It opens the project file for itself, so it shares nothing with the
screen but the file, and each of its commits is one block of sentences: a key press never waits for more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, TypeVar

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.label_map import LabelMap
from ner_tui.session.place import Place, PredictionOptions
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.predictors.base import Predictor, SuggestionSource
    from ner_tui.predictors.suggesting import ModelSource
    from ner_tui.session.learning import Learning

    T = TypeVar("T", Predictor, SuggestionSource)

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


class ProjectPrediction:
    """A prediction of everything in a project by its suggestion sources."""

    def __init__(
        self,
        path: Path,
        options: PredictionOptions,
        near: Callable[[], Place],
        everywhere: Callable[[], bool] = lambda: True,
        committed: Callable[[], object] = lambda: None,
    ) -> None:
        """Prepare a prediction.

        Args:
            path: of the project file.
            options: what to predict with.
            near: where the reader is.
            everywhere: whether all is to be predicted, or only what is near the reader; asked before each block.
            committed: called in the worker thread after each change to the project file.
        """
        self._path = path
        self._options = options
        self._near = near
        self._everywhere = everywhere
        self._committed = committed
        self._open: list[Predictor | SuggestionSource] = []
        """What was loaded and is to be closed."""

    def run(self, cancelled: Callable[[], bool]) -> Iterator[PredictionEvent]:
        """Load the model, then predict block after block until none is left or ``cancelled`` says so.

        Where only what is near the reader is wanted, it waits for the reader to move on; where it is to learn, for
        what the reader decides.

        Raises:
            ModelError: the model cannot be loaded, or failed.
            ProjectError: the project file cannot be written.
        """
        from ner_tui.predictors.suggesting import ModelSource

        options = self._options
        try:
            predictor = self._opened(options.load)
            further = [self._opened(load) for load in options.further]
            project = Project.open(self._path)
            try:
                listed, aliases = options.only_labels or project.labels.names, project.label_list.aliases
                known = [*listed, *(said for said, label in aliases.items() if label in listed)]
                model = ModelSource(predictor, options.label_map, options.context, known, only=options.only_labels)
                sources: list[SuggestionSource] = [model, *further]
                runs = tuple(
                    _Run(number, source, () if options.is_named else project.predictions.other_versions(number))
                    for source in sources
                    for number in [project.predictions.begin(source.run, time=time())]
                )
                yield ModelReady(
                    predictor.info.name, tuple(dict.fromkeys(aliases.get(each, each) for each in model.labels)),
                    model.unmapped, self._kept(project, runs[0]), model.remarks,
                )  # fmt: skip
                for source in further:
                    yield ModelReady(source.run.name, source.labels, source.unmapped)
                learning = self._learning(project, predictor, model, runs[0]) if options.learn else None
                going = _Pass(project, runs, cancelled, options.is_named, learning)
                for result in going.over(self._near, self._everywhere):
                    self._committed()
                    yield result
            finally:
                project.close()
        finally:
            self.let_go()

    def _learning(self, project: Project, predictor: Predictor, model: ModelSource, alone: _Run) -> _Learning:
        from ner_tui.session.learning import Learning

        label_map = self._options.label_map
        if self._options.only_labels:
            label_map = LabelMap((*label_map.pairs, *((label, "") for label in model.unmapped)))
        source = Learning(project, predictor, model, label_map, self._options.context)
        number = project.predictions.begin(source.run, time=time())
        others = () if self._options.is_named else project.predictions.other_versions(number)
        return _Learning(source, alone, _Run(number, source, (alone.id, *alone.others, *others)))

    def let_go(self) -> None:
        """Have the sources end what they are at, from another thread: one that hangs is waited for by nobody then."""
        for source in self._open:
            source.close()

    def _kept(self, project: Project, run: _Run) -> str:
        found = next((other for other in run.others if project.predictions.words((other,))), None)
        known = None if found is None else project.predictions.run(found)
        return known[0].name if known else ""

    def _opened(self, load: Callable[[], T]) -> T:
        source = load()
        self._open.append(source)
        return source


@dataclass(frozen=True, slots=True)
class _Run:
    """A suggestion source at work in a project."""

    id: int
    source: SuggestionSource
    others: tuple[int, ...]
    """Runs by other versions of it, whose suggestions stay."""

    @property
    def all(self) -> tuple[int, ...]:
        """Runs whose blocks count as predicted."""
        return (self.id, *self.others)


@dataclass(slots=True)
class _Learning:
    """The model as a source that learns, and which blocks have what was learnt last."""

    source: Learning
    alone: _Run
    """The model by itself, whose word counts while nothing is decided."""
    learnt: _Run
    generation: int = 0
    """How often something else was learnt."""
    done: dict[tuple[int, int], int] = field(default_factory=dict)
    """The generation of each block that was predicted in this session."""

    @property
    def run(self) -> _Run:
        """Who speaks now."""
        if self.source.lessons:
            return self.learnt
        return replace(self.alone, others=(self.learnt.id, *self.learnt.others))

    def is_stale(self, block: SentenceBlock, runs: Collection[int]) -> bool:
        """Whether a block that these runs have predicted has to be predicted again."""
        generation = self.done.get((block.document, block.start))
        if generation is None and not self.generation:
            # In another session: what was learnt there may have been undone since.
            return self.learnt.id in runs and self.source.has_looked
        return bool(runs) and generation != self.generation

    def note(self, block: SentenceBlock) -> None:
        """Take note that a block was predicted."""
        self.done[block.document, block.start] = self.generation


@dataclass(frozen=True, slots=True)
class _Pass:
    """The way of suggestion sources through a project."""

    project: Project
    runs: tuple[_Run, ...]
    cancelled: Callable[[], bool]
    is_named: bool
    """See ``PredictionOptions``."""
    learning: _Learning | None

    def over(self, near: Callable[[], Place], everywhere: Callable[[], bool]) -> Iterator[PredictionEvent]:
        """Predict the blocks that these runs have not yet, those near the reader first, the sources taking turns."""
        predictions = self.project.predictions
        done = sum(predictions.words(run.all) for run in self._speaking())
        first, seconds, told = done, 0.0, False
        while not self.cancelled():
            idle, all_of_it = True, everywhere()
            if self.learning:
                if self.learning.source.refresh(self.cancelled):
                    self.learning.generation += 1
                    yield Learnt(self.learning.source.lessons)
                stale = self._stale_block(self.learning, near())
                if stale is not None:
                    total = predictions.words(beside_given=self.is_named) * len(self.runs)
                    for part in self._store(stale, self.learning.run, again=True):
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
                # A file may still be read.
                total = predictions.words(beside_given=self.is_named) * len(self.runs)
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

    def _speaking(self) -> tuple[_Run, ...]:
        """Return the runs that predict now: what learns stands for the model."""
        return (self.learning.run, *self.runs[1:]) if self.learning else self.runs

    def _stale_block(self, learning: _Learning, place: Place) -> SentenceBlock | None:
        """Return the nearest block, at the reader or behind, that was predicted before something else was learnt."""
        predictions, at = self.project.predictions, place.offset
        while (block := predictions.block_at(place.document, at)) is not None and block.start < place.offset + AHEAD:
            if learning.is_stale(block, predictions.runs_of(block).intersection(learning.run.all)):
                return block
            if block.end <= at:
                break
            at = block.end
        return None

    def _anything_left(self, place: Place) -> bool:
        return any(self._next_block(run, place, None) is not None for run in self._speaking())

    def _next_block(self, run: _Run, place: Place, within: int | None) -> SentenceBlock | None:
        return self.project.predictions.next_block(
            run.all, place.document, place.offset, within, beside_given=self.is_named
        )

    def _store(self, block: SentenceBlock, run: _Run, *, again: bool = False) -> Iterator[SentenceBlock]:
        """Predict one block and store it part by part; ends early if cancelled or if its sentences change meanwhile.

        Args:
            again: the run may have said the same before; that is left as it is then.
        """
        predictions = self.project.predictions
        revision = self.project.content.document(block.document).revision
        sentences = list(self.project.content.sentences(block.document, block.start, block.end))
        if not sentences:
            # Its only sentence was joined to the one before, whose block it is part of.
            predictions.save(block, revision, run.id, (), part=(block.end, block.end))
            self._note(block, run)
            return
        again = again and run.id in predictions.runs_of(block)
        for some, found in run.source.suggest(sentences):
            if self.cancelled():
                return
            start, end = some[0].start, some[-1].end
            suggestions = [replace(suggestion, run=run.id) for group in found for suggestion in group]
            if again and self._is_said(block.document, start, end, suggestions, run):
                continue
            if not predictions.save(block, revision, run.id, suggestions, part=(start, end)):
                return
            yield SentenceBlock(block.document, start, end, sum(len(sentence.tokens) for sentence in some))
        self._note(block, run)

    def _note(self, block: SentenceBlock, run: _Run) -> None:
        if self.learning and run.id == self.learning.run.id:
            self.learning.note(block)

    def _is_said(self, document: int, start: int, end: int, suggestions: Sequence[Suggestion], run: _Run) -> bool:
        """Whether a run's suggestions of ``[start, end)`` look as they are stored."""
        named = self.project.label_list.in_current_names
        stored = self.project.suggestions.of_runs(document, start, end, {run.id: ""}, named)
        now = sorted(named(suggestions), key=lambda each: each.span)
        return len(stored) == len(now) and all(map(_look_alike, stored, now))


def _look_alike(one: Suggestion, other: Suggestion) -> bool:
    return (
        (one.span, one.below_threshold, one.doubtful) == (other.span, other.below_threshold, other.doubtful)
        and abs(one.score - other.score) <= ALIKE
    )  # fmt: skip

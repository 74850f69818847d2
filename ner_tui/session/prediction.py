"""Predicting a project's documents in the background, near the reader first.

``ProjectPrediction.run`` is for a worker thread. It opens the project file for itself, so it shares nothing with the
screen but the file, and each of its commits is one block of sentences: a key press never waits for more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, TypeVar

from ner_tui.domain.labels import Label
from ner_tui.session.place import Place, PredictionOptions
from ner_tui.store.predictions import SentenceBlock
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.predictors.base import Predictor, PromptedModel, SuggestionSource

    T = TypeVar("T", Predictor | PromptedModel, SuggestionSource)

LONG = 600.0
"""Seconds that a prediction may take before somebody is asked."""
MEASURED = 3.0
"""Seconds of predicting after which its rate can be relied on."""
NEAR = 20_000
"""Characters around the reader that are predicted when the rest is not wanted."""
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
        self._open: list[Predictor | PromptedModel | SuggestionSource] = []
        """What was loaded and is to be closed."""

    def run(self, cancelled: Callable[[], bool]) -> Iterator[ModelReady | BlockResult]:
        """Load the model, then predict block after block until none is left or ``cancelled`` says so.

        Where only what is near the reader is wanted, it waits for the reader to move on.

        Raises:
            ModelError: the model cannot be loaded, or failed.
            ProjectError: the project file cannot be written.
        """
        from ner_tui.predictors.suggesting import source_of

        options = self._options
        try:
            predictor = self._opened(options.load) if options.load else None
            further = [self._opened(load) for load in options.further]
            project = Project.open(self._path)
            try:
                listed, aliases = options.only_labels or project.labels.names, project.label_list.aliases
                known = [*listed, *(said for said, label in aliases.items() if label in listed)]
                predictions, runs = project.predictions, list[_Run]()
                if predictor is not None:
                    only = [project.labels.find(name) or Label(name, "", 0) for name in options.only_labels]
                    model = source_of(predictor, options.label_map, options.context, known, only=only)
                    number = predictions.begin(model.run, time=time())
                    others = () if options.is_named else predictions.other_versions(number)
                    runs.append(_Run(number, model, others, options.is_named))
                    yield ModelReady(
                        predictor.info.name, tuple(dict.fromkeys(aliases.get(each, each) for each in model.labels)),
                        model.unmapped, self._kept(project, runs[0]), model.remarks,
                    )  # fmt: skip
                for source in further:
                    runs.append(_Run(predictions.begin(source.run, time=time()), source))
                    labels = tuple(dict.fromkeys(aliases.get(each, each) for each in source.labels))
                    yield ModelReady(source.run.name, labels, (), remarks=_not_suggested(source))
                for result in _Pass(project, tuple(runs), cancelled).over(self._near, self._everywhere):
                    self._committed()
                    yield result
            finally:
                project.close()
        finally:
            self.let_go()

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


def _not_suggested(source: SuggestionSource) -> tuple[str, ...]:
    """Return the remark on the labels of a source that are none of the project's; nothing if there are none."""
    if not source.unmapped:
        return ()
    listed = ", ".join(source.unmapped)
    return (f"labels of {source.run.name} that the project does not have are not suggested: {listed} (see --labels)",)


@dataclass(frozen=True, slots=True)
class _Run:
    """A suggestion source at work in a project."""

    id: int
    source: SuggestionSource
    others: tuple[int, ...] = ()
    """Runs by other versions of it, whose suggestions stay."""
    beside_given: bool = True
    """Whether it is to predict in files that brought suggestions of their own, too."""

    @property
    def all(self) -> tuple[int, ...]:
        """Runs whose blocks count as predicted."""
        return (self.id, *self.others)


@dataclass(frozen=True, slots=True)
class _Pass:
    """The way of suggestion sources through a project."""

    project: Project
    runs: tuple[_Run, ...]
    cancelled: Callable[[], bool]

    def over(self, near: Callable[[], Place], everywhere: Callable[[], bool]) -> Iterator[BlockResult]:
        """Predict the blocks that these runs have not yet, those near the reader first, the sources taking turns."""
        predictions = self.project.predictions
        done = sum(predictions.words(run.all) for run in self.runs)
        first, seconds = done, 0.0
        while not self.cancelled():
            idle, all_of_it = True, everywhere()
            for run in self.runs:
                place = near()
                block = self._next_block(run, place, None if all_of_it else NEAR)
                if block is None:
                    continue
                idle = False
                # A file may still be read.
                total = sum(predictions.words(beside_given=each.beside_given) for each in self.runs)
                begun = monotonic()
                for part in self._store(block, run):
                    seconds += monotonic() - begun
                    done += part.words
                    rate = (done - first) / max(seconds, 1e-9)
                    yield BlockResult(part.document, part.start, part.end, done, total, rate, seconds)
                    begun = monotonic()
            if idle:
                if all_of_it or not self._anything_left(near()):
                    return
                sleep(NAP)

    def _anything_left(self, place: Place) -> bool:
        return any(self._next_block(run, place, None) is not None for run in self.runs)

    def _next_block(self, run: _Run, place: Place, within: int | None) -> SentenceBlock | None:
        return self.project.predictions.next_block(
            run.all, place.document, place.offset, within, beside_given=run.beside_given
        )

    def _store(self, block: SentenceBlock, run: _Run) -> Iterator[SentenceBlock]:
        """Predict one block and store it part by part; ends early if cancelled or if its sentences change meanwhile."""
        predictions = self.project.predictions
        revision = self.project.content.document(block.document).revision
        sentences = list(self.project.content.sentences(block.document, block.start, block.end))
        if not sentences:
            # Its only sentence was joined to the one before, whose block it is part of.
            predictions.save(block, revision, run.id, (), part=(block.end, block.end))
            return
        for some, found in run.source.suggest(sentences):
            if self.cancelled():
                return
            start, end = some[0].start, some[-1].end
            suggestions = [replace(suggestion, run=run.id) for group in found for suggestion in group]
            if not predictions.save(block, revision, run.id, suggestions, part=(start, end)):
                return
            yield SentenceBlock(block.document, start, end, sum(len(sentence.tokens) for sentence in some))

"""Predicting a project's documents in the background, near the reader first.

``ProjectPrediction.run`` is for a worker thread. It opens the project file for itself, so it shares nothing with the
screen but the file, and each of its commits is one block of sentences: a key press never waits for more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, TypeVar

from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import Label
from ner_tui.session.pattern_run import PatternRun
from ner_tui.session.place import Place, PredictionOptions
from ner_tui.session.prediction_pass import AllPredicted as AllPredicted
from ner_tui.session.prediction_pass import BlockResult as BlockResult
from ner_tui.session.prediction_pass import Learnt as Learnt
from ner_tui.session.prediction_pass import ModelReady as ModelReady
from ner_tui.session.prediction_pass import Pass
from ner_tui.session.prediction_pass import PredictionEvent as PredictionEvent
from ner_tui.session.prediction_runs import LearningRun, Run
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.predictors.base import Predictor, PromptedModel, SuggestionSource
    from ner_tui.predictors.suggesting import ModelSource
    from ner_tui.session.learning_switch import LearningSwitch

    T = TypeVar("T", Predictor | PromptedModel, SuggestionSource)


class ProjectPrediction:
    """A prediction of everything in a project by its suggestion sources."""

    def __init__(
        self,
        path: Path,
        options: PredictionOptions,
        near: Callable[[], Place],
        everywhere: Callable[[], bool] = lambda: True,
        committed: Callable[[], object] = lambda: None,
        switch: LearningSwitch | None = None,
    ) -> None:
        """Prepare a prediction.

        Args:
            path: of the project file.
            options: what to predict with.
            near: where the reader is.
            everywhere: whether all is to be predicted, or only what is near the reader; asked before each block.
            committed: called in the worker thread after each change to the project file.
            switch: whether what is decided is learnt from, where the options want it; None: it is.
        """
        self._path = path
        self._options = options
        self._near = near
        self._everywhere = everywhere
        self._committed = committed
        self._switch = switch
        self._open: list[Predictor | PromptedModel | SuggestionSource] = []
        """What was loaded and is to be closed."""

    @property
    def goes_on(self) -> bool:
        """Whether it goes on when all is predicted, until it is cancelled, and takes in what is read meanwhile."""
        return self._options.learn

    def run(self, cancelled: Callable[[], bool]) -> Iterator[PredictionEvent]:
        """Load the model, then predict block after block until none is left or ``cancelled`` says so.

        Where only what is near the reader is wanted, it waits for the reader to move on; where it is to learn, for
        what the reader decides.

        Raises:
            ModelError: the model cannot be loaded, or failed.
            ProjectError: the project file cannot be written.
        """
        from ner_tui.patterns.source import PatternSource
        from ner_tui.predictors.base import PromptedModel
        from ner_tui.predictors.outside import OutsideOnly
        from ner_tui.predictors.suggesting import ModelSource, source_of

        options = self._options
        try:
            predictor = self._opened(options.load or OutsideOnly) if options.load or options.learn else None
            further = [self._opened(load) for load in options.further]
            project = Project.open(self._path)
            try:
                listed, aliases = options.only_labels or project.labels.names, project.label_list.aliases
                known = [*listed, *(said for said, label in aliases.items() if label in listed)]
                predictions, runs, learning = project.predictions, list[Run](), None
                if predictor is not None:
                    only = [project.labels.find(name) or Label(name, "", 0) for name in options.only_labels]
                    model = source_of(predictor, options.label_map, options.context, known, only=only)
                    number = predictions.begin(model.run, time=time())
                    others = () if options.is_named else predictions.other_versions(number)
                    runs.append(Run(number, model, others, options.is_named))
                    yield ModelReady(
                        predictor.info.name, tuple(dict.fromkeys(aliases.get(each, each) for each in model.labels)),
                        model.unmapped, self._kept(project, runs[0]), model.remarks,
                    )  # fmt: skip
                    # One that is asked for labels by name gives no probabilities of tags, which are what is learnt
                    # beside.
                    if options.learn and isinstance(model, ModelSource) and not isinstance(predictor, PromptedModel):
                        learning = self._learning(project, predictor, model, runs[0], cancelled)
                patterns = [PatternRun(project, None, PatternSource.made)]
                for source in further:
                    if isinstance(source, PatternSource):
                        patterns.append(PatternRun(project, source))
                    else:
                        runs.append(Run(predictions.begin(source.run, time=time()), source))
                    labels = tuple(dict.fromkeys(aliases.get(each, each) for each in source.labels))
                    yield ModelReady(source.run.name, labels, (), remarks=_not_suggested(source))
                going = Pass(project, tuple(runs), cancelled, learning, patterns)
                for result in going.over(self._near, self._everywhere):
                    self._committed()
                    yield result
            finally:
                project.close()
        finally:
            self.let_go()

    def _learning(
        self, project: Project, predictor: Predictor, model: ModelSource, alone: Run, cancelled: Callable[[], bool]
    ) -> LearningRun:
        from ner_tui.session.learning import Learning

        label_map = self._options.label_map
        if self._options.only_labels:
            label_map = LabelMap((*label_map.pairs, *((label, "") for label in model.unmapped)))
        switch = self._switch
        learns = (lambda: switch.is_on) if switch else (lambda: True)
        source = Learning(project, predictor, model, label_map, self._options.context, learns=learns, pause=cancelled)
        if switch:
            switch.source = source
        number = project.predictions.begin(source.run, time=time())
        others = () if self._options.is_named else project.predictions.other_versions(number)
        learnt = Run(number, source, (alone.id, *alone.others, *others), alone.beside_given)
        return LearningRun(source, alone, learnt)

    def let_go(self) -> None:
        """Have the sources end what they are at, from another thread: one that hangs is waited for by nobody then."""
        for source in self._open:
            source.close()

    def _kept(self, project: Project, run: Run) -> str:
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

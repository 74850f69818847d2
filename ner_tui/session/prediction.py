"""Forecasting: predicting a project's documents in the background, near the reader first.

``ProjectPrediction.run`` is for a worker thread. It opens the project file for itself, so it shares nothing with the
screen but the file, and each of its commits is one block of sentences: a key press never waits for more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep, time
from typing import TYPE_CHECKING

from ner_tui.session.place import Place, PredictionOptions
from ner_tui.store.predictions import PredictionRun, SentenceBlock
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.label_map import LabelMap
    from ner_tui.predictors.base import Context, Predictor


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
    """The model is loaded."""

    name: str
    labels: tuple[str, ...]
    """The labels it can suggest, in the project's words."""
    unmapped: tuple[str, ...]
    """Its labels that the project does not have and ``--map`` does not name."""


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
    """A prediction of everything in a project by one model."""

    def __init__(
        self,
        path: Path,
        options: PredictionOptions,
        near: Callable[[], Place],
        everywhere: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare a prediction.

        Args:
            path: of the project file.
            options: what to predict with.
            near: where the reader is.
            everywhere: whether all is to be predicted, or only what is near the reader; asked before each block.
        """
        self._path = path
        self._options = options
        self._near = near
        self._everywhere = everywhere
        self._predictor: Predictor | None = None

    def run(self, cancelled: Callable[[], bool]) -> Iterator[ModelReady | BlockResult]:
        """Load the model, then predict block after block until none is left or ``cancelled`` says so.

        Where only what is near the reader is wanted, it waits for the reader to move on.

        Raises:
            ModelError: the model cannot be loaded, or failed.
            ProjectError: the project file cannot be written.
        """
        predictor = self._predictor = self._options.load()
        try:
            yield from self._predict(predictor, cancelled)
        finally:
            predictor.close()

    def let_go(self) -> None:
        """Have the model end what it is at, from another thread: one that hangs is waited for by nobody then."""
        if self._predictor is not None:
            self._predictor.close()

    def _predict(self, predictor: Predictor, cancelled: Callable[[], bool]) -> Iterator[ModelReady | BlockResult]:
        project = Project.open(self._path)
        try:
            label_map, ready = self._agree(predictor, project)
            yield ready
            info = predictor.info
            run = PredictionRun(
                info.name, info.file_hash, info.precision, info.window_rule, self._options.context,
                f"{self._options.label_map};{','.join(self._options.only_labels)}",
            )  # fmt: skip
            number = project.predictions.begin(run, time=time())
            this = _Pass(project, predictor, label_map, self._options.context, number, cancelled)
            yield from this.over(self._near, self._everywhere)
        finally:
            project.close()

    def _agree(self, predictor: Predictor, project: Project) -> tuple[LabelMap, ModelReady]:
        """Return what the model's labels are in the project's words, and what to tell of it."""
        from ner_tui.domain.label_map import LabelMap, tag_labels

        label_map, only = self._options.label_map, self._options.only_labels
        model_labels = tag_labels(predictor.info.tags)
        listed, aliases = only or project.labels.names, project.label_list.aliases
        known = [*listed, *(said for said, label in aliases.items() if label in listed)]
        unmapped = label_map.unmapped(model_labels, known)
        if only:
            label_map = LabelMap((*label_map.pairs, *((label, "") for label in unmapped)))
        targets = (target for label in model_labels if (target := label_map.target(label)))
        labels = dict.fromkeys(aliases.get(target, target) for target in targets)
        return label_map, ModelReady(predictor.info.name, tuple(labels), unmapped)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One model's way through a project."""

    project: Project
    predictor: Predictor
    label_map: LabelMap
    context: Context
    run: int
    cancelled: Callable[[], bool]

    def over(self, near: Callable[[], Place], everywhere: Callable[[], bool]) -> Iterator[BlockResult]:
        """Predict the blocks that this run has not yet, those near the reader first."""
        predictions = self.project.predictions
        done = predictions.words(self.run)
        first, seconds = done, 0.0
        while not self.cancelled():
            place, all_of_it = near(), everywhere()
            within = None if all_of_it else NEAR
            block = predictions.next_block(self.run, place.document, place.offset, within)
            if block is None:
                if all_of_it or predictions.next_block(self.run, place.document, place.offset) is None:
                    return
                sleep(NAP)
                continue
            # A file may still be read.
            total = predictions.words()
            begun = monotonic()
            for part in self._store(block):
                seconds += monotonic() - begun
                done += part.words
                rate = (done - first) / max(seconds, 1e-9)
                yield BlockResult(part.document, part.start, part.end, done, total, rate, seconds)
                begun = monotonic()

    def _store(self, block: SentenceBlock) -> Iterator[SentenceBlock]:
        """Predict one block and store it part by part; ends early if cancelled or if its sentences change meanwhile."""
        from ner_tui.predictors.suggesting import suggest_in_parts

        revision = self.project.content.document(block.document).revision
        sentences = list(self.project.content.sentences(block.document, block.start, block.end))
        if not sentences:
            # Its only sentence was joined to the one before, whose block speaks for it.
            self.project.predictions.save(block, revision, self.run, (), part=(block.end, block.end))
        for some, found in suggest_in_parts(self.predictor, sentences, self.label_map, self.context):
            if self.cancelled():
                return
            start, end = some[0].start, some[-1].end
            suggestions = [replace(suggestion, run=self.run) for group in found for suggestion in group]
            if not self.project.predictions.save(block, revision, self.run, suggestions, part=(start, end)):
                return
            yield SentenceBlock(block.document, start, end, sum(len(sentence.tokens) for sentence in some))

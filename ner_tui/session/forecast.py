"""Forecasting: predicting a project's documents in the background, near the reader first.

``Forecast.run`` is for a worker thread. It opens the project file for itself, so it shares nothing with the screen but
the file, and each of its commits is one block of sentences: a key press never waits for more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING

from ner_tui.domain.document import Sentence
from ner_tui.store.predictions import Block, Run
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.decoding import TagColumns
    from ner_tui.domain.label_map import LabelMap
    from ner_tui.predictors.base import Context, Predictor


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the project."""

    document: int
    offset: int


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
    """A block's suggestions are in the project."""

    document: int
    revision: int
    start: int
    """``[start, end)`` is what may look different now."""
    end: int
    done_words: int
    total_words: int
    words_per_second: float
    """Since the model was ready."""

    @property
    def seconds_left(self) -> float:
        """How long the rest will take at this rate."""
        return (self.total_words - self.done_words) / max(self.words_per_second, 1e-9)


@dataclass(frozen=True, slots=True)
class ForecastOptions:
    """What to predict with."""

    load: Callable[[], Predictor]
    """Loads the model; may take seconds and raise ``ModelError``."""
    label_map: LabelMap
    context: Context
    only_labels: tuple[str, ...] = ()
    """If given, the project's own label set: what the model calls otherwise is not suggested."""


class Forecast:
    """A prediction of everything in a project by one model."""

    def __init__(self, path: Path, options: ForecastOptions, near: Callable[[], Place]) -> None:
        self._path = path
        self._options = options
        self._near = near

    def run(self, cancelled: Callable[[], bool]) -> Iterator[ModelReady | BlockResult]:
        """Load the model, then predict block after block until none is left or ``cancelled`` says so.

        Raises:
            ModelError: the model cannot be loaded, or failed.
            ProjectError: the project file cannot be written.
        """
        predictor = self._options.load()
        project = Project.open(self._path)
        try:
            columns, ready = self._agree(predictor, project)
            yield ready
            info = predictor.info
            run = Run(
                info.name, info.file_hash, info.precision, info.window_rule, self._options.context,
                f"{self._options.label_map};{','.join(self._options.only_labels)}",
            )  # fmt: skip
            yield from self._predict(
                project, predictor, columns, project.predictions.begin(run, time=time()), cancelled
            )
        finally:
            project.close()
            predictor.close()

    def _agree(self, predictor: Predictor, project: Project) -> tuple[TagColumns, ModelReady]:
        """Return what the model's outputs mean in the project's labels."""
        from ner_tui.domain.decoding import TagColumns
        from ner_tui.domain.label_map import LabelMap, tag_labels

        label_map, only = self._options.label_map, self._options.only_labels
        model_labels = tag_labels(predictor.info.tags)
        unmapped = label_map.unmapped(model_labels, only or project.labels.names)
        if only:
            label_map = LabelMap((*label_map.pairs, *((label, "") for label in unmapped)))
        columns = TagColumns.of(predictor.info.tags, label_map)
        return columns, ModelReady(predictor.info.name, columns.labels, unmapped)

    def _predict(
        self, project: Project, predictor: Predictor, columns: TagColumns, run: int, cancelled: Callable[[], bool]
    ) -> Iterator[BlockResult]:
        total, done = project.predictions.words(), project.predictions.words(run)
        begun, first = monotonic(), done
        while not cancelled():
            near = self._near()
            block = project.predictions.next_block(run, near.document, near.offset)
            if block is None:
                return
            revision = project.content.document(block.document).revision
            sentences = list(project.content.sentences(block.document, block.start, block.end))
            if not self._label(project, predictor, columns, run, block, revision, sentences, cancelled):
                continue
            done += block.words
            rate = (done - first) / max(monotonic() - begun, 1e-9)
            yield BlockResult(block.document, revision, block.start, block.end, done, total, rate)

    def _label(
        self,
        project: Project,
        predictor: Predictor,
        columns: TagColumns,
        run: int,
        block: Block,
        revision: int,
        sentences: list[Sentence],
        cancelled: Callable[[], bool],
    ) -> bool:
        """Predict one block and store it; False if it was cancelled, or its sentences changed meanwhile."""
        from dataclasses import replace

        from ner_tui.predictors.labelling import suggest

        found = suggest(predictor, sentences, columns, self._options.context)
        if cancelled():
            return False
        suggestions = [replace(suggestion, run=run) for group in found for suggestion in group]
        return project.predictions.save(block, revision, run, suggestions)

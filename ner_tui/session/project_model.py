"""A project as a model: the model that it was reviewed with, and what was decided in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.domain.label_map import LabelMap
from ner_tui.errors import ModelError
from ner_tui.formats.files.project_files import is_project
from ner_tui.learning.prior import ModelView, OwnFeatures
from ner_tui.predictors import BUNDLED, NO_MODEL
from ner_tui.predictors.base import Context, ModelInfo, Predictor, PromptedModel, StatePredictor, WordProbabilities
from ner_tui.predictors.chosen import is_chosen
from ner_tui.predictors.suggesting import ModelSource
from ner_tui.session.learning import Learning
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from ner_tui.domain.document import Sentence
    from ner_tui.learning.features import Projection
    from ner_tui.learning.learner import Learner
    from ner_tui.predictors.base import Piece

Load = Callable[[str], Predictor | PromptedModel]


class ProjectModel:
    """A model with what was decided in a project on top of it; it can be learnt on in turn."""

    def __init__(self, encoder: Predictor, learner: Learner, projection: Projection | None, info: ModelInfo) -> None:
        self._encoder = encoder
        self._learner = learner
        self._projection = projection
        self.info = info

    @property
    def channels(self) -> int:
        """As in ``StatePredictor``."""
        return self._encoder.channels if isinstance(self._encoder, StatePredictor) else 0

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """As in ``Predictor``."""
        read = self._encoder.predict
        if self._projection is not None and isinstance(self._encoder, StatePredictor):
            read = self._encoder.predict_with_states
        # It begins to read now, not when the first value is asked for.
        return self._learnt(block, read(block, context))

    def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """As in ``StatePredictor``."""
        return self.predict(block, context)

    def wordpieces(self, text: str) -> Iterator[Piece]:
        """As in ``Predictor``."""
        return self._encoder.wordpieces(text)

    def close(self) -> None:
        """As in ``Predictor``."""
        self._encoder.close()

    def _learnt(self, block: Sequence[Sentence], said: Iterator[WordProbabilities]) -> Iterator[WordProbabilities]:
        every = list(said)
        known = [ModelView(words.probabilities, self._own(words)) for words in every]
        rows = self._learner.probabilities([sentence.words for sentence in block], known)
        for words, probabilities in zip(every, rows, strict=True):
            yield replace(words, probabilities=probabilities)

    def _own(self, words: WordProbabilities) -> OwnFeatures | None:
        return self._projection.own(words.states) if self._projection and words.states is not None else None


def with_projects(load: Load, above: tuple[Path, ...] = ()) -> Load:
    """Return what loads a model of whatever spec, a project's path among them.

    Args:
        load: loads one of any other spec.
        above: the projects whose models are being loaded.
    """

    def load_any(spec: str) -> Predictor | PromptedModel:
        return _load(spec, load, above) if spec and is_project(spec) else load(spec)

    return load_any


def _load(name: str, load: Load, above: tuple[Path, ...]) -> ProjectModel:
    path = Path(name)
    if path.resolve() in above:
        raise ModelError(f"{name}: its model is this project itself; name another one for it, with review --model")
    project = Project.open(path, read_only=True)
    try:
        spec = project.setting("model") or BUNDLED
        spec = BUNDLED if spec == NO_MODEL else spec
        if not is_chosen(spec):
            raise ModelError(
                f"{name}: it names the model {spec}, which you have not chosen: review {name} --model {spec} does"
            )
        if project.decided_version().confirmed == 0 and not project.decided_sentences(1, 1 << 30):
            raise ModelError(f"{name}: nothing is decided in it yet that could be learnt from: review it first")
        try:
            encoder = with_projects(load, (*above, path.resolve()))(spec)
        except ModelError as error:
            raise ModelError(f"{name}: the model that it was reviewed with cannot be used: {error}") from error
        if isinstance(encoder, PromptedModel):
            raise ModelError(
                f"{name}: nothing is learnt beside {spec}, which is asked for labels: give that one with --labels"
            )
        return _learnt(name, project, encoder)
    finally:
        project.close()


def _learnt(name: str, project: Project, encoder: Predictor) -> ProjectModel:
    context: Context = "sentence" if project.setting("context") == "sentence" else "document"
    label_map = LabelMap.parse(project.setting("map") or "")
    model = ModelSource(encoder, label_map, context, project.labels.names)
    if project.setting("labels fixed"):
        label_map = LabelMap((*label_map.pairs, *((label, "") for label in model.unmapped)))
    learning = Learning(project, encoder, model, label_map, context)
    while not learning.has_looked:
        learning.refresh(lambda: False)
    if learning.learner is None:
        raise ModelError(f"{name}: nothing is decided in it yet that could be learnt from: review it first")
    decided = sha256(repr((encoder.info.file_hash, learning.learnt_from)).encode()).hexdigest()
    info = replace(encoder.info, name=name, file_hash=decided, tags=learning.learner.table.tags)
    return ProjectModel(encoder, learning.learner, learning.projection, info)

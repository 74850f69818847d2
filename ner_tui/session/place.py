"""Where in a project, and with what it is predicted: what a session is opened with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ner_tui.errors import ModelError

if TYPE_CHECKING:
    from ner_tui.domain.label_map import LabelMap
    from ner_tui.predictors.base import Context, Predictor, PromptedModel, SuggestionSource


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the project."""

    document: int
    offset: int


@dataclass(frozen=True, slots=True)
class UnchosenModel:
    """A model that a project names and the person has not chosen: nothing of it is looked up before they do."""

    name: str
    load: Callable[[], Predictor | PromptedModel]

    def refuse(self) -> Predictor:
        """Load nothing.

        Raises:
            ModelError: always.
        """
        raise ModelError(f"{self.name} is named by the project, and you have not chosen it: choose it with --model")


@dataclass(frozen=True, slots=True)
class PredictionOptions:
    """What to predict with."""

    load: Callable[[], Predictor | PromptedModel] | None
    """Loads the model; may take seconds and raise ``ModelError``. None: there is none, only ``further`` and what is
    remembered of what was decided."""
    label_map: LabelMap
    context: Context
    only_labels: tuple[str, ...] = ()
    """If given, the project's own label set: what the model calls otherwise is not suggested, and a model that has to
    be asked for labels is asked for these."""
    is_named: bool = True
    """Whether a person asked for this model: it predicts again what another version of it said, which stays under that
    one's name otherwise, and predicts in files that brought suggestions of their own, too."""
    learn: bool = False
    """Learn from what is decided in the project, and go on until the prediction is cancelled."""
    further: tuple[Callable[[], SuggestionSource], ...] = ()
    """Loads each suggestion source that is used beside the model."""
    unchosen: UnchosenModel | None = None
    """The model that the person has to choose first; ``load`` refuses until then."""

    def chosen(self) -> PredictionOptions:
        """Return the options with which the model is loaded that has to be chosen first."""
        return replace(self, load=self.unchosen.load, unchosen=None) if self.unchosen else self

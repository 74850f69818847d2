"""A model with the labels that are wanted of it, as `predict` and the models of the API label with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.labels import LabelSet
from ner_tui.errors import InputError
from ner_tui.formats.files.project_files import is_project
from ner_tui.predictors import NO_MODEL

if TYPE_CHECKING:
    from ner_tui.patterns.reading import PatternFile
    from ner_tui.patterns.source import PatternSource
    from ner_tui.predictors.base import Context, Predictor, PromptedModel, TrainedOn
    from ner_tui.session.transfer.headless import StreamPredictor


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """A model and all that is asked of it; what is the same finds the same."""

    spec: str | None = None
    """None: the larger bundled model."""
    labels: LabelSet = field(default_factory=LabelSet)
    """Those that are wanted; an empty set: all that the model has."""
    label_map: LabelMap = field(default_factory=LabelMap)
    context: Context = "document"
    threshold: float = FLOOR
    patterns: tuple[PatternFile, ...] | None = None
    """Files whose patterns are found besides."""
    model_tags: tuple[str, ...] | None = None
    allow_pickle: bool = False
    trained_on: TrainedOn | None = None
    threads: int | None = None
    """How many processors are used; None: all that this process may use."""


def open_labeller(options: ModelOptions, tell: Callable[[str], None]) -> StreamPredictor:
    """Load a model and patterns.

    Args:
        options: which, and how they are used.
        tell: takes what a person should know of them, a sentence each.

    Raises:
        InputError: the model has none of the labels.
        ModelError: it cannot be used.
    """
    from ner_tui.predictors.suggesting import source_of
    from ner_tui.session.transfer.headless import StreamPredictor

    labels = options.labels
    patterns = _patterns(options, tell)
    if options.spec == NO_MODEL:
        return StreamPredictor(None, None, patterns)
    model = _loaded(options)
    source = source_of(
        model, options.label_map, options.context, labels.names, only=labels.labels, threshold=options.threshold
    )
    for remark in source.remarks:
        tell(remark)
    own = tag_labels(model.info.tags)
    absent = [label for label in labels.names if own and label not in source.labels]
    if absent:
        told = f"{model.info.name} does not find {', '.join(absent)}: its labels are {', '.join(own)}"
        if len(absent) == len(labels):
            raise InputError(f"{told}; --map gives them other names, and a GLiNER model finds any label")
        tell(told)
    if options.label_map.pairs and own and not len(labels):
        named = {source for source, _ in options.label_map.pairs}
        kept = [label for label in own if label not in named]
        tell(f"labels of the model that --map does not name, kept as they are: {', '.join(kept) or 'none'}")
    return StreamPredictor(source, model.info, patterns)


def _loaded(options: ModelOptions) -> Predictor | PromptedModel:
    """Load the model; that of a project, with what was decided there."""
    from ner_tui.predictors import load_model as load_any

    def load(spec: str | None) -> Predictor | PromptedModel:
        return load_any(
            spec,
            model_tags=options.model_tags,
            allow_pickle=options.allow_pickle,
            trained_on=options.trained_on,
            threads=options.threads,
        )

    if not options.spec or not is_project(options.spec):
        return load(options.spec)
    from ner_tui.session.project_model import with_projects

    return with_projects(load)(options.spec)


def _patterns(options: ModelOptions, tell: Callable[[str], None]) -> PatternSource | None:
    if options.patterns is None:
        return None
    from ner_tui.patterns.source import PatternSource

    patterns = PatternSource(options.patterns, options.labels.names)
    if patterns.unmapped:
        tell(f"labels of {patterns.run.name} that --labels does not name are left out: {', '.join(patterns.unmapped)}")
    return patterns

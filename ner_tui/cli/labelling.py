"""The model of ``predict``, with the labels that are wanted of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ner_tui.cli.printing import tell
from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.domain.labels import LabelSet
from ner_tui.errors import InputError
from ner_tui.formats.files.project_files import is_project
from ner_tui.predictors import NO_MODEL, require_labels, require_spec

if TYPE_CHECKING:
    from ner_tui.patterns.source import PatternSource
    from ner_tui.predictors.base import Predictor, PromptedModel
    from ner_tui.session.transfer.headless import StreamPredictor

T = TypeVar("T")


def require_model(spec: str) -> None:
    """Refuse at once what names no model, nor a project, which is one.

    Raises:
        ModelError: it is another file, or the path of a folder that does not exist.
    """
    if not is_project(spec):
        require_spec(spec)


def wanted_labels(arguments: Namespace) -> LabelSet:
    """Return the labels of ``--labels``, none for all that the model has.

    Raises:
        InputError: a name cannot be a label's, or the file cannot be used.
        ModelError: the model has to be asked for labels, and none are given.
    """
    labels = LabelSet()
    if arguments.labels is not None:
        from ner_tui.config.labels import label_set

        labels = label_set(arguments.labels)
    require_labels(arguments.model, labels.names)
    return labels


def labeller(arguments: Namespace, labels: LabelSet) -> StreamPredictor:
    """Load the model and the patterns, and tell what a person should know of them.

    Raises:
        InputError: the model has none of the labels.
        ModelError: it cannot be used.
    """
    from ner_tui.predictors.suggesting import source_of
    from ner_tui.session.transfer.headless import StreamPredictor

    label_map = LabelMap.parse(arguments.map or "")
    patterns = _patterns(arguments, labels)
    if arguments.model == NO_MODEL:
        return StreamPredictor(None, None, patterns)
    model = _model(arguments)
    source = source_of(
        model,
        label_map,
        arguments.context or "document",
        labels.names,
        only=labels.labels,
        threshold=FLOOR if arguments.threshold is None else arguments.threshold,
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
    if arguments.map and own and not len(labels):
        named = {source for source, _ in label_map.pairs}
        kept = [label for label in own if label not in named]
        tell(f"labels of the model that --map does not name, kept as they are: {', '.join(kept) or 'none'}")
    return StreamPredictor(source, model.info, patterns)


def _model(arguments: Namespace) -> Predictor | PromptedModel:
    """Load the model that the arguments name; that of a project, with what was decided there."""
    from ner_tui.predictors import load_model

    if not arguments.model or not is_project(arguments.model):
        return loaded(arguments, load_model)
    from ner_tui.session.project_model import with_projects

    def load(spec: str) -> Predictor | PromptedModel:
        return loaded(Namespace(**{**vars(arguments), "model": spec}), load_model)

    return with_projects(load)(arguments.model)


def _patterns(arguments: Namespace, labels: LabelSet) -> PatternSource | None:
    if arguments.patterns is None and not arguments.pattern_labels:
        return None
    from ner_tui.patterns.reading import with_labels
    from ner_tui.patterns.source import PatternSource

    patterns = PatternSource(with_labels(arguments.patterns or (), arguments.pattern_labels), labels.names)
    if patterns.unmapped:
        tell(f"labels of {patterns.run.name} that --labels does not name are left out: {', '.join(patterns.unmapped)}")
    return patterns


def loaded(arguments: Namespace, load: Callable[..., T]) -> T:
    """Load the model that the arguments name with ``predictors.load`` or ``load_model``."""
    return load(
        arguments.model,
        model_tags=arguments.model_tags,
        allow_pickle=arguments.allow_pickle,
        trained_on=arguments.trained_on,
    )

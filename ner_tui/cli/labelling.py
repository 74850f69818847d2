"""The model of ``predict``, with the labels that are wanted of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ner_tui.api.labelling import ModelOptions, open_labeller
from ner_tui.cli.printing import tell
from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import LabelSet
from ner_tui.predictors import require_labels

if TYPE_CHECKING:
    from ner_tui.session.transfer.headless import StreamPredictor

T = TypeVar("T")


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
    return open_labeller(model_options(arguments, labels), tell)


def model_options(arguments: Namespace, labels: LabelSet) -> ModelOptions:
    """Return the model and the patterns that arguments name.

    Raises:
        InputError: a file of patterns cannot be used.
    """
    patterns = None
    if arguments.patterns is not None or arguments.pattern_labels:
        from ner_tui.patterns.reading import with_labels

        patterns = with_labels(arguments.patterns or (), arguments.pattern_labels)
    return ModelOptions(
        arguments.model,
        labels,
        LabelMap.parse(arguments.map or ""),
        arguments.context or "document",
        FLOOR if arguments.threshold is None else arguments.threshold,
        patterns,
        arguments.model_tags,
        arguments.allow_pickle,
        arguments.trained_on,
    )


def loaded(arguments: Namespace, load: Callable[..., T]) -> T:
    """Load the model that the arguments name with ``predictors.load``."""
    return load(
        arguments.model,
        model_tags=arguments.model_tags,
        allow_pickle=arguments.allow_pickle,
        trained_on=arguments.trained_on,
    )

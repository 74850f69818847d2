"""``ner-tui train``: fine-tune a checkpoint on CoNLL files and export it to ONNX."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ner_tui.cli.printing import Printer, tell
from ner_tui.errors import InputError, ModelError
from ner_tui.formats.files.paths import require_there
from ner_tui.predictors import require_spec

if TYPE_CHECKING:
    from ner_tui.training.loop import TrainingProgress
    from ner_tui.training.recipe import Recipe

_EVERY = 10.0
"""Seconds between two lines of progress."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    # PyTorch takes seconds to be there.
    require_there(*arguments.data, *arguments.dev)
    require_spec(arguments.base)
    try:
        from ner_tui.training.finetune import train
    except ImportError as error:
        raise ModelError(f"training needs {error.name}: pip install 'ner-tui[transformer]'") from error
    cache = Path(arguments.teacher_cache) if arguments.teacher_cache else None
    report = train(_recipe(arguments), arguments.base, Path(arguments.out), _Reporter().show, tell, teacher_cache=cache)
    for name, share in report.accuracy.items():
        tell(f"{name}: {100 * share:.2f} % of words tagged right by the int8 graph")
    if report.calibration:
        before, after = report.calibration.error
        tell(
            f"temperature {report.calibration.temperature:.3f}; "
            f"expected calibration error {before:.4f} before, {after:.4f} after"
        )
    Printer().line(str(report.folder))
    return 0


def _recipe(arguments: Namespace) -> Recipe:
    from ner_tui.training.recipe import Recipe, RecipeSource, TrainingOptions, load_recipe

    recipes = [path for path in arguments.data if path.endswith(".toml")]
    if recipes and len(arguments.data) > 1:
        raise InputError("give CoNLL files or one recipe, not both")
    if recipes:
        recipe = load_recipe(Path(recipes[0]), Path(arguments.folder))
    else:
        recipe = Recipe(tuple(RecipeSource(Path(path)) for path in arguments.data), options=TrainingOptions())
    asked = {
        "epochs": arguments.epochs,
        "learning_rate": arguments.learning_rate,
        "seed": arguments.seed,
        "letter_shapes": arguments.letter_shapes or None,
    }
    options = replace(recipe.options, **{name: value for name, value in asked.items() if value is not None})
    dev = tuple(RecipeSource(Path(path)) for path in arguments.dev) or recipe.dev
    return replace(recipe, options=options, dev=dev, labels=arguments.labels or recipe.labels)


class _Reporter:
    """Prints a line of progress now and then."""

    def __init__(self) -> None:
        self._said = 0.0

    def show(self, progress: TrainingProgress) -> None:
        """Say how far the training is."""
        now = monotonic()
        if now - self._said >= _EVERY or progress.step == progress.steps:
            self._said = now
            left = progress.seconds / progress.step * (progress.steps - progress.step)
            tell(
                f"step {progress.step:,} of {progress.steps:,}, loss {progress.loss:.4f}, {left / 60:.1f} minutes left"
            )

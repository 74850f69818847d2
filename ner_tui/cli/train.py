"""``ner-tui train``: fine-tune a checkpoint on annotated files or projects and export it to ONNX."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote
from time import monotonic
from typing import TYPE_CHECKING

from ner_tui.cli.printing import Printer, tell
from ner_tui.errors import InputError, ModelError
from ner_tui.formats import SUFFIXES, may_hold_texts
from ner_tui.formats.files.paths import WHY_LEFT_OUT, expand, require_there
from ner_tui.formats.files.project_files import is_project
from ner_tui.predictors import require_spec

if TYPE_CHECKING:
    from ner_tui.domain.spelling import Spelling
    from ner_tui.training.data import Documents
    from ner_tui.training.finetune import TrainingReport
    from ner_tui.training.loop import TrainingProgress
    from ner_tui.training.recipe import Recipe, RecipeSource

_EVERY = 10.0
"""Seconds between two lines of progress."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    # PyTorch takes seconds to be there.
    require_there(*arguments.data, *arguments.dev)
    require_spec(arguments.base)
    try:
        from ner_tui.training.finetune import train, unfinished_folder
    except ImportError as error:
        raise ModelError(f"training needs {error.name}: pip install 'ner-tui[transformer]'") from error
    cache = Path(arguments.teacher_cache) if arguments.teacher_cache else None
    out, recipe = Path(arguments.out), _recipe(arguments)
    try:
        report = train(
            recipe,
            arguments.base,
            out,
            _Reporter().show,
            tell,
            teacher_cache=cache,
            allow_pickle=arguments.allow_pickle,
            read=partial(_read, tags_as=arguments.tags_as),
        )
    except (KeyboardInterrupt, SystemExit):
        if unfinished_folder(out).is_dir():
            tell(f"{out} is not finished: the same command goes on from {unfinished_folder(out)}")
        raise
    _tell_how_good(report)
    tell(f"to review with it: ner-tui review TEXT... --model {quote(str(out))}")
    Printer().line(str(report.folder))
    return 0


def _tell_how_good(report: TrainingReport) -> None:
    from ner_tui.training.finetune import in_words

    whose = "by the int8 graph" if report.has_graph else "by the checkpoint"
    for name, figures in report.spans.items():
        words = f"{100 * report.accuracy[name]:.2f} % of words tagged right"
        tell(f"{name}, {whose}: {in_words(figures)} of {figures.support:,} spans; {words}")
        if figures.support and not figures.correct:
            tell(f"it finds none of the spans of {name}: give it more sentences, or more --epochs")
    if not report.spans:
        tell("how good it is was not measured: give sentences that it does not learn from with --dev FILE")
    if report.calibration:
        before, after = report.calibration.error
        tell(
            f"temperature {report.calibration.temperature:.3f}; "
            f"expected calibration error {before:.4f} before, {after:.4f} after"
        )


def _read(path: Path, tags_as: Spelling | None) -> Documents:
    """Read what is trained on or held against: of a project, what was decided in confirmed sentences."""
    if is_project(path):
        from ner_tui.session.transfer.training_data import confirmed_sentences

        return confirmed_sentences(path, tell)
    from ner_tui.training.data import read_sentences

    return read_sentences(path, tags_as)


def _files(paths: list[str]) -> list[RecipeSource]:
    """Return what paths mean: of a folder, its files."""
    from ner_tui.training.recipe import RecipeSource

    found = expand(paths, SUFFIXES, may_hold_texts)
    for path in found.left_out:
        tell(f"left out: {path}: {WHY_LEFT_OUT}")
    return [RecipeSource(Path(path)) for path in found.files]


def _recipe(arguments: Namespace) -> Recipe:
    from ner_tui.training.recipe import Recipe, TrainingOptions, load_recipe

    recipes = [path for path in arguments.data if path.endswith(".toml")]
    if recipes and len(arguments.data) > 1:
        raise InputError("give files and projects, or one recipe, not both")
    if recipes:
        recipe = load_recipe(Path(recipes[0]), Path(arguments.folder))
    else:
        recipe = Recipe(tuple(_files(arguments.data)), options=TrainingOptions())
    asked = {
        "epochs": arguments.epochs,
        "learning_rate": arguments.learning_rate,
        "seed": arguments.seed,
        "patience": arguments.patience,
        "letter_shapes": arguments.letter_shapes or None,
    }
    options = replace(recipe.options, **{name: value for name, value in asked.items() if value is not None})
    dev = tuple(_files(arguments.dev)) or recipe.dev
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

"""``ner-tui review``: correct entities in the terminal."""

from __future__ import annotations

import sys
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING

from ner_tui.errors import InputError

if TYPE_CHECKING:
    from ner_tui.predictors.base import Predictor


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.app.settings import settings_of
    from ner_tui.config.labels import label_set
    from ner_tui.config.user import read_user_config
    from ner_tui.domain.labels import LabelSet
    from ner_tui.session.adding import ReadOptions
    from ner_tui.session.opening import DEFAULT_PROJECT, SittingOptions, open_sitting

    if not arguments.paths and not arguments.project:
        raise InputError("name what to review: ner-tui review PATH...")
    # What is wrong in a file of settings is said before anything is opened or made.
    config = read_user_config(arguments.config)
    settings = settings_of(config)
    labels = label_set(arguments.labels) if arguments.labels is not None else LabelSet()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("review needs a terminal; to label files without one use ner-tui predict")
    options = SittingOptions(
        project=arguments.project or DEFAULT_PROJECT,
        add=arguments.add,
        labels=labels,
        label_map=arguments.map,
        context=arguments.context,
        annotator=arguments.annotator or config.annotator,
        guidelines=arguments.guidelines,
        model=arguments.model,
        read_only=arguments.read_only,
        sample=arguments.sample,
        seed=arguments.seed,
        read=ReadOptions(arguments.from_, arguments.encoding, arguments.ignore_tags),
        load=partial(_load, model_tags=arguments.model_tags, allow_pickle=arguments.allow_pickle),
    )
    session = open_sitting(arguments.paths, options)
    try:
        from ner_tui.app.app import NerApp

        NerApp(session, settings).run()
        if unsaved := session.unsaved:
            print(
                f"NOT saved in {session.project_path}: the last {unsaved:,} edits ({session.unsaved_because})",
                file=sys.stderr,
            )
            return 1
        if session.read_only:
            return 0
        row = session.row()
        print(
            f"saved in {session.project_path}: {row.spans:,} decisions, {row.suggestions:,} open suggestions, "
            f"{row.confirmed:,} of {row.sentences:,} sentences confirmed",
            file=sys.stderr,
        )
    finally:
        session.close()
    return 0


def _load(spec: str | None, *, model_tags: tuple[str, ...] | None, allow_pickle: bool) -> Predictor:
    from ner_tui.predictors import load

    return load(spec, model_tags=model_tags, allow_pickle=allow_pickle, isolated=True)

"""``ner-tui review``: correct entities in the terminal."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.cli.printing import tell
from ner_tui.domain.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ner_tui.app.app import NerApp
    from ner_tui.app.screens.startup import StartupState
    from ner_tui.app.settings import AppSettings
    from ner_tui.config.user import UserConfig
    from ner_tui.domain.labels import LabelSet
    from ner_tui.patterns.reading import PatternFile
    from ner_tui.predictors.base import Predictor, PromptedModel, TrainedOn
    from ner_tui.session import Session


SMALL = 1 << 18
"""Bytes of files of patterns that are read before anything is drawn, to say at once what is wrong in them."""

READ_ONLY_BECAUSE = "NER_TUI_READ_ONLY_BECAUSE"
"""The variable in which who starts a read-only session for somebody says why."""

SWITCH = 0.0005
"""Seconds after which a thread that predicts or learns lets others run: a key takes turns with it a dozen times."""


class _Wanted(NamedTuple):
    """What the arguments say beside what is to be read."""

    config: UserConfig
    settings: AppSettings | None
    labels: LabelSet | None
    patterns: tuple[PatternFile, ...] | None


def run(arguments: Namespace) -> int:
    """Run the command."""
    # What learns runs beside a person, on one processor; numpy reads this when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # The toolkit draws at most so often a second: at its 60 a key that comes right after something was drawn waits
    # for up to two frames of 17 ms.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    wanted = _wanted(arguments)
    from ner_tui.app.terminal import terminal
    from ner_tui.formats.files.inputs import STDIN

    if STDIN in arguments.paths and sys.stdin.isatty():
        tell("reading what you type: Ctrl-D on a line of its own ends the text")
    with terminal():
        return _sit(arguments, wanted)


def rehearse(arguments: Namespace) -> None:
    """Load the model that is named, open the session that ``run`` would, and leave both; a new project is not kept.

    Raises:
        NerTuiError: ``run`` would refuse, or could not load that model.
    """
    from ner_tui.predictors import BUNDLED_MODELS, NO_MODEL
    from ner_tui.store.file.creation import discard

    wanted = _wanted(arguments)
    if arguments.model and arguments.model not in (*BUNDLED_MODELS, NO_MODEL):
        _loading(arguments)(arguments.model).close()
    is_new = not os.path.lexists(arguments.project)
    _open(arguments, wanted).close()
    if is_new:
        discard(Path(arguments.project))


def _wanted(arguments: Namespace) -> _Wanted:
    """Return what is wanted, and tell the project from the texts; what is wrong is said before anything is made."""
    from ner_tui.config.user import read_user_config
    from ner_tui.formats.files.inputs import note_input
    from ner_tui.session.naming import named

    arguments.project, arguments.paths = named(arguments.paths, arguments.project)
    if arguments.model:
        from ner_tui.session.naming import require_model

        require_model(arguments.model)
    config = read_user_config(arguments.config)
    for path in (arguments.config, arguments.labels):
        if path and Path(path).is_file():
            note_input(path)
    settings = None
    if config.keys or config.theme:
        from ner_tui.app.settings import settings_of

        settings = settings_of(config)
    labels = None
    if arguments.labels is not None:
        from ner_tui.config.labels import label_set

        labels = label_set(arguments.labels)
    return _Wanted(config, settings, labels, _patterns(arguments))


def _patterns(arguments: Namespace) -> tuple[PatternFile, ...] | None:
    """Return the files of patterns; what is wrong in one that is read in no time is said before anything is opened."""
    if arguments.patterns is None and not arguments.pattern_labels:
        return None
    from ner_tui.patterns.reading import read_patterns, sizes, with_labels

    files = with_labels(arguments.patterns or (), arguments.pattern_labels)
    if sizes(files) <= SMALL:
        read_patterns(files)
    return files


def _sit(arguments: Namespace, wanted: _Wanted) -> int:
    """Open the session, and stay until the person leaves."""
    from ner_tui.cli.interrupts import Interrupts

    sessions: list[Session] = []
    sys.setswitchinterval(SWITCH)
    # A start makes much and drops next to nothing: looking for garbage meanwhile would take a tenth of it.
    gc.disable()

    def open_now() -> Session:
        sessions.append(_open(arguments, wanted))
        return sessions[0]

    try:
        with Interrupts().for_a_session():
            begin = _opening(arguments, open_now) or open_now()
            from ner_tui.app.app import NerApp
            from ner_tui.app.jobs import wait_for_the_last
            from ner_tui.app.terminal import drop_typed
            from ner_tui.session.kept_view import KeptView

            app = NerApp(begin, wanted.settings, KeptView.of_person())
            try:
                app.run()
            finally:
                if app.crash is not None:
                    drop_typed()
            wait_for_the_last()
        # The app has taken them for itself meanwhile.
        with Interrupts().for_a_session():
            return _leave(arguments, app, sessions)
    finally:
        gc.enable()
        gc.unfreeze()
        for each in sessions:
            each.close()


def _leave(arguments: Namespace, app: NerApp, sessions: list[Session]) -> int:
    """Close the session, say what became of it, and return the exit code.

    Raises:
        Exception: what ended the app, or kept it from beginning.
    """
    from ner_tui.store.file.connection import damage_as_error

    with damage_as_error(Path(arguments.project)):
        if app.crash is None:
            return _farewell(sessions[0]) if sessions else 0
        # What cannot even be counted any more is no reason to keep back what happened.
        with suppress(Exception):
            for session in sessions:
                session.save_pending()
                _farewell(session)
        raise app.crash


def _opening(arguments: Namespace, open_now: Callable[[], Session]) -> StartupState | None:
    """Return what can be shown while the session is opened; None where that has to be opened first to be shown."""
    if arguments.add or arguments.sample or arguments.guidelines or arguments.map or arguments.read_only:
        return None
    from ner_tui.session.preview import preview

    found = preview(Path(arguments.project), arguments.paths, arguments.from_, arguments.encoding, arguments.text)
    if found is None:
        return None
    from ner_tui.app.screens.startup import StartupState

    return StartupState(found.text, found.cursor, found.theme, open_now)


def _open(arguments: Namespace, wanted: _Wanted) -> Session:
    from ner_tui.domain.labels import LabelSet
    from ner_tui.session.opening import SessionOptions, open_session
    from ner_tui.session.transfer.adding import ReadOptions

    options = SessionOptions(
        project=arguments.project,
        add=arguments.add,
        labels=wanted.labels or LabelSet(),
        label_map=arguments.map,
        context=arguments.context,
        patterns=wanted.patterns,
        annotator=arguments.annotator or wanted.config.annotator,
        guidelines=arguments.guidelines,
        model=arguments.model,
        read_only=arguments.read_only,
        because=f", {why}" if (why := os.environ.get(READ_ONLY_BECAUSE)) else "",
        sample=arguments.sample,
        seed=arguments.seed,
        learn=not arguments.no_learning,
        read=ReadOptions(
            arguments.from_,
            arguments.encoding,
            arguments.ignore_tags,
            arguments.names,
            text=arguments.text,
            tags_as=arguments.tags_as or (),
        ),
        load=_loading(arguments),
    )
    return open_session(arguments.paths, options)


def _loading(arguments: Namespace) -> Callable[[str | None], Predictor | PromptedModel]:
    """Return what loads the model of a spec."""
    return partial(
        _load,
        model_tags=arguments.model_tags,
        allow_pickle=arguments.allow_pickle,
        trained_on=arguments.trained_on,
    )


def _farewell(session: Session) -> int:
    """Close a session, say what is in the project now, and return the exit code."""
    # What it holds can be asked for until it is closed, where it is only then.
    row, unsaved, because = session.row(), session.unsaved, session.unsaved_because
    session.close()
    if unsaved:
        tell(f"NOT saved in {session.project_path}: the last {counted(unsaved, 'edit')} ({because})")
        return 1
    if session.read_only:
        return 0
    if lost := session.misplaced:
        tell(f"NOT saved in {session.project_path}: {lost}")
        return 1
    known = f"{counted(row.spans, 'decision')}, {counted(row.suggestions, 'open suggestion')}"
    tell(
        f"saved in {session.project_path}: {known}, {row.confirmed:,} of {counted(row.sentences, 'sentence')} confirmed"
    )
    return 0


def _load(
    spec: str | None, *, model_tags: tuple[str, ...] | None, allow_pickle: bool, trained_on: TrainedOn | None
) -> Predictor | PromptedModel:
    from ner_tui.predictors import load_model

    def load(one: str | None) -> Predictor | PromptedModel:
        return load_model(one, model_tags=model_tags, allow_pickle=allow_pickle, isolated=True, trained_on=trained_on)

    if not spec:
        return load(spec)
    from ner_tui.session.project_model import with_projects

    return with_projects(load)(spec)

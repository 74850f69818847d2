"""Opening: from the paths a person gives to a session on a project."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from getpass import getuser
from pathlib import Path
from time import perf_counter, time
from typing import TYPE_CHECKING

from ner_tui.domain.counting import counted
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.labels import CONLL2003, LabelSet
from ner_tui.domain.printable import without_surrogates
from ner_tui.errors import InputError, ProjectError
from ner_tui.formats.files.paths import kept_path, require_there
from ner_tui.formats.files.project_files import own_name
from ner_tui.session import DEFAULT_PROJECT
from ner_tui.session.found_files import found_files
from ner_tui.session.guidelines import Guidelines, read_guidelines
from ner_tui.session.own_patterns import pattern_files
from ner_tui.session.place import PredictionOptions, UnchosenModel
from ner_tui.session.sample import Sample
from ner_tui.session.session import Session
from ner_tui.session.transfer.adding import FileAdding, ReadOptions
from ner_tui.store.file.connection import damage_as_error
from ner_tui.store.file.creation import discard
from ner_tui.store.file.locking import Lock, network_file_system
from ner_tui.store.file.log_stamp import refuse_left_log
from ner_tui.store.project import ANNOTATOR, Project

if TYPE_CHECKING:
    from ner_tui.patterns.reading import PatternFile
    from ner_tui.predictors.base import Context, Predictor, PromptedModel

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What the person asked for."""

    project: str = DEFAULT_PROJECT
    add: bool = False
    """Add the paths to a project that holds none of them."""
    labels: LabelSet = field(default_factory=LabelSet)
    """The project's label set; empty for what the files and the model bring."""
    label_map: str | None = None
    """``--map`` as it was typed; None for the one kept in the project."""
    context: Context | None = None
    """None for the one kept in the project, or else ``document``."""
    model: str | None = None
    """``--model`` as it was typed; None for the one kept in the project, or else the bundled model."""
    patterns: tuple[PatternFile, ...] | None = None
    """What suggests beside the model in this session; None: what they suggested before stays. Empty: it goes."""
    annotator: str | None = None
    """None for the login name."""
    guidelines: str | None = None
    """Path of the Markdown file that says what to label how; None for the one kept in the project."""
    sample: int | None = None
    """So many sentences, chosen by chance from all documents, are what the session is about; None for all."""
    seed: int = 0
    """Of the choice."""
    read_only: bool = False
    """Look at the project, whoever has it open, and change nothing."""
    because: str = ""  # why, behind a comma, where the person did not ask for that
    learn: bool = False
    """Learn from what is decided, and suggest better."""
    read: ReadOptions = field(default_factory=ReadOptions)
    load: Callable[[str | None], Predictor | PromptedModel] | None = None
    """Loads the model of a spec; None for a session without one."""


def open_session(paths: Sequence[str], options: SessionOptions, clock: Callable[[], float] = time) -> Session:
    """Open the project, take in what is new or changed among ``paths``, and stand at the first of them.

    Raises:
        InputError: a path cannot be read, or the project holds none of them and ``add`` is not given.
        ProjectError: the project file cannot be used, or another session has it open.
    """
    path, begun = Path(options.project), perf_counter()
    with damage_as_error(path) if path.exists() else nullcontext():
        open_it = _open_read_only if options.read_only else _open_to_edit
        session = open_it(path, paths, options, clock)
    _log.info("the project is open: %.3f s", perf_counter() - begun)
    return session


def _open_to_edit(path: Path, paths: Sequence[str], options: SessionOptions, clock: Callable[[], float]) -> Session:
    """Open a project to change it."""
    is_new = not path.exists()
    if is_new and not paths:
        raise InputError(f"{path} does not exist: name what to review to make it, ner-tui review PATH...")
    if options.label_map:
        LabelMap.parse(options.label_map)
    if options.guidelines:
        read_guidelines(Path(options.guidelines))
    files, left_out = found_files(paths, is_new=is_new)
    if is_new:
        refuse_left_log(own_name(path))
    annotator = without_surrogates(options.annotator or _login())
    lock, project = Lock(path, annotator), None
    is_new = is_new and not path.exists()  # another session may have made it meanwhile, and it stays then
    try:
        project = Project.open(path, create=True)
        lock.cover()
        annotator = annotator if options.annotator else project.setting(ANNOTATOR) or annotator
        adding = FileAdding(project, options.read, clock, annotator)
        _take_in(project, adding, files, options)
        adding.notices.extend(left_out)
        _settle_labels(project, adding, options)
        if options.guidelines:
            Guidelines(project).use(options.guidelines)
        prediction = _prediction_options(project, options)
        if options.sample:
            # Chance has to have all to choose from.
            _read_all(project, adding)
        sample = Sample(project, options.sample, options.seed) if options.sample else None
        # The first is told at once, the others where somebody asks.
        notices = [*adding.notices, *adding.readings]
        session = Session(project, annotator=annotator, options=prediction, notices=notices, clock=clock, sample=sample)
        session.hold(lock)
    except BaseException:
        if project is not None:
            project.close()
        if is_new:
            discard(path)
        lock.release()
        raise
    session.notices[:0] = _warnings(project)
    _stand_at(session, project, map(adding.name, files))
    return session


def _open_read_only(path: Path, paths: Sequence[str], options: SessionOptions, clock: Callable[[], float]) -> Session:
    """Open a project to look at it."""
    if not path.exists():
        raise InputError(f"{path} does not exist: there is nothing to look at")
    if options.add or options.sample or options.guidelines or len(options.labels) or options.patterns:
        raise InputError(
            "--read-only changes nothing: leave out --add, --sample, --guidelines, --labels and --patterns"
        )
    names = [kept_path(file) for file in found_files(paths, is_new=False).files]
    project = Project.open(path, read_only=True)
    try:
        if not project.is_current:
            raise ProjectError(f"{path} was made by an older ner-tui: open it once without --read-only")
        if names and not any(map(project.content.source, names)):
            raise InputError(f"{path} holds none of these files, and --read-only adds none")
        session = Session(project, annotator=without_surrogates(options.annotator or _login()), clock=clock)
    except BaseException:
        project.close()
        raise
    session.notices.append(f"{path} is open read-only{options.because}: nothing can be changed in this session")
    _stand_at(session, project, names)
    return session


def _warnings(project: Project) -> list[str]:
    """Return what a person should know of the place that a project is in, and of what became of its file."""
    found = []
    if kind := network_file_system(project.path):
        found.append(
            f"{project.path} is on a network file system ({kind}), where edits can be lost: "
            "keep the project on a disk of this computer"
        )
    if project.backup:
        found.append(f"{project.path} was brought up to date; {project.backup} is as it was before")
    return found


def _take_in(project: Project, adding: FileAdding, files: Sequence[str], options: SessionOptions) -> None:
    """Read new and changed files into the project."""
    known = [file for file in files if project.content.source(adding.name(file))]
    new = [file for file in files if file not in known]
    require_there(*new)
    had_any = project.content.source_count() > 0
    if files and had_any and not known and not options.add:
        raise InputError(
            f"{project.path} holds none of these files: add them with --add, or name another project with --project"
        )
    skipped = []
    for file in known:
        adding.refresh(file)
    with project.soon():
        for file in new:
            try:
                adding.add(file)
            except InputError as error:
                # One unreadable file in a folder must not keep the person from the others.
                if len(files) == 1:
                    raise
                skipped.append(str(error))
    added = len(new) - len(skipped)
    if had_any and added:
        adding.readings.insert(0, f"{counted(added, 'new file was', 'new files were')} added to {project.path}")
    adding.notices.extend(f"left out: {reason}" for reason in skipped)
    if project.content.source_count() == 0:
        raise InputError("; ".join(skipped) or "nothing to read: give a text or CoNLL file, or a folder of them")


def _read_all(project: Project, adding: FileAdding) -> None:
    """Read all files to their ends now."""
    for unread in project.bulk_insert.unread():
        from ner_tui.session.transfer.indexing import read_on

        notices = [indexed.notice for indexed in read_on(project, unread) if indexed.notice]
        adding.notices.extend(notices)


def _settle_labels(project: Project, adding: FileAdding, options: SessionOptions) -> None:
    """Bring the project's labels up to date: those asked for, kept, met in files, or CoNLL-2003's."""
    kept = project.labels
    if len(options.labels):
        project.set_setting("labels fixed", "1")
        asked = options.labels.with_names(adding.labels)
        # What spans carry stays on the list, whatever it was renamed to since.
        carried = (name for name in kept.names if not asked.find(name) and project.label_list.carried(name))
        project.labels = asked.with_names(carried).described_by(kept)
    else:
        met = adding.labels
        # Files that speak CoNLL-2003 get its labels in its order, so that the keys are the same in every project.
        common = CONLL2003 if not met or not met.keys().isdisjoint(CONLL2003) else ()
        project.labels = kept.with_names(met) if len(kept) else LabelSet.of(common).with_names(met)


def _prediction_options(project: Project, options: SessionOptions) -> PredictionOptions | None:
    """Settle what to predict with: what was asked for now is kept in the project for the next session.

    Raises:
        ModelError: the model has to be asked for labels, and the project has no label set of its own.
    """
    from ner_tui.predictors import BUNDLED_MODELS, NO_MODEL, require_labels

    only = project.labels.names if project.setting("labels fixed") else ()
    if options.load:
        require_labels(options.model, only)
    for name, asked in {"map": options.label_map, "model": options.model, "context": options.context}.items():
        if asked is not None:
            if without_surrogates(asked) != asked:
                raise InputError(f"--{name} {asked}: it is not UTF-8, and a project could not keep it")
            project.set_setting(name, asked)
    spec = project.setting("model")
    further = pattern_files(options.patterns, only)
    if options.load is None or spec == NO_MODEL:
        learn = options.learn and options.load is not None
        there = further or learn
        return PredictionOptions(None, LabelMap(), "document", only, False, learn, further) if there else None
    context: Context = "sentence" if project.setting("context") == "sentence" else "document"
    label_map = LabelMap.parse(project.setting("map") or "")
    # Who never named a model did not ask for what another release of the program brings to replace what is there, nor
    # for a word beside the suggestions that a file brought.
    load: Callable[[], Predictor | PromptedModel] = partial(options.load, spec)
    unchosen = None
    if spec and spec not in BUNDLED_MODELS:
        from ner_tui.predictors.chosen import choose, is_chosen

        if options.model:
            choose(spec)
        elif not is_chosen(spec):
            unchosen = UnchosenModel(spec, load)
            load = unchosen.refuse
    return PredictionOptions(
        load, label_map, context, only, is_named=bool(spec), learn=options.learn, further=further, unchosen=unchosen
    )


def _stand_at(session: Session, project: Project, names: Iterable[str]) -> None:
    """Open the first of the files, or the document among them that the person was in last; or the sample's first."""
    if session.sample is not None and (place := session.sample.first()) is not None:
        session.open(place.document)
        session.remember_cursor(place.offset)
        session.open(place.document)
        return
    sources = [source for name in names if (source := project.content.source(name))]
    documents = [head.id for source in sources for head in project.content.documents_of(source.id)]
    if documents and session.document.id not in documents:
        session.open(documents[0])


def _login() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return os.environ.get("USER", "unknown")

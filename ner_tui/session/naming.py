"""What a person names to begin a session: a project, or texts, or both; what is not there is refused first of all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ner_tui.errors import InputError
from ner_tui.formats.files.paths import is_gone, kept_path, refuse_remote
from ner_tui.formats.files.project_files import SUFFIX, is_project
from ner_tui.predictors import require_spec
from ner_tui.session import DEFAULT_PROJECT


class NamedFiles(NamedTuple):
    """The project of a session and what is to be looked at in it."""

    project: str
    paths: tuple[str, ...]
    """Texts and folders of them; empty: all that the project holds."""


def named(paths: Sequence[str], project: str | None = None) -> NamedFiles:
    """Tell a project among paths from texts, by what is in it.

    Args:
        project: as it was named besides; None: that among the paths, or else the one in the folder.

    Raises:
        InputError: a path does not exist, and the project does not hold it either; two projects are named, or nothing
            is.
        ProjectError: the project cannot be read to see what it holds.
    """
    projects = dict.fromkeys(os.path.realpath(path) for path in ([project] if project else []))
    texts = []
    for path in paths:
        if not is_project(path):
            texts.append(path)
        elif os.path.realpath(path) not in projects:
            projects[os.path.realpath(path)] = None
            project = project or path
    if len(projects) > 1:
        raise InputError(f"one project is opened at a time, and {len(projects)} are named: {', '.join(projects)}")
    chosen = project or DEFAULT_PROJECT
    if not is_project(chosen) and Path(chosen).is_file() and Path(chosen).stat().st_size:
        raise InputError(f"{chosen} is not a project of ner-tui: name another with --project")
    missing = [path for path in texts if is_gone(path)]
    if missing and (gone := _not_in(Path(chosen), missing)):
        refuse_remote(gone)
        step = f": ner-tui review PATH... --project {gone} makes a project so called" if gone.endswith(SUFFIX) else ""
        raise InputError(f"{gone} does not exist{step}")
    if not texts and not os.path.lexists(chosen):
        there = f"{project} does not exist: " if project else f"there is no {DEFAULT_PROJECT} here to go on with: "
        raise InputError(f"{there}name what to review, ner-tui review PATH...")
    return NamedFiles(chosen, tuple(texts))


def require_model(spec: str) -> None:
    """Refuse at once what names no model, nor a project, which is one.

    Raises:
        ModelError: it is another file, or the path of a folder that does not exist.
    """
    if not is_project(spec):
        require_spec(spec)


def _not_in(project: Path, missing: Sequence[str]) -> str:
    """Return the first path that is not in the project either; empty: all are."""
    if not is_project(project):
        return missing[0]
    from ner_tui.store.project import Project

    opened = Project.open(project, read_only=True)
    try:
        return next((path for path in missing if opened.content.source(kept_path(path)) is None), "")
    finally:
        opened.close()

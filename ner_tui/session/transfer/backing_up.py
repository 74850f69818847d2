"""A backup: a project file as it is now, in another file, also while a session has it open."""

from __future__ import annotations

import os
from pathlib import Path

from ner_tui.errors import InputError
from ner_tui.formats.files.atomic import unwritable
from ner_tui.formats.files.inputs import STDIN, refuse_output
from ner_tui.session.transfer.outputs import refuse_sources
from ner_tui.store.file.connection import damage_as_error
from ner_tui.store.project import Project


def back_up(path: Path, out: str) -> None:
    """Copy the project at ``path`` to the file ``out``: all of it or, whatever happens, nothing.

    Raises:
        InputError: ``out`` cannot be written, is no place for a file, or is a project, what is kept beside one,
            or a file that this one was made from.
        ProjectError: the project cannot be read.
    """
    target = Path(os.path.realpath(out))
    if out == STDIN or out.endswith(("/", os.sep)) or (target.exists() and not target.is_file()):
        raise InputError(f"a backup is a file of its own, which {out} is not: name one with -o")
    project = Project.open(path, read_only=True)
    try:
        refuse_output(out)
        refuse_sources(project, out)
        with damage_as_error(path):
            try:
                project.copy_to(target)
            except OSError as error:
                raise unwritable(out, target, error) from error
    finally:
        project.close()

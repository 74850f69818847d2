"""Making a new project: it is there when all of it is, and otherwise it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ner_tui.errors import InputError, ProjectError
from ner_tui.formats.files.project_files import SIDE_FILES, own_name
from ner_tui.store.file.log_stamp import refuse_left_log
from ner_tui.store.project import Project


@contextmanager
def making(path: Path) -> Iterator[Project]:
    """Give a new, empty project, which is closed when the block ends, and taken away if it fails.

    Raises:
        InputError: there is a file already.
        ProjectError: the file cannot be written.
    """
    project = None
    refuse_left_log(own_name(path))
    # An empty file has the name first: what somebody else put there a moment ago is neither filled nor taken away.
    try:
        os.close(os.open(own_name(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except FileExistsError:
        raise InputError(f"{path} is there already: name a new file") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be made ({why}): name a file in a folder that you can write to") from error
    try:
        # An interruption may come while its tables are made.
        project = Project.open(path, create=True)
        yield project
        project.close()
    except BaseException:
        if project is not None:
            project.close()
        discard(path)
        raise


def discard(path: Path) -> None:
    """Take away a project, if there is one, with what SQLite keeps beside it."""
    path = own_name(path)
    for suffix in ("", *SIDE_FILES):
        with suppress(OSError):
            Path(f"{path}{suffix}").unlink()

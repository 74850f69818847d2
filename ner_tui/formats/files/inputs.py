"""Inputs are no outputs: what is read, and what a project is kept in, is never written over by another file.

Files are compared by what they are, device and inode, so that a link, a second name or ``../`` makes no difference;
and by their names besides, since a file that was read may have been replaced meanwhile.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ner_tui.errors import InputError
from ner_tui.formats.files.project_files import Identity, identity_of, kept_in, real_name

STDIN = "-"
"""The path that means standard input, or output."""


class ReadFiles:
    """Files that are read: nothing is to be written over them."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._found: dict[Identity, str] = {}
        self._names: set[str] = set()
        for path in paths:
            self.add(path)

    def add(self, path: str) -> None:
        """Add one; ``-`` is the file that standard input comes from, if it is one."""
        if path != STDIN:
            self._names.add(real_name(path))
        if (identity := _identity(path)) is not None:
            self._found[identity] = path

    def refuse(self, target: str | Path) -> None:
        """Refuse to write over one of them.

        Raises:
            InputError: ``target`` is one, by whatever name.
        """
        if str(target) == STDIN or (identity := _identity(str(target))) is None:
            return
        # The number of a file that is gone may have been given to another one.
        path = self._found.get(identity)
        if real_name(target) in self._names or (path is not None and _identity(path) == identity):
            raise InputError(f"{target} is one of the files that are read: choose another place for what is written")


_noted: list[ReadFiles] = []
"""Those of the command that runs; empty where none does."""


@contextmanager
def inputs_noted() -> Iterator[None]:
    """Have nothing written over what is read, in all threads, while a command runs."""
    _noted.append(ReadFiles())
    try:
        yield
    finally:
        _noted.pop()


def note_input(path: str | Path) -> None:
    """Note that a file is read.

    Raises:
        InputError: standard output or error is appended to that file.
    """
    if not _noted:
        return
    _noted[-1].add(str(path))
    identity = _identity(str(path))
    for stream in (1, 2) if identity else ():
        if _identity_of_stream(stream) == identity:
            raise InputError(f"{path} is read, and what is written goes there too: send it elsewhere")


def refuse_output(target: str | Path, *, replaces: str | None = None) -> None:
    """Refuse to write to a place where a project is kept, or over what the command that runs has read.

    Args:
        replaces: the file that is to be replaced on purpose, where that is the one that was read.

    Raises:
        InputError: ``target`` is such a place, by whatever name.
    """
    if (project := kept_in(target)) is not None:
        what = "is a project" if real_name(target) == real_name(project) else f"belongs to {project}"
        raise InputError(f"{target} {what}: choose another place for what is written")
    if _noted and (replaces is None or _identity(replaces) != _identity(str(target))):
        _noted[-1].refuse(target)


def _identity(path: str) -> Identity | None:
    """Return the identity of a file; None for what is none, such as a pipe, which can be read and written."""
    if path == STDIN:
        return _identity_of_stream(0)
    return identity_of(path) if os.path.isfile(path) else None  # noqa: PTH113


def _identity_of_stream(number: int) -> Identity | None:
    try:
        info = os.fstat(number)
    except OSError:
        return None
    return (info.st_dev, info.st_ino) if stat.S_ISREG(info.st_mode) and sys.platform != "win32" else None

"""The files that the paths of a command mean: themselves, or those in a folder."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ner_tui.domain.printable import without_surrogates
from ner_tui.errors import InputError
from ner_tui.formats.files.beside import has_text_beside, is_read_beside
from ner_tui.formats.files.compression import suffix_of
from ner_tui.formats.files.inputs import STDIN
from ner_tui.formats.files.project_files import LOCK, SIDE_FILES, SUFFIX, is_project
from ner_tui.formats.files.remote import is_remote, remote_files

_BESIDE = tuple(f"{SUFFIX}{end}" for end in (*SIDE_FILES, LOCK))
_MIXED = (".json", ".csv", ".parquet")
"""Suffixes of files that hold texts, or anything else."""
_FEW = 64
"""Bytes at the most of files that are looked into for anything but blanks."""


class InputPaths(NamedTuple):
    """What a list of paths came to."""

    files: tuple[str, ...]
    """The files to read, each once, in the order given; those of a folder sorted by path."""
    left_out: tuple[str, ...]
    """Files that were not taken: blank ones beside others, and in folders what is not of a known suffix, or JSON or
    tables without texts, such as settings; hidden files, projects, and what is read with a file beside it excepted."""


WHY_LEFT_OUT = "it is blank, or its name or what it holds is not that of a text or a table"
"""Of a file that is not read."""


def expand(
    paths: Iterable[str],
    suffixes: Collection[str],
    holds_texts: Callable[[str], bool] | None = None,
    *,
    remote: bool = False,
) -> InputPaths:
    """Find the files that ``paths`` mean: a file is taken whatever its name, a folder for its text-like files.

    A blank file among others is left out, as shells name all that a pattern fits; alone it is taken, and refused where
    it is read. Folders are searched with all their folders, hidden ones excepted; links to folders are not followed.

    Args:
        paths: as a person gave them.
        suffixes: of the files that are taken from folders, such as ``.conll``.
        holds_texts: whether a file of JSON or a table in a folder is more than settings or figures; None: all are.
        remote: whether addresses of other file systems are read, too.

    Raises:
        InputError: a path does not exist or is an address that is not read, or a folder holds nothing to read.
    """
    files: dict[str, None] = {}
    left_out: list[str] = []
    blank: dict[str, None] = {}
    for path in paths:
        if remote and is_remote(path):
            found_there = remote_files(path, suffixes)
            files |= dict.fromkeys(each for each, is_read in found_there.items() if is_read)
            left_out += [each for each, is_read in found_there.items() if not is_read]
            continue
        if path == STDIN or not Path(path).is_dir():
            require_there(path)
            files[path] = None
            if _has_nothing_to_read(path):
                blank[path] = None
            continue
        found, rest = _split(_walk(path), suffixes, holds_texts)
        if not found:
            raise InputError(f"{path} holds no file to read: looked for {' '.join(sorted(suffixes))}")
        files |= dict.fromkeys(found)
        left_out += rest
    if len(blank) < len(files):
        left_out += blank
        files = {path: None for path in files if path not in blank}
    return InputPaths(tuple(files), tuple(left_out))


def require_there(*paths: str) -> None:
    """Refuse paths that do not exist.

    Raises:
        InputError: one does not.
    """
    for path in paths:
        refuse_remote(path)
        if is_gone(path):
            raise InputError(f"{path} does not exist")


def refuse_remote(path: str) -> None:
    """Refuse the address of another file system, where what is read has to be a place on this machine.

    Raises:
        InputError: it is one.
    """
    if is_remote(path):
        raise InputError(f"{path}: predict alone reads from there: copy it here, or mount what it is on")


def is_gone(path: str) -> bool:
    """Whether there is nothing at a path; standard input is always there."""
    return path != STDIN and not os.path.lexists(path)


def kept_path(path: str) -> str:
    """Return the name that a file has in a project, whatever folder the person stands in.

    Raises:
        InputError: it is no text.
    """
    full = str(Path(path).resolve())
    if without_surrogates(full) != full:
        raise InputError(f"{path}: its name is not UTF-8, and a project could not keep it: give it another name")
    return full


def _walk(folder: str) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _is_of_project(path: Path) -> bool:
    """Whether a file is a project, or stands beside one that is open."""
    return path.suffix in _BESIDE or is_project(path)


def _split(
    paths: Iterable[Path], suffixes: Collection[str], holds_texts: Callable[[str], bool] | None
) -> tuple[list[str], list[str]]:
    taken: list[str] = []
    rest: list[str] = []
    for path in sorted(paths):
        suffix = suffix_of(path)
        readable = suffix in suffixes and path.is_file() and not _is_blank(path)
        readable = readable and (suffix not in _MIXED or holds_texts is None or holds_texts(str(path)))
        if readable:
            taken.append(str(path))
        elif not _is_of_project(path) and not is_read_beside(str(path)):
            rest.append(str(path))
    return taken, rest


def _has_nothing_to_read(path: str) -> bool:
    """Whether a file is blank, and is not about a text beside it, of which there may be nothing to say."""
    return path != STDIN and Path(path).is_file() and _is_blank(Path(path)) and not has_text_beside(path)


def _is_blank(path: Path) -> bool:
    """Whether a file is empty, or holds nothing but a few blanks."""
    size = path.stat().st_size
    try:
        return not size or (size <= _FEW and not path.read_bytes().removeprefix(BOM_UTF8).strip())
    except OSError:
        # It is told when it is read.
        return False


def _refuse(error: OSError) -> None:
    raise InputError(f"{error.filename} cannot be read: {(error.strerror or str(error)).lower()}") from error

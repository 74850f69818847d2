"""Files of other machines, by addresses such as ``s3://bucket/news.conll``: what pyarrow's file systems reach.

They are read, a range at a time or whole; nothing is written there. Who may read them says the machine's own
configuration, as pyarrow finds it: keys of S3 in the environment, for example.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from ner_tui.errors import InputError

if TYPE_CHECKING:
    from pyarrow.fs import FileInfo, FileSystem

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class RemoteFile(NamedTuple):
    """What is known of a file without reading it."""

    size: int
    """Bytes."""
    modified: int
    """Nanoseconds; 0 where that is not told."""


def is_remote(path: object) -> bool:
    """Whether a path is the address of a file system, and no place on this machine."""
    return isinstance(path, str) and _ADDRESS.match(path) is not None


def open_remote(address: str) -> BinaryIO:
    """Open a file, from any place in which it can be read.

    Raises:
        InputError: no file system answers to the address, or pyarrow is missing.
        OSError: it cannot be opened.
    """
    with _reached(address) as (system, path):
        return cast(BinaryIO, system.open_input_file(path))


def remote_file(address: str) -> RemoteFile | None:
    """Return what a file is now; None: there is none.

    Raises:
        InputError: as in ``open_remote``, or the file system does not answer.
    """
    with _reached(address) as (system, path):
        info = system.get_file_info(path)
        return _known(info) if info.is_file else None


def remote_files(address: str, suffixes: Collection[str]) -> dict[str, bool]:
    """Return the address of a file, or those of the files in a folder and its folders, sorted, hidden ones excepted.

    Args:
        suffixes: of the files that are taken from a folder.

    Returns:
        For each whether it is to be read: one in a folder may be empty, or of another suffix.

    Raises:
        InputError: as in ``remote_file``, or there is nothing.
    """
    from ner_tui.formats.files.compression import suffix_of

    with _reached(address) as (system, path):
        from pyarrow.fs import FileSelector

        info = system.get_file_info(path)
        if info.is_file:
            return {address: True}
        found = system.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
    within = {each.path[len(path.rstrip("/")) :].lstrip("/"): each for each in found if each.is_file}
    shown = {
        name: each for name, each in within.items() if not any(at.startswith(".") for at in PurePosixPath(name).parts)
    }
    if not shown:
        raise InputError(f"{address} does not exist, or is empty")
    stem, mark, query = address.partition("?")
    return {
        f"{stem.rstrip('/')}/{name}{mark}{query}": suffix_of(name) in suffixes and bool(shown[name].size)
        for name in sorted(shown)
    }


def _known(info: FileInfo) -> RemoteFile:
    return RemoteFile(info.size or 0, info.mtime_ns or 0)


@contextmanager
def _reached(address: str) -> Iterator[tuple[FileSystem, str]]:
    """Give the file system of an address, and the path in it."""
    if find_spec("pyarrow") is None:
        raise InputError(f"{address}: a package is missing to read from there: pip install 'ner-tui[ray]'")
    from pyarrow import ArrowException
    from pyarrow.fs import FileSystem

    try:
        yield FileSystem.from_uri(address)
    except FileNotFoundError:
        raise InputError(f"{address} does not exist") from None
    except (ArrowException, OSError, ValueError) as error:
        said = " ".join(str(error).split())[:300]
        raise InputError(f"{address} cannot be read: {said}") from error

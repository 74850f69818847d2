"""Project files among others: told by what they hold, and by their name only where that says nothing."""

from __future__ import annotations

import os
from pathlib import Path
from weakref import WeakKeyDictionary

from ner_tui.formats.files.encodings import DATABASE, HEAD, codec_of

SUFFIX = ".ner"
"""What projects are called."""
LOCK = "-lock"
"""What the name of the file that says who has a project open has after the project's."""
SIDE_FILES = ("-wal", "-shm", "-journal")
"""Ends of the names of files that SQLite keeps beside a project while it is open."""
Identity = tuple[int, int]
"""Device and number of a file, which are the same for all its names."""
_connections: WeakKeyDictionary[object, Identity] = WeakKeyDictionary()
"""What has projects open in this process, and which."""


def identity_of(path: str | Path) -> Identity | None:
    """Return the device and number of a file, or None if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def real_name(path: str | Path) -> str:
    """Return the absolute name of a file behind all links; what no file can be called stays as it is."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return str(path)


def note_connection(connection: object, identity: Identity | None) -> None:
    """Note which project a connection has open; None: it is closed."""
    _connections.pop(connection, None)
    if identity is not None:
        _connections[connection] = identity


def is_open_here(identity: Identity | None, *, besides: object = None) -> bool:
    """Whether this process has the project open, by another connection than ``besides``.

    It must not be opened by other means then: closing a file ends all locks on it that SQLite has in this process.
    """
    return identity is not None and any(
        found == identity and each is not besides for each, found in list(_connections.items())
    )


def own_name(path: Path) -> Path:
    """Return a project's name behind links: what is kept beside it is called after that."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def kept_in(path: str | Path) -> Path | None:
    """Return the project that is kept in a file, itself or in part, by whatever name; None: none is."""
    if is_project(path):
        return Path(path)
    real = real_name(path)
    for end in (*SIDE_FILES, LOCK):
        if real.endswith(end) and is_project(real.removesuffix(end)):
            return Path(real.removesuffix(end))
    return None


def is_project(path: str | Path) -> bool:
    """Whether a file is to be opened as a project; what is wrong with it is for whoever opens it to say.

    A database is, whatever it is called. A file called as projects are is too where it is empty, no text or cannot
    be read: it was one, or was to be one. A text is none, whatever it is called.
    """
    path = Path(path)
    if is_open_here(identity_of(path)):
        return True
    head = b""
    try:
        if not path.exists() or path.is_dir():
            return False
        # What is no file may let its reader wait for ever.
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(HEAD)
    except (OSError, ValueError):
        pass
    if head.startswith(DATABASE):
        return True
    mark, _, _ = codec_of(head[:4], None)
    return path.suffix.lower() == SUFFIX and not mark and (not head or b"\0" in head)

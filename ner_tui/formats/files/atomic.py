"""Files replaced atomically: whatever happens during writing, a file is complete, as it was or as it is to be."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import BinaryIO, TextIO

from ner_tui.errors import InputError
from ner_tui.formats.files.compression import compression_of, open_bytes, text_into, with_other_suffix
from ner_tui.formats.files.inputs import STDIN, refuse_output
from ner_tui.formats.files.project_files import identity_of, real_name
from ner_tui.formats.files.replacing import FileRead, Replacement
from ner_tui.formats.files.terminal import safe_for_terminal

TIME_LIMIT = 5.0
"""Seconds that a named pipe is waited for to be read."""


@contextmanager
def atomic_writer(
    path: str | Path, encoding: str = "utf-8", *, synced: bool = True, replaces: FileRead | None = None
) -> Iterator[TextIO]:
    """Give a text file to write; it takes the place of ``path`` when the block ends well, and is dropped otherwise.

    What somebody else writes there meanwhile is kept beside it, see ``Replacement``. Line ends are written as they
    come; what is called ``.gz``, ``.bz2`` or ``.xz`` is compressed. The mode of a file that is replaced is kept, and a
    link stays one: what it points to is replaced. A pipe or device is written directly, since replacing it would
    destroy it; a terminal gets stand-ins.

    Args:
        synced: whether it is on the disk when the block has ended; False where the caller sees to it, for many at once.
        replaces: the file that was read and is to be replaced on purpose, where ``path`` is that; see
            ``refuse_output``.

    Raises:
        ChangedOnDisk: ``replaces`` is not any more what was read.
        InputError: the folder is missing or read-only, the disk is full, nobody reads the pipe, or ``path`` is a
            folder, a project, or what is read.
    """
    refuse_output(path, replaces=replaces.path if replaces else None)
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode if target.exists() else None
        # Without its slash the name of a folder that is not there would be that of a file.
        if (mode is not None and stat.S_ISDIR(mode)) or str(path).endswith(("/", os.sep)):
            raise InputError(f"{path} is a folder where a file is needed")
        if mode is not None and not stat.S_ISREG(mode):
            with os.fdopen(open_special(target), "w", encoding=encoding, newline="") as stream:
                yield safe_for_terminal(stream)
            return
        with (
            in_place_of(target, mode, synced=synced, replacement=Replacement(target, _same(replaces, target))) as file,
            text_into(file, compression_of(path), encoding) as stream,
        ):
            yield stream
        if synced:
            sync(target.parent)
    except OSError as error:
        # A full disk names no file; any other name is the caller's business, and so is a reader that is gone.
        ours = error.filename is None or Path(str(error.filename)).parent == target.parent
        if isinstance(error, BrokenPipeError) or not ours:
            raise
        raise unwritable(path, target, error) from error


def _same(read: FileRead | None, target: Path) -> FileRead | None:
    """Return a file that was read if it is the one that is written."""
    if read is None or not (real_name(read.path) == str(target) or identity_of(read.path) == identity_of(target)):
        return None
    return read


def hidden_beside(target: Path) -> Path:
    """Return the name of a file that waits to take the place of ``target``."""
    return target.with_name(f".{target.name[:50]}.{secrets.token_hex(4)}.tmp")


def new_file_beside(target: Path) -> tuple[int, Path]:
    """Make a file that is to take the place of ``target``, where there was none and no link; return it open.

    Raises:
        OSError: it cannot be made.
    """
    temporary = hidden_beside(target)
    # Opened by hand: `mkstemp` would ignore the user's umask.
    return os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), temporary


def put_text(path: Path, text: str) -> None:
    """Put a file of the program's own in its place in one go; what else has its name, such as a link, goes.

    Raises:
        OSError: it cannot be written.
    """
    with in_place_of(path, synced=False) as file:
        file.write(text.encode())


@contextmanager
def in_place_of(
    target: Path, mode: int | None = None, *, synced: bool = True, replacement: Replacement | None = None
) -> Iterator[BinaryIO]:
    """Give a file of bytes; it is moved to ``target`` when the block ends well, and is gone otherwise.

    Args:
        mode: of the file, as ``stat`` says it; None: as the user's umask has it.
        synced: whether its content is on the disk before it is moved; its name is not, see ``sync``.
        replacement: how it is moved; None: over what is there, whatever that is.

    Raises:
        ChangedOnDisk: see ``Replacement``.
        OSError: it cannot be written.
    """
    handle, temporary = new_file_beside(target)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            yield file
            file.flush()
            if synced:
                os.fsync(file.fileno())
        if replacement is None:
            temporary.replace(target)
        else:
            replacement.put(temporary)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def open_special(path: Path) -> int:
    """Open a pipe or device to be written; a named pipe that nobody reads is not waited for without end.

    Raises:
        OSError: it cannot be opened, or nobody reads it.
    """
    deadline = time.monotonic() + TIME_LIMIT
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > deadline:
                raise OSError(errno.ENXIO, "it is a pipe that nobody reads", str(path)) from error
            time.sleep(0.02)
        else:
            os.set_blocking(handle, True)
            return handle


@contextmanager
def files_beside(path: str, *, synced: bool = True) -> Iterator[Callable[[str], TextIO] | None]:
    """Give what opens the file with another suffix beside ``path``, for ``WriteOptions.beside``; None for ``-``.

    The files are written when the block ends well. One that is there already is left as it is.

    Args:
        synced: see ``atomic_writer``.

    Raises:
        InputError: ``path`` has that suffix itself, or what is there already holds something else.
    """
    if path == STDIN:
        yield None
        return
    opened: dict[Path, StringIO] = {}
    yield lambda suffix: opened.setdefault(with_other_suffix(path, suffix), StringIO(newline=""))
    for other, stream in opened.items():
        if other == Path(path):
            raise InputError(f"{path} is to be the name of two files: give it another suffix")
        text = stream.getvalue()
        if not other.exists():
            with atomic_writer(other, synced=synced) as out:
                out.write(text)
        elif not other.is_file() or _bytes(other) != text.encode():
            raise InputError(f"{other} is there already and holds another text: give {path} another name")


def _bytes(path: Path) -> bytes:
    with open_bytes(path) as file:
        return file.read()


def sync(path: Path) -> None:
    """Put a file on the disk, or the names in a folder; some file systems cannot do that for a folder."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unwritable(path: str | Path, target: Path, error: OSError) -> InputError:
    """Return the error for a file that could not be written."""
    reason = (error.strerror or str(error)).lower() if target.parent.is_dir() else f"there is no folder {target.parent}"
    return InputError(f"{path} cannot be written: {reason}")

"""A file put in the place of another: a version that somebody else wrote there meanwhile is kept beside it, and told.

Where the system can exchange two names, what stood there comes out in the same moment and is looked at then, so no
write in between is missed. Elsewhere what stands there gets a second name first, which shows what is written into it.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ner_tui.errors import ChangedOnDisk, InputError
from ner_tui.formats.files.compression import compression_of, decompressed
from ner_tui.formats.files.remote import is_remote, remote_file

OTHER = ".other"
"""What the name of a version that somebody else wrote has after the file's; no reader takes it for a text."""
_LONGEST_NAME = 255
"""Bytes, of what file systems take; those that count characters take as many of them."""
_NO_REPLACE, _EXCHANGE = 1, 2
_FOLDER_AT = -100
"""Names are relative to the working folder, if they are."""
_log = logging.getLogger(__name__)
_told: ContextVar[list[str] | None] = ContextVar("told", default=None)


class Version(NamedTuple):
    """What a file was when it was looked at: where it is another, the file is, or something was written into it."""

    device: int
    number: int
    size: int
    """Bytes."""
    modified: int
    """Nanoseconds."""


class FileRead(NamedTuple):
    """A file that was read, and is to be replaced by what is made of it and by nothing else."""

    path: str
    version: Version | None
    """Before it was read; None where that is not known."""
    sha256: str
    """Of its bytes, decompressed, hexadecimal."""


def version_of(path: str | Path, *, follow: bool = True) -> Version | None:
    """Return what a file is now; None: there is none.

    Args:
        follow: whether a link is what it leads to.
    """
    if is_remote(path):
        remote = remote_file(str(path))
        return None if remote is None else Version(0, 0, remote.size, remote.modified)
    try:
        info = os.stat(path, follow_symlinks=follow)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return Version(info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns)


@contextmanager
def versions_told() -> Iterator[list[str]]:
    """Give a list that gets a sentence for each version that is kept beside a file while the block runs."""
    sentences: list[str] = []
    token = _told.set(sentences)
    try:
        yield sentences
    finally:
        _told.reset(token)


class Replacement:
    """The place of a file to be, as it was when the writing began."""

    def __init__(self, target: Path, read: FileRead | None = None) -> None:
        """Look at what is there.

        Args:
            target: behind all links that are to stay.
            read: what is to be replaced, where that is a file that was read: another version is not replaced then.
        """
        self._target = target
        self._read = read
        self._before = (read.version if read else None) or version_of(target, follow=False)

    def put(self, new: Path, waiting: Path | None = None) -> None:
        """Move a file there; a version of what is there that was not there before is kept beside it, and told.

        Args:
            waiting: the name that it gets first where something is there, which comes out under that name; None: its
                own. Where nothing is there, it is moved in one go.

        Raises:
            ChangedOnDisk: what is there is not what was read; nothing was moved.
            OSError: it cannot be moved, or the other version not be kept; all is as it was.
        """
        if self._read is not None and version_of(self._target, follow=False) != self._before:
            raise ChangedOnDisk(f"{self._read.path} has changed on disk since it was read: nothing is written")
        if waiting is not None:
            try:
                return move_to_free(new, self._target)
            except FileExistsError:
                new = new.replace(waiting)
        ours = _identity(new)
        try:
            self._exchange(new)
        finally:
            # Also where an interruption came right behind the exchange.
            if _identity(new) not in (None, ours):
                self._settle(new)
        return None

    def _exchange(self, new: Path) -> None:
        """Move a file to the target and give its name to what was there, if there was anything."""
        while True:
            try:
                exchange(new, self._target)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    return move_to_free(new, self._target)
            except OSError as error:
                if not _cannot(error):
                    raise
                with suppress(FileExistsError):
                    return self._exchange_by_links(new)
            else:
                return None

    def _exchange_by_links(self, new: Path) -> None:
        """Do the same where names cannot be exchanged; what is renamed onto the target in a moment is overlooked."""
        aside = new.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            os.link(self._target, aside)
        except FileNotFoundError:
            return move_to_free(new, self._target)
        except OSError:
            # There are no links here: only what is known to be another version is moved away before.
            now = version_of(self._target, follow=False)
            if now is None:
                return move_to_free(new, self._target)
            if now == self._before:
                new.replace(self._target)
                return None
            self._target.replace(aside)
        try:
            new.replace(self._target)
        finally:
            aside.replace(new)
        return None

    def _settle(self, old: Path) -> None:
        """Drop what was replaced if that is what was to be, or else keep it."""
        if version_of(old, follow=False) == self._before and self._is_as_read(old):
            old.unlink()
            return
        try:
            kept = _kept_beside(old, self._target)
        except OSError:
            # What cannot be kept is not replaced.
            self._exchange(old)
            raise
        sentence = f"{self._target} was changed by somebody else while it was written: that version is {kept}"
        _log.info("another version of a file was kept")
        if (told := _told.get()) is not None:
            told.append(sentence)

    def _is_as_read(self, old: Path) -> bool:
        """Whether a file holds what was read; times of files are coarse, or set by hand."""
        if self._read is None or self._read.version is None:
            return True
        try:
            with old.open("rb") as raw:
                compression = compression_of(self._read.path)
                file = decompressed(raw, compression, self._read.path) if compression else raw
                return _digest(file) == self._read.sha256
        except (OSError, InputError):
            return False


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two files in one go.

    Raises:
        FileNotFoundError: one of them is not there.
        OSError: it cannot be done; ``ENOSYS`` or ``EINVAL`` where the system or file system never can.
    """
    _rename(one, other, _EXCHANGE)


def move_to_free(path: Path, target: Path) -> None:
    """Move a file to a name that nothing has.

    Raises:
        FileExistsError: something has it.
        OSError: it cannot be moved.
    """
    try:
        _rename(path, target, _NO_REPLACE)
    except OSError as error:
        if not _cannot(error):
            raise
        # The name is taken by an empty file first, which is ours to replace.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        path.replace(target)


def _rename(path: Path, target: Path, flags: int) -> None:
    import ctypes

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(path)) from None
    if rename(_FOLDER_AT, os.fsencode(path), _FOLDER_AT, os.fsencode(target), ctypes.c_uint(flags)):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))


def _cannot(error: OSError) -> bool:
    """Whether the system or the file system has no such call."""
    # Some containers forbid what they do not know.
    return error.errno in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        info = path.lstat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _kept_beside(path: Path, target: Path) -> Path:
    """Move a version of a file beside it, to a name that nothing has, and return that."""
    for number in count(1):
        end = f"{OTHER}{f'-{number}' if number > 1 else ''}"
        beside = target.with_name(f"{_cut(target.name, _LONGEST_NAME - len(end))}{end}")
        with suppress(FileExistsError):
            move_to_free(path, beside)
            return beside
    raise AssertionError("numbers have no end")


def _cut(name: str, most: int) -> str:
    """Return a name without its last characters, so that it has so many bytes at the most."""
    while len(os.fsencode(name)) > most:
        name = name[:-1]
    return name

"""Files whose writing can be resumed: what was written before an interruption is kept beside the file to be.

``OUT.partial`` holds the text and ``OUT.partial.json`` says how much of it counts, of what, and made how.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TextIO

from ner_tui.errors import BeingWritten, InputError
from ner_tui.formats.files.atomic import hidden_beside, put_text, unwritable
from ner_tui.formats.files.compression import compression_of
from ner_tui.formats.files.file_locks import WriteLock
from ner_tui.formats.files.inputs import refuse_output
from ner_tui.formats.files.replacing import Replacement, Version, move_to_free, version_of

EVERY = 50.0
"""How many times as long as the last note of how far it is took, at the least, passes before the next one."""
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class Resumable:
    """A text file that is being written; what follows the last note is written again when writing is resumed."""

    def __init__(self, target: Path, key: str) -> None:
        """Open the file where an earlier run that made the same left it, or else from its beginning.

        Args:
            target: the file that it shall become.
            key: tells runs apart that would not write the same.

        Raises:
            InputError: another run is writing it, or what has the name of a file beside it is none that an earlier
                run left.
            OSError: it cannot be written.
        """
        self._target = target
        self._replacement = Replacement(target)
        self._key = key
        self.partial = target.with_name(f"{target.name}.partial")
        """What is written so far."""
        self._notes = target.with_name(f"{target.name}.partial.json")
        self.done: int
        """How many blocks were written before."""
        self._note: Version | None = None
        """The note that this run found or wrote last."""
        handle, size = self._open()
        self._opened = os.fstat(handle)
        os.ftruncate(handle, size)
        os.lseek(handle, size, os.SEEK_SET)
        self.out: TextIO = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._noted_at, self._took = monotonic(), 0.0
        """When the last note was there, and how long it took, in seconds."""
        self.is_kept = self.done > 0
        """Whether something is left for another run if this one ends now."""

    def _open(self) -> tuple[int, int]:
        """Open the file that is written meanwhile, locked, and return it with how many of its bytes count."""
        while True:
            self._read_note()
            is_new = not self.partial.exists()
            if is_new:
                # It says what the other file is, should this run be killed before there is more to say.
                self._write_note(0, 0)
            try:
                handle = os.open(self.partial, os.O_RDWR | (os.O_CREAT | os.O_EXCL if is_new else 0) | NO_FOLLOW, 0o666)
            except (FileExistsError, FileNotFoundError):
                # Another run began, or was done, just now.
                continue
            try:
                self._lock = WriteLock(self.partial, handle)
                if self._lock.is_current:
                    return handle, self._begin(is_new=is_new)
            except BaseException:
                os.close(handle)
                raise
            self._lock.release()
            os.close(handle)

    def _begin(self, *, is_new: bool) -> int:
        """Return how many bytes of the open file count."""
        if self._lock.taken is False:
            raise BeingWritten(
                f"{self._target} is being written by another run: wait until that is done, or choose another name for "
                "the output"
            )
        # What had it locked before may have written more.
        self.done, size = (0, 0) if is_new else self._read_note()
        self._note = version_of(self._notes, follow=False)
        if not self.done:
            self._write_note(0, 0)
        return size

    def note(self, done: int) -> None:
        """Note that ``done`` blocks are written, if that does not take too much of the time."""
        begun = monotonic()
        if begun - self._noted_at < EVERY * self._took:
            return
        self.out.flush()
        self._write_note(done, os.fstat(self.out.fileno()).st_size)
        self._noted_at, self.is_kept = monotonic(), True
        self._took = self._noted_at - begun

    def finish(self) -> None:
        """Put the file in its place."""
        self.out.flush()
        os.fsync(self.out.fileno())
        if self._target.exists():
            self.partial.chmod(stat.S_IMODE(self._target.stat().st_mode))
        self.out.close()
        # What comes out of the target's place may not be taken for what is written so far, should this run be killed.
        waiting = hidden_beside(self._target)
        try:
            self._replacement.put(self.partial, waiting)
        except BaseException:
            if waiting.exists():
                try:
                    move_to_free(waiting, self.partial)
                except FileExistsError:
                    # Another run has begun meanwhile, and writes the same anew.
                    waiting.unlink()
            raise
        self._drop_note()
        self._lock.release()

    def abandon(self) -> None:
        """End early; what was noted stays if it is to be kept."""
        with suppress(OSError):
            self.out.close()
        if not self.is_kept:
            with suppress(OSError):
                if os.path.samestat(self.partial.lstat(), self._opened):
                    self.partial.unlink()
            self._drop_note()
        self._lock.release()

    def _write_note(self, done: int, size: int) -> None:
        put_text(self._notes, json.dumps({"key": self._key, "blocks": done, "bytes": size}))
        self._note = version_of(self._notes, follow=False)

    def _drop_note(self) -> None:
        """Delete the note, but not that of a run that began after this one's file was moved."""
        with suppress(OSError):
            if version_of(self._notes, follow=False) == self._note:
                self._notes.unlink()

    def _read_note(self) -> tuple[int, int]:
        """Return how many blocks and bytes of the partial file are complete."""
        for path in (self._notes, self.partial):
            if os.path.lexists(path) and not _is_plain(path):
                raise InputError(f"{path} is no file of its own: move it away, or choose another name for the output")
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
            done, size, key = int(notes["blocks"]), int(notes["bytes"]), notes["key"]
        except FileNotFoundError:
            if self.partial.exists():
                raise InputError(
                    f"{self.partial} is there, and no earlier run left it: move it away, or choose another name for "
                    "the output"
                ) from None
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{self._notes} is there, and no earlier run left it: move it away, or choose another name for the "
                "output"
            ) from error
        else:
            if key == self._key and self.partial.exists() and 0 <= size <= self.partial.stat().st_size:
                return done, size
        return 0, 0


def _is_plain(path: Path) -> bool:
    """Whether a path leads to a file that has no other name."""
    info = path.lstat()
    return stat.S_ISREG(info.st_mode) and info.st_nlink == 1


def can_be_kept(path: str) -> bool:
    """Whether ``path`` is a file, or can become one: pipes, devices and what is compressed are not."""
    target = Path(path)
    return path != "-" and not compression_of(path) and (not target.exists() or target.is_file())


@contextmanager
def resumable_writer(path: str, key: str) -> Iterator[Resumable]:
    """Give a text file that takes the place of ``path`` when the block ends well, and can be resumed otherwise.

    Raises:
        InputError: it cannot be written, or is not to be; see ``refuse_output``.
    """
    refuse_output(path)
    target = Path(os.path.realpath(path))
    try:
        kept = Resumable(target, key)
        try:
            yield kept
            kept.finish()
        except BaseException:
            kept.abandon()
            raise
    except OSError as error:
        if isinstance(error, BrokenPipeError) or (error.filename and Path(str(error.filename)).parent != target.parent):
            raise
        raise unwritable(path, target, error) from error

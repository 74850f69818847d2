"""Locks on files and folders that are being written: they end with the process that has them, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class WriteLock:
    """A lock on a file or folder, until it is released; where the system has no such locks it keeps nobody away."""

    def __init__(self, path: Path, handle: int | None = None) -> None:
        """Try to take the lock; a link is not followed.

        Args:
            handle: the file, open; None: it is opened here.

        Raises:
            OSError: it cannot be opened.
        """
        self._handle: int | None = None
        self.taken: bool | None = None
        """False: another has it, in this process or in another; None: there are no locks here."""
        self.is_current = True
        """Whether what is locked has that name still: whoever had it before may have moved it."""
        if sys.platform == "win32":
            return
        import fcntl

        if handle is None:
            # A pipe of that name would be waited for.
            self._handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        else:
            self._handle = os.dup(handle)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.taken = True
        except BlockingIOError:
            self.taken = False
        except OSError:
            pass
        try:
            there, held = path.lstat(), os.fstat(self._handle)
            self.is_current = (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)
        except OSError:
            self.is_current = False
        if self.taken is not True:
            self.release()

    def release(self) -> None:
        """Let others have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

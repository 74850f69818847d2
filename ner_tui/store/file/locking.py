"""Locking: one session at a time changes a project, and the next one is told who has it.

A file beside the project says who holds it. Where the system has locks on files it is locked too, and the lock ends
with the process, however that ends; elsewhere the process that it names is looked for. So it is where the file is not
locked and that process is known to be there: it has the project open by another mount, which hands no locks on. The
file is called after the project as it is behind links. On Linux the project itself is locked besides, so that it makes
no difference by which of its names it is opened; elsewhere such locks would meet SQLite's own, and on file systems of
networks they are those.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from ner_tui.domain.printable import printable
from ner_tui.errors import ProjectError
from ner_tui.formats.files.project_files import LOCK, identity_of, is_open_here, own_name
from ner_tui.store.file.lock_holder import Holder

_REMOTE = frozenset(
    "9p acfs afs beegfs ceph cifs coda davfs fuse.davfs2 fuse.glusterfs fuse.gvfsd-fuse fuse.rclone "
    "fuse.s3fs fuse.sshfs fuse.vmhgfs-fuse glusterfs gpfs lustre ncpfs nfs nfs4 orangefs prl_fs smb2 smb3 smbfs vboxsf "
    "virtiofs vmhgfs".split()
)
_MOUNTS = Path("/proc/self/mounts")
_LOOKS, _SHORT = 20, 0.1
"""How often a lock file is looked for that was just removed, and seconds in between."""


class Lock:
    """Keeps other sessions from changing a project until it is released."""

    def __init__(self, project: Path, annotator: str, *, on_project: bool = True) -> None:
        """Take the lock.

        Args:
            on_project: lock the project itself too, where that can be done.

        Raises:
            ProjectError: a living session holds it, or the file cannot be written.
        """
        self._project = project
        self._path = Path(f"{own_name(project)}{LOCK}")
        self._annotator = annotator
        self._file: int | None = None
        self._on_project: int | None = None
        """The project, open and locked; None where only the file beside it is."""
        try:
            self._begin()
            if on_project:
                self.cover()
        except BaseException:
            self.release()
            raise

    def cover(self) -> None:
        """Lock the project itself, if it is there by now.

        Raises:
            ProjectError: a session has it open by another name.
        """
        path = own_name(self._project)
        if self._on_project is not None or not _can_be_locked(path):
            return
        try:
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError:
            # It was just removed, or removed by another mount, which this one sees a second later.
            return
        if _lock(file) is False:
            self._close(file)
            raise self._open_already("another session, by another name of it,")
        self._on_project = file

    def keep(self) -> None:
        """Take the lock again if its file was deleted meanwhile.

        Raises:
            ProjectError: another session has it, or the file cannot be written.
        """
        if self._file is None or _same(self._path, self._file):
            return
        os.close(self._file)
        self._file = None
        self._begin()

    def _begin(self) -> None:
        """Take the file beside the project, and say in it who has it."""
        try:
            while self._file is None:
                self._file = self._take(self._project)
        except OSError as error:
            raise ProjectError(
                f"{self._path} cannot be written ({error.strerror or error}): name a project file in a folder you can "
                "write with --project, or look at this one with --read-only"
            ) from error
        # The lock holds on a full disk too; only who has it is not known to others then.
        with suppress(OSError):
            _write(self._file, Holder.this_process(self._annotator, own_name(self._project)).written())

    def release(self) -> None:
        """Let others have the project."""
        if self._on_project is not None:
            file, self._on_project = self._on_project, None
            _unlock(file)
            self._close(file)
        if self._file is None:
            return
        # While it is still locked: whoever finds it gone makes another.
        if _same(self._path, self._file):
            # Where it cannot be taken away, it names nobody.
            with suppress(OSError):
                os.ftruncate(self._file, 0)
            with suppress(OSError):
                self._path.unlink()
        os.close(self._file)
        self._file = None

    def _close(self, project: int) -> None:
        """Close the project; where it is still open here, SQLite's locks would go with it: the process's end does."""
        if not is_open_here(identity_of(self._project)):
            os.close(project)

    def _open_already(self, who: str, hint: str = "") -> ProjectError:
        return ProjectError(
            f"{self._project} is open already: {who} has it. Close it there, or look at it with --read-only.{hint}"
        )

    def _take(self, project: Path) -> int | None:
        """Return the file, locked; None if it was taken away meanwhile."""
        file = _opened(self._path)
        try:
            info = os.fstat(file)
            if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
                raise ProjectError(f"{self._path} is no file of its own: move it away, or name another project")
            locked = _lock(file)
            if locked is not False and not _same(self._path, file):
                os.close(file)
                return None
            found = Holder.read(file)
            # Where files cannot be locked between computers, the lock proves nothing about another one's process.
            elsewhere = locked and found is not None and found.is_elsewhere
            unknown = locked is None or (elsewhere and network_file_system(project) is not None)
            if locked and found is not None and found.lives:
                raise _by_another_mount(project, found)
            if locked is False or (unknown and found is not None and found.may_live):
                who = str(found) if found else "another session"
                hint = f" If that session is long over, delete {self._path.name}." if unknown else ""
                raise self._open_already(who, hint)
        except BaseException:
            with suppress(OSError):
                os.close(file)
            raise
        return file


def refuse_other_mount(project: Path) -> None:
    """Refuse to read a project that is open by another mount of its folder, which hands no locks on.

    SQLite would take the reader for the only one there, and take the log away from the other.

    Raises:
        ProjectError: a process of this computer has it open so.
    """
    path = Path(f"{own_name(project)}{LOCK}")
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return
    try:
        found = Holder.read(file)
        # Who closes it takes the file away before the lock is let go.
        if found is not None and found.lives and _lock(file) and _same(path, file):
            raise _by_another_mount(project, found)
    finally:
        os.close(file)


def _by_another_mount(project: Path, holder: Holder) -> ProjectError:
    named = f" as {printable(holder.path)}" if holder.path else ""
    return ProjectError(
        f"{project} is open by another mount of its folder: {holder} has it{named}. Close it there, or take it by that "
        f"name; if this is a copy, or that session is over, delete {own_name(project).name}{LOCK}"
    )


def network_file_system(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the kind of network file system that ``path`` is on; None if it is on none, or nothing tells."""
    best, kind = "", ""
    full = os.path.realpath(path.parent)
    if full.startswith("\\\\"):
        return "smb"
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if (full == place or full.startswith(f"{place.rstrip('/')}/")) and len(place) >= len(best):
            best, kind = place, fields[2]
    return kind if kind in _REMOTE else None


def _opened(path: Path) -> int:
    """Open a lock file, which is made if there is none."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    for _ in range(_LOOKS):
        try:
            return os.open(path, flags, 0o666)
        except FileNotFoundError:
            if not path.parent.is_dir():
                raise
        # Some mounts take a file that was removed by another way for there a second longer.
        time.sleep(_SHORT)
    return os.open(path, flags, 0o666)


def _lock(file: int) -> bool | None:
    """Lock a file; False if another process has it locked, None if there are no locks here."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # Others could not read what is locked there: far behind what is written.
            os.lseek(file, 1 << 20, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _unlock(file: int) -> None:
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)


def _can_be_locked(path: Path) -> bool:
    """Whether a project is there, and a lock on it is none of those that SQLite takes."""
    return sys.platform == "linux" and path.is_file() and network_file_system(path) is None


def _write(file: int, content: bytes) -> None:
    os.ftruncate(file, 0)
    os.lseek(file, 0, os.SEEK_SET)
    os.write(file, content)


def _same(path: Path, file: int) -> bool:
    try:
        there, held = path.stat(follow_symlinks=False), os.fstat(file)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)

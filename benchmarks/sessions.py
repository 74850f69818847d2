"""Sessions on a pseudo-terminal for ``benchmarks/durability.py``, and disks that fill up under them."""

from __future__ import annotations

import os
import pty
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from typing import Protocol

TIME_LIMIT = 60
UNSAVED = b"NOT SAVED"
SAVED = b"everything is saved again"
_ANSI = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


class TerminalSession:
    """The program on a pseudo-terminal, in a process that is killed in the end."""

    def __init__(self, folder: Path, *before: str) -> None:
        self.drawn = b""
        command = [*before, sys.executable, "-m", "ner_tui", "review", "--project", "p.ner"]
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.chdir(folder)
            os.execvp(command[0], command)
        ioctl(self.fd, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self, seconds: float) -> bool:
        """Read what comes within ``seconds``; False if nothing did."""
        if not select.select([self.fd], [], [], max(0.0, seconds))[0]:
            return False
        try:
            self.drawn += os.read(self.fd, 1 << 16)
        except OSError:
            return False
        return True

    def text(self, at: int) -> bytes:
        """Return what was drawn from ``at`` on, without colours and moves."""
        return _ANSI.sub(b"", self.drawn[at:])

    def wait_for(self, words: bytes, after: bytes = b"") -> None:
        """Read until ``words`` are drawn, later than ``after`` was for the last time."""
        end = time.monotonic() + TIME_LIMIT
        while words not in self.text(0).rpartition(after or b"\0")[2]:
            if time.monotonic() > end:
                raise TimeoutError(f"{words!r} was never drawn; last: {self.drawn[-300:]!r}")
            self.read(1)

    def press(self, key: str) -> None:
        os.write(self.fd, key.encode())

    def end(self, how: signal.Signals) -> None:
        """End it; with a hang-up its terminal goes first, as it does with a connection."""
        if how == signal.SIGHUP:
            os.close(self.fd)
            # What does not end by itself would never be told from what does.
            deadline = time.monotonic() + TIME_LIMIT
            while os.waitpid(self.process, os.WNOHANG) == (0, 0):
                if time.monotonic() > deadline:
                    os.kill(self.process, signal.SIGKILL)
                    os.waitpid(self.process, 0)
                    raise TimeoutError("a session went on after its terminal was closed")
                time.sleep(0.02)
            return
        os.kill(self.process, how)
        os.waitpid(self.process, 0)
        os.close(self.fd)


@dataclass
class Labelled:
    """What a session has drawn of the words that it labelled, one after the other."""

    drawn: int = 0
    """Words drawn as decided: the first ones of the text."""
    unsaved: set[int] = field(default_factory=set)
    """Those of them that were drawn under a notice that they are not saved."""

    @property
    def acknowledged(self) -> set[int]:
        """The words that are on disk, by what was drawn."""
        return set(range(self.drawn)) - self.unsaved

    def go_on(self, session: TerminalSession, end: float, most: int, *, finish: bool = False) -> None:
        """Label one word after the other until ``end``; the last may not be drawn yet then, unless it is to be.

        The first line comes before the status in one drawing: when a word is read as decided, a NOT SAVED was too.
        """
        while time.monotonic() < end and self.drawn < most:
            at = len(session.drawn)
            session.press("1")
            while time.monotonic() < (end + TIME_LIMIT if finish else end):
                session.read(0.02 if finish else min(0.02, end - time.monotonic()))
                text = session.text(at)
                if b"word%d PER decided" % self.drawn in text:
                    if UNSAVED in text:
                        self.unsaved.add(self.drawn)
                    self.drawn += 1
                    break
            session.press("l")


class Disk(Protocol):
    """A disk that can be filled up under a session."""

    def fill(self, session: TerminalSession, folder: Path) -> None: ...

    def free(self, session: TerminalSession, folder: Path) -> None: ...


class Limited:
    """No file grows beyond what the write-ahead log has grown to: SQLite meets the errors of a full disk."""

    def fill(self, session: TerminalSession, folder: Path) -> None:
        size = (folder / "p.ner-wal").stat().st_size
        resource.prlimit(session.process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def free(self, session: TerminalSession, folder: Path) -> None:
        everything = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        # Of a process that was killed nothing is limited any more.
        with suppress(ProcessLookupError):
            resource.prlimit(session.process, resource.RLIMIT_FSIZE, everything)


class Full:
    """A small file system of its own, with a file that takes all there is."""

    def fill(self, session: TerminalSession, folder: Path) -> None:
        with (folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(bytes(4096)):
                pass

    def free(self, session: TerminalSession, folder: Path) -> None:
        (folder / "filler").unlink()


@contextmanager
def scratch(*, mounted: bool = False) -> Iterator[Path]:
    """Give an empty folder, on a file system of 8 MB of its own if ``mounted``."""
    with tempfile.TemporaryDirectory() as name:
        if mounted:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", name], check=True, capture_output=True)
        try:
            yield Path(name)
        finally:
            if mounted:
                subprocess.run(["umount", "-l", name], check=True)


def can_mount() -> bool:
    """Whether a small file system can be mounted here; as a rule only by root."""
    if shutil.which("mount") is None:
        return False
    try:
        with scratch(mounted=True):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False

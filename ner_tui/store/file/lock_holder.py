"""Who has a project open, as its lock file says, and whether that process is still there."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ner_tui.domain.printable import printable

_PROCESSES = Path("/proc")
_ENDED = "XZ"
"""States of processes that run no more, of those in /proc/PID/stat."""
_LARGEST = 4096
"""Bytes of a lock file that are looked at."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a project open."""

    annotator: str
    host: str
    pid: int
    begun: float
    """Seconds since the epoch."""
    started: str = ""
    """What tells its process from others with that number, before and after the computer was started; or empty."""

    def __str__(self) -> str:
        since = time.strftime("%d %B %H:%M", time.localtime(self.begun))
        return f"{printable(self.annotator)} on {printable(self.host)} (process {self.pid}, since {since})"

    @classmethod
    def this_process(cls, annotator: str) -> Holder:
        """Return what a lock file of this process says."""
        return cls(annotator, socket.gethostname(), os.getpid(), time.time(), _started(os.getpid()))

    @classmethod
    def read(cls, file: int) -> Holder | None:
        """Return whom an open lock file names; None: it says nothing that we would write."""
        try:
            fields: Any = json.loads(_content(file))
            found = cls(
                str(fields["annotator"]), str(fields["host"]), int(fields["pid"]), float(fields["begun"]),
                str(fields.get("started", "")),
            )  # fmt: skip
            # What cannot be said as a time was not written by us.
            time.localtime(found.begun)
            return found if found.pid > 0 else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return None

    def written(self) -> bytes:
        """Return the content of its lock file."""
        return json.dumps(asdict(self)).encode()

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is a process of another computer."""
        return self.host != socket.gethostname()

    @property
    def lives(self) -> bool:
        """Whether it is another process of this computer, and still there; False if nothing tells."""
        is_other = not self.is_elsewhere and self.pid != os.getpid()
        return is_other and self.started != "" and self.started == _started(self.pid)

    @property
    def may_live(self) -> bool:
        """Whether the process may still be there; that of another computer always may."""
        if self.is_elsewhere:
            return True
        if sys.platform == "win32" or self.pid == os.getpid():
            return sys.platform == "win32"
        try:
            os.kill(self.pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except OSError:
            pass
        # Numbers are given to other processes in time, at the latest when the computer is started again.
        now = _started(self.pid)
        return not (self.started and now) or self.started == now


def _content(file: int) -> bytes:
    os.lseek(file, 0, os.SEEK_SET)
    return os.read(file, _LARGEST)


def _started(pid: int) -> str:
    """Return when a process was started, in a way that no other with its number has; empty where nothing tells.

    Of one that has ended and that nobody has waited for yet it is what no process was started as.
    """
    try:
        boot = (_PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        status = (_PROCESSES / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
        # The name of the program stands in brackets and may hold anything.
        fields = status.rpartition(")")[2].split()
        return "ended" if fields[0] in _ENDED else f"{boot} {fields[19]}"
    except (OSError, ValueError, IndexError):
        return ""

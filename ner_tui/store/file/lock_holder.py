"""Who has a project open, as its lock file says, and whether that process is still there."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ner_tui.domain.printable import printable

_PROCESSES = Path("/proc")
_ENDED = "XZ"
"""States of processes that run no more, of those in /proc/PID/stat."""
_LARGEST = 1 << 14
"""Bytes of a lock file that are looked at."""
_LONGEST_NAME, _LONGEST_PATH = 200, 1000
"""Characters of an annotator's name, which is cut, and of a path, which is left out: no lock file gets too large."""
_AT_ONCE = 5.0
"""Seconds between what a lock file says and its last change; in a copy of it there are more."""


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
    path: str = ""
    """The project as it was opened, behind links; empty: it is not known."""

    def __str__(self) -> str:
        since = time.strftime("%d %B %H:%M", time.localtime(self.begun))
        return f"{printable(self.annotator)} on {printable(self.host)} (process {self.pid}, since {since})"

    @classmethod
    def this_process(cls, annotator: str, project: Path) -> Holder:
        """Return what a lock file of this process says."""
        path, pid = str(project.absolute()), os.getpid()
        return cls(
            annotator[:_LONGEST_NAME], socket.gethostname(), pid, time.time(), _started(pid),
            path if len(path) <= _LONGEST_PATH else "",
        )  # fmt: skip

    @classmethod
    def read(cls, file: int) -> Holder | None:
        """Return whom an open lock file names; None: it says nothing that we would write.

        Of a copy of a lock file nothing is known of the process: it has another project open.
        """
        try:
            fields: Any = json.loads(_content(file))
            found = cls(
                str(fields["annotator"]), str(fields["host"]), int(fields["pid"]), float(fields["begun"]),
                str(fields.get("started", "")), str(fields.get("path", "")),
            )  # fmt: skip
            # What cannot be said as a time was not written by us.
            time.localtime(found.begun)
            if abs(os.fstat(file).st_ctime - found.begun) > _AT_ONCE:
                found = replace(found, started="", path="")
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
        """Whether it is a process of this computer that is still there; False if nothing tells."""
        return not self.is_elsewhere and self.started != "" and self.started == _started(self.pid)

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
        # In a container of its own a process has other numbers than those that the files of the host go by.
        if (_PROCESSES / "self").readlink().name != str(os.getpid()):
            return ""
        boot = (_PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        status = (_PROCESSES / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
        # The name of the program stands in brackets and may hold anything.
        fields = status.rpartition(")")[2].split()
        return "ended" if fields[0] in _ENDED else f"{boot} {fields[19]}"
    except (OSError, ValueError, IndexError):
        return ""

"""Memory of a process and all below it, and how far this one has grown.

Of several processes it is the proportional set size, in which what they share is counted once.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LOOK_EVERY = 0.25
"""Seconds between two looks."""


def family(pid: int) -> list[int]:
    """Return the ids of a process and all below it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def megabytes(pid: int) -> float:
    """Return the memory of a process and all below it; 0 where it has ended."""
    return sum(map(own, family(pid)))


def own(pid: int) -> float:
    """Return the memory of one process; 0 where it has ended."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


class Growth:
    """How much memory this process has needed since a moment, beyond what it held then."""

    def __init__(self) -> None:
        # Linux forgets the peak when it is told to; elsewhere the peak so far counts as held.
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
        self._held = _peak()

    def most(self) -> int:
        """Return bytes."""
        return max(0, _peak() - self._held)


def _peak() -> int:
    """Return the most bytes that this process has had in memory at once."""
    with suppress(OSError):
        if found := re.search(rb"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_bytes(), re.MULTILINE):
            return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _spent() -> float:
    """Return seconds that processors have worked for children of this process that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Command:
    """The program at work in the background, watched."""

    def __init__(self, arguments: Sequence[str], fine: Sequence[int] = (0,)) -> None:
        """Start it; ``fine`` are the exit codes of one that has not failed."""
        self._fine = fine
        self._before = _spent()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ner_tui", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.most = 0.0
        """Megabytes, at the most so far."""

    def runs(self) -> bool:
        """Look at it; whether it still runs. Takes as long as there is between two looks.

        Raises:
            CalledProcessError: it has failed.
        """
        self.most = max(self.most, megabytes(self._process.pid))
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LOOK_EVERY)
        code = self._process.returncode
        if code is not None and code not in self._fine:
            raise subprocess.CalledProcessError(code, self._process.args)
        return code is None

    def seconds(self) -> float:
        """Return the processor time it took, once it has ended and if no other was waited for since it began."""
        return _spent() - self._before

    def stop(self) -> None:
        """End it where it is."""
        self._process.kill()
        self._process.wait()

"""Memory: what a model asks for beyond what the computer has left is refused to it, and reported.

Where nothing is refused, Linux hands out more than there is and then ends the process that took it, and the session
with it: a graph is run in the process of whoever annotates. Elsewhere there is no telling what is left.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

LEAST = 1 << 30
"""Bytes a model may always ask for: the system knows better than a glance at it whether there are so many."""
_SHARE = 0.9
"""Of what is left; others are at work too."""


def limit_memory() -> None:
    """Have this process, and those it starts, take no more memory than is left now; a limit that is there stays."""
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if soft == resource.RLIM_INFINITY:
            limit = _taken() + max(LEAST, round(_SHARE * left()))
            resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == soft else min(limit, hard), hard))
    except (ImportError, OSError, ValueError, KeyError):
        # Not Linux, or it does not say.
        return


def left() -> int:
    """Return the bytes of memory and swap that nobody uses, of the computer or of the container this runs in."""
    figures = _figures(Path("/proc/meminfo"))
    found = figures["MemAvailable"] + figures.get("SwapFree", 0)
    group = Path("/sys/fs/cgroup")
    # A container has a file with its limit; elsewhere there is none, or it says "max".
    with suppress(OSError, ValueError):
        found = min(found, int((group / "memory.max").read_text()) - int((group / "memory.current").read_text()))
    return found


def _taken() -> int:
    """Return the bytes that this process has, as far as they count for the limit."""
    return _figures(Path("/proc/self/status"))["VmData"]


def _figures(path: Path) -> dict[str, int]:
    """Return what a file of the system's says in kilobytes, in bytes."""
    words = (line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines())
    return {each[0].rstrip(":"): int(each[1]) << 10 for each in words if each[2:] == ["kB"]}

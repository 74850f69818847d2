"""A target that is run on inputs within limits of time and memory, and what became of it."""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
import signal
import struct
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from fuzz_targets import Target
from memory import Growth

from ner_tui.errors import NerTuiError

SECONDS = 5
"""Of work, so that a busy machine makes nothing slow. What sleeps is ended after six times as many by the clock."""
BYTES = 1 << 30
GENERATED = 10
"""One batch in so many is made by hypothesis."""
LARGEST = 1 << 20
HEAD = struct.Struct("<QQ")
"""Executions so far, and the length of the input that is being read."""


@dataclass
class Crasher:
    """An input that did what none may do."""

    target: str
    what: str
    """The exception and where it was raised."""
    data: bytes

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.target}-{hashlib.sha256(self.what.encode()).hexdigest()[:8]}"
        path.write_bytes(self.data)
        path.with_name(f"{path.name}.txt").write_text(f"{self.what}\n{self.data[:2000]!r}\n", encoding="utf-8")
        return path


@dataclass
class Result:
    """What became of a target."""

    executions: int = 0
    refused: int = 0
    slowest: float = 0.0
    """Seconds."""
    memory: int = 0
    """Bytes that one of its processes grew by, at most."""
    crashers: list[str] = field(default_factory=list)


class Slow(BaseException):
    """It takes too long; nothing may catch it."""


class Runner:
    """Executes inputs of one target and keeps what is found."""

    def __init__(self, name: str, target: Target, board: mmap.mmap | None = None) -> None:
        self.name = name
        self.target = target
        self.board = board
        self.executions = self.refused = 0
        self.slowest = 0.0
        self._memory = Growth()
        self._most = 0
        self.found: dict[str, Crasher] = {}
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=base))

    def execute(self, data: bytes) -> str:
        """Return what went wrong, or nothing."""
        data = data[:LARGEST]
        self.executions += 1
        if self.board is not None:
            self.board[: HEAD.size + len(data)] = HEAD.pack(self.executions, len(data)) + data
        for left in self._folder.iterdir():
            if left.name != "x":
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            self.target.run(self._folder, data)
        except NerTuiError as error:
            self.refused += 1
            return "a refusal in several lines" if "\n" in str(error) else ""
        except Slow:
            return f"more than {SECONDS} s"
        except BaseException as error:
            return _kind(error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.slowest = max(self.slowest, time.process_time() - begun)
        if self._memory.most() <= BYTES:
            return ""
        # The inputs after this one are not blamed for it.
        self._most, self._memory = self.memory(), Growth()
        return "more than a gigabyte"

    def memory(self) -> int:
        """Return the bytes that the process has grown by since this runner began, at most."""
        self._most = max(self._most, self._memory.most())
        return self._most

    def take(self, data: bytes) -> None:
        """Execute an input, and keep it if it is the first that does what it does."""
        what = self.execute(data)
        if what and what not in self.found:
            self.found[what] = Crasher(self.name, what, self._smallest(data, what))

    def _smallest(self, data: bytes, what: str) -> bytes:
        """Cut pieces out for as long as the same happens."""
        deadline, size = time.monotonic() + 60, max(1, len(data) // 2)
        while size and time.monotonic() < deadline:
            at = 0
            while at < len(data) and time.monotonic() < deadline:
                shorter = data[:at] + data[at + size :]
                if self.execute(shorter) == what:
                    data = shorter
                else:
                    at += size
            size //= 2
        return data

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _kind(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "ner_tui" in frame.filename]
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
    return f"{type(error).__name__}{place}"

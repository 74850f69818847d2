"""Throw broken bytes at everything that reads: no traceback, no hang, no more memory than a gigabyte.

    python benchmarks/fuzz.py [TARGET...] [--executions N] [--seed S] [--minutes M] [--crashers DIR] [--json]
    python benchmarks/fuzz.py --replay FILE

Bytes of the corpus (``tests/fuzz/corpus`` and the samples of the tests) are changed at random; a tenth of the inputs
is made by hypothesis, of text and of JSON with the words of the formats. Each is read by its target, see
``fuzz_targets.py``, in a process that is watched: whatever is raised but a refusal in one sentence, what takes more
than ``SECONDS``, what makes the process grow by more than ``BYTES`` and what ends the process is a crasher. It is made
as small as it gets and written to ``--crashers``, one of a kind; ``--replay FILE`` does it again.

The seed and the number of the batch decide every input, so a run can be repeated.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mmap
import multiprocessing
import os
import random
import resource
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from fuzz_inputs import inputs, strategy
from fuzz_targets import Target, good_project, targets
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from memory import Growth

from ner_tui.errors import NerTuiError

SECONDS = 5
"""Of work, so that a busy machine makes nothing slow. What sleeps is ended after six times as many by the clock."""
BYTES = 1 << 30
BATCH = 2_000
"""Executions of a process."""
GENERATED = 10
"""One batch in so many is made by hypothesis."""
LARGEST = 1 << 20
_HEAD = struct.Struct("<QQ")
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
            self.board[: _HEAD.size + len(data)] = _HEAD.pack(self.executions, len(data)) + data
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


def work(name: str, target: Target, seed: str, number: int, board: mmap.mmap, answer: Any) -> None:
    """Do one batch and put what came of it into ``answer``."""

    def ring(_: int, __: FrameType | None) -> None:
        raise Slow

    signal.signal(signal.SIGPROF, ring)
    # A guard for the machine: what counts is what was really used.
    resource.setrlimit(resource.RLIMIT_AS, (6 * BYTES, resource.RLIM_INFINITY))
    warnings.simplefilter("ignore")
    runner = Runner(name, target, board)
    dice = random.Random(seed)
    try:
        if dice.randrange(GENERATED) == 0 and target.corpus != (b"",):
            _generate(runner, strategy(target), seed, number)
        else:
            for data in inputs(name, target, dice, number):
                runner.take(data)
    finally:
        runner.close()
    answer.put((runner.executions, runner.refused, runner.slowest, runner.memory(), list(runner.found.values())))


def _generate(runner: Runner, made: st.SearchStrategy[bytes], seed: str, number: int) -> None:
    @seeded(seed)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made)
    def execute(data: bytes) -> None:
        runner.take(data)

    execute()


def batch(name: str, target: Target, seed: str, number: int, result: Result) -> list[Crasher]:
    """Have one batch done by a process that is watched."""
    with mmap.mmap(-1, _HEAD.size + LARGEST) as board:
        answer: multiprocessing.SimpleQueue[tuple[int, int, float, int, list[Crasher]]] = multiprocessing.SimpleQueue()
        process = multiprocessing.Process(target=work, args=(name, target, seed, number, board, answer))
        process.start()
        last, since = 0, time.monotonic()
        while process.is_alive():
            if not answer.empty():
                break
            process.join(0.2)
            done, length = _HEAD.unpack(board[: _HEAD.size])
            if done != last:
                last, since = done, time.monotonic()
            elif time.monotonic() - since > 6 * SECONDS:
                process.kill()
        done, length = _HEAD.unpack(board[: _HEAD.size])
        data = bytes(board[_HEAD.size : _HEAD.size + length])
        if answer.empty():
            process.join()
            result.executions += done
            how = "it hangs outside Python" if process.exitcode == -signal.SIGKILL else f"exit code {process.exitcode}"
            return [Crasher(name, f"the process ended: {how}", data)]
        executions, refused, slowest, memory, found = answer.get()
        process.join()
    result.executions += executions
    result.refused += refused
    result.slowest, result.memory = max(result.slowest, slowest), max(result.memory, memory)
    return list(found)


def replay(path: Path, known: dict[str, Target]) -> int:
    """Execute one input and let what it raises through."""
    name = path.name.rpartition("-")[0]
    with tempfile.TemporaryDirectory() as folder:
        try:
            known[name].run(Path(folder), path.read_bytes())
        except NerTuiError as error:
            print(error)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="*", help="what to break; everything if none is named")
    parser.add_argument("--executions", type=int, default=1_000_000, help="of all targets (default: 1,000,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after which no batch is begun")
    parser.add_argument("--crashers", type=Path, default=Path("crashers"), help="folder for them (default: crashers)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="a crasher, named as it was written")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    known = targets()
    if arguments.replay:
        return replay(arguments.replay, known)
    chosen = {name: known[name] for name in arguments.target or known}
    project = good_project()
    try:
        results = run(chosen, arguments)
    finally:
        shutil.rmtree(project.parent)
    if arguments.json:
        print(json.dumps({name: asdict(result) for name, result in results.items()}))
    else:
        show(results)
    return 1 if any(result.crashers for result in results.values()) else 0


def run(chosen: dict[str, Target], arguments: argparse.Namespace) -> dict[str, Result]:
    """Do batch after batch, the targets by turns, until all is done or the time is over."""
    deadline = time.monotonic() + 60 * arguments.minutes
    weight = sum(target.weight for target in chosen.values())
    wanted = {name: max(1, round(arguments.executions * each.weight / weight)) for name, each in chosen.items()}
    results = {name: Result() for name in chosen}
    number = 0
    while time.monotonic() < deadline and any(results[name].executions < wanted[name] for name in chosen):
        for name, target in chosen.items():
            left = wanted[name] - results[name].executions
            if left > 0 and time.monotonic() < deadline:
                size = min(left, BATCH if target.weight >= 0.2 else BATCH // 20)
                for crasher in batch(name, target, f"{arguments.seed}/{name}/{number}", size, results[name]):
                    if crasher.what not in results[name].crashers:
                        results[name].crashers.append(crasher.what)
                        path = crasher.write(arguments.crashers)
                        print(f"{name}: {crasher.what}: {path}", file=sys.stderr, flush=True)
        number += 1
    return results


def show(results: dict[str, Result]) -> None:
    row: Callable[..., str] = "{:14}{:>12}{:>11}{:>11}{:>9}{:>10}".format
    print(row("target", "executions", "refused", "slowest s", "MB", "crashers"))
    for name, r in results.items():
        print(row(name, f"{r.executions:,}", f"{r.refused:,}", f"{r.slowest:.2f}", r.memory >> 20, len(r.crashers)))
        for what in r.crashers:
            print(f"  {what}")
    every = list(results.values())
    print(row("all", f"{sum(r.executions for r in every):,}", f"{sum(r.refused for r in every):,}",
              f"{max(r.slowest for r in every):.2f}", max(r.memory for r in every) >> 20,
              sum(len(r.crashers) for r in every)))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

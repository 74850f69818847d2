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
import json
import mmap
import multiprocessing
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from fuzz_inputs import inputs, strategy
from fuzz_projects import good_project
from fuzz_runner import BYTES, GENERATED, HEAD, LARGEST, SECONDS, Crasher, Result, Runner, Slow
from fuzz_targets import Target, targets
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from ner_tui.errors import NerTuiError

BATCH = 2_000
"""Executions of a process."""


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
    with mmap.mmap(-1, HEAD.size + LARGEST) as board:
        answer: multiprocessing.SimpleQueue[tuple[int, int, float, int, list[Crasher]]] = multiprocessing.SimpleQueue()
        process = multiprocessing.Process(target=work, args=(name, target, seed, number, board, answer))
        process.start()
        last, since = 0, time.monotonic()
        while process.is_alive():
            if not answer.empty():
                break
            process.join(0.2)
            done, length = HEAD.unpack(board[: HEAD.size])
            if done != last:
                last, since = done, time.monotonic()
            elif time.monotonic() - since > 6 * SECONDS:
                process.kill()
        done, length = HEAD.unpack(board[: HEAD.size])
        data = bytes(board[HEAD.size : HEAD.size + length])
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

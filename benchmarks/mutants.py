"""Change the code a little, time and again: how many changes do the tests of its package notice.

    python -m benchmarks.mutants [PATH...] [--number N] [--seed S] [--reaching] [--json]

PATHs are packages or modules below ``ner_tui`` (default: domain, store, session, formats). N changes of each, drawn by
the seed (see ``code_changes.py``), are made one by one in a copy of the repository. The tests are those of the package,
in ``tests/<package>``: first those that reach the changed function, last all others. The first failure ends it, and so
does a test that takes far longer than without the change. At the end the tests that failed are run without a change
once more: what was noticed by one that fails then too does not count. A change that no test notices is printed. Changes
that nobody could notice are listed in ``equivalent_changes.toml``, each with the reason, and not run.

``--reaching`` runs only the tests that reach the changed function: quicker, and a few changes survive that others would
notice. Each run is a fork of a process that has imported what the tests need of other packages.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import importlib
import json
import os
import py_compile
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.code_changes import Change, changes
from benchmarks.mutant_tests import SLOWER, Observer, Order, Reached, file_of

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent_changes.toml")
PACKAGES = ("domain", "store", "session", "formats")
COPIED = ("ner_tui", "tests", "benchmarks", "tools", "docs", "sample_texts", "recipes")
MODELS = "bundled"
"""Folders of this name are linked, not copied."""
MEMORY = 6 << 30
"""Bytes of data that a run may have."""


@dataclass
class Result:
    """What became of a package."""

    tests: int
    drawn: int
    equivalent: int = 0
    killed: int = 0
    survived: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 100 * self.killed / max(1, self.killed + len(self.survived))


class Copy:
    """A copy of the repository, in which the code is changed, and its tests are run."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.root = folder / "copy"
        self._folder = folder
        self._runs = 0
        self._answer = folder / "answer"
        self._seed = seed
        self.root.mkdir()
        for each in ROOT.iterdir():
            if each.is_file() and not each.name.startswith("."):
                shutil.copy(each, self.root)
        for name in COPIED:
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__", MODELS))
        for models in (ROOT / "ner_tui").rglob(MODELS):
            if models.is_dir():
                (self.root / models.relative_to(ROOT)).symlink_to(models)
        # By content: a change may leave a file's size and second as they were.
        by_content = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(self.root / "ner_tui", quiet=1, invalidation_mode=by_content)

    def observe(self, package: str) -> Reached:
        """Run all tests of a package without a change.

        Raises:
            SystemExit: one of them fails.
        """
        observer = Observer(self.root)
        code, answer = self._run([f"tests/{package}"], observer, lambda: vars(observer.result), 3600)
        if code:
            raise SystemExit(f"The tests of {package} fail without a change: see to them first.")
        observed = Reached(**json.loads(answer))
        observed.functions = {test: {(file, at) for file, at in codes} for test, codes in observed.functions.items()}
        observed.beside = set(observed.beside)
        observed.imported = {(file, at) for file, at in observed.imported}
        return observed

    def failing(self, tests: set[str]) -> set[str]:
        """Return those of some tests that fail without a change."""
        if not tests:
            return set()
        order = Order(tests, dict.fromkeys(tests, 600.0))
        _, answer = self._run(sorted(set(map(file_of, tests))), order, lambda: order.failed, 3600)
        # Where nothing was answered, all of them may.
        return set(json.loads(answer)) if answer else tests

    def noticed_by(self, change: Change, tests: list[str], seconds: dict[str, float]) -> str:
        """Return the test that fails with a change, or what else ends the run; nothing if all pass."""
        path = self.root / change.file
        source = path.read_bytes()
        order = Order(tests, seconds)
        files = list(dict.fromkeys(map(file_of, tests)))
        limit = 120 + SLOWER * sum(seconds[test] for test in tests)
        try:
            path.write_bytes(change.apply(source))
            code, answer = self._run([*files, "-x"], order, lambda: order.failed, limit)
        finally:
            path.write_bytes(source)
        if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            return ""
        return next(iter(json.loads(answer) if answer else ()), f"exit code {code}")

    def _run(self, arguments: list[str], plugin: object, answer: Callable[[], object], limit: float) -> tuple[int, str]:
        """Run pytest in a process of its own; return its exit code, and what ``answer`` says at its end as JSON."""
        self._answer.unlink(missing_ok=True)
        # What a run before this one has left, or goes on with in a process of its own, is in no way of the next.
        self._runs += 1
        made = self._folder / f"run{self._runs}"
        (made / "home").mkdir(parents=True)
        sys.stdout.flush()
        process = os.fork()
        if not process:
            self._within(made, arguments, plugin, answer)
        deadline = time.monotonic() + limit
        while not (ended := os.waitpid(process, os.WNOHANG))[0] and time.monotonic() < deadline:
            time.sleep(0.02)
        # Also what the tests started and left.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        if not ended[0]:
            ended = os.waitpid(process, 0)
        shutil.rmtree(made, ignore_errors=True)
        return os.waitstatus_to_exitcode(ended[1]), self._answer.read_text() if self._answer.exists() else ""

    def _within(self, made: Path, arguments: list[str], plugin: object, answer: Callable[[], object]) -> None:
        code = 99
        try:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.chdir(self.root)
            os.environ.update(PYTHONPATH=str(self.root), HOME=str(made / "home"))
            sys.path[:] = [str(self.root), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
            for name in [name for name in sys.modules if name.partition(".")[0] in COPIED]:
                del sys.modules[name]
            folders = ["-p", "no:cacheprovider", f"--basetemp={made / 'tests'}"]
            code = int(pytest.main(["-q", *folders, f"--hypothesis-seed={self._seed}", *arguments], plugins=[plugin]))
            self._answer.write_text(json.dumps(answer(), default=list))
        finally:
            os._exit(code)


def warm(modules: list[str]) -> None:
    """Import what the tests need of other packages, once for all runs."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:
            # Then each run does without, or meets the same.
            continue


def drawn(path: str, number: int, seed: int) -> list[Change]:
    """Return changes of a package or module below ``ner_tui``, at different places, in the order of the files.

    Each place has its rank by its own name, so that a seed draws the same where other code has changed.
    """
    start = ROOT / "ner_tui" / path
    files = sorted(start.rglob("*.py")) if start.is_dir() else [start.with_suffix(".py")]
    places = [place for file in files for place in changes(file, ROOT)]
    ranked: list[tuple[float, Change]] = []
    for place in places:
        dice = random.Random(f"{seed} {place[0].file} {place[0].name}")
        ranked.append((dice.random(), dice.choice(place)))
    chosen = [change for _, change in sorted(ranked, key=lambda each: each[0])[:number]]
    return sorted(chosen, key=lambda change: (change.file, change.line))


def equivalent() -> dict[tuple[str, str], str]:
    """Return why a change makes no difference, by its file and name."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {(file, name): reason for file, reasons in listed.items() for name, reason in reasons.items()}


def measure(copy: Copy, path: str, options: argparse.Namespace, kills: dict[str, str]) -> Result:
    """Make the changes of a package and run its tests on each; survivors are printed as they are found."""
    package = path.partition("/")[0]
    found = drawn(path, options.number, options.seed)
    known = equivalent()
    observed = copy.observe(package)
    warm(observed.modules)
    result = Result(len(observed.seconds), len(found))
    noticed_by: dict[str, str] = {}
    for change in found:
        if (change.file, change.name) in known:
            result.equivalent += 1
            continue
        stages = observed.stages(change, options.reaching)
        noticed = next(filter(None, (copy.noticed_by(change, tests, observed.seconds) for tests in stages)), "")
        place = f"{change.file}:{change.line}  {change.name}"
        if noticed:
            noticed_by[place] = noticed
        else:
            result.survived.append(place)
            print(f"survived  {place}", file=sys.stderr if options.json else sys.stdout, flush=True)
    failing = copy.failing(set(noticed_by.values()) & observed.seconds.keys())
    for place, test in noticed_by.items():
        if test in failing:
            result.survived.append(place)
            print(f"not sure  {place}  ({test} fails without a change, too)", file=sys.stderr, flush=True)
    kills |= {place: test for place, test in noticed_by.items() if test not in failing}
    result.killed = sum(test not in failing for test in noticed_by.values())
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="*", default=PACKAGES, help=f"below ner_tui (default: {', '.join(PACKAGES)})")
    parser.add_argument("--number", type=int, default=100, help="of changes for each (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reaching", action="store_true", help="run the tests alone that reached the changed function")
    parser.add_argument("--json", action="store_true", help="with the test that noticed each change")
    options = parser.parse_args()
    for path in options.path:
        if not any((ROOT / "ner_tui" / path).with_suffix(suffix).exists() for suffix in ("", ".py")):
            parser.error(f"There is no ner_tui/{path}: name a package or module below ner_tui, such as domain/spans.")
    results: dict[str, Result] = {}
    kills: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder), options.seed)
        for path in options.path:
            results[path] = measure(copy, path, options, kills)
    if options.json:
        print(json.dumps({"results": {path: vars(each) for path, each in results.items()}, "killed by": kills}))
        return
    print(f"{'seed ' + str(options.seed):24} tests  drawn  equivalent  killed  survived  of those that matter")
    for path, each in results.items():
        figures = f"{each.tests:5}  {each.drawn:5}  {each.equivalent:10}  {each.killed:6}  {len(each.survived):8}"
        print(f"{path:24} {figures}  {each.share:5.1f} % killed")


if __name__ == "__main__":
    main()

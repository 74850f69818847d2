"""Change the code a little, time and again: how many changes do the tests of its package notice.

    python -m benchmarks.mutants [PATH...] [--number N] [--seed S] [--reaching] [--json]

PATHs are packages or modules below ``ner_tui`` (default: domain, store, session, formats). N changes of each, drawn by
the seed (see ``code_changes.py``), are made one by one in a copy of the repository. The tests are those of the package,
in ``tests/<package>``: first those that reach the changed function, last all others. The first failure ends it, and so
does a test that takes far longer than without the change. A change that no test notices is printed. Changes that nobody
could notice are listed in ``equivalent_changes.toml``, each with the reason, and not run.

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
import threading
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

import hypothesis
import pytest

from benchmarks.code_changes import Change, changes

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent_changes.toml")
PACKAGES = ("domain", "store", "session", "formats")
COPIED = ("ner_tui", "tests", "benchmarks", "tools", "docs", "sample_texts", "recipes")
MODELS = "bundled"
"""Folders of this name are linked, not copied."""
SLOWER = 10
"""Times as long as without the change, and a test hangs."""
PATIENCE = 20
"""Seconds that a test may take in any case."""
MOST_CALLS = 200_000
"""Calls of a test that are looked at: what is not reached by then comes to it later, with the other tests."""
MEMORY = 6 << 30
"""Bytes of data that a run may have."""

Code = tuple[str, int]
"""A file below the repository, and the first line of a function there."""


@dataclass
class Reached:
    """What the tests did without a change, by their node ids in the order they ran."""

    functions: dict[str, set[Code]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)
    """Tests that start processes: what these reach is not seen."""
    modules: list[str] = field(default_factory=list)
    """What they imported of other packages."""

    def stages(self, change: Change, reaching: bool) -> Iterator[list[str]]:
        """Yield the tests to run on a change, first those that are likeliest to notice it; the quickest first in each.

        The first are those of one file that reach the changed function, or its file if it is outside of all functions:
        the file that has most of them, of two the one that is named after the changed one. Next are the others that
        reach it or start processes, last, unless ``reaching``, all the rest.
        """
        found = {test for test, codes in self.functions.items() if _reaches(codes, change)}
        named = f"/test_{Path(change.file).name}"
        counts = Counter(file_of(test) for test in found)
        nearest = max(counts, key=lambda file: (counts[file] + 10 * file.endswith(named), file), default="")
        first = {test for test in found if file_of(test) == nearest}
        second = found.union(self.beside) - first
        last = set[str]() if reaching else self.functions.keys() - first - second
        for stage in (first, second, last):
            if stage:
                yield sorted(stage, key=lambda test: (test in self.beside, self.seconds[test]))


def _reaches(codes: set[Code], change: Change) -> bool:
    if change.function_line:
        return (change.file, change.function_line) in codes
    return any(file == change.file for file, _ in codes)


def file_of(test: str) -> str:
    """Return the file of a test."""
    return test.partition("::")[0]


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


class Observer:
    """A plugin that writes down which functions of the repository each test reaches."""

    def __init__(self, root: Path) -> None:
        self.result = Reached()
        self._prefix = f"{root / 'ner_tui'}{os.sep}"
        self._root = root
        self._seen: set[CodeType] = set()
        self._shared: defaultdict[str, set[CodeType]] = defaultdict(set)
        self._started = False
        self._calls = 0
        sys.addaudithook(self._audit)

    def _audit(self, event: str, _: object) -> None:
        self._started |= event in ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec")

    def _called(self, frame: FrameType, _: str, __: object) -> None:
        self._seen.add(frame.f_code)
        self._calls += 1
        if self._calls > MOST_CALLS:
            sys.settrace(None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None]:
        self._seen, self._started, self._calls, begun = set(), False, 0, time.perf_counter()
        threading.settrace(self._called)
        sys.settrace(self._called)
        yield
        sys.settrace(None)
        self.result.seconds[item.nodeid] = time.perf_counter() - begun
        for name in getattr(item, "fixturenames", ()):
            self._seen |= self._shared[name]
        ours = [code for code in self._seen if code.co_filename.startswith(self._prefix)]
        codes = {(Path(code.co_filename).relative_to(self._root).as_posix(), code.co_firstlineno) for code in ours}
        self.result.functions[item.nodeid] = codes
        if self._started:
            self.result.beside.add(item.nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None]:
        """What is made once for several tests is reached by all of them."""
        outer = self._seen
        self._seen = set()
        yield
        if fixturedef.scope != "function":
            self._shared[fixturedef.argname] |= self._seen
        self._seen |= outer

    def pytest_sessionfinish(self) -> None:
        ours = f"{self._root}{os.sep}"
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and not file.startswith(ours) and name != "__main__":
                self.result.modules.append(name)


class Order:
    """A plugin that runs some tests in an order, none of them for ever, and shrinks no example."""

    def __init__(self, tests: Collection[str], seconds: dict[str, float]) -> None:
        self._rank = {test: rank for rank, test in enumerate(tests)}
        self._seconds = seconds
        self.failed = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", phases=phases, database=None)
        hypothesis.settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._rank), key=lambda item: self._rank[item.nodeid]
        )

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None]:
        # Nobody handles these signals: they end the process, of its own time or, if it waits, by the clock.
        limit = PATIENCE + SLOWER * self._seconds[item.nodeid]
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.setitimer(signal.ITIMER_REAL, 3 * limit)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


class Copy:
    """A copy of the repository, in which the code is changed, and its tests are run."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.root = folder / "copy"
        self._home = folder / "home"
        self._made = folder / "made"
        self._answer = folder / "answer"
        self._seed = seed
        self.root.mkdir()
        self._home.mkdir()
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
        return observed

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
        return (json.loads(answer) if answer else "") or f"exit code {code}"

    def _run(self, arguments: list[str], plugin: object, answer: Callable[[], object], limit: float) -> tuple[int, str]:
        """Run pytest in a process of its own; return its exit code, and what ``answer`` says at its end as JSON."""
        self._answer.unlink(missing_ok=True)
        sys.stdout.flush()
        process = os.fork()
        if not process:
            self._within(arguments, plugin, answer)
        deadline = time.monotonic() + limit
        while not (ended := os.waitpid(process, os.WNOHANG))[0] and time.monotonic() < deadline:
            time.sleep(0.02)
        # Also what the tests started and left.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        if not ended[0]:
            ended = os.waitpid(process, 0)
        shutil.rmtree(self._made, ignore_errors=True)
        return os.waitstatus_to_exitcode(ended[1]), self._answer.read_text() if self._answer.exists() else ""

    def _within(self, arguments: list[str], plugin: object, answer: Callable[[], object]) -> None:
        code = 99
        try:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.chdir(self.root)
            os.environ.update(PYTHONPATH=str(self.root), HOME=str(self._home))
            sys.path[:] = [str(self.root), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
            for name in [name for name in sys.modules if name.partition(".")[0] in COPIED]:
                del sys.modules[name]
            options = ["-q", "-p", "no:cacheprovider", f"--basetemp={self._made}", f"--hypothesis-seed={self._seed}"]
            code = int(pytest.main([*options, *arguments], plugins=[plugin]))
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
    """Return changes of a package or module below ``ner_tui``, at different places, in the order of the files."""
    start = ROOT / "ner_tui" / path
    files = sorted(start.rglob("*.py")) if start.is_dir() else [start.with_suffix(".py")]
    places = [place for file in files for place in changes(file, ROOT)]
    dice = random.Random(seed)
    chosen = [dice.choice(place) for place in dice.sample(places, min(number, len(places)))]
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
    for change in found:
        if (change.file, change.name) in known:
            result.equivalent += 1
            continue
        stages = observed.stages(change, options.reaching)
        noticed = next(filter(None, (copy.noticed_by(change, tests, observed.seconds) for tests in stages)), "")
        place = f"{change.file}:{change.line}  {change.name}"
        if noticed:
            result.killed += 1
            kills[place] = noticed
        else:
            result.survived.append(place)
            print(f"survived  {place}", file=sys.stderr if options.json else sys.stdout, flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="*", default=PACKAGES, help=f"below ner_tui (default: {', '.join(PACKAGES)})")
    parser.add_argument("--number", type=int, default=100, help="of changes for each (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reaching", action="store_true", help="run the tests alone that reached the changed function")
    parser.add_argument("--json", action="store_true", help="with the test that noticed each change")
    options = parser.parse_args()
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

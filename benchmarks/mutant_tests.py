"""What pytest does for ``mutants.py``: it notes which functions each test reaches, and runs some tests in an order."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

import hypothesis
import pytest

from benchmarks.code_changes import Change

SLOWER = 10
"""Times as long as without the change, and a test hangs."""
TIME_LIMIT = 20
"""Seconds that a test may take in any case."""
MOST_CALLS = 5_000_000
"""Calls of a test that are looked at: what is not reached by then comes to it later, with the other tests."""

Code = tuple[str, int]
"""A file below the repository, and the first line of a function there."""


@dataclass
class Reached:
    """What the tests did without a change, by their node ids in the order they ran."""

    functions: dict[str, set[Code]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)
    """Tests that start processes: what these reach is not seen."""
    imported: set[Code] = field(default_factory=set)
    """Functions that run when modules are imported: whatever uses the module may notice a change of theirs."""
    modules: list[str] = field(default_factory=list)
    """What they imported of other packages."""

    def stages(self, change: Change, reaching: bool) -> Iterator[list[str]]:
        """Yield the tests to run on a change, first those that are likeliest to notice it; the quickest first in each.

        The first are those of one file that reach the changed function, or its file if it is outside of all functions:
        the file that has most of them, of two the one that is named after the changed one. Next are the others that
        reach it or start processes, last, unless ``reaching``, all the rest.
        """
        found = {test for test, codes in self.functions.items() if self._reaches(codes, change)}
        named = f"/test_{Path(change.file).name}"
        counts = Counter(file_of(test) for test in found)
        nearest = max(counts, key=lambda file: (counts[file] + 10 * file.endswith(named), file), default="")
        first = {test for test in found if file_of(test) == nearest}
        second = found.union(self.beside) - first
        last = set[str]() if reaching else self.functions.keys() - first - second
        for stage in (first, second, last):
            if stage:
                yield sorted(stage, key=lambda test: (test in self.beside, self.seconds[test]))

    def _reaches(self, codes: set[Code], change: Change) -> bool:
        code = (change.file, change.function_line)
        if change.function_line and code not in self.imported:
            return code in codes
        return any(file == change.file for file, _ in codes)


def file_of(test: str) -> str:
    """Return the file of a test."""
    return test.partition("::")[0]


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
        self.result.functions[item.nodeid] = self._codes()
        if self._started:
            self.result.beside.add(item.nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection(self) -> Generator[None]:
        self._seen, self._calls = set(), -sys.maxsize
        sys.settrace(self._called)
        yield
        sys.settrace(None)
        self.result.imported = self._codes()

    def _codes(self) -> set[Code]:
        ours = [code for code in self._seen if code.co_filename.startswith(self._prefix)]
        return {(Path(code.co_filename).relative_to(self._root).as_posix(), code.co_firstlineno) for code in ours}

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
        self.failed: list[str] = []

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
        limit = TIME_LIMIT + SLOWER * self._seconds[item.nodeid]
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.setitimer(signal.ITIMER_REAL, 3 * limit)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

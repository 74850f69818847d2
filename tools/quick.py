"""The quick loop: lint, types, and the tests that a change affects, nearest first, in under half a minute.

    python -m tools.quick

The first thing that fails ends it. mypy is quick because it keeps what it knows of files that did not change; its first
run takes longer. Tests that there was no time for are skipped, and counted: ``make check`` runs them all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tools.affected import ROOT, affected_tests, changed_files

SECONDS = 20.0
"""After so long no test begins; those that run are finished."""
MOST = 12
"""Test files that are run: every process that runs tests reads them all first, which takes a second for each ten."""
_UNTIL = "NER_TUI_QUICK_UNTIL"
"""The variable that tells the processes that run tests when the time is up."""


def main() -> int:
    """Run the checks and return an exit code."""
    os.environ[_UNTIL] = str(time.time() + SECONDS)
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "--quiet", "."], ["mypy"]):
        if code := _run(*command):
            return code
    affected = list(affected_tests(ROOT, changed_files(ROOT)))
    near = affected[:MOST]
    print(f"tests: {len(near)} of {len(affected)} files that the change reaches", flush=True)
    if not near:
        return 0
    order = ["--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"]
    return _run("pytest", "-p", "tools.quick", "-rs", "--maxfail=3", *order, *near)


def _run(module: str, *arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False).returncode


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Skip a test when the time is up, before anything is made for it."""
    if time.time() > float(os.environ.get(_UNTIL, "inf")):
        pytest.skip("no time left")


if __name__ == "__main__":
    sys.exit(main())

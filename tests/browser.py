"""A real browser for tests, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_or_skip() -> str:
    """Return the program, or skip the test."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium in PATH")
    return found


def dom_of(page: Path) -> str:
    """Return the document that a browser makes of a file."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={page.parent / 'browser'}"]
    run = subprocess.run(
        [chromium_or_skip(), *options, "--dump-dom", page.as_uri()], capture_output=True, check=True, timeout=60
    )
    return run.stdout.decode()

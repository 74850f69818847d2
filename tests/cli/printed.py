"""What commands print, read again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ner_tui.cli import main

Capture = pytest.CaptureFixture[str]


def object_of(capfd: Capture, *arguments: str, code: int = 0) -> Any:
    """Run a command with --json and return what it printed."""
    assert main([*arguments, "--json"]) == code
    return json.loads(capfd.readouterr().out)

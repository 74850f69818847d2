"""A project's dumps by two people, and what became of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ner_tui.cli import main
from ner_tui.session import Session, SessionOptions, open_session

TEXT = "Ada left Oslo. Bob met Cy in Rome. Acme grew. Nobody saw Kyiv.\n"
Capture = pytest.CaptureFixture[str]
Work = Callable[[Session], object]


def dump(name: str) -> None:
    assert main(["dump", f"{name}.ner", "-o", f"{name}.jsonl"]) == 0


def branch(name: str, work: Work, start: str = "base") -> None:
    """Make a dump of a project that somebody has worked on."""
    shutil.copy(f"{start}.ner", f"{name}.ner")
    session = open_session([], SessionOptions(f"{name}.ner", annotator=name))
    work(session)
    session.close()
    dump(name)


def label(word: str, name: str) -> Work:
    start = TEXT.index(word)
    return lambda session: session.corrections.label(start, start + len(word), name, cursor=start)


def both(*work: Work) -> Work:
    return lambda session: [each(session) for each in work]


def confirm(word: str) -> Work:
    return lambda session: session.corrections.confirm(TEXT.index(word))


def merge(capfd: Capture, code: int = 0) -> list[dict[str, Any]]:
    """Merge two branches and return the lines, which can be loaded."""
    assert main(["merge", "base.jsonl", "ours.jsonl", "theirs.jsonl"]) == code
    Path("merged.ner").unlink(missing_ok=True)
    assert main(["load", "ours.jsonl", "--project", "merged.ner"]) == 0
    return [json.loads(line) for line in Path("ours.jsonl").read_text().splitlines()]


def spans(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {
        line["text"][start:end]: name
        for line in lines
        if line["kind"] == "sentence"
        for start, end, name, _ in line.get("spans", ())
    }


def states(lines: list[dict[str, Any]]) -> list[str]:
    return [line.get("status", "untouched") for line in lines if line["kind"] == "sentence"]


def make_base() -> None:
    """Make a project and its dump, which two people begin with, in the current folder."""
    Path("a.txt").write_text(TEXT)
    open_session(["a.txt"], SessionOptions("base.ner")).close()
    dump("base")

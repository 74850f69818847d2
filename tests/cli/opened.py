"""A text, a file of columns and projects of them in the current folder."""

from __future__ import annotations

from pathlib import Path

from ner_tui.session import SessionOptions, open_session

TEXT = "Ada Lovelace visited Turin.\n"
CONLL = "Ada B-PER\nvisited O\nTurin B-LOC\n\n"


def project(name: str = "annotations.ner", *paths: str) -> str:
    open_session(paths or ("t.txt",), SessionOptions(project=name)).close()
    return name


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def write_texts() -> None:
    Path("t.txt").write_text(TEXT, encoding="utf-8")
    Path("t.conll").write_text(CONLL, encoding="utf-8")

"""Checkpoint folders being made: they appear when all of them is written, or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ner_tui.errors import InputError


@contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """Give a folder to write into, and put it in the place of `out` if all goes well.

    Raises:
        InputError: `out` holds something already, or cannot be written; before anything is done.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: exists already; name a folder that does not")
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from error
    try:
        yield draft
        _follow_umask(draft)
        if out.exists():
            out.rmdir()
        draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _follow_umask(draft: Path) -> None:
    """Give files the mode that any new one has here: the library that writes weights keeps them from everybody else."""
    probe = draft / ".mode"
    probe.touch()
    mode = probe.stat().st_mode & 0o777
    probe.unlink()
    for path in draft.rglob("*"):
        if path.is_file():
            path.chmod(mode)


def set_config(folder: Path, **values: object) -> None:
    """Write values into a checkpoint folder's config.json."""
    path = folder / "config.json"
    write_json(path, json.loads(path.read_text(encoding="utf-8")) | values)


def write_json(path: Path, value: object) -> None:
    """Write a value the way people can read it."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

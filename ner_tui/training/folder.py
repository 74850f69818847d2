"""Checkpoint folders being made: they appear when all of them is written, or not at all."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ner_tui.errors import InputError
from ner_tui.formats.files.file_locks import WriteLock


@contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """Give a folder to write into, and put it in the place of `out` if all goes well.

    Drafts of runs that were killed are deleted.

    Raises:
        InputError: `out` holds something already, is being made by another run, or cannot be written; before anything
            is done.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: exists already; name a folder that does not")
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}.draft")
    try:
        draft.mkdir(parents=True)
        lock = WriteLock(draft)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from error
    try:
        _refuse_company(out, draft)
        yield draft
        _follow_umask(draft)
        if out.exists():
            out.rmdir()
        draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        lock.release()


def _refuse_company(out: Path, draft: Path) -> None:
    """Delete other drafts of a folder, those of runs that are over.

    Raises:
        InputError: a run is at work on one.
    """
    ours = re.compile(rf"\.{re.escape(out.name)}\.[0-9a-f]{{8}}\.draft")
    for other in draft.parent.iterdir():
        if other == draft or not ours.fullmatch(other.name) or other.is_symlink():
            continue
        try:
            lock = WriteLock(other)
        except OSError:
            continue
        if lock.taken is False:
            raise InputError(f"{out}: another run is making it; wait until that is done, or name another folder")
        if lock.taken:
            shutil.rmtree(other, ignore_errors=True)
        lock.release()


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

"""Copying a project file, also an open one: all of it as it is at one moment, on the disk, and then in its place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from ner_tui.formats.files.atomic import new_file_beside, sync
from ner_tui.formats.files.project_files import SIDE_FILES
from ner_tui.formats.files.replacing import Replacement, move_to_free
from ner_tui.store.file.log_stamp import mark_whole

_PAGES = 4096
"""Pages that are copied at a time: in between it can be interrupted."""


def copy_to(database: sqlite3.Connection, target: Path, like: Path, *, replacement: Replacement | None = None) -> None:
    """Put a copy of what a connection sees at ``target``; it needs no log.

    Args:
        database: in a transaction, if others may write meanwhile.
        like: the file whose rights the copy gets: who may not read that may not read its copy.
        replacement: of what is at ``target``; None: nothing is there, or it stays.

    Raises:
        OSError: the copy cannot be written, or something is there that is not to be replaced.
        sqlite3.Error: it cannot, or the project cannot be read.
    """
    handle, part = new_file_beside(target)
    os.close(handle)
    try:
        part.chmod(like.stat().st_mode & 0o777)
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            database.backup(copy, pages=_PAGES)
            copy.execute("PRAGMA journal_mode = DELETE")
            mark_whole(copy)
        sync(part)
        if replacement is None:
            move_to_free(part, target)
        else:
            replacement.put(part)
        sync(target.parent)
    except BaseException:
        for end in ("", *SIDE_FILES):
            with suppress(OSError):
                Path(f"{part}{end}").unlink()
        raise

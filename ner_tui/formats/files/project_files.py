"""Project files among others: told by what they hold, and by their name only where that says nothing."""

from __future__ import annotations

from pathlib import Path

from ner_tui.formats.files.encodings import DATABASE, HEAD, codec_of

SUFFIX = ".ner"
"""What projects are called."""
LOCK = "-lock"
"""What the name of the file that says who has a project open has after the project's."""
SIDE_FILES = ("-wal", "-shm", "-journal")
"""Ends of the names of files that SQLite keeps beside a project while it is open."""


def is_project(path: str | Path) -> bool:
    """Whether a file is to be opened as a project; what is wrong with it is for whoever opens it to say.

    A database is, whatever it is called. A file called as projects are is too where it is empty, no text or cannot
    be read: it was one, or was to be one. A text is none, whatever it is called.
    """
    path = Path(path)
    head = b""
    try:
        if not path.exists() or path.is_dir():
            return False
        # What is no file may let its reader wait for ever.
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(HEAD)
    except (OSError, ValueError):
        pass
    if head.startswith(DATABASE):
        return True
    mark, _, _ = codec_of(head[:4], None)
    return path.suffix.lower() == SUFFIX and not mark and (not head or b"\0" in head)

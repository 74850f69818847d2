"""Which log belongs to a project file, and whether the file needs one: a stamp in the file tells.

While a project is open, what is new is in the log that SQLite keeps beside it (``-wal``). SQLite puts any log that lies
there onto the file, and takes a file without its log for all there is. So the project has a stamp among its settings:
a state and the marks of what it followed. As long as the log has more than the file, the file says that it is partial;
the log says that with it all is whole. Whoever brings one into the other, ner-tui or any program with SQLite, thereby
makes the file whole. A log that was written for another state of the file follows none of its marks.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ner_tui.errors import ProjectError
from ner_tui.store.file.sqlite_hardening import defend

WHOLE, PARTIAL = "whole", "partial"
SETTING = "log"
"""The name of the setting that is the stamp."""
_TABLE = "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
"""How its table is made in every version; another thing of that name is not read."""
_MOST_MARKS = 50
_LOOKS = 20
"""How often two files are looked at that a session changes meanwhile."""


class Stamp(NamedTuple):
    """What a file, or a file with its log, says of the two."""

    state: str
    marks: tuple[str, ...]
    """Its own, which no other stamp has, and before it those that the file alone may still have."""

    def follows(self, alone: Stamp) -> bool:
        """Whether a file with this stamp in its log may have ``alone`` in itself."""
        return alone.marks[0] in self.marks

    def next(self, state: str, alone: Stamp | None) -> Stamp:
        """Return the stamp to put in place of this one, where the file alone has ``alone``, if that can be read."""
        kept = self.marks
        if alone is not None and alone.marks[0] in kept:
            kept = kept[: kept.index(alone.marks[0]) + 1]
        return Stamp(state, (_new_mark(), *kept)[:_MOST_MARKS])


def stamp_in(database: sqlite3.Connection) -> Stamp:
    """Return the stamp that a connection sees; one without marks where there is none yet.

    Raises:
        sqlite3.DatabaseError: the file cannot be read.
    """
    row = None
    # Of a stranger's file not even the tables are certain.
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'setting' AND sql = ?", (_TABLE,)).fetchone():
        row = database.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    state, *marks = str(row[0]).split(" ") if row else (WHOLE,)
    return Stamp(state, tuple(marks) or ("",))


def put_stamp(database: sqlite3.Connection, stamp: Stamp) -> None:
    """Put a stamp in place of the one that is there."""
    database.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (SETTING, " ".join((stamp.state, *stamp.marks))),
    )


def mark_whole(database: sqlite3.Connection) -> None:
    """Stamp a project that is all in its file, and is another than the one that it was copied from."""
    put_stamp(database, Stamp(WHOLE, (_new_mark(),)))


def stamp_alone(path: Path) -> Stamp | None:
    """Return the stamp of a project file without its log; None where it cannot be read, as while it is written."""
    return _stamp_of(path, "mode=ro&immutable=1")


def log_size(path: Path) -> int | None:
    """Return the bytes of the log that SQLite keeps beside a project that is open; None: there is none."""
    try:
        return Path(f"{path}-wal").stat().st_size
    except OSError:
        return None


def reading(path: Path, *, to_check: bool = False) -> str:
    """Return how to open a project that is only read, so that none of SQLite's files stay beside it.

    They are taken away by the last connection that closes, if it may write; statements that write are refused.
    """
    if _can_be_written(path):
        # What a session that was killed left beside it would go into the file; one that is looked into stays as it is,
        # and one whose log does not say that all is whole then would be taken for one without its log.
        return "mode=ro" if log_size(path) and (to_check or _ends_partial(path)) else "mode=rw"
    # Whoever has it open has a log beside it.
    return "immutable=1" if log_size(path) is None else "mode=ro"


def _can_be_written(path: Path) -> bool:
    """Whether SQLite can change what it keeps beside a file."""
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def require_log(path: Path, *, to_check: bool = False) -> bool:
    """Refuse a project whose last edits are in a log that is not beside it, or that has the log of another beside it.

    Nothing is changed, whatever is found: SQLite would bring any log into the file when it is closed.

    Args:
        path: of the file itself, behind links.
        to_check: it is opened to be checked, or to be made again of what it has: then its log may be lost.

    Returns:
        Whether it is.

    Raises:
        ProjectError: it is one of these, or is open where its locks cannot be seen from here.
    """
    if log_size(path) and _can_be_written(path):
        # Imported here: the first picture waits for this, and a project that nobody has open needs none of it.
        from ner_tui.store.file.locking import refuse_other_mount

        refuse_other_mount(path)
    for _ in range(_LOOKS):
        alone, size = stamp_alone(path), log_size(path)
        together = _stamp_of(path, "mode=ro") if size else None
        lacks_log = not size and alone is not None and alone.state == PARTIAL
        if together is not None and alone is not None and not together.follows(alone):
            what = (
                f"{path}-wal was written for another state of {path.name}, such as before a copy was put back: move it "
                f"away to open {path.name} as it is"
            )
        elif lacks_log and not to_check:
            what = (
                f"{path} lacks its last edits, which were in {path.name}-wal where it was copied or moved from: put "
                f"that beside it too (`ner-tui backup` copies a project that is open), or make one of what is here "
                f"with `ner-tui check {path.name} --rebuild -o NEW`"
            )
        else:
            return lacks_log
        # A session that brings its log into the file meanwhile changes both, one after the other.
        if (stamp_alone(path), bool(log_size(path))) == (alone, bool(size)):
            raise ProjectError(what)
    return False


def refuse_left_log(path: Path) -> None:
    """Refuse to make a project where the log of another lies: SQLite would delete it.

    Raises:
        ProjectError: there is one.
    """
    if log_size(path):
        raise ProjectError(
            f"{path}-wal holds the last edits of a project that was moved or removed while it was open: put that back "
            f"as {path.name}, or move {path.name}-wal away"
        )


def _ends_partial(path: Path) -> bool:
    """Whether a project with its log still says that it is partial: its session was killed when it had just become so.

    There is nothing in the log then that is not in the file.
    """
    together = _stamp_of(path, "mode=ro")
    return together is not None and together.state == PARTIAL


def _new_mark() -> str:
    return os.urandom(8).hex()


def _stamp_of(path: Path, how: str) -> Stamp | None:
    try:
        uri = f"{path.absolute().as_uri()}?{how}"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as database:
            defend(database)
            return stamp_in(database)
    except (sqlite3.DatabaseError, UnicodeError):
        return None

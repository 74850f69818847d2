"""Defence: a project file may come from a stranger, and SQLite runs what a file's schema says.

So the connection is told to trust nothing, what statements may cost is limited, and a file is not opened whose tables
and triggers are not those that ner-tui makes.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ner_tui.domain.printable import printable
from ner_tui.errors import ProjectError
from ner_tui.formats.files.project_files import SIDE_FILES

LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1_000_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 1_000_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
}
"""What a statement may be at the most; each is several times what ner-tui's own need."""
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"

"""Asks for what ``schema_of`` takes."""
Schema = dict[tuple[str, str], str]
"""By kind and name how each thing in a schema is made."""


def defend(database: sqlite3.Connection) -> None:
    """Have a connection trust nothing that the file brings, before anything is read of it."""
    for category, most in LIMITS.items():
        database.setlimit(category, most)
    # No function in the schema that could do more than compute; and pages are checked before they are believed.
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA mmap_size = 0")
    set_config: Any = getattr(database, "setconfig", None)
    if set_config is not None:
        set_config(getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE"), True)  # noqa: B009
        set_config(getattr(sqlite3, "SQLITE_DBCONFIG_ENABLE_VIEW"), False)  # noqa: B009


def refuse_odd_files(path: Path) -> None:
    """Refuse a project that is no file, or has beside it what SQLite would wait for or write elsewhere.

    Raises:
        ProjectError: there is such a thing.
    """
    if path.is_dir():
        raise ProjectError(f"{path} is a folder, not a project: name the file of a project in it")
    for place in (path, *(Path(f"{path}{end}") for end in SIDE_FILES)):
        try:
            mode = place.stat().st_mode if place == path else place.lstat().st_mode
        except OSError:
            continue
        if not stat.S_ISREG(mode):
            raise ProjectError(f"{place} is no file: move it away, or name another project with --project")


def schema_of(rows: Iterable[tuple[str, str, str | None]]) -> Schema:
    """Return the answer to ``SCHEMA``, white space evened out."""
    return {(kind, name): " ".join((sql or "").split()) for kind, name, sql in rows}


def refuse_foreign(found: Schema, own: Schema, name: str, *, current: bool, to_check: bool) -> None:
    """Refuse a project whose schema holds what ner-tui does not make.

    Args:
        found: what the file has.
        own: what a new project has.
        name: of the file, as the person gave it.
        current: it is of this version; of older ones, which an upgrade brings up to date, only names are known.
        to_check: it is opened to be read and checked: then only what would act when it is read is refused.

    Raises:
        ProjectError: it does, with what, and what to do.
    """
    acting = {thing for thing, sql in found.items() if thing[0] == "view" or sql.upper().startswith("CREATE VIRTUAL")}
    for kind, what in sorted(acting):
        raise ProjectError(
            f"{name} is not opened: it has a {kind} named {printable(what)[:60]}, which acts when it is read and is "
            "none of ner-tui's; ask whoever sent it for `ner-tui dump`, and load that"
        )
    if to_check:
        return
    missing = sorted(what for kind, what in own.keys() - found.keys() if kind == "table" and current)
    if missing:
        raise ProjectError(f"{name} is not opened: it has no table {missing[0]}; put back a copy of it")
    foreign = {thing for thing in found if thing not in own and (current or thing[0] != "trigger")}
    changed = {thing for thing, sql in found.items() if current and thing in own and own[thing] != sql}
    for kind, what in sorted(foreign | changed):
        made = "that ner-tui did not make" if (kind, what) in foreign else "other than ner-tui makes it"
        raise ProjectError(
            f"{name} is not opened: it has a {kind} {printable(what)[:60]} {made}, which could change what you decide; "
            f"`ner-tui check {name}` says what else is wrong, and with --rebuild -o NEW makes the project again without"
        )

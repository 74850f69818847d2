"""Opening a project file safely: refused if it is none of ours, made if it is new, brought up to date if it is old."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ner_tui.errors import ProjectError
from ner_tui.formats.files.inputs import note_input
from ner_tui.formats.files.project_files import identity_of, is_project, own_name
from ner_tui.store.file.connection import AT_ONCE, ProjectFile
from ner_tui.store.file.kept_log import KeptLog
from ner_tui.store.file.log_stamp import log_size, reading, refuse_left_log, require_log
from ner_tui.store.file.sqlite_hardening import SCHEMA, defend, refuse_foreign, refuse_odd_files, schema_of
from ner_tui.store.tables import schema
from ner_tui.store.tables.migrations import back_up, migrate


def connect(path: Path, *, create: bool, read_only: bool = False, to_check: bool = False) -> ProjectFile:
    """Open the project file at ``path``, making its tables if it is new and ``create`` allows it.

    ``to_check`` opens, read-only, what has tables or triggers of others too; see ``sqlite_hardening``.

    Raises:
        ProjectError: it cannot be opened, is not a project file, or was made by a newer version.
    """
    note_input(path)
    given, path = path, own_name(path)
    refuse_odd_files(path)
    exists = path.exists() and path.stat().st_size > 0
    if not exists and not create:
        what = "an empty file, no project" if path.exists() else "no such project file"
        raise ProjectError(f"{path}: {what}; `ner-tui review PATH...` makes one")
    if exists and not is_project(path):
        step = "name another with --project" if create else f"`ner-tui review {path}` makes one of texts"
        raise ProjectError(f"{path} is not a project of ner-tui: {step}")
    if exists and (log := _log_of_another_name(path)) is not None:
        raise ProjectError(
            f"{given} has another name, by which it is open or was not closed, and its last edits are in {log.name}: "
            f"open {log.name.removesuffix('-wal')}"
        )
    lacks_log = exists and require_log(path, to_check=to_check)
    if not exists:
        refuse_left_log(path)
    try:
        try:
            mode = reading(path, to_check=to_check) if read_only else "mode=rwc"
            database = _open(path, mode, new=not exists, read_only=read_only, to_check=to_check)
        except sqlite3.OperationalError:
            if not read_only or log_size(path):
                raise
            # In a folder that cannot be written there is no place for what readers share; no writer can come either.
            database = _open(path, "immutable=1", new=False, read_only=True, to_check=to_check)
        database.is_on(given)
        database.lacks_log = lacks_log
        if not read_only:
            database.log = KeptLog(database, given)
    except sqlite3.DatabaseError as error:
        raise ProjectError(_explain(path, error, read_only=read_only)) from error
    return database


def scratch() -> ProjectFile:
    """Return a new, empty project that is gone when it is closed."""
    database = sqlite3.connect("", isolation_level=None, factory=ProjectFile)
    schema.make_tables(database)
    return database


def _log_of_another_name(path: Path) -> Path | None:
    """Return the log that SQLite keeps beside a project under another of its names in this folder, with edits in it."""
    found = path.stat()
    if found.st_nlink < 2:
        return None
    for log in path.absolute().parent.glob("*-wal"):
        other = log.with_name(log.name.removesuffix("-wal"))
        if identity_of(other) == (found.st_dev, found.st_ino) and other.name != path.name and log.stat().st_size:
            return log
    return None


def _open(path: Path, mode: str, *, new: bool, read_only: bool, to_check: bool) -> ProjectFile:
    uri = f"{path.resolve().as_uri()}?{mode}"
    database = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0, factory=ProjectFile)
    try:
        _prepare(database, path, new=new, read_only=read_only, to_check=to_check)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: ProjectFile, path: Path, *, new: bool, read_only: bool, to_check: bool) -> None:
    defend(database)
    version = schema.VERSION if new else _check_identity(database, path)
    if not new:
        try:
            found = schema_of(database.execute(SCHEMA))
        except (ProjectError, sqlite3.DatabaseError):
            if not to_check:
                raise
            found = {}
        refuse_foreign(found, schema.own_schema(), str(path), current=version == schema.VERSION, to_check=to_check)
    if read_only:
        database.execute("PRAGMA query_only = ON")
    else:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {AT_ONCE}")
        if version == schema.VERSION and not new and database.execute("SELECT 1 FROM triggers_off").fetchone():
            # Nobody leaves it so; a stranger can.
            database.execute("DELETE FROM triggers_off")
    if new:
        schema.make_tables(database)
    elif version < schema.VERSION and not read_only:
        database.copy = back_up(database, path, version)
        migrate(database, version)


def _check_identity(database: sqlite3.Connection, path: Path) -> int:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application == schema.FORMER_ID:
        raise ProjectError(
            f"{path}: made before the first release of ner-tui: write it out with `ner-tui dump` of the version that "
            "made it, and read that with `ner-tui load`"
        )
    if application == version == 0 and not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise ProjectError(
            f"{path}: nothing is in it: it is a project whose making was cut off, which can be deleted, or one that "
            f"was moved without {path.name}-wal, which then belongs beside it"
        )
    if application != schema.APPLICATION_ID or version < 1:
        raise ProjectError(f"{path}: a database, but no project of ner-tui: name another file")
    if version > schema.VERSION:
        raise ProjectError(
            f"{path}: made by a newer ner-tui (project version {version}, this one reads up to {schema.VERSION}); "
            "update ner-tui to open it"
        )
    return int(version)


def _explain(path: Path, error: sqlite3.DatabaseError, *, read_only: bool) -> str:
    reason = str(error)
    if read_only and "unable to open" in reason:
        return f"{path}: cannot be opened just now, or what is beside it cannot be read: try again in a moment"
    if "disk I/O" in reason or "full" in reason:
        return f"{path}: {reason}: see whether the disk is full, make room there, and open it again"
    if "readonly" in reason or "unable to open" in reason:
        return (
            f"{path}: cannot be opened for writing; name a project file in a folder you can write with "
            "--project, or look at this one with --read-only"
        )
    if "not a database" in reason or "malformed" in reason:
        return (
            f"{path}: not a project file of ner-tui, or damaged, or copied without its -wal while it was open: name "
            "another file (`ner-tui backup` copies one that is open)"
        )
    if "locked" in reason:
        return f"{path}: in use by another program; close it or name another project with --project"
    return f"{path}: {reason}"

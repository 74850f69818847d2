"""The tables of a project file, and opening one safely.

Counts are kept in ``tally`` by triggers, for each document and (as document 0) for the whole project, so that no
screen ever has to count a corpus.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from ner_tui.errors import ProjectError
from ner_tui.store.file.connection import ProjectFile, identity_of
from ner_tui.store.file.sqlite_hardening import SCHEMA, Schema, defend, refuse_foreign, refuse_odd_files, schema_of
from ner_tui.store.tables import doubt_tables

VERSION = 5
"""Schema version, kept in ``PRAGMA user_version``."""
AT_ONCE, SOON = "FULL", "NORMAL"
"""When a transaction is on disk: an edit that is drawn as saved has to survive a power cut."""
APPLICATION_ID = 0x4E455254
"""``NERT``: tells a project file from any other SQLite database."""

_TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, encoding TEXT NOT NULL,
    bom INTEGER NOT NULL, format TEXT NOT NULL, scheme TEXT,
    content BLOB NOT NULL);
CREATE TABLE document (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, name TEXT NOT NULL, origin TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 0, cursor INTEGER NOT NULL DEFAULT 0);
CREATE INDEX document_source ON document (source);
CREATE TABLE sentence (
    document INTEGER NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL, tokens BLOB NOT NULL,
    line INTEGER NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE mark (
    document INTEGER NOT NULL, start INTEGER NOT NULL, status TEXT NOT NULL, flagged INTEGER NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE decision (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    source TEXT NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE rejection (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY (document, start, end, label)) WITHOUT ROWID;
CREATE TABLE note (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, start, end)) WITHOUT ROWID;
CREATE TABLE suggestion (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    score REAL NOT NULL, margin REAL NOT NULL, alternatives TEXT NOT NULL, run INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (document, start, end, label)) WITHOUT ROWID;
CREATE INDEX suggestion_doubt ON suggestion (document, start) WHERE state IN (2, 3, 5);
CREATE TABLE run (
    id INTEGER PRIMARY KEY, model TEXT NOT NULL, hash TEXT NOT NULL, precision TEXT NOT NULL,
    window_rule TEXT NOT NULL, context TEXT NOT NULL, map TEXT NOT NULL, time REAL NOT NULL,
    UNIQUE (model, hash, precision, window_rule, context, map));
CREATE TABLE block (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, words INTEGER NOT NULL,
    run INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE INDEX block_run ON block (run, document, start);
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, annotator TEXT NOT NULL, document INTEGER NOT NULL,
    verb TEXT NOT NULL, removed TEXT NOT NULL, added TEXT NOT NULL, cursor INTEGER NOT NULL,
    target INTEGER, state INTEGER NOT NULL, batch INTEGER);
CREATE INDEX journal_batch ON journal (batch) WHERE batch NOT NULL;
CREATE INDEX journal_active ON journal (id) WHERE state = 1;
CREATE INDEX journal_undone ON journal (id) WHERE state = 0;
CREATE TABLE tally (
    document INTEGER NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (document, kind, label)) WITHOUT ROWID;
"""
_INTAKE = """
CREATE TABLE IF NOT EXISTS piece (source INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (source, number));
CREATE TABLE IF NOT EXISTS reading (
    source INTEGER PRIMARY KEY, documents INTEGER NOT NULL, sentences INTEGER NOT NULL, options TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS quiet (one INTEGER NOT NULL);
"""
"""Text of files beyond the first piece, which is in ``source``; the files that are not read whole yet; and whether
triggers say nothing, which is so inside a transaction of ``BulkInsert`` alone."""


def _count(kind: str, row: str, step: int, when: str = "1", label: str = "''") -> str:
    """Return the statements that add ``step`` to a tally of the row's document and of the project."""
    return "".join(
        f"INSERT INTO tally SELECT {document}, '{kind}', {label}, {step} WHERE {when} "
        f"ON CONFLICT DO UPDATE SET number = number + {step}; "
        for document in (f"{row}.document", "0")
    )


def _triggers() -> str:
    """Return the triggers that keep the tallies."""
    counted = {
        "sentence": [("sentence", "1", "''")],
        "decision": [("decision", "1", "{row}.label")],
        "rejection": [("rejected", "1", "{row}.label")],
        "mark": [
            ("confirmed", "{row}.status = 'confirmed'", "''"),
            ("in progress", "{row}.status = 'in progress'", "''"),
            ("flagged", "{row}.flagged", "''"),
        ],
        "suggestion": [
            ("open", "{row}.state IN (1, 2)", "{row}.label"),
            ("doubt", "{row}.state IN (2, 3, 5)", "''"),
        ],
    }
    statements = []
    for table, kinds in counted.items():
        for event, sides in {"INSERT": "n", "DELETE": "o", "UPDATE": "on"}.items():
            body = "".join(
                _count(kind, row, step, when.format(row=row), label.format(row=row))
                for row, step, side in (("OLD", -1, "o"), ("NEW", 1, "n"))
                if side in sides
                for kind, when, label in kinds
            )
            if event == "UPDATE" and table == "sentence":
                continue
            when = f"WHEN NOT {doubt_tables.QUIET}"
            statements.append(
                f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} {when} BEGIN {body}END;"
            )
    return "\n".join(statements)


def connect(path: Path, *, create: bool, read_only: bool = False, to_check: bool = False) -> sqlite3.Connection:
    """Open the project file at ``path``, making its tables if it is new and ``create`` allows it.

    ``to_check`` opens, read-only, what has tables or triggers of others too; see ``defence``.

    Raises:
        ProjectError: it cannot be opened, is not a project file, or was made by a newer version.
    """
    refuse_odd_files(path)
    exists = path.exists() and path.stat().st_size > 0
    if not exists and not create:
        raise ProjectError(f"{path}: no such project file; `ner-tui review PATH...` makes one")
    try:
        try:
            database = _open(
                path, "mode=ro" if read_only else "mode=rwc", new=not exists, read_only=read_only, to_check=to_check
            )
        except sqlite3.OperationalError:
            log = Path(f"{path}-wal")
            if not read_only or (log.exists() and log.stat().st_size):
                raise
            # In a folder that cannot be written there is no place for what readers share; no writer can come either.
            database = _open(path, "immutable=1", new=False, read_only=True, to_check=to_check)
        database.path = path.absolute()
        database.identity = identity_of(path)
    except sqlite3.DatabaseError as error:
        raise ProjectError(_explain(path, error)) from error
    return database


def _open(path: Path, mode: str, *, new: bool, read_only: bool, to_check: bool) -> ProjectFile:
    uri = f"{path.resolve().as_uri()}?{mode}"
    database = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0, factory=ProjectFile)
    try:
        _prepare(database, path, new=new, read_only=read_only, to_check=to_check)
    except BaseException:
        database.close()
        raise
    return database


def fresh_schema(query: str) -> list[tuple[Any, ...]]:
    """Return what a query says of a new, empty project."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    try:
        _make_tables(database)
        return database.execute(query).fetchall()
    finally:
        database.close()


@cache
def _own_schema() -> Schema:
    return schema_of(fresh_schema(SCHEMA))


def scratch() -> sqlite3.Connection:
    """Return a new, empty project that is gone when it is closed."""
    database = sqlite3.connect("", isolation_level=None, factory=ProjectFile)
    _make_tables(database)
    return database


def _make_tables(database: sqlite3.Connection) -> None:
    database.executescript(
        f"BEGIN IMMEDIATE; {_TABLES} {_INTAKE} {doubt_tables.TABLES} {_triggers()} {doubt_tables.triggers()} "
        f"PRAGMA user_version = {VERSION}; PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
    )


def _prepare(database: sqlite3.Connection, path: Path, *, new: bool, read_only: bool, to_check: bool) -> None:
    defend(database)
    version = VERSION if new else _check_identity(database, path)
    if not new:
        try:
            found = schema_of(database.execute(SCHEMA))
        except (ProjectError, sqlite3.DatabaseError):
            if not to_check:
                raise
            found = {}
        current = version == VERSION
        own = _own_schema() if current else {**dict.fromkeys(doubt_tables.FORMER, ""), **_own_schema()}
        refuse_foreign(found, own, str(path), current=current, to_check=to_check)
    if not read_only:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {AT_ONCE}")
        if version == VERSION and not new:
            # Nobody leaves it so; a stranger can.
            database.execute("DELETE FROM quiet")
    if new:
        _make_tables(database)
    elif version < VERSION and not read_only:
        copy = _back_up(database, path, version)
        _upgrade(database, version)
        if isinstance(database, ProjectFile):
            database.copy = copy


def _back_up(database: sqlite3.Connection, path: Path, version: int) -> Path:
    """Put a copy of a project of an older version beside it, on disk in full, and return where."""
    names = (
        path.with_name(f"{path.stem}.v{version}{each}{path.suffix}") for each in ("", *map("-{}".format, range(2, 100)))
    )
    copy = next((name for name in names if not name.exists()), None)
    if copy is None:
        raise ProjectError(f"{path}: there are too many copies of version {version} beside it: move some away")
    part = copy.with_name(f"{copy.name}.part")
    try:
        part.unlink(missing_ok=True)
        target = sqlite3.connect(part)
        try:
            database.backup(target)
        finally:
            target.close()
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        # Who may not read the project may not read its copy.
        part.chmod(path.stat().st_mode & 0o777)
        part.rename(copy)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            part.unlink()
        raise ProjectError(
            f"{path}: a copy has to be made before it is brought up to date, and {copy.name} cannot be written "
            f"({error}): nothing was changed"
        ) from error
    return copy


def _upgrade(database: sqlite3.Connection, version: int) -> None:
    """Bring a project of an older version to this one.

    Version 2 brought doubts of more kinds, and tables to find them by; version 3 counts of the rejections; version 4
    files that are read bit by bit; version 5 mentions in the order of their words.
    """
    old = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    steps = ["BEGIN IMMEDIATE;", *('DROP TRIGGER "{}";'.format(name.replace('"', '""')) for (name,) in old)]
    if version < 2:
        steps.append(
            "DROP INDEX suggestion_doubt; "
            "CREATE INDEX suggestion_doubt ON suggestion (document, start) WHERE state IN (2, 3, 5);"
        )
        steps.append(doubt_tables.TABLES)
    if version in (2, 3):
        steps.append(
            f"ALTER TABLE problem RENAME TO former; {doubt_tables.PROBLEM} INSERT INTO problem (document, start, end, "
            "reason) SELECT document, start, end, reason FROM former; DROP TABLE former;"
        )
    if version in (2, 3, 4):
        steps.append(
            "DROP INDEX IF EXISTS mention_surface; DROP TABLE IF EXISTS mention_by_surface; "
            f"{doubt_tables.BY_SURFACE} {doubt_tables.sort_mentions()}"
        )
    steps += [_INTAKE, _triggers(), doubt_tables.triggers()]
    if version < 2:
        steps.append(doubt_tables.fill())
    if version < 3:
        for document in ("document", "0"):
            steps.append(
                f"INSERT INTO tally SELECT {document}, 'rejected', label, count(*) FROM rejection GROUP BY 1, label;"
            )
    database.executescript("\n".join([*steps, f"PRAGMA user_version = {VERSION};"]))
    if version < 2:
        from ner_tui.store.audits import Audits

        Audits(database).fill()
    database.execute("COMMIT")


def _check_identity(database: sqlite3.Connection, path: Path) -> int:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID or version < 1:
        raise ProjectError(f"{path}: not a project file of ner-tui; name another with --project")
    if version > VERSION:
        raise ProjectError(
            f"{path}: made by a newer ner-tui (project version {version}, this one reads up to {VERSION}); "
            "update ner-tui to open it"
        )
    return int(version)


def _explain(path: Path, error: sqlite3.DatabaseError) -> str:
    reason = str(error)
    if "readonly" in reason or "unable to open" in reason:
        return (
            f"{path}: cannot be opened for writing; name a project file in a folder you can write with "
            "--project, or look at this one with --read-only"
        )
    if "not a database" in reason or "malformed" in reason:
        return f"{path}: not a project file of ner-tui, or damaged; name another with --project"
    if "locked" in reason:
        return f"{path}: in use by another program; close it or name another project with --project"
    return f"{path}: {reason}"


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Make what happens inside one change: all of it is on disk afterwards, or none.

    Raises:
        ProjectError: the project file cannot be written, or is not where it was.
    """
    if isinstance(database, ProjectFile):
        database.check_in_place()
    try:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as error:
        raise ProjectError(f"the project file cannot be written ({error}); the change was not made") from error

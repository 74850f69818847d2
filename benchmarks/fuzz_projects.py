"""A project, and statements that change what is in its tables, for ``fuzz_targets``."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.errors import EditRefused, NerTuiError

if TYPE_CHECKING:
    from ner_tui.session import Session


def project(folder: Path, data: bytes) -> None:
    """Take a project file whose bytes are those of a good one with some of them changed: ``changes`` in ``data``."""
    raw = bytearray(good_project().read_bytes())
    for at in range(0, len(data) - 3, 4):
        raw[int.from_bytes(data[at : at + 3], "big") % len(raw)] = data[at + 3]
    if len(data) % 4 == 3:
        del raw[int.from_bytes(data[-3:], "big") % len(raw) :]
    (folder / "p.ner").write_bytes(raw)
    _use(folder)


def statements(folder: Path, data: bytes) -> None:
    """Take a project in which statements of SQL were carried out: the bytes choose them."""
    shutil.copy(good_project(), folder / "p.ner")
    database = sqlite3.connect(folder / "p.ner", isolation_level=None)
    try:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("PRAGMA foreign_keys = OFF")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for at in range(0, len(data) - 3, 4):
            with suppress(sqlite3.Error):
                database.execute(_statement(database, tables, *data[at : at + 4]))
    finally:
        database.close()
    _use(folder)


_VALUES = (
    "NULL", "-1", "0", "1", "9223372036854775807", "1e999", "''", "'x'", "x'00ff'", "'[1]'", "'{}'", "zeroblob(100)",
    "char(0, 27, 10)", "char(55296)", "'PER'", "start + 1", "end - 1", "99999999", "CAST(x'ff' AS TEXT)", "'../../x'",
)  # fmt: skip


def _statement(database: sqlite3.Connection, tables: list[str], what: int, which: int, where: int, value: int) -> str:
    table = tables[which % len(tables)]
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    # A table that is gone has none.
    column = columns[where % len(columns)] if columns else "id"
    new = _VALUES[value % len(_VALUES)]
    few = f"WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1 OFFSET {where % 3})"
    forms = (
        f"UPDATE OR IGNORE {table} SET {column} = {new} {few}",
        f"UPDATE OR IGNORE {table} SET {column} = {new}",
        f"DELETE FROM {table} {few}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} {few}",
        f"INSERT INTO {table} ({column}) VALUES ({new})",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} RENAME COLUMN {column} TO other",
        f"CREATE TRIGGER t{value} AFTER INSERT ON {table} BEGIN DELETE FROM {table}; END",
        f"CREATE VIEW v{value} AS SELECT * FROM {table}",
        f"PRAGMA user_version = {value % 8}",
        f"UPDATE sqlite_master SET sql = {new} WHERE name = '{table}'",
        f"UPDATE sqlite_master SET rootpage = {value % 40} WHERE name = '{table}'",
        "DROP TRIGGER IF EXISTS " + _trigger(database, value),
    )
    return forms[what % len(forms)]


def _trigger(database: sqlite3.Connection, number: int) -> str:
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    return f'"{names[number % len(names)]}"' if names else "none"


def _use(folder: Path) -> None:
    """Check a project, look at it, change it and take everything back: each may be refused."""
    from ner_tui.session import SessionOptions, open_session
    from ner_tui.session.transfer.rebuild import check_project
    from ner_tui.store.file.connection import damage_as_error

    with suppress(NerTuiError):
        list(check_project(folder / "p.ner", []))
    for read_only in (True, False):
        options = SessionOptions(project=str(folder / "p.ner"), annotator="ada", read_only=read_only)
        with suppress(NerTuiError), closing(open_session([], options)) as session, damage_as_error(folder):
            _sit(session)


def _sit(session: Session) -> None:
    """Do in a session what may be met with any project; the app tells what goes wrong in it and goes on."""
    for head in session.rows()[:5]:
        document = session.open(head.id)
        document.spans(0, min(len(document.text), 1000))
        document.notes(0, 10)
    session.label_counts()
    session.next_places.doubtful(0, 1)
    session.next_places.open_sentence(0)
    with suppress(EditRefused):
        session.corrections.label(0, 3, "PER", cursor=0)
    for _ in range(5):
        with suppress(EditRefused):
            if session.corrections.undo() is None:
                break


@cache
def good_project() -> Path:
    """Make a small project in which there is something of everything; return its file. The folder is the caller's."""
    import tempfile

    from ner_tui.session import SessionOptions, open_session

    folder = Path(tempfile.mkdtemp(prefix="fuzz-good-"))
    (folder / "a.txt").write_text("Ada Okonkwo met Bob in Bath. He left.\nSo?\n", encoding="utf-8")
    (folder / "b.conll").write_text("Ada B-PER\nleft O\n\nSo O\n", encoding="utf-8")
    options = SessionOptions(project=str(folder / "p.ner"), annotator="ada")
    session = open_session([str(folder / "a.txt"), str(folder / "b.conll")], options)
    session.open(session.rows()[0].id)
    session.corrections.label(0, 11, "PER", cursor=0)
    session.corrections.label(16, 19, "PER", cursor=16)
    session.corrections.undo()
    session.close()
    return folder / "p.ner"

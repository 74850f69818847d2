"""A stranger's project: what is refused of its schema, and what is told of a file that is none of ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ner_tui.errors import ProjectError, ProjectWriteError
from ner_tui.store.file.connection import ProjectFile, damage_as_error, transaction
from ner_tui.store.file.opening import connect, scratch
from ner_tui.store.file.sqlite_hardening import LIMITS, Schema, defend, refuse_foreign, refuse_odd_files, schema_of
from ner_tui.store.project import Project

OWN: Schema = {
    ("table", "a"): "CREATE TABLE a (x)",
    ("index", "i"): "CREATE INDEX i",
    ("trigger", "t"): "CREATE TRIGGER t",
}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({("view", "v"): "CREATE VIEW v"}, "a view named v, which acts when it is read"),
        ({("table", "v"): "create virtual table v using fts5"}, "a table named v, which acts when it is read"),
        ({("table", "b"): "CREATE TABLE b"}, "a table b that ner-tui did not make"),
        ({("trigger", "u"): "CREATE TRIGGER u"}, "a trigger u that ner-tui did not make"),
        ({("table", "a"): "CREATE TABLE a (y)"}, "a table a other than ner-tui makes it"),
        ({("trigger", "t\x1b"): "x"}, "a trigger t␛ that"),
    ],
)
def test_what_ner_tui_does_not_make_is_refused(found: Schema, reason: str) -> None:
    with pytest.raises(ProjectError, match=reason):
        refuse_foreign({**OWN, **found}, OWN, "p.ner", current=True, to_check=False)


def test_a_project_without_one_of_its_tables_is_refused_and_one_without_an_index_is_not() -> None:
    without = {thing: sql for thing, sql in OWN.items() if thing[0] != "table"}
    with pytest.raises(ProjectError, match="no table a; put back a copy"):
        refuse_foreign(without, OWN, "p.ner", current=True, to_check=False)
    refuse_foreign(without, OWN, "p.ner", current=False, to_check=False)
    refuse_foreign({("table", "a"): OWN["table", "a"]}, OWN, "p.ner", current=True, to_check=False)


def test_of_an_older_version_only_names_are_known() -> None:
    older: Schema = {("table", "a"): "CREATE TABLE a (older)", ("trigger", "old"): "CREATE TRIGGER old"}
    refuse_foreign(older, OWN, "p.ner", current=False, to_check=False)
    with pytest.raises(ProjectError, match="a table b that"):
        refuse_foreign({**older, ("table", "b"): ""}, OWN, "p.ner", current=False, to_check=False)


def test_to_be_checked_only_what_acts_when_it_is_read_is_refused() -> None:
    refuse_foreign({("table", "b"): "CREATE TABLE b"}, OWN, "p.ner", current=True, to_check=True)
    with pytest.raises(ProjectError, match="a view named v"):
        refuse_foreign({("view", "v"): ""}, OWN, "p.ner", current=True, to_check=True)


def test_a_schema_is_compared_without_its_white_space() -> None:
    assert schema_of([("table", "a", "CREATE  TABLE\n a"), ("index", "auto", None)]) == {
        ("table", "a"): "CREATE TABLE a",
        ("index", "auto"): "",
    }


def test_a_connection_trusts_nothing_and_limits_what_statements_may_cost() -> None:
    database = sqlite3.connect(":memory:")
    defend(database)
    assert {category: database.getlimit(category) for category in LIMITS} == LIMITS
    for pragma, value in (("trusted_schema", 0), ("cell_size_check", 1)):
        assert database.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    # From Python 3.12 on.
    if config := getattr(database, "getconfig", None):
        assert config(getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE"))  # noqa: B009
        assert not config(getattr(sqlite3, "SQLITE_DBCONFIG_ENABLE_VIEW"))  # noqa: B009


@pytest.mark.parametrize("read_only", [False, True])
def test_a_project_that_is_opened_is_trusted_in_nothing(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "p.ner"
    Project.open(path, create=True).close()
    project = Project.open(path, read_only=read_only)
    limits = {category: project._database.getlimit(category) for category in LIMITS}
    trusted = project._database.execute("PRAGMA trusted_schema").fetchone()
    project.close()
    assert (limits, trusted) == (LIMITS, (0,))


def test_a_folder_or_a_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is a folder, not a project"):
        refuse_odd_files(tmp_path)
    project = tmp_path / "p.ner"
    refuse_odd_files(project)
    project.write_bytes(b"")
    (tmp_path / "p.ner-wal").symlink_to(project)
    with pytest.raises(ProjectError, match=r"p\.ner-wal is no file"):
        refuse_odd_files(project)


@pytest.mark.parametrize(
    ("content", "create", "reason"),
    [
        (None, False, "no such project file; `ner-tui review PATH...` makes one"),
        (b"", False, "an empty file, no project"),
        (b"some text", False, r"is not a project of ner-tui: `ner-tui review .*` makes one of texts"),
        (b"some text", True, "is not a project of ner-tui: name another with --project"),
    ],
)
def test_what_is_no_project_is_told_with_the_next_step(
    tmp_path: Path, content: bytes | None, create: bool, reason: str
) -> None:
    path = tmp_path / "p.ner"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProjectError, match=reason):
        connect(path, create=create)


@pytest.mark.parametrize(
    ("pragma", "reason"),
    [
        ("application_id = 7", "a database, but no project of ner-tui"),
        ("user_version = 0", "a database, but no project of ner-tui"),
        ("user_version = 999", "made by a newer ner-tui"),
    ],
)
def test_a_database_of_others_or_of_a_later_version_is_refused(tmp_path: Path, pragma: str, reason: str) -> None:
    path = tmp_path / "p.ner"
    Project.open(path, create=True).close()
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA {pragma}")
    database.close()
    with pytest.raises(ProjectError, match=reason):
        Project.open(path)


@pytest.mark.parametrize(
    ("reason", "read_only", "told"),
    [
        ("disk I/O error", False, r"see whether the disk is full, make room there"),
        ("database or disk is full", True, r"see whether the disk is full, make room there"),
        ("unable to open database file", True, r"cannot be opened just now, .*: try again"),
        ("unable to open database file", False, r"cannot be opened for writing; .*--read-only"),
        ("database disk image is malformed", True, r"or damaged, or copied without its -wal .*ner-tui backup"),
    ],
)
def test_what_sqlite_says_is_told_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str, read_only: bool, told: str
) -> None:
    path = tmp_path / "p.ner"
    Project.open(path, create=True).close()

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.DatabaseError(reason)

    monkeypatch.setattr("ner_tui.store.file.opening._open", fail)
    with pytest.raises(ProjectError, match=told):
        connect(path, create=False, read_only=read_only)


def test_a_database_of_nothing_is_told_as_one_that_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "p.ner"
    database = sqlite3.connect(path)
    database.execute("VACUUM")
    database.close()
    assert path.stat().st_size
    with pytest.raises(ProjectError, match=r"nothing is in it: .*moved without p\.ner-wal"):
        Project.open(path)
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (x)")
    database.close()
    with pytest.raises(ProjectError, match=r"a database, but no project of ner-tui"):
        Project.open(path)


@pytest.mark.parametrize("to_check", [True, False])
def test_a_project_whose_schema_cannot_be_read_is_damaged(tmp_path: Path, to_check: bool) -> None:
    path = tmp_path / "p.ner"
    Project.open(path, create=True).close()
    content = bytearray(path.read_bytes())
    content[108:200] = b"\xff" * 92
    path.write_bytes(content)
    if to_check:
        # Then it is looked into all the same.
        project = Project.open(path, to_check=True)
        assert next(fault.kind for fault in project.faults()) == "file"
        project.close()
        return
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(path)


def test_a_project_that_is_looked_at_cannot_be_written_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "p.ner"
    made = Project.open(path, create=True)
    assert (made.is_current, made.backup, made.read_only) == (True, None, False)
    made.close()
    project = Project.open(path, read_only=True)
    assert project.read_only
    with pytest.raises(ProjectError, match="cannot be written: make it writable, or look at it with --read-only"):
        project._database.execute("DELETE FROM setting")
    project.close()
    assert [each.name for each in tmp_path.iterdir()] == ["p.ner"]


def explained(path: Path | None, error: sqlite3.DatabaseError | UnicodeDecodeError, sql: str = "") -> Exception:
    database = scratch()
    if path is not None:
        database.is_on(path)
    return database.explained(error, sql)


@pytest.mark.parametrize(
    ("error", "sql", "kind", "reason"),
    [
        (sqlite3.DatabaseError("file is not a database"), "", ProjectError, "p.ner is damaged"),
        (sqlite3.DatabaseError("database disk image is malformed"), "", ProjectError, "quit and put back a copy"),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), "", ProjectError, "p.ner does not hold together"),
        (sqlite3.OperationalError("database is locked"), "BEGIN IMMEDIATE", ProjectWriteError, "cannot be written"),
        (sqlite3.OperationalError("disk I/O\n error"), "SELECT 1", ProjectError, r"read or written \(disk I/O error\)"),
        (sqlite3.ProgrammingError("closed"), "", sqlite3.ProgrammingError, "^closed$"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"), "", ProjectError, "p.ner is damaged"),
    ],
)
def test_what_sqlite_says_is_told_in_a_sentence(
    tmp_path: Path, error: sqlite3.DatabaseError, sql: str, kind: type[Exception], reason: str
) -> None:
    found = explained(tmp_path / "p.ner", error, sql)
    assert type(found) is kind
    with pytest.raises(kind, match=reason):
        raise found


def test_of_a_project_without_a_file_errors_are_sqlites_own() -> None:
    error = sqlite3.OperationalError("no such table: x")
    assert explained(None, error) is error
    assert type(explained(None, UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"))) is sqlite3.DatabaseError


def test_a_change_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "p.ner", create=True)

    def fail() -> None:
        project.set_setting("theme", "nord")
        raise KeyError

    with pytest.raises(KeyError), project.transaction():
        fail()
    assert project.setting("theme") is None
    with project.transaction():
        project.set_setting("theme", "nord")
    assert project.setting("theme") == "nord"
    project.close()


def test_nothing_is_written_once_the_lock_is_lost_or_the_file_is_another(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "p.ner", create=True)

    def lost() -> None:
        raise ProjectError("the lock is lost")

    project.guard(lost)
    with pytest.raises(ProjectError, match="the lock is lost"), project.transaction():
        pass
    project.guard(lambda: None)
    (tmp_path / "p.ner").rename(tmp_path / "q.ner")
    (tmp_path / "p.ner").write_bytes(b"another")
    with pytest.raises(ProjectError, match=r"p\.ner was removed or replaced while it was open"), project.transaction():
        pass
    project.close()


def test_what_code_stumbles_over_in_a_damaged_file_is_told_with_the_check(tmp_path: Path) -> None:
    told = r"cannot be used \(TypeError: odd value\): `ner-tui check"
    with pytest.raises(ProjectError, match=told), damage_as_error(tmp_path / "p.ner"):
        raise TypeError("odd\nvalue")
    for passed in (ProjectError("ours"), OSError("theirs"), MemoryError()):
        with pytest.raises(type(passed)), damage_as_error(tmp_path / "p.ner"):
            raise passed


def test_a_transaction_is_needed_for_one_change_alone() -> None:
    database = scratch()
    assert isinstance(database, ProjectFile)
    with pytest.raises(ProjectError, match="the change was not made"), transaction(database):
        database.execute("BEGIN")


def test_what_files_say_may_be_on_disk_a_little_later_than_what_people_do(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "p.ner", create=True)

    def synchronous() -> int:
        return int(project._database.execute("PRAGMA synchronous").fetchone()[0])

    at_once, soon = 2, 1
    assert synchronous() == at_once
    with project.soon():
        assert synchronous() == soon
    assert synchronous() == at_once
    project.share()
    assert synchronous() == soon
    project.close()

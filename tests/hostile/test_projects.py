"""Project files from strangers: what could act in them is refused, and what is broken in them is told."""

from __future__ import annotations

import os
import pty
import shutil
import sqlite3
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from patience import HANGS
from store.versions import later

from ner_tui.cli import main
from ner_tui.errors import ProjectError
from ner_tui.session import SessionOptions, open_session
from ner_tui.store.file.sqlite_hardening import LIMITS
from ner_tui.store.preview import preview as preview_of
from ner_tui.store.project import Project
from ner_tui.store.tables import schema
from ner_tui.store.tables.schema import APPLICATION_ID, VERSION

Capture = pytest.CaptureFixture[str]
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"

ACTING = {
    "a view in place of a table": "DROP TABLE setting; "
    f"CREATE VIEW setting AS {ENDLESS} 'a' AS name, i AS value FROM n",
    "a view beside the tables": f"CREATE VIEW extra AS {ENDLESS} i FROM n",
    "a virtual table": "CREATE VIRTUAL TABLE extra USING fts5(x)",
}
"""What acts when it is only read."""
FOREIGN = {
    "a trigger that undoes decisions": "CREATE TRIGGER x AFTER INSERT ON decision BEGIN DELETE FROM decision; END",
    "a trigger without end": "CREATE TRIGGER x AFTER UPDATE ON document BEGIN "
    f"INSERT INTO note {ENDLESS} i, i, i, i FROM n; END",
    "a trigger under a name of ours": "DROP TRIGGER decision_insert; "
    "CREATE TRIGGER decision_insert AFTER INSERT ON decision BEGIN DELETE FROM journal; END",
    "a table of others": "CREATE TABLE extra (x)",
    "a column that is computed": "DROP TABLE note; CREATE TABLE note (document INTEGER NOT NULL, "
    "start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL AS (zeroblob(1000000000)), "
    "PRIMARY KEY (document, start, end)) WITHOUT ROWID",
    "an index that computes": "CREATE INDEX extra ON note (upper(text))",
}
"""What could change what a person decides."""
COMMANDS = (
    ["export", "p.ner"],
    ["info", "p.ner"],
    ["dump", "p.ner"],
    ["score", "p.ner", "p.ner"],
    ["diff", "p.ner", "p.ner"],
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text("Ada B-PER\nleft O\n\nBob B-PER\n", encoding="utf-8")
    session = open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a"))
    session.corrections.flag(0)
    session.close()
    return tmp_path / "p.ner"


def changed(project: Path, sql: str) -> None:
    database = sqlite3.connect(project)
    database.executescript(sql)
    database.close()


@pytest.mark.parametrize("what", [*ACTING, *FOREIGN])
def test_what_could_act_is_refused_by_the_app_and_by_every_command(what: str, project: Path, capsys: Capture) -> None:
    changed(project, (ACTING | FOREIGN)[what])
    begun = monotonic()
    with pytest.raises(ProjectError, match="not opened"):
        open_session([], SessionOptions(project="p.ner"))
    for command in COMMANDS:
        assert main(command) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert monotonic() - begun < HANGS


@pytest.mark.parametrize("what", ACTING)
def test_what_acts_when_it_is_read_is_not_even_checked(what: str, project: Path, capsys: Capture) -> None:
    changed(project, ACTING[what])
    assert main(["check", "p.ner"]) == 2
    assert main(["check", "p.ner", "--rebuild", "-o", "q.ner"]) == 2
    assert not Path("q.ner").exists()


@pytest.mark.parametrize("what", FOREIGN)
def test_check_says_what_is_not_ours_and_makes_the_project_again_without_it(
    what: str, project: Path, capsys: Capture
) -> None:
    changed(project, FOREIGN[what])
    assert main(["check", "p.ner"]) == 1
    assert "tables" in capsys.readouterr().out
    main(["check", "p.ner", "--rebuild", "-o", "q.ner"])
    capsys.readouterr()
    assert main(["check", "q.ner"]) == 0
    assert main(["export", "q.ner", "--to", "conll"]) == 0
    assert capsys.readouterr().out == "Ada B-PER\nleft O\n\nBob B-PER\n\n"


@pytest.mark.parametrize("what", [*ACTING, *FOREIGN, "an endless table of documents"])
def test_a_preview_before_anything_is_looked_at_sets_nothing_off(what: str, project: Path) -> None:
    views = f"DROP TABLE document; CREATE VIEW document AS {ENDLESS} i AS id, 0 AS cursor, 1 AS source FROM n"
    changed(project, (ACTING | FOREIGN).get(what, views))
    begun = monotonic()
    preview_of(project, [], 1000)
    assert monotonic() - begun < HANGS


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_what_is_no_file_is_not_waited_for(end: str, project: Path, capsys: Capture) -> None:
    place = Path(f"p.ner{end}")
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    assert preview_of(project, [], 1000) is None
    for command in (*COMMANDS, ["check", "p.ner"], ["review", "--project", "p.ner"]):
        assert main(command) == 2, command
        assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(ProjectError, match="no file"):
        open_session([], SessionOptions(project="p.ner"))


ODD_VALUES = {
    "document.name": "x'ff00'",
    "document.cursor": "'a'",
    "sentence.text": "x'80'",
    "sentence.tokens": "'abc'",
    "decision.label": "x'00'",
    "decision.end": "9e99",
    "sentence_state.status": "zeroblob(9)",
    "journal.time": "'yesterday'",
    "setting.value": "x'ff'",
    "source.path": "x'ff'",
    "tally.number": "'many'",
}


@pytest.mark.parametrize("column", ODD_VALUES)
def test_check_finds_values_of_another_type_than_their_column(column: str, project: Path, capsys: Capture) -> None:
    table, name = column.split(".")
    changed(
        project,
        f"INSERT INTO triggers_off VALUES (1); UPDATE {table} SET {name} = {ODD_VALUES[column]}; "
        "DELETE FROM triggers_off",
    )
    for command in COMMANDS:
        assert main(command) in (0, 2), command
        assert "Traceback" not in capsys.readouterr().err
    assert main(["check", "p.ner"]) == 1
    assert f"{column}: tables:" in capsys.readouterr().out


def test_counting_that_a_stranger_has_switched_off_is_found_and_switched_on_again(
    project: Path, capsys: Capture
) -> None:
    changed(project, "INSERT INTO triggers_off VALUES (1)")
    assert main(["check", "p.ner"]) == 1
    assert "switched off" in capsys.readouterr().out
    open_session([], SessionOptions(project="p.ner")).close()
    assert main(["check", "p.ner"]) == 0


@pytest.mark.thorough
def test_a_session_that_odd_values_end_says_so_in_one_sentence(project: Path) -> None:
    changed(project, "UPDATE tally SET number = 'many' WHERE document = 0")
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-m", "ner_tui", "review", "--project", str(project)])
    said = b""
    # The end of what a process wrote is an error where its terminal is a pseudo-terminal.
    with suppress(OSError):
        while some := os.read(terminal, 1 << 16):
            said += some
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 2
    assert "Traceback" not in said.decode()
    assert "ner-tui: " in said.decode().rstrip().split("\n")[-1]
    assert "check" in said.decode().rstrip().split("\n")[-1]


def overwritten(start: int, content: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[start : start + len(content)] = content
        path.write_bytes(data)

    return change


def without_tables(path: Path) -> None:
    path.unlink()
    changed(path, f"PRAGMA application_id = {APPLICATION_ID}")


def folder_in_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


BROKEN: dict[str, Callable[[Path], object]] = {
    "nothing but zeroes": lambda path: path.write_bytes(bytes(1 << 16)),
    "the beginning of another kind": lambda path: path.write_bytes(b"SQLite format 4\0"),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "the schema gone": overwritten(100, b"\xff" * 400),
    "every page but the first gone": lambda path: path.write_bytes(
        path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)
    ),
    "pages of an absurd size": overwritten(16, b"\x00\x01"),
    "another program's": lambda path: changed(path, "PRAGMA application_id = 7"),
    "a newer version": lambda path: changed(path, f"PRAGMA user_version = {VERSION + 1}"),
    "a version below all": lambda path: changed(path, "PRAGMA user_version = -1"),
    "no tables at all": without_tables,
    "a folder": folder_in_place,
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_told_in_one_sentence_and_left_alone(what: str, project: Path, capsys: Capture) -> None:
    BROKEN[what](project)
    before = project.read_bytes() if project.is_file() else b""
    for command in (*COMMANDS, ["check", "p.ner"]):
        begun = monotonic()
        assert main(command) in ((1, 2) if command[0] == "check" else (2,)), command
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert monotonic() - begun < HANGS
    with pytest.raises(ProjectError):
        open_session([], SessionOptions(project="p.ner"))
    assert (project.read_bytes() if project.is_file() else b"") == before


@pytest.mark.thorough
def test_a_copy_of_a_file_that_unpacks_to_a_thousand_times_its_size_is_refused(project: Path, capsys: Capture) -> None:
    bomb = zlib.compressobj(9)
    packed = b"".join(bomb.compress(bytes(1 << 22)) for _ in range(1 << 6)) + bomb.flush()
    assert len(packed) < 1 << 19
    database = sqlite3.connect(project)
    database.execute("UPDATE source SET content = ?", (packed,))
    database.commit()
    database.close()
    tracemalloc.start()
    assert main(["check", "p.ner", "--rebuild", "-o", "q.ner"]) == 2
    assert tracemalloc.get_traced_memory()[1] < 2e8
    tracemalloc.stop()
    assert "unpacks to more than" in capsys.readouterr().err
    assert not Path("q.ner").exists()


@pytest.mark.parametrize("content", ["x'00'", "x'789c'", "'text'", "7"])
def test_a_copy_of_a_file_that_is_none_is_told(content: str, project: Path, capsys: Capture) -> None:
    changed(project, f"UPDATE source SET content = {content}")
    assert main(["check", "p.ner", "--rebuild", "-o", "q.ner"]) == 2
    assert "damaged" in capsys.readouterr().err


def test_a_connection_trusts_nothing_and_has_limits(project: Path) -> None:
    opened = Project.open(project)
    try:
        database = opened._database
        assert database.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert database.execute("PRAGMA cell_size_check").fetchone() == (1,)
        assert {category: database.getlimit(category) for category in LIMITS} == LIMITS
        with pytest.raises((ProjectError, sqlite3.Error)):
            database.execute("ATTACH DATABASE 'other' AS other")
    finally:
        opened.close()
    assert not Path("other").exists()


def test_a_copy_of_a_project_is_as_private_as_the_project(project: Path) -> None:
    shutil.copy(project, "old.ner")
    Path("old.ner").chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        later(patch)
        Project.open(Path("old.ner")).close()
    schema.own_schema.cache_clear()
    assert Path(f"old.v{schema.VERSION}.ner").stat().st_mode & 0o777 == 0o600

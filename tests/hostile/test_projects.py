"""Project files from strangers: what could act in them is refused, and what is broken in them is told."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from ner_tui.cli import main
from ner_tui.errors import ProjectError
from ner_tui.session import SittingOptions, open_sitting
from ner_tui.store.defence import LIMITS
from ner_tui.store.project import Project
from ner_tui.store.schema import APPLICATION_ID, VERSION

Capture = pytest.CaptureFixture[str]
SECONDS = 5
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
    session = open_sitting(["a.conll"], SittingOptions(project="p.ner", annotator="a"))
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
        open_sitting([], SittingOptions(project="p.ner"))
    for command in COMMANDS:
        assert main(command) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert monotonic() - begun < SECONDS


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
    assert main(["export", "q.ner"]) == 0
    assert capsys.readouterr().out == "Ada B-PER\nleft O\n\nBob B-PER\n\n"


def overwritten(start: int, content: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[start : start + len(content)] = content
        path.write_bytes(data)

    return change


BROKEN: dict[str, Callable[[Path], object]] = {
    "nothing but zeroes": lambda path: path.write_bytes(bytes(1 << 16)),
    "text": lambda path: path.write_text("SQLite format 3", encoding="utf-8"),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "the schema gone": overwritten(100, b"\xff" * 400),
    "every page but the first gone": lambda path: path.write_bytes(
        path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)
    ),
    "pages of an absurd size": overwritten(16, b"\x00\x01"),
    "another program's": lambda path: changed(path, "PRAGMA application_id = 7"),
    "a newer version": lambda path: changed(path, f"PRAGMA user_version = {VERSION + 1}"),
    "a version below all": lambda path: changed(path, "PRAGMA user_version = -1"),
    "no tables at all": lambda path: (path.unlink(), changed(path, f"PRAGMA application_id = {APPLICATION_ID}")),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
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
        assert monotonic() - begun < SECONDS
    with pytest.raises(ProjectError):
        open_sitting([], SittingOptions(project="p.ner"))
    assert (project.read_bytes() if project.is_file() else b"") == before


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
    changed(Path("old.ner"), "PRAGMA user_version = 3")
    Path("old.ner").chmod(0o600)
    Project.open(Path("old.ner")).close()
    assert Path("old.v3.ner").stat().st_mode & 0o777 == 0o600

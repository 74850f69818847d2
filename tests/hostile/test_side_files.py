"""What SQLite keeps beside a project, deleted and exchanged: each is right, or refused in one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hostile.separate import PUT_BACK, Sitting, by_copying, by_moving, files, labelled, made, names, sit
from ner_tui.cli import main
from ner_tui.errors import ProjectError
from ner_tui.session import SessionOptions, open_session
from ner_tui.store.preview import preview

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be moved there")

Capture = pytest.CaptureFixture[str]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "put_back"),
    [
        *(("just before", put_back) for put_back in PUT_BACK),
        ("earlier", by_copying),
        ("by backup", by_copying),
        ("of another project", by_moving),
    ],
)
def test_a_copy_that_is_put_back_beside_the_log_of_a_killed_session_is_refused_and_left_alone(
    kind: str, put_back: Callable[[str], None], sittings: Callable[..., Sitting], capsys: Capture
) -> None:
    made(sittings, 1)
    shutil.copy2("p.ner", "backup.ner")
    if kind == "earlier":
        again = sittings()
        again.label(2)
        again.leave()
    elif kind == "of another project":
        made(sittings, 1, project="other.ner")
        Path("other.ner").replace("backup.ner")
    sitting = sittings()
    if kind == "by backup":
        Path("backup.ner").unlink()
        assert main(["backup", "p.ner", "-o", "backup.ner"]) == 0
    sitting.label(3, 4)
    sitting.kill()
    put_back("backup.ner")
    before = files()
    for read_only in (False, True):
        with pytest.raises(ProjectError, match=r"written for another state of p\.ner.*move it away"):
            sit(read_only=read_only)
    capsys.readouterr()
    for command in (["info"], ["dump"], ["export"], ["check"], ["backup", "-o", "new.ner"], ["review"]):
        assert main([command[0], "p.ner", *command[1:]]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert files() == before
    Path("p.ner-wal").replace("away")
    assert labelled() == {1}


@pytest.mark.thorough
@pytest.mark.parametrize("end", ["leave", "kill"])
@pytest.mark.parametrize("put_back", PUT_BACK)
def test_a_project_that_is_written_over_or_replaced_while_open_takes_no_edit_and_stays_what_it_is(
    put_back: Callable[[str], None], end: str, sittings: Callable[..., Sitting]
) -> None:
    made(sittings, 1)
    shutil.copy2("p.ner", "backup.ner")
    sitting = sittings()
    sitting.label(2)
    put_back("backup.ner")
    before = Path("p.ner").read_bytes()
    assert "p.ner was" in sitting.say(3)
    assert "while it was open" in sitting.say(4)
    if end == "kill":
        sitting.kill()
    else:
        assert "while it was open" in sitting.leave()
    assert Path("p.ner").read_bytes() == before
    if end == "kill" or put_back is not by_moving:
        with pytest.raises(ProjectError, match="move it away"):
            sit()
        Path("p.ner-wal").unlink()
    assert labelled() == {1}


def test_a_project_that_was_written_over_and_is_put_back_as_it_was_goes_on(sittings: Callable[..., Sitting]) -> None:
    made(sittings, 1)
    shutil.copy2("p.ner", "backup.ner")
    sitting = sittings()
    sitting.label(2)
    shutil.copyfile("p.ner", "open.ner")
    shutil.copyfile("backup.ner", "p.ner")
    assert "written over" in sitting.say(3)
    shutil.copyfile("open.ner", "p.ner")
    sitting.label(3)
    assert sitting.leave() == "left"
    assert labelled() == {1, 2, 3}


def test_what_is_written_over_without_another_edit_stays_what_it_is(sittings: Callable[..., Sitting]) -> None:
    made(sittings, 1)
    shutil.copy2("p.ner", "backup.ner")
    sitting = sittings()
    sitting.label(2)
    shutil.copyfile("backup.ner", "p.ner")
    assert "written over" in sitting.leave()
    assert Path("p.ner").read_bytes() == Path("backup.ner").read_bytes()


@pytest.mark.parametrize("end", ["-wal", "-shm"])
@pytest.mark.parametrize("way", ["deleted", "replaced"])
def test_after_a_side_file_is_gone_nothing_is_acknowledged_and_leaving_saves_what_was(
    way: str, end: str, sittings: Callable[..., Sitting]
) -> None:
    made(sittings, 1)
    sitting = sittings()
    sitting.label(2, 3)
    if way == "replaced":
        shutil.copyfile(f"p.ner{end}", "other")
        Path("other").replace(f"p.ner{end}")
    else:
        Path(f"p.ner{end}").unlink()
    assert f"p.ner{end} was removed or replaced" in sitting.say(4)
    assert sitting.leave() == "left"
    assert names() == ["p.ner"]
    assert labelled() == {1, 2, 3}


@pytest.mark.thorough
def test_what_was_acknowledged_survives_a_kill_after_the_log_was_deleted_and_that_was_told(
    sittings: Callable[..., Sitting],
) -> None:
    made(sittings, 1)
    sitting = sittings()
    sitting.label(2)
    Path("p.ner-wal").unlink()
    assert "removed" in sitting.say(3)
    sitting.kill()
    assert labelled() == {1, 2}


@pytest.mark.thorough
def test_a_project_whose_log_was_deleted_after_a_kill_is_refused_and_can_be_made_again_of_what_is_left(
    sittings: Callable[..., Sitting], capsys: Capture
) -> None:
    made(sittings, 1)
    sitting = sittings()
    sitting.label(2)
    sitting.kill()
    Path("p.ner-wal").unlink()
    before = files()
    with pytest.raises(ProjectError, match=r"lacks its last edits.*--rebuild -o NEW"):
        sit()
    assert main(["check", "p.ner"]) == 1
    assert "the last edits are missing" in capsys.readouterr().out
    assert files() == before
    main(["check", "p.ner", "--rebuild", "-o", "new.ner"])
    assert labelled("new.ner") == {1}


def test_a_project_of_which_only_the_beginning_is_there_is_refused(sittings: Callable[..., Sitting]) -> None:
    with closing(sqlite3.connect("p.ner")) as database:
        database.execute("PRAGMA journal_mode = WAL")
    with pytest.raises(ProjectError, match=r"moved without p\.ner-wal"):
        open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a"))


@pytest.mark.thorough
def test_who_brings_the_log_into_the_file_makes_it_whole(sittings: Callable[..., Sitting]) -> None:
    made(sittings)
    sitting = sittings()
    sitting.label(1)
    sitting.kill()
    with closing(sqlite3.connect("p.ner")) as other:
        other.execute("SELECT count(*) FROM journal").fetchone()
    assert not Path("p.ner-wal").exists()
    assert labelled() == {1}


@pytest.mark.thorough
@pytest.mark.parametrize("log", ["there is none", "a killed session left one"])
def test_a_session_that_is_killed_when_the_file_has_just_become_partial_leaves_a_project_that_opens(
    sittings: Callable[..., Sitting], log: str
) -> None:
    """Whoever looks into it first: SQLite takes the log away with the last who may write."""
    made(sittings, 1)
    expected = {1}
    if log != "there is none":
        sitting = sittings()
        sitting.label(2)
        sitting.kill()
        expected = {1, 2}
    dying = (
        "import os; from ner_tui.store.file import kept_log; from ner_tui.session import SessionOptions, open_session;"
        "put = kept_log.put_stamp; kept_log.put_stamp = lambda database, stamp: ("
        "os._exit(9) if stamp.state == kept_log.WHOLE else put(database, stamp));"
        "open_session([], SessionOptions(project='p.ner')).close()"
    )
    assert subprocess.run([sys.executable, "-c", dying], check=False).returncode == 9
    assert preview(Path("p.ner"), [], 1000) is not None
    assert main(["info", "p.ner"]) == 0
    assert main(["check", "p.ner"]) == 0
    assert labelled() == expected
    sitting = sittings()
    sitting.label(3)
    sitting.kill()
    with closing(sqlite3.connect("p.ner")) as other:
        other.execute("SELECT count(*) FROM journal").fetchone()
    assert labelled() == {*expected, 3}

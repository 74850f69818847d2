"""What SQLite keeps beside a project, moved about, deleted and exchanged: each is right, or refused in one sentence."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from patience import HANGS

from ner_tui.cli import main
from ner_tui.errors import ProjectError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.file import kept_log

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be moved there")

Capture = pytest.CaptureFixture[str]
WORDS = 100
SITTING = str(Path(__file__).with_name("sitting.py"))


class Sitting:
    """A session in a process of its own, which labels the words that it is told to."""

    def __init__(self, project: str = "p.ner", *files: str, limit: int = kept_log._LIMIT) -> None:
        command = [sys.executable, SITTING, "tell", str(limit), project, *files]
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, text=True)
        assert self.answer() == "open"

    def tell(self, line: object) -> None:
        print(line, file=self._process.stdin, flush=True)

    def answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def say(self, line: object) -> str:
        """Tell it something and return what it says."""
        self.tell(line)
        return self.answer()

    def label(self, *words: int) -> None:
        for word in words:
            assert self.say(word) == "done"

    def leave(self) -> str:
        told = self.say("leave")
        self._process.wait()
        return told

    def kill(self) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()


@pytest.fixture
def sittings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Sitting]]:
    """Begins sessions, in a folder with a text; what is left of them at the end is killed."""
    monkeypatch.chdir(tmp_path)
    lines = [f"word{at} O\n" + "\n" * (at % 20 == 19) for at in range(WORDS)]
    Path("a.conll").write_text("".join(lines), encoding="utf-8")
    begun: list[Sitting] = []

    def begin(project: str = "p.ner", *files: str, **options: int) -> Sitting:
        begun.append(Sitting(project, *files, **options))
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()


def made(sittings: Callable[..., Sitting], *words: int, project: str = "p.ner") -> None:
    """Make a project in which some words are labelled."""
    sitting = sittings(project, "a.conll")
    sitting.label(*words)
    assert sitting.leave() == "left"


def sit(project: str = "p.ner", *, read_only: bool = False) -> Session:
    return open_session([], SessionOptions(project=project, annotator="a", read_only=read_only))


def labelled(project: str = "p.ner") -> set[int]:
    """Return the words that are labelled in a project, which has to be sound."""
    with closing(sit(project)) as session:
        text = session.document.text
        found = {int(text[mark.span.start + 4 : mark.span.end]) for mark in session.document.spans(0, len(text))}
    assert list(check_project(Path(project), [])) == []
    return found


def files() -> dict[str, bytes]:
    """Return what SQLite keeps of projects, but for what readers share."""
    return {path.name: path.read_bytes() for path in Path().glob("*.ner*") if not path.name.endswith(("-shm", "-lock"))}


def names() -> list[str]:
    return sorted(path.name for path in Path().glob("*.ner*"))


def by_copying(backup: str) -> None:
    shutil.copyfile(backup, "p.ner")


def by_copying_with_its_time(backup: str) -> None:
    shutil.copy2(backup, "p.ner")


def by_moving(backup: str) -> None:
    Path(backup).replace("p.ner")


PUT_BACK = (by_copying, by_copying_with_its_time, by_moving)


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


@pytest.mark.parametrize("first", [True, False])
def test_a_project_that_is_moved_while_open_takes_no_edit_and_holds_everything_where_it_is(
    first: bool, sittings: Callable[..., Sitting]
) -> None:
    if not first:
        made(sittings)
    sitting = sittings("p.ner", *(["a.conll"] if first else []))
    sitting.label(1)
    Path("p.ner").rename("moved.ner")
    assert "put it back" in sitting.say(2)
    assert "moved, removed or replaced" in sitting.leave()
    assert names() == ["moved.ner"]
    assert labelled("moved.ner") == {1}


@pytest.mark.parametrize("first", [True, False])
def test_a_project_that_is_moved_alone_from_a_killed_session_is_refused_and_right_with_its_log(
    first: bool, sittings: Callable[..., Sitting]
) -> None:
    if not first:
        made(sittings)
    sitting = sittings("p.ner", *(["a.conll"] if first else []))
    sitting.label(1)
    sitting.kill()
    Path("p.ner").rename("moved.ner")
    with pytest.raises(ProjectError, match=r"lacks its last edits, which were in moved\.ner-wal"):
        sit("moved.ner")
    with pytest.raises(ProjectError, match=r"holds the last edits of a project that was moved"):
        open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a"))
    assert main(["load", "a.conll", "--project", "p.ner"]) == 2
    Path("p.ner").touch()
    with pytest.raises(ProjectError, match=r"holds the last edits of a project that was moved"):
        open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a"))
    Path("p.ner-wal").rename("moved.ner-wal")
    assert labelled("moved.ner") == {1}


def test_a_project_of_which_only_the_beginning_is_there_is_refused(sittings: Callable[..., Sitting]) -> None:
    with closing(sqlite3.connect("p.ner")) as database:
        database.execute("PRAGMA journal_mode = WAL")
    with pytest.raises(ProjectError, match=r"moved without p\.ner-wal"):
        open_session(["a.conll"], SessionOptions(project="p.ner", annotator="a"))


def test_a_project_that_is_removed_while_open_is_not_there(sittings: Callable[..., Sitting]) -> None:
    made(sittings)
    sitting = sittings()
    sitting.label(1)
    Path("p.ner").unlink()
    assert "removed" in sitting.say(2)
    assert "removed" in sitting.leave()
    assert names() == []


@pytest.mark.thorough
def test_copies_made_at_any_moment_hold_all_that_was_acknowledged_before_or_are_refused(
    sittings: Callable[..., Sitting],
) -> None:
    """With a log so short that it is brought into the file all the time."""
    sitting = sittings("p.ner", "a.conll", limit=30_000)
    kinds = {"alone": 0, "with its log": 0, "log first": 0}
    refused = 0
    for word in range(36):
        kind = ("alone", "with its log", "log first")[word % 3]
        sitting.tell(word)
        copied = {"alone": ("",), "with its log": ("", "-wal"), "log first": ("-wal", "")}[kind]
        for end in copied:
            shutil.copyfile(f"p.ner{end}", f"copy.ner{end}")
        assert sitting.answer() == "done"
        try:
            found = labelled("copy.ner")
        except ProjectError:
            refused += 1
        else:
            assert found >= set(range(word))
            kinds[kind] += 1
        for path in Path().glob("copy.ner*"):
            path.unlink()
    assert kinds["with its log"], "a copy of both has to be right as a rule"
    assert refused, "a copy without the log has to be refused as a rule"
    sitting.leave()
    assert labelled() == set(range(36))


@pytest.mark.thorough
def test_a_session_that_is_killed_at_any_moment_is_found_again(sittings: Callable[..., Sitting]) -> None:
    """Nothing is refused of which nothing was taken away: not while its log is begun, brought in or taken away."""
    made(sittings)
    dice, at = random.Random(4), 0
    for _ in range(8):
        process = Popen([sys.executable, SITTING, "keep", "20000", str(at)], stdout=PIPE, text=True)
        assert process.stdout
        told = [process.stdout.readline()]
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        told += process.communicate()[0].splitlines()
        acknowledged = max(map(int, told))
        found = labelled()
        assert found >= set(range(acknowledged + 1))
        at = max(found) + 1


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
@pytest.mark.parametrize("first", [True, False])
def test_backup_and_dump_beside_a_session_hold_all_that_was_acknowledged_and_it_goes_on(
    first: bool, sittings: Callable[..., Sitting], capsys: Capture
) -> None:
    if not first:
        made(sittings)
    sitting = sittings("p.ner", *(["a.conll"] if first else []), limit=30_000)
    for word in range(0, 18, 3):
        sitting.label(word, word + 1, word + 2)
        assert main(["backup", "p.ner", "-o", f"{word}.ner"]) == 0
        assert main(["dump", "p.ner", "-o", f"{word}.jsonl"]) == 0
        assert labelled(f"{word}.ner") == set(range(word + 3))
        dumped = Path(f"{word}.jsonl").read_text(encoding="utf-8")
        assert dumped.count('"PER","person"') == word + 3
    assert sitting.leave() == "left"
    assert labelled() == set(range(18))
    assert not [name for name in names() if name.endswith(("-wal", "-shm"))]


def test_a_backup_has_the_rights_of_the_project_and_replaces_no_project(
    sittings: Callable[..., Sitting], capsys: Capture
) -> None:
    made(sittings)
    Path("p.ner").chmod(0o640)
    assert main(["backup", "p.ner", "-o", "backup.ner"]) == 0
    assert Path("backup.ner").stat().st_mode & 0o777 == 0o640
    before = files()
    for out in ("backup.ner", "p.ner", "p.ner-wal", "-", "new/", ".", "missing/b.ner"):
        Path("p.ner-wal").unlink(missing_ok=True)
        assert main(["backup", "p.ner", "-o", out]) == 2
        assert capsys.readouterr().err.splitlines()[-1].startswith("ner-tui: ")
    assert files() == before
    assert not list(Path().glob(".*"))


def read_until(terminal: int, words: bytes) -> None:
    """Read what a session draws until some words are there."""
    seen, deadline = b"", time.monotonic() + HANGS
    while words not in seen:
        assert time.monotonic() < deadline, seen[-500:]
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 1 << 16)


@contextmanager
def on_terminal(*arguments: str) -> Iterator[tuple[int, int]]:
    """Begin ``ner-tui review`` on a pseudo-terminal; give its process, which is killed in the end, and the terminal."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execv(
            sys.executable,
            [sys.executable, "-m", "ner_tui", "review", "--model", "none", "--project", "p.ner", *arguments],
        )
    try:
        read_until(terminal, b"saved")
        os.write(terminal, b"1")
        read_until(terminal, b"1 of 1 decided")
        yield process, terminal
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def ended(process: int) -> int:
    """Wait for a process and return its exit code."""
    deadline = time.monotonic() + HANGS
    while (found := os.waitpid(process, os.WNOHANG)) == (0, 0):
        assert time.monotonic() < deadline, "it goes on"
        time.sleep(0.05)
    return os.waitstatus_to_exitcode(found[1])


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["closed terminal", "SIGHUP", "SIGTERM"])
@pytest.mark.parametrize("first", [True, False])
def test_a_hang_up_ends_a_session_as_q_does(first: bool, way: str, sittings: Callable[..., Sitting]) -> None:
    if not first:
        made(sittings)
    with on_terminal(*(["a.conll"] if first else [])) as (process, terminal):
        if way == "closed terminal":
            os.close(terminal)
        else:
            os.kill(process, signal.SIGHUP if way == "SIGHUP" else signal.SIGTERM)
            read_until(terminal, b"saved in p.ner")
        assert ended(process) == (129 if way == "closed terminal" else 0)
    assert names() == ["p.ner"]
    assert labelled() == {0}


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["removed", "moved", "replaced"])
def test_leaving_says_where_the_project_is_only_if_it_is_there(way: str, sittings: Callable[..., Sitting]) -> None:
    made(sittings)
    shutil.copyfile("p.ner", "other.ner")
    with on_terminal() as (process, terminal):
        if way == "moved":
            Path("p.ner").rename("moved.ner")
        elif way == "replaced":
            Path("other.ner").replace("p.ner")
        else:
            Path("p.ner").unlink()
        os.write(terminal, b"q")
        read_until(terminal, b"NOT saved in p.ner: it was moved, removed or replaced while it was open")
        assert ended(process) == 1
    assert not [name for name in names() if "-" in name]
    if way == "moved":
        assert labelled("moved.ner") == {0}

"""A project that is moved or removed while it is open, or whose terminal goes: it is said where what was saved is."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from patience import HANGS

from hostile.separate import Sitting, labelled, made, names, sit
from ner_tui.cli import main
from ner_tui.errors import ProjectError
from ner_tui.session import SessionOptions, open_session

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be moved there")

Capture = pytest.CaptureFixture[str]


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


@pytest.mark.thorough
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


def test_a_project_that_is_removed_while_open_is_not_there(sittings: Callable[..., Sitting]) -> None:
    made(sittings)
    sitting = sittings()
    sitting.label(1)
    Path("p.ner").unlink()
    assert "removed" in sitting.say(2)
    assert "removed" in sitting.leave()
    assert names() == []


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

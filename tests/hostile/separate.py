"""Sessions in processes of their own, and what they leave beside a project."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from subprocess import PIPE, Popen

from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.file import kept_log

LENGTH = 100
"""Words of the text that they sit at."""
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

"""Work for ``benchmarks/durability.py`` that is killed before it is done: saves, exports, fix-alls, backups."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TextIO

from ner_tui.session import Session, WriteRequest
from ner_tui.session.transfer.backing_up import back_up

OUT = "out-of-work"
"""What the names of files that are written begin with."""
_AT_ONCE = 20
"""Words that a fix-all labels as one change."""


@dataclass
class Killed:
    """What a session said before it was killed."""

    acknowledged: int
    """Words that are labelled, the first ones of the text."""
    written: dict[str, int]
    """Files that were called written, and the words that were labelled before they were begun."""


class Worker:
    """A session in a process of its own that labels words and does its work, over and over."""

    def __init__(self, session: Session, folder: Path, told: TextIO) -> None:
        self._session = session
        self._folder = folder
        self._told = told
        self.labelled = 0

    def say(self, *words: object) -> None:
        print(*words, file=self._told, flush=True)

    def label(self) -> None:
        """Label the next word."""
        start, end = self._session.document.tokens[self.labelled]
        self._session.corrections.label(start, end, "PER", cursor=start)
        self.labelled += 1
        self.say("labelled", self.labelled)

    def save(self) -> None:
        """Save over the text."""
        self.label()
        self._session.writing.saving().run(lambda _: None, lambda: False)

    def export(self, number: int) -> None:
        """Export to a new file."""
        self.label()
        path = self._folder / f"{OUT}{number}.conll"
        self._session.writing.exporting(str(path), WriteRequest("conll")).run()
        self.say("written", path.name, self.labelled)

    def fix_all(self) -> None:
        """Label the next words as one change."""
        from ner_tui.session.concordance import Occurrence

        words = range(self.labelled, self.labelled + _AT_ONCE)
        tokens = [self._session.document.tokens[at] for at in words]
        document = self._session.document.id
        places = [Occurrence(document, "", start, end, "", "", "", None, None, "none") for start, end in tokens]
        self._session.concordance.label(places, "PER")
        self.labelled += _AT_ONCE
        self.say("labelled", self.labelled)

    def backup(self, number: int) -> None:
        """Copy the project to a new file."""
        self.label()
        path = self._folder / f"{OUT}{number}.ner"
        back_up(self._folder / "p.ner", str(path))
        self.say("written", path.name, self.labelled)


WORK: dict[str, Callable[[Worker, int], None]] = {
    "save": lambda worker, _: worker.save(),
    "export": Worker.export,
    "fix-all": lambda worker, _: worker.fix_all(),
    "backup": Worker.backup,
}
"""What is killed, by its name in the table."""


def killed_at(what: str, sit: Callable[[Path], Session], folder: Path, words: int, after: float) -> Killed:
    """Have a session work in ``folder`` until it is killed, ``after`` seconds from the first thing that it said."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(ours)
        try:
            with os.fdopen(theirs, "w") as told:
                worker = Worker(sit(folder), folder, told)
                worker.say("labelled", 0)
                for number in count():
                    if worker.labelled + _AT_ONCE > words:
                        break
                    WORK[what](worker, number)
                # What has nothing to do any more is killed where it stands.
                time.sleep(60)
        finally:
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours) as answers:
        lines = [answers.readline()]
        time.sleep(after)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        lines += answers
    return _read(line.split() for line in lines)


def _read(lines: Iterator[list[str]]) -> Killed:
    killed = Killed(0, {})
    for line in lines:
        match line:
            case ["labelled", number]:
                killed.acknowledged = int(number)
            case ["written", name, number]:
                killed.written[name] = int(number)
            case _:
                raise OSError(f"a session failed: {line}")
    return killed

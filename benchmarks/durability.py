"""Kill sittings at random moments and see what is left: nothing that was drawn as saved may be gone.

    python benchmarks/durability.py [--kills N] [--hangups N] [--seed S] [--json]

Each round opens ``ner-tui review`` on a pseudo-terminal and presses labelling keys, one word after the other. After a
random time the program is killed (``SIGKILL``, or ``SIGHUP`` as when a connection is closed). An edit is acknowledged
when its word was drawn as decided. Afterwards the project has to be found sound by ``ner-tui check``, to hold every
acknowledged edit, and undoing everything has to leave the state that it had before any edit.

A kill cannot tell a synced write from one that is not: where ``strace`` is there, one sitting is traced, and each
commit has to be synced before its drawing.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import sqlite3
import struct
import sys
import tempfile
import time
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

from ner_tui.session import Session, SittingOptions, open_sitting
from ner_tui.session.rebuilding import check_project

WORDS = 400
PATIENCE = 60
LONGEST = 1.5
"""Seconds after the first drawing within which a sitting is killed."""
STATE = ("sentence", "decision", "rejection", "mark", "note")
"""Tables that edits change; what the model suggests comes on its own."""
PAINTED = b"saved"
_LOG_SYNCED = re.compile(r"sync\(\d+<[^>]*p\.ner-wal>")
_DRAWN = re.compile(r" write\(\d+<(/dev/pts/|/dev/tty)")
_ANSI = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass
class Result:
    """What became of the rounds of a kind."""

    rounds: int = 0
    acknowledged: int = 0
    found: int = 0
    lost: int = 0
    unreadable: int = 0
    not_undone: int = 0
    faults: list[str] = field(default_factory=list)


class Sitting:
    """The program on a pseudo-terminal, in a process that is killed in the end."""

    def __init__(self, folder: Path, *before: str) -> None:
        self.drawn = b""
        command = [*before, sys.executable, "-m", "ner_tui", "review", "--project", "p.ner"]
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.chdir(folder)
            os.execvp(command[0], command)
        ioctl(self.fd, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self, seconds: float) -> bool:
        """Read what comes within ``seconds``; False if nothing did."""
        if not select.select([self.fd], [], [], max(0.0, seconds))[0]:
            return False
        try:
            self.drawn += os.read(self.fd, 1 << 16)
        except OSError:
            return False
        return True

    def wait_for(self, words: bytes) -> None:
        """Read until ``words`` are drawn."""
        end = time.monotonic() + PATIENCE
        while words not in _ANSI.sub(b"", self.drawn):
            if time.monotonic() > end:
                raise TimeoutError(f"{words!r} was never drawn; last: {self.drawn[-300:]!r}")
            self.read(1)

    def press(self, key: str) -> None:
        os.write(self.fd, key.encode())

    def end(self, how: signal.Signals) -> None:
        """End it; with a hang-up its terminal goes first, as it does with a connection."""
        if how == signal.SIGHUP:
            os.close(self.fd)
            # What does not end by itself would never be told from what does.
            deadline = time.monotonic() + 10
            while os.waitpid(self.process, os.WNOHANG) == (0, 0):
                if time.monotonic() > deadline:
                    os.kill(self.process, signal.SIGKILL)
                    os.waitpid(self.process, 0)
                    raise TimeoutError("a sitting went on after its terminal was closed")
                time.sleep(0.02)
            return
        os.kill(self.process, how)
        os.waitpid(self.process, 0)
        os.close(self.fd)


def sit(folder: Path) -> Session:
    """Open the project in this process."""
    files = [] if (folder / "p.ner").exists() else [str(folder / "text.txt")]
    return open_sitting(files, SittingOptions(project=str(folder / "p.ner")))


def state(folder: Path) -> list[object]:
    """Return what a person said of the text."""
    database = sqlite3.connect(folder / "p.ner")
    try:
        return [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in STATE]
    finally:
        database.close()


def kill_one(master: Path, how: signal.Signals, dice: random.Random, result: Result) -> None:
    """Do one round on a copy of the project in ``master``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in master.iterdir():
            shutil.copy(file, folder)
        before = state(folder)
        sitting = Sitting(folder)
        sitting.wait_for(PAINTED)
        acknowledged = press_until(sitting, time.monotonic() + dice.uniform(0, LONGEST))
        sitting.end(how)
        result.rounds += 1
        result.acknowledged += acknowledged
        examine(folder, before, acknowledged, result)


def press_until(sitting: Sitting, end: float) -> int:
    """Label one word after the other until ``end``; return how many labels were drawn, with nothing unsaved."""
    acknowledged = 0
    while time.monotonic() < end and acknowledged < WORDS:
        at = len(sitting.drawn)
        sitting.press("1")
        while time.monotonic() < end:
            sitting.read(min(0.02, end - time.monotonic()))
            text = _ANSI.sub(b"", sitting.drawn[at:])
            if b"NOT SAVED" in text:
                raise RuntimeError("an edit was drawn as not saved")
            if b"word%d PER decided" % acknowledged in text:
                acknowledged += 1
                break
        sitting.press("l")
    return acknowledged


def examine(folder: Path, before: list[object], acknowledged: int, result: Result) -> None:
    """Look at what a sitting that was killed left."""
    try:
        faults = [str(fault) for fault in check_project(folder / "p.ner", [])]
        session = sit(folder)
    except Exception as error:
        result.unreadable += 1
        result.faults.append(f"{type(error).__name__}: {error}")
        return
    result.faults += faults
    text = session.document.text
    found = {
        text[mark.span.start : mark.span.end] for mark in session.document.marks(0, len(text)) if mark.score is None
    }
    result.found += len(found)
    result.lost += len({f"word{number}" for number in range(acknowledged)} - found)
    while session.corrections.undo():
        pass
    session.close()
    result.not_undone += state(folder) != before


def syncs(master: Path) -> dict[str, int] | None:
    """Trace a sitting of ten labels; return its commits and how many drawings came before a sync."""
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in master.iterdir():
            shutil.copy(file, folder)
        trace = folder / "trace"
        calls = "trace=write,pwrite64,fsync,fdatasync"
        sitting = Sitting(folder, "strace", "-f", "-y", "-o", str(trace), "-e", calls)
        sitting.wait_for(PAINTED)
        acknowledged = press_until(sitting, time.monotonic() + 10)
        sitting.press("q")
        while sitting.read(5):
            pass
        os.waitpid(sitting.process, 0)
        return {"edits": acknowledged, **count_syncs(trace.read_text(errors="replace").splitlines())}


def count_syncs(lines: list[str]) -> dict[str, int]:
    """Count syncs of the log by the thread that edits, and drawings while something it wrote was not synced.

    What the model's thread writes meanwhile is nobody's edit.
    """
    found, drawings, early, dirty = 0, 0, 0, False
    editing = lines[0].split(" ")[0] if lines else ""
    for line in lines:
        thread = line.split(" ")[0]
        if thread == editing and (_LOG_SYNCED.search(line) or "sync resumed>" in line):
            if "<unfinished" not in line:
                found, dirty = found + 1, False
        elif thread == editing and "p.ner-wal>" in line and "write" in line:
            dirty = True
        elif _DRAWN.search(line):
            drawings += 1
            early += dirty
    return {"syncs": found, "drawings": drawings, "drawn_unsynced": early}


def prepare(folder: Path) -> None:
    """Make a project of one text in which nothing is decided yet."""
    folder.mkdir()
    (folder / "text.txt").write_text(" ".join(f"word{at}" for at in range(WORDS)) + "\n", encoding="utf-8")
    sit(folder).close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500, help="rounds that end with SIGKILL (default: 500)")
    parser.add_argument("--hangups", type=int, default=100, help="rounds that end with SIGHUP (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    results = {"SIGKILL": Result(), "SIGHUP": Result()}
    with tempfile.TemporaryDirectory() as name:
        master = Path(name) / "project"
        prepare(master)
        for kind, rounds in (("SIGKILL", arguments.kills), ("SIGHUP", arguments.hangups)):
            for _ in range(rounds):
                kill_one(master, signal.Signals[kind], dice, results[kind])
        traced = syncs(master)
    if arguments.json:
        print(json.dumps({**{kind: vars(result) for kind, result in results.items()}, "syncs": traced}))
    else:
        show(results, traced)
    bad = any(r.lost or r.unreadable or r.not_undone or r.faults for r in results.values())
    if traced is not None:
        bad = bad or traced["drawn_unsynced"] > 0 or traced["syncs"] < traced["edits"] or not traced["drawings"]
    return 1 if bad else 0


def show(results: dict[str, Result], traced: dict[str, int] | None) -> None:
    print(f"{'':8} rounds  acknowledged  found  lost  unreadable  not undone  faults")
    for kind, r in results.items():
        row = f"{kind:8} {r.rounds:6} {r.acknowledged:13} {r.found:6} {r.lost:5} {r.unreadable:11} {r.not_undone:11}"
        print(row, f"{len(r.faults):7}")
        for fault in r.faults[:5]:
            print(f"  {fault}")
    if traced is None:
        print("syncs: not counted, there is no strace")
    else:
        what = "{edits} edits, {syncs} syncs of the log, {drawings} drawings, {drawn_unsynced} of them before a sync"
        print(f"traced: {what.format(**traced)}")


if __name__ == "__main__":
    sys.exit(main())

"""Kill sessions at random moments and see what is left: nothing that was drawn as saved may be gone.

    python benchmarks/durability.py [--kills N] [--hangups N] [--work N] [--full N] [--seed S] [--json]

Each round opens ``ner-tui review`` on a pseudo-terminal and presses labelling keys, one word after the other. After a
random time the program is killed (``SIGKILL``, or ``SIGHUP`` as when a connection is closed). An edit is acknowledged
when its word was drawn as decided and the first line did not say NOT SAVED. Afterwards the project has to be found
sound by ``ner-tui check``, to hold every acknowledged edit, and undoing everything has to leave the state that it had
before any edit, and export the bytes that were opened. A hang-up has to leave one file and nothing beside it.

In the rounds of a save, export, fix-all or backup a session does that over and over, and is killed in it. What it wrote
has to be there whole or not at all, and hold what was acknowledged before; a text that it saved over is as it was
after one of the edits.

In the rounds of a full disk the disk fills up at a random moment and edits go on. Half of them are killed then; in the
other half there is space again, and every edit has to be called saved before the kill. A limit on the size of files
makes SQLite meet the errors of a full disk; where one can be mounted, a small file system is filled up too.

A kill cannot tell a synced write from one that is not: where ``strace`` is there, one session is traced, and each
commit has to be synced before its drawing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sessions import SAVED, UNSAVED, Disk, Full, Labelled, Limited, TerminalSession, can_mount, scratch
from unfinished import OUT, WORK, killed_at

from ner_tui.session import Session, SessionOptions, WriteRequest, open_session
from ner_tui.session.transfer.rebuild import check_project

WORDS, SENTENCE = 400, 20
LONGEST = 1.5
"""Seconds after the first drawing within which a session is killed, or its disk fills up."""
FULL_FOR = 1.0
"""Seconds at the most that a session goes on with a full disk."""
STATE = ("sentence", "decision", "rejection", "sentence_state", "note")
"""Tables that edits change; what the model suggests comes on its own."""
PAINTED = b"saved"
HEADER = f"{'':9} rounds  acknowledged  unsaved  found  lost  unreadable  not undone  faults"
_LOG_SYNCED = re.compile(r"sync\(\d+<[^>]*p\.ner-wal>")
_DRAWN = re.compile(r" write\(\d+<(/dev/pts/|/dev/tty)")
_STYLE, _DECIDED = re.compile(r"\\33\[[0-9;]*[A-Za-z]"), re.compile(r"word(\d+) PER decided")


@dataclass
class Result:
    """What became of the rounds of a kind."""

    rounds: int = 0
    acknowledged: int = 0
    unsaved: int = 0
    """Edits that were drawn as not saved when the end came."""
    found: int = 0
    lost: int = 0
    unreadable: int = 0
    not_undone: int = 0
    faults: list[str] = field(default_factory=list)


def sit(folder: Path) -> Session:
    """Open the project in this process."""
    files = [] if (folder / "p.ner").exists() else [str(folder / "text.conll")]
    return open_session(files, SessionOptions(project=str(folder / "p.ner")))


def state(folder: Path) -> list[object]:
    """Return what a person said of the text."""
    database = sqlite3.connect(folder / "p.ner")
    try:
        return [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in STATE]
    finally:
        database.close()


def kill_one(
    master: Path, dice: random.Random, result: Result, *, how: signal.Signals, disk: Disk | None = None
) -> None:
    """Do one round on a copy of the project in ``master``; with a disk, one in which it fills up."""
    with scratch(mounted=isinstance(disk, Full)) as folder:
        for file in master.iterdir():
            shutil.copy(file, folder)
        before = state(folder)
        session = TerminalSession(folder)
        session.wait_for(PAINTED)
        labelled = Labelled()
        labelled.go_on(session, time.monotonic() + dice.uniform(0, LONGEST), WORDS, finish=disk is not None)
        freed = dice.random() < 0.5
        if disk:
            disk.fill(session, folder)
            labelled.go_on(session, time.monotonic() + dice.uniform(0, FULL_FOR), WORDS, finish=freed)
            if freed:
                disk.free(session, folder)
                if labelled.unsaved:
                    session.wait_for(SAVED, UNSAVED)
                    labelled.unsaved.clear()
        session.end(how)
        if how == signal.SIGHUP and (left := [each.name for each in folder.glob("p.ner-*")]):
            result.faults.append(f"beside the project: {', '.join(left)}")
        if disk and not freed:
            disk.free(session, folder)
        result.rounds += 1
        result.acknowledged += len(labelled.acknowledged)
        result.unsaved += len(labelled.unsaved)
        examine(folder, before, labelled.acknowledged, result)


def kill_work(_: Path, dice: random.Random, result: Result, *, what: str) -> None:
    """Do one round on a project of its own, whose text may be saved over: it is killed while it does ``what``."""
    with scratch() as outer:
        folder = outer / "project"
        prepare(folder)
        before, text = state(folder), (folder / "text.conll").read_text(encoding="utf-8")
        killed = killed_at(what, sit, folder, WORDS, dice.uniform(0, LONGEST))
        result.rounds += 1
        result.acknowledged += killed.acknowledged
        for out in folder.glob(f"{OUT}*"):
            found = len(decided(folder, out.name)) if out.suffix == ".ner" else saved_words(out, text)
            result.unreadable += found < 0
            result.lost += max(0, killed.written.get(out.name, 0) - found)
        result.lost += sum(not (folder / name).exists() for name in killed.written)
        if what == "save":
            # It is as it was after an edit that was acknowledged, or the one after that.
            result.unreadable += not 0 <= saved_words(folder / "text.conll", text) <= killed.acknowledged + 1
            (folder / "text.conll").write_text(text, encoding="utf-8")
        examine(folder, before, set(range(killed.acknowledged)), result)


def decided(folder: Path, name: str) -> set[str]:
    """Return the words that are decided in a copy of the project."""
    session = open_session([], SessionOptions(project=str(folder / name), read_only=True))
    try:
        text = session.document.text
        return {text[mark.span.start : mark.span.end] for mark in session.document.spans(0, len(text))}
    finally:
        session.close()


def saved_words(path: Path, text: str) -> int:
    """Return how many words of ``text`` are labelled in a file, if it is whole and they are the first ones; else -1."""
    found = path.read_text(encoding="utf-8")
    number = found.count("B-PER")
    lines = [line for line in text.split("\n") if line]
    wanted = text
    for line in lines[:number]:
        wanted = wanted.replace(f"{line}\n", f"{line[:-1]}B-PER\n", 1)
    return number if found == wanted else -1


def examine(folder: Path, before: list[object], acknowledged: set[int], result: Result) -> None:
    """Look at what a session that was killed left."""
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
        text[mark.span.start : mark.span.end] for mark in session.document.spans(0, len(text)) if mark.score is None
    }
    result.found += len(found)
    result.lost += len({f"word{number}" for number in acknowledged} - found)
    while session.corrections.undo():
        pass
    session.writing.exporting(str(folder / "out.conll"), WriteRequest("conll")).run()
    session.close()
    undone = state(folder) == before and (folder / "out.conll").read_bytes() == (folder / "text.conll").read_bytes()
    result.not_undone += not undone


def syncs(master: Path) -> dict[str, int] | None:
    """Trace a session of labels; return its commits and how many of its edits were drawn before their sync."""
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in master.iterdir():
            shutil.copy(file, folder)
        trace = folder / "trace"
        calls = "trace=write,pwrite64,fsync,fdatasync"
        session = TerminalSession(folder, "strace", "-f", "-y", "-s", "65536", "-o", str(trace), "-e", calls)
        session.wait_for(PAINTED)
        labelled = Labelled()
        labelled.go_on(session, time.monotonic() + 10, WORDS)
        session.press("q")
        while session.read(5):
            pass
        os.waitpid(session.process, 0)
        return {"edits": labelled.drawn, **count_syncs(trace.read_text(errors="replace").splitlines())}


def count_syncs(lines: list[str]) -> dict[str, int]:
    """Count syncs of the log by the thread that edits, and edits that were drawn while something was not synced.

    An edit is drawn when its word is first seen as decided: what else is drawn then, was composed before it. What the
    model's thread writes meanwhile is nobody's edit, nor is what begins the log, before its first sync.
    """
    found, early, dirty, decided = 0, 0, False, set[str]()
    editing = lines[0].split(" ")[0] if lines else ""
    for line in lines:
        thread = line.split(" ")[0]
        if thread == editing and (_LOG_SYNCED.search(line) or "sync resumed>" in line):
            if "<unfinished" not in line:
                found, dirty = found + 1, False
        elif thread == editing and "p.ner-wal>" in line and "write" in line:
            dirty = found > 0
        elif _DRAWN.search(line):
            new = set(_DECIDED.findall(_STYLE.sub("", line))) - decided
            early += dirty * len(new)
            decided |= new
    return {"syncs": found, "drawn": len(decided), "drawn_unsynced": early}


def prepare(folder: Path) -> None:
    """Make a project of one text in which nothing is decided yet."""
    folder.mkdir()
    lines = [f"word{at} O\n" + "\n" * (at % SENTENCE == SENTENCE - 1) for at in range(WORDS)]
    (folder / "text.conll").write_text("".join(lines), encoding="utf-8")
    sit(folder).close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500, help="rounds that end with SIGKILL (default: 500)")
    parser.add_argument("--hangups", type=int, default=100, help="rounds that end with SIGHUP (default: 100)")
    parser.add_argument("--work", type=int, default=100, help="rounds for each kind of work (default: 100)")
    parser.add_argument("--full", type=int, default=100, help="rounds of each kind of full disk (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    mounted = arguments.full if can_mount() else 0
    kinds: dict[str, tuple[int, Callable[[Path, random.Random, Result], None]]] = {
        "SIGKILL": (arguments.kills, partial(kill_one, how=signal.SIGKILL)),
        "SIGHUP": (arguments.hangups, partial(kill_one, how=signal.SIGHUP)),
        **{what: (arguments.work, partial(kill_work, what=what)) for what in WORK},
        "file size": (arguments.full, partial(kill_one, how=signal.SIGKILL, disk=Limited())),
        "full disk": (mounted, partial(kill_one, how=signal.SIGKILL, disk=Full())),
    }
    results = {kind: Result() for kind in kinds}
    if not arguments.json:
        print(HEADER, flush=True)
    with tempfile.TemporaryDirectory() as name:
        master = Path(name) / "project"
        prepare(master)
        for kind, (rounds, do_one) in kinds.items():
            for number in range(rounds):
                try:
                    do_one(master, dice, results[kind])
                except (TimeoutError, OSError) as error:
                    results[kind].faults.append(f"round {number}: {type(error).__name__}: {error}")
                if sys.stderr.isatty() or number % 50 == 49:
                    print(f"{kind}: {number + 1} of {rounds}", file=sys.stderr, flush=True)
            if not arguments.json:
                show(kind, results[kind])
        traced = syncs(master)
    if arguments.json:
        print(json.dumps({**{kind: vars(result) for kind, result in results.items()}, "syncs": traced}))
    elif traced is None:
        print("syncs: not counted, there is no strace")
    else:
        what = "{edits} edits, {syncs} syncs of the log, {drawn} edits drawn, {drawn_unsynced} before their sync"
        print(f"traced: {what.format(**traced)}")
    bad = any(r.lost or r.unreadable or r.not_undone or r.faults for r in results.values())
    if traced is not None:
        bad = bad or traced["drawn_unsynced"] > 0 or traced["syncs"] < traced["edits"] or not traced["drawn"]
    return 1 if bad else 0


def show(kind: str, result: Result) -> None:
    """Print the row of a kind, as soon as its rounds are done."""
    print(
        f"{kind:9} {result.rounds:6} {result.acknowledged:13} {result.unsaved:8} {result.found:6} {result.lost:5} "
        f"{result.unreadable:11} {result.not_undone:11} {len(result.faults):7}"
    )
    for fault in result.faults[:5]:
        print(f"  {fault}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

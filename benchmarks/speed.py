"""Rows of speed: starting and labelling, ours beside a peer on the same input, in one run.

Each figure is the median of some runs, ours and the peer's by turns, each in a process of its own. Screens are read
from a pseudo-terminal of 120 by 40: the time is from the start of the process to the byte that ends the words.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

COLUMNS, ROWS = 120, 40
TIME_LIMIT = 120
SENTENCES = 5_000
DOCUMENTS = 10
BASE_SENTENCES = 500
"""Sentences for a checkpoint of BERT-base's size, on which the peer takes a minute for each thousand."""
DEV = ("conll2003-testa.conll", "uner-ewt-dev.conll")
MARK = "zephyrine"
"""A word of the text that nothing else on the screen is spelt with."""
TEXT = f"The {MARK} council met. Ada Okonkwo of Kestrel Labs flew from Lisbon to New York City on Tuesday.\n"

PAINTED = re.compile(MARK.encode())
_READY = re.compile(rb"saved")
"""What the session says when it is open."""
SUGGESTED = re.compile(rb"LOC\?* \.\d\d")
"""A label below the text, with its score."""
_CONTROLS = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")

EMPTY_APP = f"""
from textual.app import App, ComposeResult
from textual.widgets import Footer, Header
class Empty(App):
    TITLE = "{MARK}"
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self) -> ComposeResult:
        yield Header()
        yield Footer()
Empty().run()
"""
PIPELINE = """
import sys
from transformers import pipeline
print("found", pipeline("token-classification", model=sys.argv[1], device="cpu")(sys.argv[2]))
"""

LIMIT = "the limit"
"""The peer of a row that has none."""


@dataclass(frozen=True)
class Row:
    """One figure beside the peer's."""

    name: str
    unit: str
    ours: float
    peer: float
    bar: float
    """What the ratio of ours to the peer's may be at most or, for ``more_is_better``, has to be at least."""
    more_is_better: bool = False
    peer_name: str = LIMIT
    """What ``peer`` is of: another program, ours on something else, or the limit that we set ourselves."""
    other_program: bool = False
    """Whether the peer is another program, which has done the same."""

    @property
    def title(self) -> str:
        """What is measured, and what it is held against."""
        return f"{self.name} (peer: {self.peer_name})"

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    @property
    def met(self) -> bool:
        return self.ratio >= self.bar if self.more_is_better else self.ratio <= self.bar


def rows(data: Path, checkpoint: str | None, base: str | None, runs: int) -> Iterator[Row]:
    """Measure the rows one after the other; those whose checkpoint is not given are left out."""
    yield _first_paint(runs)
    for killed in (False, True):
        yield _coming_back_to_documents(killed, runs)
    if checkpoint:
        yield _first_suggestion(checkpoint, runs)
        files = [str(data / name) for name in DEV]
        name = f"bundled model, {SENTENCES:,} dev sentences"
        yield _throughput(name, "bundled", checkpoint, [*files, f"--sentences={SENTENCES}"], 6, runs)
        yield from _agreement(checkpoint, [*files, f"--sentences={SENTENCES}"])
    if base:
        with tempfile.TemporaryDirectory() as cache:
            # A cache of its own: the copy is made here and now, and gone afterwards.
            environment = {**os.environ, "XDG_CACHE_HOME": cache}
            subprocess.run(
                [sys.executable, "-m", "ner_tui", "models", "add", base],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            arguments = [str(data / DEV[0]), f"--sentences={BASE_SENTENCES}"]
            name = f"{Path(base).name} through its fast copy, {BASE_SENTENCES} sentences"
            yield _throughput(name, base, base, arguments, 3, runs, environment)


def _first_paint(runs: int) -> Row:
    ours, peer = by_turns(lambda: _review(PAINTED), lambda: drawn(["-c", EMPTY_APP], PAINTED), runs)
    name = "process start to the text on screen"
    return Row(name, "s", ours, peer, 1.3, peer_name="an empty Textual app", other_program=True)


def coming_back(what: str, project: Path, words: re.Pattern[bytes], runs: int, killed: bool = False) -> Row:
    """Measure the first paint of a project that was worked at before, and left with ``q`` or by a kill.

    Args:
        what: names the row.
        project: its file.
        words: what is drawn of it.
        runs: how many are measured.
        killed: whether it was left by a kill each time.
    """
    command = ["-m", "ner_tui", "review", str(project)]

    def ours() -> float:
        if not killed:
            # What is measured is killed when it has drawn: the project is put in order before the next run.
            drawn(command, _READY, b"q")
        return drawn(command, words)

    figures = by_turns(ours, lambda: drawn(["-c", EMPTY_APP], PAINTED), runs)
    return Row(what, "s", *figures, 1.3, peer_name="an empty Textual app", other_program=True)


def _coming_back_to_documents(killed: bool, runs: int) -> Row:
    with tempfile.TemporaryDirectory() as name:
        project = Path(name) / "project.ner"
        for number in range(DOCUMENTS):
            text = TEXT if number == 0 else TEXT.replace(MARK, f"other{number}")
            (Path(name) / f"{number}.txt").write_text(text * 20, encoding="utf-8")
        paths = [str(path) for path in sorted(Path(name).glob("*.txt"))]
        drawn(["-m", "ner_tui", "review", *paths, "--project", str(project)], SUGGESTED, b"1q")
        what = f"coming back to {DOCUMENTS} documents" + (" after a kill" if killed else "")
        return coming_back(what, project, PAINTED, runs, killed)


def _first_suggestion(checkpoint: str, runs: int) -> Row:
    command = [sys.executable, "-c", PIPELINE, checkpoint, TEXT]

    def peer() -> float:
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - begun

    ours, theirs = by_turns(lambda: _review(SUGGESTED), peer, runs)
    name = "process start to the first suggestions on screen"
    return Row(name, "s", ours, theirs, 0.25, peer_name="transformers pipeline", other_program=True)


def _throughput(
    name: str,
    model: str,
    checkpoint: str,
    arguments: Sequence[str],
    bar: float,
    runs: int,
    environment: dict[str, str] | None = None,
) -> Row:
    # The batch size that is best for the peer is looked for once.
    batch = _child(["pipeline", checkpoint, *arguments, "--sentences=400"], environment)["batch"]

    def ours() -> float:
        found = _child(["ours", model, *arguments], environment)
        return found["words"] / found["seconds"]

    def peer() -> float:
        found = _child(["pipeline", checkpoint, *arguments, f"--batch={batch:.0f}"], environment)
        return found["words"] / found["seconds"]

    theirs = f"transformers pipeline, batches of {batch:.0f}"
    figures = by_turns(ours, peer, runs)
    return Row(f"words labelled a second, {name}", "words/s", *figures, bar, True, theirs, other_program=True)


def _agreement(checkpoint: str, arguments: Sequence[str]) -> Iterator[Row]:
    found = _child(["agreement", checkpoint, *arguments])
    yield Row("tags equal to fp32's, bundled model", "%", 100 * found["equal_tags"], 100, 0.995, True, "all")
    # 0.2 points of F1, as a ratio: every row has the same columns.
    bar = 1 - 0.2 / found["fp32_f1"]
    yield Row("F1 on those sentences, bundled model", "%", found["f1"], found["fp32_f1"], bar, True, "its own fp32")


def _child(arguments: Sequence[str], environment: dict[str, str] | None = None) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.throughput", *arguments]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    found: dict[str, float] = json.loads(output.stdout.splitlines()[-1])
    return found


def by_turns(ours: Callable[[], float], peer: Callable[[], float], runs: int) -> tuple[float, float]:
    """Return the medians of both, after a run of each that warms the disk's cache and is not counted."""
    pairs = [(ours(), peer()) for _ in range(runs + 1)][1:]
    return statistics.median(mine for mine, _ in pairs), statistics.median(theirs for _, theirs in pairs)


def _review(words: re.Pattern[bytes]) -> float:
    """Return seconds from the start of a new project to words on screen."""
    with tempfile.TemporaryDirectory() as name:
        text = Path(name) / "text.txt"
        text.write_text(TEXT, encoding="utf-8")
        command = ["-m", "ner_tui", "review", str(text), "--project", str(Path(name) / "project.ner")]
        return drawn(command, words)


def drawn(arguments: Sequence[str], words: re.Pattern[bytes], keys: bytes = b"") -> float:
    """Start Python with arguments on a pseudo-terminal; return seconds until words were drawn, and end it.

    Args:
        arguments: of Python.
        words: what is waited for.
        keys: what it is ended with, a key at a time; none: it is killed.
    """
    begun = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        # What is installed is compiled: the run that is not counted leaves its modules to the others.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execv(sys.executable, [sys.executable, *arguments])
    seen = b""
    try:
        while not words.search(_CONTROLS.sub(b"", seen)):
            if time.perf_counter() - begun > TIME_LIMIT:
                raise TimeoutError(f"{words.pattern!r} was never drawn; last: {seen[-300:]!r}")
            if select.select([terminal], [], [], 1)[0]:
                seen += os.read(terminal, 1 << 16)
        took = time.perf_counter() - begun
        for key in keys:
            os.write(terminal, bytes([key]))
            _read_for(terminal, 0.3)
        while keys and os.waitpid(process, os.WNOHANG) == (0, 0):
            if time.perf_counter() - begun > TIME_LIMIT:
                raise TimeoutError(f"{keys!r} did not end it")
            _read_for(terminal, 0.05)
        return took
    finally:
        if not keys or sys.exc_info()[0]:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        os.close(terminal)


def _read_for(terminal: int, seconds: float) -> None:
    """Read what a program writes, so that it is not held up, and forget it."""
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                os.read(terminal, 1 << 16)
            except OSError:
                # It has ended.
                return

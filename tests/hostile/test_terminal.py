"""A whole sitting on a pseudo-terminal whose other end sends what no terminal should, or in which the toolkit fails."""

from __future__ import annotations

import array
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="terminals of Unix")

TIME_LIMIT = 90
SIGNS = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[?7h")
"""What a terminal is told in the end: no other screen, a cursor, no mouse, no marks around pastes, lines that wrap."""
RUN = "import sys; from ner_tui.cli import main; {before}\nsys.exit(main(['review', '--model', 'none', 'a.txt']))"


@dataclass
class Sitting:
    """The program on a terminal."""

    folder: Path
    process: int
    terminal: int
    slave: int
    """The end that the program has; it outlives it, as a shell's does."""
    modes: list[object]
    drawn: bytes = field(default=b"")

    def wait_for(self, words: bytes, after: int = 0) -> None:
        end = time.monotonic() + TIME_LIMIT
        while words not in SIGNS.sub(b"", self.drawn[after:]):
            assert time.monotonic() < end, f"{words!r} was never drawn; last: {self.drawn[-400:]!r}"
            self.read()

    def read(self, seconds: float = 0.1) -> None:
        if select.select([self.terminal], [], [], seconds)[0]:
            self.drawn += os.read(self.terminal, 1 << 16)

    def send(self, data: bytes) -> None:
        while data:
            if select.select([], [self.terminal], [], 0)[1]:
                data = data[os.write(self.terminal, data[:1024]) :]
            self.read(0)

    def code(self, typed: bytes = b"") -> int:
        """Wait for the end, typing on meanwhile, and return the exit code."""
        end = time.monotonic() + TIME_LIMIT
        while (ended := os.waitpid(self.process, os.WNOHANG)) == (0, 0):
            assert time.monotonic() < end, f"it goes on; last: {self.drawn[-400:]!r}"
            self.send(typed)
            self.read()
        return os.waitstatus_to_exitcode(ended[1])

    def waiting(self) -> int:
        """How many bytes a shell would read now."""
        room = array.array("i", [0])
        fcntl.ioctl(self.slave, termios.FIONREAD, room)
        return room[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Ada Okonkwo left for Paris.\n" * 3, encoding="utf-8")
    return tmp_path


@contextmanager
def begin(folder: Path, before: str = "pass") -> Iterator[Sitting]:
    terminal, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    modes = termios.tcgetattr(slave)
    process = os.fork()
    if process == 0:
        _take(slave)
        os.chdir(folder)
        os.environ.update(TERM="xterm-256color")
        os.execv(sys.executable, [sys.executable, "-c", RUN.format(before=before)])
    sitting = Sitting(folder, process, terminal, slave, modes)
    try:
        sitting.wait_for(b"confirmed")
        yield sitting
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        os.close(terminal)
        os.close(slave)


def _take(slave: int) -> None:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(slave, number)


SENT = {
    "a byte that is no text": b"\xff",
    "characters in halves": b"\xc3\xff\xe2\x82",
    "half of a pair": b"\x1b[97;;55296u\x1b[55296u",
    "a number that is no character": b"\x1b[99999999;1u\x1b[97;;99999999u",
    "zeros": b"\x00" * 500,
    "sequences cut off": b"\x1b[\x1b[1;\x1bO\x1b[<0;\x1b[?\x1b[200",
    "a mouse that is nowhere": b"\x1b[<0;;M\x1b[<0;99999;99999M\x1b[<64;-1;-1m\x1b[M\x01\x01\x01",
    "buttons that there are not": b"\x1b[<999999999999;1;1M",
    "a window of no size": b"\x1b[48;0;0;0;0t\x1b[<0;1;1M\x1b[48;99999;99999;1;1t\x1b[<0;1;1M",
    "a paste without an end": b"\x1b[200~" + b"q" * 100,
    "a paste in a paste": b"\x1b[200~\x1b[200~q\x1b[31mq\x1b[201~\x1b[201~",
    "a huge paste": b"\x1b[200~" + b"q\n" * 300_000 + b"\x1b[201~",
}


@pytest.mark.thorough
def test_a_sitting_outlives_whatever_bytes_come(folder: Path) -> None:
    with begin(folder) as sitting:
        for what, data in SENT.items():
            sitting.send(data)
            # A paste whose end does not come is ended by a pause; what waits for a second key, by Escape.
            deadline = time.monotonic() + (2 if "without" in what else 0.3)
            while time.monotonic() < deadline:
                sitting.read()
            # As a terminal sends it that tells Escape from the beginning of something else.
            sitting.send(b"\x1b[27u" * 4)
            at = len(sitting.drawn)
            sitting.send(b"zM")
            sitting.wait_for(b"Messages", at)
            assert b"went wrong" not in sitting.drawn[at:], what
            sitting.send(b"\x1b[27u")
        sitting.send(b"g1")
        sitting.wait_for(b"PER decided")
        sitting.send(b"q")
        assert sitting.code() == 0
        assert b"saved in annotations.ner: 1 decision," in sitting.drawn


ENDS = {
    "drawing": "from textual.screen import Screen; import threading; old = Screen._on_timer_update; "
    "Screen._on_timer_update = lambda s: 1 / 0 if s.app.presses else old(s)",
    "the app": "from ner_tui.app.app import NerApp; old = NerApp._deliver; "
    "NerApp._deliver = lambda a, e: a._close_messages_no_wait() or old(a, e)",
    "its input": "from ner_tui.app.terminal_driver import TerminalDriver as D; old = D._read\n"
    "def read(d):\n data = old(d)\n if b'1' in data: raise OSError('odd')\n return data\n"
    "D._read = read",
    "the toolkit's panic": "from ner_tui.app.app import NerApp; "
    "NerApp._deliver = lambda a, e: a.panic('what it knows')",
}


@pytest.mark.thorough
@pytest.mark.parametrize("what", ENDS)
def test_what_ends_a_sitting_leaves_the_terminal_as_it_was_and_no_key_for_the_shell(folder: Path, what: str) -> None:
    before = ENDS[what].replace("\n", chr(10))
    with begin(folder, before) as sitting:
        sitting.send(b"1")
        for _ in range(60):
            sitting.send(b"touch x\r")
        code = sitting.code()
        assert code == 2
        assert sitting.waiting() == 0
        assert termios.tcgetattr(sitting.slave) == sitting.modes
        for sign in LEFT:
            assert sitting.drawn.rpartition(sign)[1], sign
        told = sitting.drawn.rpartition(b"\x1b[?1006l")[2]
        assert b"Traceback" not in told
        assert b"ner-tui: " in told
        assert b"saved in annotations.ner" in told
    assert (folder / "annotations.ner").exists()

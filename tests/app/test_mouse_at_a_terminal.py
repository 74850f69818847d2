"""A day's work by the bytes that a mouse sends, in the program on a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from app.drawn import Screen, on_screen
from ner_tui.session import SessionOptions, open_session

RAW = "Nadia met Bo in Rome. Bo left."


class Sitting:
    """The program in a pseudo-terminal, worked at with the mouse."""

    def __init__(self, *arguments: str) -> None:
        self._screen = Screen(24, 80)
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(sys.executable, [sys.executable, "-m", "ner_tui", "review", "--model", "none", *arguments])
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def until(self, holds: Callable[[list[str]], bool]) -> None:
        end = monotonic() + 60
        while not holds(self._screen.rows):
            assert monotonic() < end, "\n".join(self._screen.rows)
            if select.select([self._terminal], [], [], 0.1)[0]:
                self._screen.take(os.read(self._terminal, 1 << 16).decode(errors="replace"))

    def shows(self, words: str) -> None:
        self.until(lambda rows: any(words in row for row in rows))

    def hides(self, words: str) -> None:
        self.until(lambda rows: not any(words in row for row in rows))

    def click(self, words: str, times: int = 1) -> None:
        self.shows(words)
        x, y = on_screen(self._screen.rows, words)
        for _ in range(times):
            os.write(self._terminal, f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m".encode())

    def drag(self, first: str, last: str) -> None:
        (x, y), (to_x, to_y) = on_screen(self._screen.rows, first), on_screen(self._screen.rows, last)
        for code, column, row, end in ((0, x, y, "M"), (32, to_x, to_y, "M"), (0, to_x, to_y, "m")):
            os.write(self._terminal, f"\x1b[<{code};{column + 1};{row + 1}{end}".encode())

    def end(self) -> None:
        os.kill(self._process, signal.SIGTERM)
        while True:
            try:
                if not os.read(self._terminal, 1 << 16):
                    break
            except OSError:
                break
        os.close(self._terminal)
        os.waitpid(self._process, 0)


@pytest.mark.thorough
@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_sitting_by_mouse_alone_on_a_real_terminal(tmp_path: Path) -> None:
    """Label by double click and by drag, relabel, undo, confirm, export: everything by the bytes that a mouse sends."""
    text, project, out = tmp_path / "t.txt", tmp_path / "p.ner", tmp_path / "p.conll"
    text.write_text(RAW, encoding="utf-8")
    sitting = Sitting(str(text), "--project", str(project), "--labels", "PER,LOC")
    try:
        sitting.shows("press any key")
        sitting.click("What you press")
        sitting.shows("? keys")
        sitting.hides("press any key")
        sitting.click("Nadia met", times=2)
        sitting.shows("1  PER")
        sitting.click(" 1  PER")
        sitting.shows("Nadia PER decided")
        sitting.hides(" 1  PER")
        sitting.drag("in Rome", "Rome.")
        sitting.shows("SELECT 2 tokens")
        sitting.shows(" 2  LOC")
        sitting.click(" 2  LOC")
        sitting.shows("in Rome LOC decided")
        sitting.hides(" 2  LOC")
        sitting.click("u undo")
        sitting.shows("undo: label")
        sitting.hides("in Rome LOC")
        sitting.click("⏎ confirm")
        sitting.shows("1/2 confirmed")
        sitting.click("⏎ confirm")
        sitting.shows("Every sentence is confirmed")
        sitting.click("export 1 entity")
        sitting.shows("enter exports")
        sitting.click("enter exports")
        sitting.shows("exported")
    finally:
        sitting.end()
    assert out.read_text(encoding="utf-8").split("\n")[:2] == ["Nadia B-PER", "met O"]
    session = open_session([], SessionOptions(project=str(project)))
    spans = session.document.spans(0, len(RAW))
    assert [(RAW[each.span.start : each.span.end], each.span.label) for each in spans] == [("Nadia", "PER")]
    session.close()

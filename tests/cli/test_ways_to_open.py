"""Opening: by a project, by texts, by a pipe or by nothing at all; at a terminal, whichever streams lead to it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

from ner_tui.cli import main
from ner_tui.session import SessionOptions, open_session

TEXT = "Ada Lovelace visited Turin.\n"
CONLL = "Ada B-PER\nvisited O\nTurin B-LOC\n\n"
_NER_TUI = f"'{sys.executable}' -m ner_tui"
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_LIMIT = 60.0
"""Seconds until something that has to come has come."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("t.txt").write_text(TEXT, encoding="utf-8")
    Path("t.conll").write_text(CONLL, encoding="utf-8")
    return tmp_path


def project(name: str = "annotations.ner", *paths: str) -> str:
    open_session(paths or ("t.txt",), SessionOptions(project=name)).close()
    return name


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that is refused says, which is one sentence."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (last,) = [line for line in err.splitlines() if line.startswith("ner-tui: ")]
    return last.removeprefix("ner-tui: ")


@dataclass
class Terminal:
    """A shell's command at a terminal of its own."""

    line: str
    shown: str = ""
    """All that came to the terminal, without escape sequences."""
    _raw: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Terminal:
        import fcntl
        import pty
        import struct
        import termios

        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

        def own_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGINT, signal.default_int_handler)

        self.process = subprocess.Popen(
            ["sh", "-c", self.line], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
            preexec_fn=own_terminal,
        )  # fmt: skip
        os.close(slave)
        Thread(target=self._read, daemon=True).start()
        return self

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._master, 1 << 16)
            except OSError:
                return
            self._raw.append(piece)
            self.shown = _ESCAPES.sub("", b"".join(self._raw).decode("utf-8", "replace"))

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + _LIMIT
        while not holds():
            assert time.monotonic() < end, self.shown[-2000:]
            time.sleep(0.02)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def leave(self) -> int:
        """Wait for the review screen, leave it, and return the exit code."""
        self.until(lambda: "confirmed" in self.shown or self.process.poll() is not None)
        self.press("q")
        return self.process.wait(_LIMIT)

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)


at_a_terminal = pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal is Unix's")


@at_a_terminal
@pytest.mark.parametrize(
    "line",
    [
        "{ner_tui}",
        "{ner_tui} review",
        "{ner_tui} review annotations.ner",
        "{ner_tui} review t.txt",
        "{ner_tui} review 2>log",
        "{ner_tui} review 2>&-",
        "{ner_tui} review </dev/null",
        "{ner_tui} review <&-",
        "{ner_tui} review <&- 2>&-",
        "cat t.txt | {ner_tui} review - --project piped.ner",
        "cat t.txt | {ner_tui} review - --project piped.ner 2>log",
        "gzip -c t.txt | {ner_tui} review - --project piped.ner --compression gz",
    ],
)
def test_review_draws_and_takes_keys_however_it_is_opened(line: str) -> None:
    project()
    with Terminal(line.format(ner_tui=_NER_TUI)) as terminal:
        terminal.until(lambda: "Turin" in terminal.shown)
        assert terminal.leave() == 0
    assert not [name for name in names() if name.endswith(("-wal", "-shm", "-lock"))]
    if "2>log" in line:
        assert Path("log").read_text(encoding="utf-8").startswith("saved in ")

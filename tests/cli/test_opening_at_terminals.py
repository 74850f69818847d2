"""Opening at a terminal, whichever streams lead to it."""

from __future__ import annotations

import json
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
from opened import names, project, write_texts


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_texts()
    return tmp_path


_NER_TUI = f"'{sys.executable}' -m ner_tui"
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_LIMIT = 60.0
"""Seconds until something that has to come has come."""


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


@pytest.mark.thorough
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
    project("annotations.ner")
    with Terminal(line.format(ner_tui=_NER_TUI)) as terminal:
        terminal.until(lambda: "Turin" in terminal.shown)
        assert terminal.leave() == 0
    assert not [name for name in names() if name.endswith("-lock")]
    if "2>log" in line:
        assert Path("log").read_text(encoding="utf-8").startswith("saved in ")


@pytest.mark.thorough
@at_a_terminal
def test_what_is_typed_at_the_terminal_is_a_text_and_then_come_the_keys() -> None:
    with Terminal(f"{_NER_TUI} review -") as terminal:
        terminal.until(lambda: "Ctrl-D" in terminal.shown)
        terminal.press("Ada met Bob.\n\x04")
        assert terminal.leave() == 0
    assert "1 sentence" in terminal.shown


@at_a_terminal
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{ner_tui} review t.txt >log", "review needs a terminal to draw on, and standard output leads elsewhere"),
        ("{ner_tui} review t.txt | cat", "review needs a terminal to draw on"),
        ("{ner_tui} review t.txt >&-", "review needs a terminal to draw on"),
        ("cat t.txt | setsid -w {ner_tui} review -", "review needs a terminal to take keys from, and there is none"),
        ("{ner_tui} review no.txt >log", "no.txt does not exist"),
        ("{ner_tui} convert - -o - <&-", "stdin cannot be read"),
        ("{ner_tui} convert t.conll -o - >&-", "standard input or output is closed"),
    ],
)
def test_where_there_is_no_terminal_to_be_had_it_is_told(line: str, words: str) -> None:
    with Terminal(line.format(ner_tui=_NER_TUI)) as terminal:
        assert terminal.process.wait(_LIMIT) in (0 if "| cat" in line else 2, 2)
        terminal.until(lambda: words in terminal.shown)
    assert set(names()) <= {"t.conll", "t.txt", "log"}


@pytest.mark.skipif(os.name == "nt", reason="streams are closed the way of Unix's shells")
def test_a_command_without_streams_writes_its_file_and_nothing_else_into_it() -> None:
    line = f"{_NER_TUI} convert t.conll --to jsonl -o out.jsonl <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", line], check=False).returncode == 0
    (record,) = Path("out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(record)["text"] == "Ada visited Turin"

"""A cluster of this machine: its workers do the parts, also where one is killed at its work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.memory import family
from ner_tui.cli import main
from ner_tui.session.parts import joining, planning

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'ner-tui[ray]'"),
    pytest.mark.thorough,
    # Its processes give each other up after fifteen seconds.
    pytest.mark.skipif(os.getloadavg()[0] > 4 * (os.cpu_count() or 1), reason="the machine is too busy to start Ray"),
]
WORDS = "Ada met Bob in New York City . He 's in London with 7 people of Łódź".split()


COMMAND = ["predict", "a.conll", "--model", "none", "--patterns", "names.jsonl"]
WITH_SMALL_PARTS = """
import sys
from ner_tui.cli import main
from ner_tui.session.parts import planning
planning.SMALLEST = 20_000
sys.exit(main(sys.argv[1:]))
"""


def labelled_here(folder: Path, monkeypatch: pytest.MonkeyPatch, words: int) -> bytes:
    """Make a text, to be cut into small parts, and return what one run writes."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(planning, "SMALLEST", 20_000)
    Path("names.jsonl").write_text(json.dumps({"label": "PER", "pattern": "Ada"}))
    lines = [f"{WORDS[at * at % len(WORDS)]}{at % 70}\tO\n" + "\n" * (at % 9 == 0) for at in range(words)]
    Path("a.conll").write_text("Ada\tB-PER\n\n" + "".join(lines), encoding="utf-8")
    assert main([*COMMAND, "-o", "plain.conll"]) == 0
    return Path("plain.conll").read_bytes()


def processes(below: int, name: bytes) -> Iterator[int]:
    for pid in family(below)[1:]:
        with suppress(OSError):
            if name in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield pid


def done() -> dict[Path, int]:
    """The parts that are done, and when each was, in nanoseconds."""
    found = {mark: mark.with_suffix(".part") for mark in Path("ray.conll.parts").glob("?????.json")}
    return {mark: mark.stat().st_mtime_ns for mark, text in found.items() if text.exists()}


def test_what_workers_write_is_what_one_run_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where one is killed as soon as a part is done."""
    plain = labelled_here(tmp_path, monkeypatch, 60_000)
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 120
        while not killed and time.monotonic() < deadline:
            time.sleep(0.05)
            if list(Path("ray.conll.parts").glob("*.json")):
                for pid in list(processes(os.getpid(), b"MapWorker"))[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    assert main([*COMMAND, "-o", "ray.conll", "--ray", "auto"]) == 0
    killer.join()
    assert Path("ray.conll").read_bytes() == plain
    assert killed
    assert capsys.readouterr().out == ""


def test_what_is_done_when_a_raylet_or_the_command_is_killed_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = labelled_here(tmp_path, monkeypatch, 120_000)
    command = [*COMMAND, "-o", "ray.conll", "--ray", "local"]
    kept: dict[Path, int] = {}
    for killed in ("raylet", "command"):
        with Path("told").open("w+", encoding="utf-8") as told:
            running = subprocess.Popen([sys.executable, "-c", WITH_SMALL_PARTS, *command], stderr=told)
            deadline = time.monotonic() + 120
            while len(done()) <= len(kept) and time.monotonic() < deadline:
                time.sleep(0.02)
            pid = running.pid if killed == "command" else next(processes(running.pid, b"/raylet\0"))
            os.kill(pid, signal.SIGKILL)
            assert running.wait(120) == (-signal.SIGKILL if killed == "command" else 2)
            told.seek(0)
            assert killed == "command" or "(raylet) was killed, or ended: the same command goes on" in told.read()
        assert set(kept) < set(done()), "it was at work"
        kept = done()
    assert len(kept) < 30, "and not at its end"
    monkeypatch.setattr(joining, "forget", lambda folders: None)
    assert main(command) == 0
    assert Path("ray.conll").read_bytes() == plain
    assert kept.items() <= done().items()

"""A cluster of this machine: its workers do the parts, also where one is killed at its work."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.memory import family
from ner_tui.cli import main
from ner_tui.session.parts import planning

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'ner-tui[ray]'"),
    pytest.mark.thorough,
    # Its processes give each other up after fifteen seconds.
    pytest.mark.skipif(os.getloadavg()[0] > 4 * (os.cpu_count() or 1), reason="the machine is too busy to start Ray"),
]
WORDS = "Ada met Bob in New York City . He 's in London with 7 people of Łódź".split()


def workers() -> Iterator[int]:
    for pid in family(os.getpid())[1:]:
        with suppress(OSError):
            if b"MapWorker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield pid


def test_what_workers_write_is_what_one_run_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where one is killed as soon as a part is done."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(planning, "SMALLEST", 20_000)
    Path("names.jsonl").write_text(json.dumps({"label": "PER", "pattern": "Ada"}))
    lines = [f"{WORDS[at * at % len(WORDS)]}{at % 70}\tO\n" + "\n" * (at % 9 == 0) for at in range(60_000)]
    Path("a.conll").write_text("Ada\tB-PER\n\n" + "".join(lines), encoding="utf-8")
    command = ["predict", "a.conll", "--model", "none", "--patterns", "names.jsonl"]
    assert main([*command, "-o", "plain.conll"]) == 0
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 120
        while not killed and time.monotonic() < deadline:
            time.sleep(0.05)
            if list(Path("ray.conll.parts").glob("*.json")):
                for pid in list(workers())[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    assert main([*command, "-o", "ray.conll", "--ray", "auto"]) == 0
    killer.join()
    assert Path("ray.conll").read_bytes() == Path("plain.conll").read_bytes()
    assert killed
    assert capsys.readouterr().out == ""

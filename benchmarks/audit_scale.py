"""What an audit of very many sentences takes, beside predicting them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.memory import Command
from benchmarks.scale import draw
from benchmarks.speed import Row

SLOWER, MEMORY = 1.3, 400.0
"""Limits: times what predicting takes, and megabytes."""
STRANGE = "crossner-"
"""Sets with labels of their own: a file with all of them would be judged out of fold."""


def rows(data: Path, sentences: int, model: str) -> Iterator[Row]:
    """Predict so many sentences, audit them, and yield a row for the time and one for the memory.

    Time is that of processors, start included: it is the same on a machine that has other things to do.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pool, file = folder / "pool", folder / "gold.conll"
        pool.mkdir()
        for path in data.glob("*.conll"):
            if not path.name.startswith(STRANGE):
                (pool / path.name).symlink_to(path.resolve())
        draw(pool, file, sentences)
        options = ["-o", str(folder / "out"), *(["--model", model] if model else [])]
        predicting, _ = _took(["predict", str(file), *options])
        auditing, most = _took(["audit", str(file), *options])
        what = f"{sentences:,} sentences"
        yield Row(f"audit of {what}", "s", auditing, predicting, SLOWER, peer_name="predicting them")
        yield Row(f"memory of an audit of {what}", "MB", most, MEMORY, 1)


def _took(arguments: list[str]) -> tuple[float, float]:
    """Return how many seconds and megabytes a command takes."""
    # An audit that finds something ends with 1.
    command = Command(arguments, fine=(0, 1))
    while command.runs():
        pass
    return command.seconds(), command.most

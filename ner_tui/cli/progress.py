"""A progress bar on standard error, for work that turns out to take long."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

DELAY = 2.0
"""Seconds of silence before the bar is worth drawing, and rich worth importing."""


class ProgressBar(AbstractContextManager["ProgressBar"]):
    """Counts work done against a total; draws itself on a terminal after ``DELAY`` seconds."""

    def __init__(self, total: float) -> None:
        self._total = total
        self._done = 0.0
        self._begun = monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def advance(self, amount: float) -> None:
        """Take note of work done, in the unit of the total."""
        self._done += amount
        if self._bar is None:
            if monotonic() - self._begun < DELAY or not sys.stderr.isatty():
                return
            self._draw()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

        self._bar = Progress(
            "predicting", BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=Console(stderr=True)
        )
        self._task = self._bar.add_task("", total=self._total)
        self._bar.start()

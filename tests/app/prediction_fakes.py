"""What stands in for a screen, its timers and a prediction's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Timer:
    stopped = False

    def stop(self) -> None:
        self.stopped = True


class Host:
    """A screen without a screen."""

    def __init__(self) -> None:
        self.timer = Timer()
        self.watch: Callable[[], None] = lambda: None

    def post_message(self, message: object) -> bool:
        return True

    def set_interval(self, interval: float, callback: Callable[[], None]) -> Any:
        self.watch, self.timer = callback, Timer()
        return self.timer


class Job:
    """What runs in place of a thread."""

    silent = 0.0
    given_up = stopped = False

    def __init__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass

    def stop(self) -> None:
        self.stopped = True

    def give_up(self) -> None:
        self.given_up = True

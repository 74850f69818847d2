"""Background: a forecast in a thread of its own, which never holds up the screen or the way out.

The thread is a daemon rather than a Textual worker: those run in asyncio's executor, which is joined at exit, and a
model that hangs inside its runtime would keep the terminal from coming back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from textual.message import Message

from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from ner_tui.session import BlockResult, Forecast, ModelReady

PATIENCE = 0.5
"""Seconds that leaving waits for the thread, so that a model which can be stopped is stopped tidily."""


class Predicted(Message):
    """The model is ready, or a block of sentences has its suggestions."""

    def __init__(self, item: ModelReady | BlockResult) -> None:
        super().__init__()
        self.item = item


class PredictionEnded(Message):
    """Nothing more will come."""

    def __init__(self, error: str) -> None:
        super().__init__()
        self.error = error
        """Why it ended early, in one sentence; empty if all is predicted."""


class Background:
    """Runs one forecast and posts what it yields."""

    def __init__(self, forecast: Forecast, post: Callable[[Message], object]) -> None:
        self._forecast = forecast
        self._post = post
        self._cancelled = Event()
        self._thread = Thread(target=self._run, name="forecast", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and wait a moment until it has."""
        self._cancelled.set()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        error = ""
        try:
            for item in self._forecast.run(self._cancelled.is_set):
                if self._cancelled.is_set():
                    return
                self._send(Predicted(item))
        except NerTuiError as refused:
            error = str(refused)
        except Exception as broken:
            # A bug in a model's code must not take the sitting along: it is said, and the person goes on.
            error = f"the model failed: {type(broken).__name__}: {broken}"
        if not self._cancelled.is_set():
            self._send(PredictionEnded(error))

    def _send(self, message: Message) -> None:
        # The event loop may close between the check and the call.
        with suppress(RuntimeError):
            self._post(message)

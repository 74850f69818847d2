"""Background: a forecast or an export in a thread of its own, which never holds up the screen or the way out.

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
    from ner_tui.session import BlockResult, Export, ExportProgress, ExportReport, Forecast, ModelReady
    from ner_tui.session.asking import Answer, Asking
    from ner_tui.session.saving import Save

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


class Exporting(Message):
    """An export has come so far."""

    def __init__(self, progress: ExportProgress) -> None:
        super().__init__()
        self.progress = progress


class ExportEnded(Message):
    """An export is over."""

    def __init__(self, report: ExportReport | None, error: str) -> None:
        super().__init__()
        self.report = report
        """What was written; None if it was stopped or failed: the file is as it was."""
        self.error = error
        """Why it failed, in one sentence, or empty."""


class Answered(Message):
    """The model was asked about a place."""

    def __init__(self, answer: Answer | None, error: str) -> None:
        super().__init__()
        self.answer = answer
        self.error = error
        """Why there is no answer, in one sentence, or empty."""


class Job:
    """Work in a thread of its own, which posts messages."""

    def __init__(self, name: str, post: Callable[[Message], object]) -> None:
        """Prepare a job.

        Args:
            name: of the thread.
            post: takes a message from any thread.
        """
        self._post = post
        self._cancelled = Event()
        self._thread = Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to end."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to end."""
        self._cancelled.set()

    def stop(self) -> None:
        """Ask it to end, and wait a moment until it has."""
        self.cancel()
        self._thread.join(PATIENCE)

    def run(self) -> None:
        """Do the work; called in the thread."""
        raise NotImplementedError

    def send(self, message: Message) -> None:
        """Post a message."""
        # The event loop may close between the check and the call.
        with suppress(RuntimeError):
            self._post(message)


class Background(Job):
    """Runs one forecast and posts what it yields."""

    def __init__(self, forecast: Forecast, post: Callable[[Message], object]) -> None:
        super().__init__("forecast", post)
        self._forecast = forecast

    def run(self) -> None:
        """Predict."""
        error = ""
        try:
            for item in self._forecast.run(self._cancelled.is_set):
                if self._cancelled.is_set():
                    return
                self.send(Predicted(item))
        except NerTuiError as refused:
            error = str(refused)
        except Exception as broken:
            # A bug in a model's code must not take the sitting along: it is said, and the person goes on.
            error = f"the model failed: {type(broken).__name__}: {broken}"
        if not self._cancelled.is_set():
            self.send(PredictionEnded(error))


class ExportJob(Job):
    """Runs one export and posts how far it is and what came of it, also when it was cancelled."""

    def __init__(self, export: Export | Save, post: Callable[[Message], object]) -> None:
        super().__init__("export", post)
        self._export = export

    def run(self) -> None:
        """Export."""
        report, error = None, ""
        try:
            report = self._export.run(lambda progress: self.send(Exporting(progress)), self._cancelled.is_set)
        except NerTuiError as refused:
            error = str(refused)
        except Exception as broken:
            error = f"nothing was written: {type(broken).__name__}: {broken}"
        self.send(ExportEnded(report, error))


class AskJob(Job):
    """Asks the model about a place and posts the answer."""

    def __init__(self, asking: Asking, post: Callable[[Message], object]) -> None:
        super().__init__("ask", post)
        self._asking = asking

    def run(self) -> None:
        """Ask."""
        answer, error = None, ""
        try:
            answer = self._asking.run()
        except NerTuiError as refused:
            error = str(refused)
        except Exception as broken:
            error = f"the model failed: {type(broken).__name__}: {broken}"
        if not self.cancelled:
            self.send(Answered(answer, error))

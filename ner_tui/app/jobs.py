"""A prediction, an import or an export in a thread of its own, which never holds up the screen or the way out.

The thread is a daemon rather than a Textual worker: those run in asyncio's executor, which is joined at exit, and a
model that hangs inside its runtime would keep the terminal from coming back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from ner_tui.errors import NerTuiError, ProjectWriteError

if TYPE_CHECKING:
    from ner_tui.session import BlockResult, Export, ExportProgress, ExportReport, ModelReady, ProjectPrediction
    from ner_tui.session.model_questions import Answer, ModelQuestion
    from ner_tui.session.transfer.indexing import FileIndexing, IndexedPart
    from ner_tui.session.transfer.saving import Save

_log = logging.getLogger(__name__)
TIME_LIMIT = 0.5
"""Seconds that leaving waits for the thread, so that a model which can be stopped is stopped tidily."""


class Predicted(Message):
    """The model is ready, or a block of sentences has its suggestions."""

    def __init__(self, item: ModelReady | BlockResult) -> None:
        super().__init__()
        self.item = item


class PredictionEnded(Message):
    """Nothing more will come."""

    def __init__(self, error: str, *, unsaved: bool = False) -> None:
        super().__init__()
        self.error = error
        """Why it ended early, in one sentence; empty if all is predicted."""
        self.unsaved = unsaved
        """Whether that is because the disk did not take it."""


class SourceRead(Message):
    """More of a file is in the project."""

    def __init__(self, part: IndexedPart) -> None:
        super().__init__()
        self.part = part


class ImportEnded(Message):
    """No more files are read."""

    def __init__(self, error: str) -> None:
        super().__init__()
        self.error = error
        """Why it ended early, in one sentence; empty if all is read."""


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
    """Work in a thread of its own, which posts messages, in the end always one that says how it went."""

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

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Ask it to end."""
        self._cancelled.set()

    def stop(self) -> None:
        """Ask it to end, and wait a moment until it has."""
        self.cancel()
        self._thread.join(TIME_LIMIT)

    def run(self) -> None:
        """Do the work; called in the thread."""
        raise NotImplementedError

    def send(self, message: Message) -> None:
        """Post a message."""
        # The event loop may close between the check and the call.
        with suppress(RuntimeError):
            self._post(message)


class PredictionJob(Job):
    """Runs one prediction and posts what it yields."""

    def __init__(self, prediction: ProjectPrediction, post: Callable[[Message], object]) -> None:
        super().__init__("predict", post)
        self._prediction = prediction
        self._answered_at = monotonic()

    @property
    def silent(self) -> float:
        """Seconds since the model last came back; it is asked for a few sentences at a time."""
        return monotonic() - self._answered_at if self.running else 0.0

    def run(self) -> None:
        """Predict."""
        error, unsaved = "", False
        try:
            for item in self._prediction.run(self._is_over):
                if self._is_over():
                    return
                self.send(Predicted(item))
        except BaseException as broken:
            error, unsaved = _sentence(broken, "the model failed"), isinstance(broken, ProjectWriteError)
        if not self._cancelled.is_set():
            self.send(PredictionEnded(error, unsaved=unsaved))

    def give_up(self) -> None:
        """Have it end without a word, whether the model listens or not; what it has stored stays."""
        self.cancel()
        # To end a process or threads takes a moment, which may not be the screen's.
        Thread(target=self._let_go, name="letting go", daemon=True).start()

    def stop(self) -> None:
        """Ask it to end, and end what does not in a moment."""
        super().stop()
        if self.running:
            self._let_go()

    def _let_go(self) -> None:
        # Nobody wants anything of it any more, so what goes wrong with it is of no interest.
        with suppress(Exception):
            self._prediction.let_go()

    def _is_over(self) -> bool:
        """Whether to end; the prediction asks between any two things that it does."""
        self._answered_at = monotonic()
        return self._cancelled.is_set()


class ImportJob(Job):
    """Follows the process that reads files and posts how far it is."""

    def __init__(self, indexing: FileIndexing, post: Callable[[Message], object]) -> None:
        super().__init__("reading", post)
        self._indexing = indexing

    def run(self) -> None:
        """Follow it to its end."""
        error = ""
        try:
            for part in self._indexing.run(lambda: self.cancelled):
                if self.cancelled:
                    return
                self.send(SourceRead(part))
        except BaseException as broken:
            error = _sentence(broken, "the rest of the files was not read")
        if not self.cancelled:
            self.send(ImportEnded(error))


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
        except BaseException as broken:
            error = _sentence(broken, "nothing was written")
        self.send(ExportEnded(report, error))


class AskJob(Job):
    """Asks the model about a place and posts the answer."""

    def __init__(self, asking: ModelQuestion, post: Callable[[Message], object]) -> None:
        super().__init__("ask", post)
        self._asking = asking

    def run(self) -> None:
        """Ask."""
        answer, error = None, ""
        try:
            answer = self._asking.run()
        except BaseException as broken:
            error = _sentence(broken, "the model failed")
        if not self.cancelled:
            self.send(Answered(answer, error))


def _sentence(broken: BaseException, what: str) -> str:
    """Return what to say of what ended a thread; nothing may end one without a word, whatever its class."""
    _log.info("the end of a thread: %s", what, exc_info=broken)
    if isinstance(broken, NerTuiError):
        return str(broken)
    if isinstance(broken, MemoryError):
        return f"{what}: out of memory"
    words = " ".join(str(broken).split())
    return f"{what}: {type(broken).__name__}{f': {words}' if words else ''}"

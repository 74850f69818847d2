"""A prediction, an import or an export in a thread of its own, which never holds up the screen or the way out.

The thread is a daemon rather than a Textual worker: those run in asyncio's executor, which is joined at exit, and a
model that hangs inside its runtime would keep the terminal from coming back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING
from weakref import WeakSet

from textual.message import Message

from ner_tui.errors import NerTuiError, ProjectWriteError

if TYPE_CHECKING:
    from ner_tui.auditing.gold import Audit
    from ner_tui.session import Export, ExportProgress, ExportReport, ProjectPrediction, Session
    from ner_tui.session.model_questions import Answer, ModelQuestion
    from ner_tui.session.possible_errors import ErrorAudit
    from ner_tui.session.prediction import PredictionEvent
    from ner_tui.session.transfer.indexing import FileIndexing, IndexedPart
    from ner_tui.session.transfer.saving import Save

_log = logging.getLogger(__name__)
TIME_LIMIT = 0.5
"""Seconds that leaving waits for the thread, so that a model which can be stopped is stopped tidily."""
KEY = 0.04
"""Seconds after a key for which a prediction rests between two steps: what the key does and its drawing take less."""
LAST_WAIT = 5.0
"""Seconds that the end of all waits for threads that have not ended yet."""
_threads: WeakSet[Thread] = WeakSet()
"""Of all jobs."""


@dataclass
class Predicted(Message):
    """The model is ready, or a block of sentences has its suggestions."""

    item: PredictionEvent


@dataclass
class PredictionEnded(Message):
    """Nothing more will come."""

    error: str
    """Why it ended early, in one sentence; empty if all is predicted."""
    unsaved: bool = False
    """Whether that is because the disk did not take it."""


@dataclass
class SourceRead(Message):
    """More of a file is in the project."""

    part: IndexedPart


@dataclass
class ImportEnded(Message):
    """No more files are read."""

    error: str
    """Why it ended early, in one sentence; empty if all is read."""


@dataclass
class Exporting(Message):
    """An export has come so far."""

    progress: ExportProgress


@dataclass
class ExportEnded(Message):
    """An export is over."""

    report: ExportReport | None
    """What was written; None if it was stopped or failed: the file is as it was."""
    error: str
    """Why it failed, in one sentence, or empty."""


@dataclass
class Answered(Message):
    """The model was asked about a place."""

    answer: Answer | None
    error: str
    """Why there is no answer, in one sentence, or empty."""


@dataclass
class AuditAdvanced(Message):
    """An audit has looked at more sentences."""

    share: float
    """Of all, since the last message."""


@dataclass
class AuditEnded(Message):
    """An audit is over."""

    found: Audit | None
    """None if it failed: the project is as it was."""
    error: str
    """Why it failed, in one sentence, or empty."""


class Job:
    """Work in a thread of its own, which posts messages, in the end always one that says how it went."""

    def __init__(
        self,
        name: str,
        post: Callable[[Message], object],
        messages: Callable[[Callable[[], bool]], Iterator[Message]],
        failed: Callable[[str, BaseException], Message],
        failure: str,
    ) -> None:
        """Prepare a job.

        Args:
            messages: does the work and yields what to post, last that it is over; asks its argument whether to end.
            failed: returns what to post in place of the rest, from what to say and what was raised.
            failure: how what is said begins.
        """
        self._post = post
        self._messages = messages
        self._failed = failed
        self._failure = failure
        self._cancelled = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        _threads.add(self._thread)

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
        self._thread.join(TIME_LIMIT)

    def _run(self) -> None:
        try:
            for message in self._messages(self._cancelled.is_set):
                self.send(message)
        # Nothing may end a thread without a word, whatever its class.
        except BaseException as broken:
            _log.info("the end of a thread: %s", self._failure, exc_info=broken)
            self.send(self._failed(_sentence(broken, self._failure), broken))

    def send(self, message: Message) -> None:
        """Post a message."""
        # The event loop may close between the check and the call.
        with suppress(RuntimeError):
            self._post(message)


def wait_for_the_last() -> None:
    """Wait a moment for threads that were asked to end, when nothing is left to be drawn.

    As long as one has the project open, what is in the log beside it is not brought into its file.
    """
    until = monotonic() + LAST_WAIT
    for thread in list(_threads):
        if thread.is_alive():
            thread.join(max(0.0, until - monotonic()))


def close_at_last(session: Session | None) -> None:
    """Close a session, if there is one, when its threads have ended."""
    wait_for_the_last()
    if session is not None:
        session.close()


class SilentJob(Job):
    """A job that posts nothing any more once it was asked to end."""

    def send(self, message: Message) -> None:
        """Post a message, unless it was asked to end."""
        if not self.cancelled:
            super().send(message)


class PredictionJob(SilentJob):
    """Runs one prediction and posts what it yields."""

    def __init__(self, prediction: ProjectPrediction, post: Callable[[Message], object]) -> None:
        def ended(error: str, broken: BaseException) -> Message:
            return PredictionEnded(error, unsaved=isinstance(broken, ProjectWriteError))

        super().__init__("predict", post, self._predict, ended, "the model failed")
        self._prediction = prediction
        self._answered_at = monotonic()
        self._rests_until = 0.0

    @property
    def silent(self) -> float:
        """Seconds since the model last came back; it is asked for a few sentences at a time."""
        return monotonic() - self._answered_at if self._thread.is_alive() else 0.0

    def make_way(self) -> None:
        """Leave the next moment to what was pressed."""
        self._rests_until = monotonic() + KEY

    def give_up(self) -> None:
        """Have it end without a word, whether the model listens or not; what it has stored stays."""
        self.cancel()
        # To end a process or threads takes a moment, which may not be the screen's.
        Thread(target=self._let_go, name="letting go", daemon=True).start()

    def stop(self) -> None:
        """Ask it to end, and end what does not in a moment."""
        super().stop()
        if self._thread.is_alive():
            self._let_go()

    def _let_go(self) -> None:
        # Nobody wants anything of it any more, so what goes wrong with it is of no interest.
        with suppress(Exception):
            self._prediction.let_go()

    def _predict(self, is_over: Callable[[], bool]) -> Iterator[Message]:
        def asked() -> bool:
            # The prediction asks between any two things that it does.
            self._answered_at = monotonic()
            # Once: it goes on step by step while a key is held down.
            sleep(max(0.0, self._rests_until - monotonic()))
            return is_over()

        for item in self._prediction.run(asked):
            if asked():
                return
            yield Predicted(item)
        yield PredictionEnded("")


def import_job(indexing: FileIndexing, post: Callable[[Message], object]) -> Job:
    """Return a job that follows the process that reads files."""

    def messages(is_over: Callable[[], bool]) -> Iterator[Message]:
        for part in indexing.run(is_over):
            if is_over():
                return
            yield SourceRead(part)
        yield ImportEnded("")

    failure = "the rest of the files was not read"
    return SilentJob("reading", post, messages, lambda error, _: ImportEnded(error), failure)


def export_job(export: Export | Save, post: Callable[[Message], object]) -> Job:
    """Return a job that runs one export; it posts what came of it also when it was cancelled."""

    def messages(is_over: Callable[[], bool]) -> Iterator[Message]:
        yield ExportEnded(export.run(lambda progress: job.send(Exporting(progress)), is_over), "")

    job = Job("export", post, messages, lambda error, _: ExportEnded(None, error), "nothing was written")
    return job


def audit_job(audit: ErrorAudit, post: Callable[[Message], object]) -> Job:
    """Return a job that looks for errors in a project's labels."""

    def messages(is_over: Callable[[], bool]) -> Iterator[Message]:
        yield AuditEnded(audit.run(lambda share: job.send(AuditAdvanced(share)), is_over), "")

    job = SilentJob("audit", post, messages, lambda error, _: AuditEnded(None, error), "the audit failed")
    return job


def question_job(asking: ModelQuestion, post: Callable[[Message], object]) -> Job:
    """Return a job that asks the model about a place."""

    def messages(is_over: Callable[[], bool]) -> Iterator[Message]:
        yield Answered(asking.run(), "")

    return SilentJob("ask", post, messages, lambda error, _: Answered(None, error), "the model failed")


def _sentence(broken: BaseException, what: str) -> str:
    """Return what to say of what ended a thread."""
    if isinstance(broken, NerTuiError):
        return str(broken)
    if isinstance(broken, MemoryError):
        return f"{what}: out of memory"
    words = " ".join(str(broken).split())
    return f"{what}: {type(broken).__name__}{f': {words}' if words else ''}"

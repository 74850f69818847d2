"""The import beside the work of the person: what is read of large files while they work on the beginnings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ner_tui.app.jobs import Job, import_job
from ner_tui.app.messages import Messages, Topic
from ner_tui.app.widgets.document_list import short

if TYPE_CHECKING:
    from textual.message import Message

    from ner_tui.session import Session
    from ner_tui.session.transfer.indexing import IndexedPart


class ImportProgress:
    """Follows the reading of what is left of a session's files."""

    def __init__(self, session: Session, messages: Messages) -> None:
        self._session = session
        self._messages = messages
        self._job: Job | None = None
        self.reading: str | None = None
        """The file that is read; empty before the first part of it is in the project, None if none is read."""

    def start(self, post: Callable[[Message], object]) -> None:
        """Read on in the files that are not in the project whole, if there are any; ``post`` takes what comes of it."""
        indexing = self._session.indexing()
        if indexing is not None:
            self.reading = ""
            self._job = import_job(indexing, post)
            self._job.start()

    def stop(self) -> None:
        """Leave the rest for another session."""
        if self._job is not None:
            self._job.stop()

    def advance(self, part: IndexedPart) -> None:
        """Take note of how far a file is, and show the notice on it."""
        self.reading = None if part.ended else part.path
        if part.failed:
            self._messages.keep(Topic.IMPORT, part.notice, part.path)
        elif part.notice:
            self._messages.tell(part.notice)

    def end(self, error: str) -> None:
        """Take note that no more is read, because of ``error`` if that is not empty."""
        self.reading = None
        if error:
            self._messages.keep(Topic.IMPORT, error)
        else:
            self._messages.withdraw(Topic.IMPORT)

    @property
    def words(self) -> str:
        """What is read, for the top line; empty where nothing is."""
        return "" if self.reading is None else f"reading {short(self.reading)}".rstrip()

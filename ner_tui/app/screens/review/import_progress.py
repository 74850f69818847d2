"""Growing: what is read of large files while the person works on their beginnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from ner_tui.app.jobs import Job
from ner_tui.app.screens.review.prediction import PredictionKeys
from ner_tui.app.widgets.document_list import short
from ner_tui.errors import NerTuiError

if TYPE_CHECKING:
    from ner_tui.session.transfer.indexing import FileIndexing, IndexedPart


class SourceRead(Message):
    """More of a file is in the project."""

    def __init__(self, indexed: IndexedPart) -> None:
        super().__init__()
        self.indexed = indexed


class ReadingEnded(Message):
    """No more files are read."""

    def __init__(self, error: str) -> None:
        super().__init__()
        self.error = error
        """Why it ended early, in one sentence; empty if all is read."""


class ReadingJob(Job):
    """Listens to the process that reads, and posts what it tells."""

    def __init__(self, indexing: FileIndexing, post: object) -> None:
        super().__init__("reading", post)  # type: ignore[arg-type]
        self._indexing = indexing

    def run(self) -> None:
        """Listen."""
        error = ""
        try:
            for indexed in self._indexing.run(lambda: self.cancelled):
                if self.cancelled:
                    return
                self.send(SourceRead(indexed))
        except NerTuiError as refused:
            error = str(refused)
        except Exception as broken:
            error = f"the rest of the files was not read: {type(broken).__name__}: {broken}"
        if not self.cancelled:
            self.send(ReadingEnded(error))


class ImportProgress(PredictionKeys):
    """The documents as they become more and longer."""

    _reading: ReadingJob | None = None

    def start_reading(self) -> None:
        """Read on in the files that are not in the project whole, if there are any."""
        indexing = self.session.indexing()
        if indexing is not None:
            self.reading = "reading"
            self._reading = ReadingJob(indexing, self.post_message)
            self._reading.start()

    def stop_reading(self) -> None:
        """Leave the rest for another session."""
        if self._reading is not None:
            self._reading.stop()

    @on(SourceRead)
    def _read(self, message: SourceRead) -> None:
        indexed = message.indexed
        self.reading = "" if indexed.ended else f"reading {short(indexed.path)}"
        if indexed.failed:
            self.keep_telling(f"reading {indexed.path}", indexed.notice)
        elif indexed.notice:
            self.tell(indexed.notice)
        if indexed.ended:
            self._all_there()
        self.recount_soon(self.session.document.id)

    @on(ReadingEnded)
    def _reading_ended(self, message: ReadingEnded) -> None:
        self.reading = ""
        self.keep_telling("reading", message.error)
        self._all_there()

    def _all_there(self) -> None:
        self.documents.show(self.session.document_ids(), self.session.row, self.session.document.id)
        self.view.use_labels(self.session.labels)
        self.recount(self.session.document.id)
        if self.model == "all predicted":
            self.start_predicting()

"""Projects: what is decided in them read, and changed by the edits that keys make."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.api.advice import advised
from ner_tui.api.documents import Document, collected
from ner_tui.domain.spans import snap
from ner_tui.errors import EditRefused, InputError
from ner_tui.session.opening import SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions
from ner_tui.session.transfer.exporting import WriteRequest, write_project
from ner_tui.session.transfer.project_stream import ExportReport, annotated
from ner_tui.store.project import Project

if TYPE_CHECKING:
    from types import TracebackType

    from ner_tui.session.corrections import Corrections
    from ner_tui.session.edit_result import EditResult
    from ner_tui.session.session import Session


def open_project(
    path: str | os.PathLike[str],
    texts: str | Sequence[str] = (),
    *,
    labels: Sequence[str] = (),
    annotator: str | None = None,
    read_only: bool = False,
    ignore_tags: bool = False,
    encoding: str | None = None,
) -> AnnotationProject:
    """Open a project, or make one of texts.

    Only one session at a time changes a project; others open it ``read_only``.

    Args:
        path: of the project file.
        texts: files or folders of them that are added, if they are not in it.
        labels: the project's label set; none: what is kept, and met in the files.
        annotator: who decides; None: the login name.
        read_only: look at it, whoever has it open, and change nothing.
        ignore_tags: add the words of the files alone.
        encoding: of the files; None for UTF-8.

    Raises:
        InputError: a file cannot be read, or the project does not exist and no texts are given.
        ProjectError: the project cannot be used, or another session has it open.
    """
    from ner_tui.domain.labels import LabelSet

    if not texts and not Path(path).exists():
        raise InputError(f"{os.fspath(path)} does not exist: give texts to make it")
    options = SessionOptions(
        os.fspath(path),
        add=Path(path).exists() and bool(texts),
        labels=LabelSet.of(labels),
        annotator=annotator,
        read_only=read_only,
        read=ReadOptions(None, encoding, ignore_tags),
    )
    with advised(
        ("labels", "encoding", "ignore_tags"), "ner_tui.read takes that, and ner_tui.write makes a file of it"
    ):
        session = open_session([texts] if isinstance(texts, str) else [os.fspath(text) for text in texts], options)
    indexing = session.indexing()
    if indexing is not None:
        for _ in indexing.run(lambda: False):
            pass
    return AnnotationProject(session)


class AnnotationProject:
    """An open project. Every edit is on disk when its method returns; as a context manager it is closed at the end.

    Offsets are code points of a document's text. A method that changes something raises ``EditRefused`` with the reason
    where that makes no sense, and nothing is changed then. Not for use by two threads.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._path = Path(session.project_path)

    def __enter__(self) -> AnnotationProject:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ner_tui project {self._path}>"

    def close(self) -> None:
        """Close it, so that others can change it."""
        self._session.close()

    @property
    def notices(self) -> list[str]:
        """What opening it had to say."""
        return self._session.notices

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its labels, in order."""
        return self._session.labels.names

    @property
    def names(self) -> list[str]:
        """The names of its documents, in order; a document is told by its number there, or by its name."""
        return [row.name for row in self._session.rows()]

    def documents(self, *, only_confirmed: bool = False, suggestions: bool = True) -> Iterator[Document]:
        """Yield all documents with what is decided and suggested, flags and notes, as they are when this is begun.

        Args:
            only_confirmed: leave out the sentences that nobody has confirmed; offsets stay those of the whole text.
            suggestions: give open suggestions, too.

        Raises:
            InputError: a file is not read to its end yet.
        """
        # A connection of its own: edits between two documents change nothing of what is being read.
        project = Project.open(self._path, read_only=True)
        try:
            with project.snapshot():
                report = ExportReport()
                yield from collected(
                    annotated(project, report, only_confirmed=only_confirmed, with_suggestions=suggestions)
                )
        finally:
            project.close()

    def document(self, document: int | str = 0) -> Document:
        """Return one document.

        Raises:
            InputError: there is none of this number or name.
        """
        project = Project.open(self._path, read_only=True)
        try:
            head = project.content.document(self._id(document))
            (found,) = collected(annotated(project, ExportReport(), with_suggestions=True, documents=[head]))
            return found
        finally:
            project.close()

    def label(self, start: int, end: int, label: str, *, document: int | str = 0) -> None:
        """Decide that ``[start, end)``, whole tokens, is a ``label``; what it is laid over is trimmed or removed."""
        corrections = self._at(document)
        tokens = self._session.document.sentence_at(start).tokens
        if end > start and tokens and end > tokens[-1].end:
            tokens = (*tokens, *self._session.document.sentence_at(end - 1).tokens)
        whole = snap(start, end, tokens)
        if whole != (start, end):
            instead = f", as [{whole[0]}, {whole[1]}) does" if whole else ""
            raise EditRefused(f"[{start}, {end}) does not begin and end with a token{instead}")
        self._done(lambda: corrections.label(start, end, label, cursor=start))

    def relabel(self, offset: int, label: str, *, document: int | str = 0) -> None:
        """Give the span at ``offset`` another label."""
        corrections = self._at(document)
        self._done(lambda: corrections.relabel(offset, label))

    def accept(self, offset: int, *, document: int | str = 0) -> None:
        """Decide the suggestion at ``offset``."""
        corrections = self._at(document)
        self._done(lambda: corrections.accept(offset))

    def remove(self, offset: int, *, document: int | str = 0) -> None:
        """Reject the suggestion at ``offset``, or else delete the decision there."""
        corrections = self._at(document)
        self._done(lambda: corrections.remove(offset))

    def confirm(self, offset: int, *, document: int | str = 0) -> int:
        """Accept what is suggested in the sentence at ``offset`` and confirm it; return how many doubtful are left."""
        corrections = self._at(document)
        return len(self._done(lambda: corrections.confirm(offset)).left)

    def flag(self, offset: int, *, document: int | str = 0) -> None:
        """Flag the sentence at ``offset``, or take its flag off."""
        corrections = self._at(document)
        self._done(lambda: corrections.flag(offset))

    def note(self, start: int, end: int, text: str, *, document: int | str = 0) -> None:
        """Put a note on ``[start, end)``; empty text takes it away."""
        corrections = self._at(document)
        self._done(lambda: corrections.note(start, end, text, cursor=start))

    def undo(self) -> bool:
        """Take back the last change of anybody; False if there is none left."""
        return self._require_writable().undo() is not None

    def redo(self) -> bool:
        """Do again what was taken back last; False if there is none."""
        return self._require_writable().redo() is not None

    def export(
        self,
        path: str | os.PathLike[str],
        fmt: str | None = None,
        *,
        scheme: str | None = None,
        only_confirmed: bool = False,
        with_suggestions: bool = False,
    ) -> ExportReport:
        """Write it to a file, or into a folder (``out/``), as ``ner-tui export`` does; return what was written.

        Raises:
            InputError: it cannot be written.
        """
        request = WriteRequest(fmt, scheme, only_confirmed=only_confirmed, with_suggestions=with_suggestions)
        project = Project.open(self._path, read_only=True)
        try:
            with advised(("fmt", "scheme")), project.snapshot():
                return write_project(project, os.fspath(path), request)
        finally:
            project.close()

    def _id(self, document: int | str) -> int:
        ids = self._session.document_ids()
        if isinstance(document, str):
            places = [at for at, name in enumerate(self.names) if document in (name, Path(name).name)]
            if len(places) != 1:
                told = "no document is" if not places else f"{len(places)} documents are"
                raise InputError(f"{told} called {document!r}: give its number")
            return ids[places[0]]
        if not 0 <= document < len(ids):
            raise InputError(f"there is no document {document}: there are {len(ids)}, counted from 0")
        return ids[document]

    def _require_writable(self) -> Corrections:
        if self._session.read_only:
            raise EditRefused("the project is open read-only")
        return self._session.corrections

    def _at(self, document: int | str) -> Corrections:
        corrections, identifier = self._require_writable(), self._id(document)
        if self._session.document.id != identifier:
            self._session.open(identifier)
        return corrections

    def _done(self, edit: Callable[[], EditResult]) -> EditResult:
        """Make an edit that is on disk when this returns.

        Raises:
            EditRefused: it makes no sense, or would join two sentences.
            ProjectError: the disk does not take it.
        """
        from ner_tui.domain.annotation.verbs import NeedsJoin
        from ner_tui.errors import ProjectWriteError

        try:
            done = edit()
        except NeedsJoin as error:
            raise EditRefused("it would join two sentences") from error
        if self._session.unsaved:
            raise ProjectWriteError(f"{self._path}: not saved: {self._session.unsaved_because}")
        return done

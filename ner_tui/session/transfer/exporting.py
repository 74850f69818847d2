"""A project exported: as the stream of sentences that writers take, into a file, a folder or to standard output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from ner_tui.domain.document import Sentence
from ner_tui.domain.stream import StreamItem
from ner_tui.formats import BY_SENTENCE, FORMATS, WRITERS, WriteOptions, format_of_name, misnamed
from ner_tui.formats.files.compression import suffix_of
from ner_tui.formats.files.folders import FolderFiles, filled_folder, is_folder
from ner_tui.formats.files.replacing import versions_told
from ner_tui.formats.losses import without_losses
from ner_tui.formats.rewriting import is_records
from ner_tui.session.transfer.corrected import has_tags, write_corrected
from ner_tui.session.transfer.outputs import file_names, refuse_sources, without_file, write_documents, write_items
from ner_tui.session.transfer.project_stream import ExportReport, annotated, go_on, require_read, without_empty
from ner_tui.store.content import NewSource, StoredDocument
from ner_tui.store.project import ANNOTATOR, Project

_REPORT_EVERY = 0.1
"""Seconds between two reports on how far an export is."""


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """A format that a project can be written in."""

    name: str
    choice: str
    """What it is, in a few words."""
    extension: str
    """The suffix of its files, such as ``.conll``."""

    def is_misnamed(self, path: str) -> bool:
        """Whether a file of this format would have the name of another format's files."""
        return bool(misnamed(self.name, path))


def output_formats() -> Iterator[OutputFormat]:
    """Yield the formats that a project can be written in, the plainest first."""
    for name in (*BY_SENTENCE, *(name for name in reversed(WRITERS) if name not in BY_SENTENCE)):
        yield OutputFormat(name, FORMATS[name].choice, FORMATS[name].extension)


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What is to be written of a project."""

    fmt: str | None = None
    """None: files that were opened with tags come back as they were, with what was corrected in them; all else, and
    several files in one, is ``conll``."""
    scheme: str | None = None
    """None: what the source files use, if they agree, or else IOB2."""
    separator: str | None = None
    """Between columns; None: a space, or what stands in a file that comes back as it was."""
    only_confirmed: bool = False
    """Leave out the sentences that nobody has confirmed."""
    with_suggestions: bool = False
    """Write open suggestions like decisions."""

    def keeps(self, stored: NewSource) -> bool:
        """Whether a file of the project is to come back as it was, with other tags."""
        own = is_records(stored.format) or stored.format in ("conllu", "csv", "parquet", "spacy")
        same = self.fmt is None or (self.fmt == stored.format and own)
        return same and not (self.scheme or self.separator or self.only_confirmed) and has_tags(stored)


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is, in words of the project."""

    done_words: int
    total_words: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.done_words / max(self.total_words, 1)


class ExportStopped(Exception):
    """Nobody wants the file any more."""


class ProgressReports:
    """Reports how far an export is, a few times a second, and ends it if it is cancelled."""

    def __init__(
        self, total_words: int, report: Callable[[ExportProgress], None], cancelled: Callable[[], bool]
    ) -> None:
        self._done = 0
        self._total = total_words
        self._report = report
        self._cancelled = cancelled
        self._reported = 0.0

    def step(self, sentence: Sentence) -> None:
        """Count a sentence.

        Raises:
            ExportStopped: it is cancelled.
        """
        if self._cancelled():
            raise ExportStopped
        self._done += len(sentence.words)
        if monotonic() - self._reported >= _REPORT_EVERY:
            self._reported = monotonic()
            self._report(ExportProgress(self._done, self._total))


class Export:
    """An export for a worker thread: it reads the project through a connection of its own."""

    def __init__(self, project: Path, path: str, request: WriteRequest) -> None:
        self._project = project
        self._path = path
        self._request = request

    def run(
        self, report: Callable[[ExportProgress], None] = lambda _: None, cancelled: Callable[[], bool] = lambda: False
    ) -> ExportReport | None:
        """Write the project as it is now and return the report, or None if ``cancelled`` said so first.

        The file is complete in the end, or else as it was before. What is decided meanwhile is not in it.

        Args:
            report: is called a few times a second.
            cancelled: asked before each sentence.

        Raises:
            InputError: the file cannot be written.
            ProjectError: the project cannot be read.
        """
        project = Project.open(self._project, read_only=True)
        try:
            with project.snapshot(), versions_told() as kept:
                total = sum(document.words for document in project.content.documents())
                progress = ProgressReports(total, report, cancelled)
                written = write_project(project, self._path, self._request, progress.step)
                written.changes[:0] = kept
                return written
        except ExportStopped:
            return None
        finally:
            project.close()


def write_project(
    project: Project, path: str, request: WriteRequest, step: Callable[[Sentence], None] = go_on
) -> ExportReport:
    """Write a project to a file or into a folder, in one piece or not at all, or to standard output for ``-``.

    A folder gets a file for each document, and for a file of the project that comes back as it was that file.

    Args:
        step: called before each sentence; what it raises ends the export, and everything is as it was.

    Raises:
        InputError: it cannot be written.
    """
    require_read(project)
    stored_sources = [stored for _, stored in project.content.sources()]
    sources = [stored.path for stored in stored_sources]
    if request.fmt is None and not is_folder(path):
        request = replace(request, fmt=_format_of_name(path, request, stored_sources))
    writing = _Writing(project, request, ExportReport(path=path), step)
    if is_folder(path):
        with filled_folder(path, sources) as files:
            writing.fill(files)
    else:
        refuse_sources(project, path)
        writing.write(path)
    return writing.report


def _format_of_name(path: str, request: WriteRequest, sources: Sequence[NewSource]) -> str | None:
    """Return the format that the name of an output stands for; None: the one file of a project comes back as it was.

    Raises:
        InputError: it stands for several.
    """
    comes_back = len(sources) == 1 and request.keeps(sources[0])
    suffix = suffix_of(path)
    if comes_back and suffix in ("", suffix_of(sources[0].path)):
        return None
    own = sources[0].format if comes_back else "conll"
    found = format_of_name(path, own)
    return None if found == own else found


class _Writing:
    """The writing of a project as it is asked for."""

    def __init__(
        self, project: Project, request: WriteRequest, report: ExportReport, step: Callable[[Sentence], None]
    ) -> None:
        self._project = project
        self._request = request
        self._step = step
        self.report = report
        self._sources = list(project.content.sources())
        if request.fmt is None and request.only_confirmed and any(has_tags(stored) for _, stored in self._sources):
            report.changes.append("a file of which sentences are left out is written with the words and tags alone")
        self._kept: set[int] = set()
        for source, stored in self._sources:
            if request.keeps(stored) and project.content.has_text(source):
                self._kept.add(source)
            elif request.keeps(stored):
                report.changes.append(
                    f"the project was made of a dump, without a copy of {stored.path}: it has the words and tags alone"
                )
        schemes = project.content.schemes()
        scheme = request.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")
        tell = report.changes.append
        self._options = WriteOptions(request.fmt or "conll", scheme, request.separator or " ", tell)
        self._options = replace(self._options, annotator=project.setting(ANNOTATOR) or "")

    def write(self, path: str) -> None:
        """Write all of it to one file, or to standard output."""
        corrected = self._sources[0][1] if self._kept and len(self._sources) == 1 else None
        if wrong := misnamed(corrected.format if corrected else self._options.fmt, path):
            self.report.changes.append(wrong)
        if corrected:
            self._write_corrected(self._sources[0][0], corrected, path)
            return
        if any(source in self._kept and not is_records(stored.format) for source, stored in self._sources):
            self.report.changes.append(
                f"{len(self._sources):,} files become one, with the words and tags alone: a folder gets each as it was"
            )
        items = self._items(None)
        written = without_empty(items) if self._request.only_confirmed else items
        write_items(self._fitting(written), path, self._options)

    def fill(self, files: FolderFiles) -> None:
        """Write a file for each document, or for each file that comes back as it was."""
        names, empty = file_names(self.report.changes.append), 0
        for source, stored in self._sources:
            if source in self._kept:
                self._write_corrected(source, stored, files.path(names.take(stored.path)))
            else:
                items = self._items(self._project.content.documents_of(source))
                empty += write_documents(self._fitting(items), files, names, self._options)
        if empty:
            self.report.changes.append(without_file(empty))

    def _write_corrected(self, source: int, stored: NewSource, path: str) -> None:
        runs = self._project.predictions.given_runs() if is_records(stored.format) else ()
        items = self._items(self._project.content.documents_of(source), runs)
        write_corrected(self._project, source, stored, items, path)

    def _fitting(self, items: Iterable[StreamItem]) -> Iterator[StreamItem]:
        """Take out of a stream what the format has no place for, but for suggestions that were asked for."""
        if self._project.metadata.is_empty:
            return iter(items)
        fmt, path = self._options.fmt, self.report.path
        return without_losses(items, fmt, self.report.changes.append, path, with_suggestions=True)

    def _items(
        self, documents: Iterable[StoredDocument] | None, runs: Collection[int] | None = None
    ) -> Iterator[StreamItem]:
        request = self._request
        if runs is None:
            as_they_are = request.with_suggestions and FORMATS[self._options.fmt].keeps_suggestions
            runs = self._project.predictions.given_runs() if as_they_are else ()
        return annotated(
            self._project,
            self.report,
            only_confirmed=request.only_confirmed,
            with_suggestions=request.with_suggestions,
            documents=documents,
            runs=runs,
            step=self._step,
        )

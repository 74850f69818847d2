"""A project exported: as the stream of sentences that writers take, into a file or to standard output."""

from __future__ import annotations

import io
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TextIO, TypeVar

from ner_tui.domain.annotation.suggestions import TO_ANSWER
from ner_tui.domain.document import Sentence
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import BY_SENTENCE, FORMATS, WRITERS, WriteOptions, encoding_of, write
from ner_tui.formats.files.atomic import atomic_writer, files_beside
from ner_tui.formats.files.terminal import safe_for_terminal
from ner_tui.store.project import Project

_REPORT_EVERY = 0.1
"""Seconds between two reports on how far an export is."""
AT_ONCE = 500
"""Sentences whose items are read together."""
_Item = TypeVar("_Item")


@dataclass
class ExportReport:
    """How many of each were written."""

    decisions: int = 0
    suggestions: int = 0
    sentences: int = 0
    path: str = "-"
    changes: list[str] = field(default_factory=list)
    """What the format cannot hold as it is, and how it was written, in sentences."""

    def __str__(self) -> str:
        return (
            f"{self.decisions:,} decisions and {self.suggestions:,} open suggestions "
            f"in {self.sentences:,} sentences to {self.path}"
        )


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """A format that a project can be written in."""

    name: str
    choice: str
    """What it is, in a few words."""
    extension: str
    """The suffix of its files, such as ``.conll``."""


def output_formats() -> Iterator[OutputFormat]:
    """Yield the formats that a project can be written in, the plainest first."""
    for name in (*BY_SENTENCE, *(name for name in reversed(WRITERS) if name not in BY_SENTENCE)):
        yield OutputFormat(name, FORMATS[name].choice, FORMATS[name].extension)


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What is to be written of a project."""

    fmt: str = "conll"
    scheme: str | None = None
    """None: what the source files use, if they agree, or else IOB2."""
    separator: str = " "
    only_reviewed: bool = False
    """Leave out the sentences that nobody has confirmed."""


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
            with project.snapshot():
                total = sum(document.words for document in project.content.documents())
                progress = ProgressReports(total, report, cancelled)
                return write_project(project, self._path, self._request, progress.step)
        except ExportStopped:
            return None
        finally:
            project.close()


def _go_on(_: Sentence) -> None:
    pass


def annotated(
    project: Project,
    report: ExportReport,
    *,
    only_reviewed: bool = False,
    step: Callable[[Sentence], None] = _go_on,
) -> Iterator[StreamItem]:
    """Yield every document with its decisions and open suggestions, and count them in ``report``.

    Args:
        only_reviewed: leave out the sentences that nobody has confirmed.
        step: called for each sentence that is come to, left out or not.
    """
    require_read(project)
    for document in list(project.content.documents()):
        yield DocumentStart(document.name, document.origin)
        for known in annotated_sentences(project, document.id, step):
            if only_reviewed and known.status != "confirmed":
                continue
            report.sentences += 1
            report.decisions += len(known.spans)
            report.suggestions += len(known.suggestions)
            yield known


def annotated_sentences(
    project: Project, document: int, step: Callable[[Sentence], None] = _go_on
) -> Iterator[AnnotatedSentence]:
    """Yield the sentences of a document with all that is known of them; ``step`` is called for each before.

    What is known is read for many sentences at a time.
    """
    sentences = project.content.packed_sentences(document)
    while some := list(islice(sentences, AT_ONCE)):
        start, end = some[0].start, some[-1].end
        ends = [sentence.end for sentence in some]
        items = project.items.known(document, start, end)
        decided = [decision.span for decision in items.decisions]
        suggested = [suggestion for suggestion, state in items.suggestions if state in TO_ANSWER]
        spans = _by_sentence(decided, [span.start for span in decided], ends)
        suggestions = _by_sentence(suggested, [suggestion.span.start for suggestion in suggested], ends)
        notes = _by_sentence(items.notes, [note.start for note in items.notes], ends)
        states = {state.start: state for state in items.states}
        for at, sentence in enumerate(some):
            step(sentence)
            state = states.get(sentence.start)
            yield AnnotatedSentence(
                sentence,
                tuple(spans.get(at, ())),
                tuple(suggestions.get(at, ())),
                state.status if state else "untouched",
                state.flagged if state else False,
                tuple(notes.get(at, ())),
            )


def _by_sentence(items: Iterable[_Item], starts: Iterable[int], ends: Sequence[int]) -> dict[int, list[_Item]]:
    """Return the items that begin in each sentence where some do, by the sentence's number from 0.

    Args:
        starts: of the items.
        ends: of the sentences.
    """
    found: dict[int, list[_Item]] = {}
    for item, start in zip(items, starts, strict=True):
        found.setdefault(bisect_right(ends, start), []).append(item)
    return found


def require_read(project: Project) -> None:
    """Refuse a project into which a file is not read completely.

    Raises:
        InputError: there is one; what is made of the project would lack its end without saying so.
    """
    unread = project.bulk_insert.unread()
    if unread:
        raise InputError(
            f"{unread[0].path} is not read to its end yet: open {project.path} with ner-tui review until it is"
        )


def write_project(
    project: Project, path: str, options: WriteRequest, step: Callable[[Sentence], None] = _go_on
) -> ExportReport:
    """Write a project to a file, in one piece or not at all, or to standard output for ``-``.

    Args:
        step: called before each sentence; what it raises ends the export, and the file is as it was.

    Raises:
        InputError: the file cannot be written.
    """
    report = ExportReport(path=path)
    items = annotated(project, report, only_reviewed=options.only_reviewed, step=step)
    schemes = project.content.schemes()
    scheme = options.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")
    write_items(items, path, WriteOptions(options.fmt, scheme, options.separator, report.changes.append))
    return report


def write_items(items: Iterable[StreamItem], path: str, options: WriteOptions) -> None:
    """Write a stream to a file, in one piece or not at all, or to standard output for ``-``."""
    encoding = encoding_of(options.fmt, path)
    opened = standard_output(encoding) if path == "-" else atomic_writer(path, encoding)
    with opened as out, files_beside(path) as beside:
        write(items, out, replace(options, beside=beside))


@contextmanager
def standard_output(encoding: str = "utf-8") -> Iterator[TextIO]:
    """Give standard output in an encoding, line ends as they are, whatever the locale; a terminal gets stand-ins."""
    sys.stdout.flush()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding=encoding, errors="surrogateescape", newline="")
    try:
        yield safe_for_terminal(out)
        out.flush()
    finally:
        # The stream belongs to the process: let go of it, do not close it.
        out.detach()

"""Exporting: a project as the stream of sentences that writers take."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from ner_tui.domain.document import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.domain.edits import Decision, SentenceMark
from ner_tui.domain.suggestions import Standing, Suggestion
from ner_tui.formats import WriteOptions, write
from ner_tui.formats.atomic import atomic_writer
from ner_tui.store.project import Project


@dataclass
class ExportReport:
    """How many of each went out, for the person to be told."""

    decisions: int = 0
    suggestions: int = 0
    sentences: int = 0
    path: str = "-"
    changes: list[str] = field(default_factory=list)
    """Words that the format cannot hold as they are, and how they were written."""

    def __str__(self) -> str:
        return (
            f"{self.decisions:,} decisions and {self.suggestions:,} open suggestions "
            f"in {self.sentences:,} sentences to {self.path}"
        )


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What is to be written of a project."""

    fmt: str = "conll"
    scheme: str | None = None
    """None: what the source files use, if they agree, or else IOB2."""
    separator: str = " "
    only_reviewed: bool = False
    """Leave out the sentences that nobody has confirmed."""


def annotated(project: Project, report: ExportReport, *, only_reviewed: bool = False) -> Iterator[StreamItem]:
    """Yield every document with its decisions and open suggestions, and count them in ``report``.

    Args:
        only_reviewed: leave out the sentences that nobody has confirmed.
    """
    for document in list(project.content.documents()):
        yield DocumentStart(document.name, document.origin)
        for sentence in project.content.sentences(document.id):
            found = project.marks.sentence_marks(document.id, sentence.start, sentence.start + 1)
            mark = found[0] if found else SentenceMark(sentence.start, "untouched")
            if only_reviewed and mark.status != "confirmed":
                continue
            decisions = project.marks.decisions(document.id, sentence.start, sentence.end)
            stored = project.marks.suggestions(document.id, sentence.start, sentence.end)
            suggestions = [s for s, standing in stored if standing in (Standing.OPEN, Standing.DOUBTFUL)]
            _count(report, decisions, suggestions)
            spans = tuple(decision.span for decision in decisions)
            notes = tuple(project.marks.notes(document.id, sentence.start, sentence.end))
            yield AnnotatedSentence(sentence, spans, tuple(suggestions), mark.status, mark.flagged, notes)


def _count(report: ExportReport, decisions: list[Decision], suggestions: list[Suggestion]) -> None:
    report.sentences += 1
    report.decisions += len(decisions)
    report.suggestions += len(suggestions)


def write_project(project: Project, path: str, options: WriteRequest) -> ExportReport:
    """Write a project to a file, in one piece or not at all, or to standard output for ``-``.

    Raises:
        InputError: the file cannot be written.
    """
    report = ExportReport(path=path)
    items = annotated(project, report, only_reviewed=options.only_reviewed)
    schemes = project.content.schemes()
    scheme = options.scheme or (schemes.pop() if len(schemes) == 1 else "iob2")
    write_items(items, path, WriteOptions(options.fmt, scheme, options.separator, report.changes.append))
    return report


def write_items(items: Iterable[StreamItem], path: str, options: WriteOptions) -> None:
    """Write a stream to a file, in one piece or not at all, or to standard output for ``-``."""
    with standard_output() if path == "-" else atomic_writer(path) as out:
        write(items, out, options)


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output as UTF-8 with line ends as they are, whatever the terminal's locale says."""
    sys.stdout.flush()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="surrogateescape", newline="")
    try:
        yield out
        out.flush()
    finally:
        # The stream belongs to the process: let go of it, do not close it.
        out.detach()

"""Decisions saved into the file that they were read from, of which nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from ner_tui.domain.anchoring import common_ends
from ner_tui.domain.stream import DocumentStart, StreamItem
from ner_tui.errors import ChangedOnDisk, InputError
from ner_tui.formats import open_source
from ner_tui.formats.files.replacing import FileRead, version_of, versions_told
from ner_tui.formats.files.writing_back import save
from ner_tui.formats.rewriting import can_rewrite, is_records, rewrite
from ner_tui.session.transfer.adding import PIPED
from ner_tui.session.transfer.asked_for import asked_for
from ner_tui.session.transfer.copies import take_copy
from ner_tui.session.transfer.corrected import as_read, has_tags
from ner_tui.session.transfer.exporting import ExportProgress, ExportStopped, ProgressReports
from ner_tui.session.transfer.file_import import (
    infer_from_beginning,
    open_for,
    text_pieces,
)
from ner_tui.session.transfer.project_stream import ExportReport, annotated_sentences, require_read
from ner_tui.store.content import StoredSource
from ner_tui.store.project import Project

MOST_LINES = 400
"""Lines of a difference that are shown."""
_CONTEXT = 3
"""Equal lines that are shown on either side of it."""
_COMPARED = 4_000
"""Lines between the first and the last difference that are compared one by one; comparing more takes too long."""

_TAKEN_IN = "what they wrote is taken in when it is opened again"


class Save:
    """The writing of one file, for a worker thread: it opens the project itself."""

    def __init__(self, project: Path, document: int) -> None:
        self._project = project
        self._document = document

    def run(self, announce: Callable[[ExportProgress], None], cancelled: Callable[[], bool]) -> ExportReport | None:
        """Write the decisions of all documents of the file; None if ``cancelled`` said so first.

        The file keeps its mode, and is replaced at the end or else stays as it was. What models suggest is not written:
        only spans that a person changed are others then, and suggestions that the file brought stay until they are
        answered. What somebody else writes into it in the moment in which it is replaced is kept beside it.

        Raises:
            ChangedOnDisk: it is not the file that was read, or was changed again when it had been written.
            InputError: it cannot be read or written, or has no tags that could be changed.
            ProjectError: the project cannot be read.
        """
        project = Project.open(self._project)
        try:
            require_read(project)
            stored = project.content.source_of(self._document)
            require_savable(project, stored)
            version = version_of(stored.path)
            source = open_for(project, stored.path, stored.encoding)
            found = FileRead(stored.path, version, source.sha256)
            if source.sha256 != stored.on_disk:
                raise ChangedOnDisk(f"{stored.path} has changed on disk since it was read: nothing is written")
            read = dict(project.content.sources())[stored.id]
            if source.sha256 != stored.hash:
                # What was decided is written into what was read: what was taken back since comes out as it was there.
                source = as_read(project, stored.id, read)
            inference = infer_from_beginning(source, stored.format, tags_as=asked_for(project, stored.id).tags_as)
            if not can_rewrite(inference):
                raise _no_tags(stored)
            if not project.content.has_text(stored.id):
                with project.transaction():
                    take_copy(project, stored.id, read, source)
            report = ExportReport(path=stored.path)
            try:
                with project.snapshot(), versions_told() as kept:
                    runs = project.predictions.given_runs() if is_records(stored.format) else {}
                    items = _decided(project, stored, report, runs, announce, cancelled)
                    pieces = rewrite(source, inference, items)
                    digest = save(stored.path, source, pieces, replaces=found)
            except ExportStopped:
                return None
            report.changes += kept
            written = open_for(project, stored.path, stored.encoding)
            if written.sha256 != digest:
                raise ChangedOnDisk(
                    f"{stored.path} was written, and changed again by somebody else: {'; '.join([*kept, _TAKEN_IN])}"
                )
            with project.transaction():
                if written.sha256 == stored.hash:
                    project.content.forget_saved(stored.id)
                else:
                    project.content.keep_saved(stored.id, written.sha256, text_pieces(written))
            return report
        finally:
            project.close()


def require_savable(project: Project, stored: StoredSource) -> None:
    """Refuse a file that nothing can be saved into, whatever its text is by now.

    Raises:
        InputError: it came by standard input, is gone, or has no tags or was opened without them.
    """
    if stored.path.startswith(PIPED):
        raise InputError("this text came by standard input: export writes it to a file")
    if not Path(stored.path).exists():
        raise InputError(f"{Path(stored.path).name} is gone from the disk: export writes another file")
    if asked_for(project, stored.id).ignore_tags:
        raise InputError(f"{Path(stored.path).name} was opened without its tags: export writes another file")
    if not has_tags(dict(project.content.sources())[stored.id]):
        raise _no_tags(stored)


def _no_tags(stored: StoredSource) -> InputError:
    return InputError(
        f"{Path(stored.path).name} has no tags that could be changed in place: export writes another file"
    )


@dataclass(frozen=True, slots=True)
class SaveExtent:
    """What saving would reach."""

    path: str
    documents: int
    """How many are in the file: all of them are saved."""
    decisions: int
    """Of a person, in all of the file."""


def save_extent(project: Project, document: int) -> SaveExtent:
    """Return what saving a document reaches.

    Raises:
        InputError: see ``require_savable``.
    """
    stored = project.content.source_of(document)
    require_savable(project, stored)
    documents = project.content.documents_of(stored.id)
    return SaveExtent(stored.path, len(documents), project.content.decided_in(stored.id))


def changes_on_disk(project: Project, document: int) -> list[str]:
    """Return how the file of a document differs from what was read of it, as lines of a unified difference.

    Raises:
        InputError: the file cannot be read.
    """
    stored = project.content.source_of(document)
    old = project.content.text_on_disk(stored.id).split("\n")
    new = open_source(stored.path, stored.encoding).text.split("\n")
    head, tail = (max(0, equal - _CONTEXT) for equal in common_ends(old, new))
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(old), len(new)) > _COMPARED:
        shown = MOST_LINES // 2
        lines = [*(f"-{line}" for line in old[:shown]), *(f"+{line}" for line in new[:shown])]
    else:
        lines = list(unified_diff(old, new, "as it was read", "as it is on disk", lineterm=""))
    more = [f"and {len(lines) - MOST_LINES:,} more lines"] if len(lines) > MOST_LINES else []
    return [f"from line {head + 1:,} on", *lines[:MOST_LINES], *more]


def _decided(
    project: Project,
    stored: StoredSource,
    report: ExportReport,
    runs: Mapping[int, str],
    announce: Callable[[ExportProgress], None],
    cancelled: Callable[[], bool],
) -> Iterator[StreamItem]:
    """Yield the documents of a file with their decisions, and with the suggestions of ``runs``."""
    documents = project.content.documents_of(stored.id)
    progress = ProgressReports(sum(document.words for document in documents), announce, cancelled)
    for document in documents:
        yield DocumentStart(document.name, document.origin)
        for known in annotated_sentences(project, document.id, progress.step, runs=runs):
            report.sentences += 1
            report.decisions += len(known.spans)
            theirs = tuple(each for each in known.suggestions if each.run in runs)
            yield replace(known, suggestions=theirs) if known.suggestions else known

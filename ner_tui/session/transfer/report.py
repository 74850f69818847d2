"""A project as one page of HTML for people who only look: text, spans, counts, notes and flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.counting import counted
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.session.document_counts import DocumentRow, label_counts, row, rows
from ner_tui.session.transfer import report_page as page
from ner_tui.session.transfer.outputs import opened, refuse_sources
from ner_tui.session.transfer.project_stream import ExportReport, annotated, require_read
from ner_tui.store.content import StoredDocument
from ner_tui.store.project import WHOLE, Project

_COUNTS = ("sentences", "confirmed", "flagged", "decisions", "open", "in doubt")
_WORDS = 80
"""Characters of a note's words that are quoted."""


def write_report(project: Project, path: str, colours: Sequence[tuple[str, str]]) -> DocumentRow:
    """Write the page, in one piece or not at all, and return the counts of the whole project.

    It is written document by document: a large project takes no more memory than its longest document's notes.

    Args:
        project: as it is when this is called.
        path: of a file that is no project and no source of this one, or ``-`` for standard output.
        colours: of each slot of labels, on light and on dark pages, as CSS has them.

    Raises:
        InputError: it cannot be written, or a file is not read to its end yet.
    """
    require_read(project)
    refuse_sources(project, path)
    with project.snapshot(), opened(path) as out:
        whole = row(WHOLE, Path(project.path).name, project.tallies())
        _Report(project, out, colours).write(whole)
    return whole


class _Report:
    """The page while it is written."""

    def __init__(self, project: Project, out: TextIO, colours: Sequence[tuple[str, str]]) -> None:
        self._project = project
        self._out = out
        self._colours = colours
        self._labels: LabelSet = project.labels
        self._notes = 0
        """Notes so far."""

    def write(self, whole: DocumentRow) -> None:
        out = self._out
        out.writelines(page.head(whole.name, self._colours))
        tallies = self._project.tallies()
        counts = label_counts(self._labels, tallies)
        out.write(
            '<p class="soft">A filled span is decided; one with a dashed line is suggested, with its probability. '
            "✓ confirmed, … in progress, ⚑ flagged.</p>\n"
        )
        cells = ((page.label_cell(name, self._labels), f"{number:,}") for name, number in counts.items())
        out.writelines(page.table(("label", "decided and open"), cells))
        documents = list(self._project.content.documents())
        out.write("<h2>Documents</h2>\n")
        out.writelines(page.table(("document", *_COUNTS), self._rows(whole)))
        for document in documents:
            self._write_document(document)
        out.write(page.foot("Written by ner-tui report; this page is read-only and needs no network."))

    def _rows(self, whole: DocumentRow) -> Iterator[Sequence[str]]:
        for each in rows(self._project):
            yield (f'<a href="#d{each.id}">{page.shown(each.name)}</a>', *_figures(each))
        yield ("all", *_figures(whole))

    def _write_document(self, document: StoredDocument) -> None:
        counts = row(document.id, document.name, self._project.tallies(document.id))
        self._out.write(f'<section id="d{document.id}">\n<h2>{page.shown(document.name)}</h2>\n')
        told = (
            f"{counts.confirmed:,} of {counted(counts.sentences, 'sentence')} confirmed, "
            f"{counted(counts.spans, 'decision')}, {counted(counts.suggestions, 'open suggestion')}"
        )
        self._out.write(f'<p class="soft">{told}</p>\n<div class="text">')
        listed = list[tuple[int, str, str]]()
        items = annotated(self._project, ExportReport(), with_suggestions=True, documents=[document])
        for item in items:
            if isinstance(item, AnnotatedSentence):
                self._out.writelines(page.sentence(item, self._labels, self._numbered(item, listed)))
        self._out.write("</div>\n")
        if listed:
            self._out.write('<h3>Notes</h3>\n<ul class="notes">\n')
            self._out.writelines(page.note(*each) for each in listed)
            self._out.write("</ul>\n")
        self._out.write("</section>\n")

    def _numbered(self, item: AnnotatedSentence, listed: list[tuple[int, str, str]]) -> dict[int, list[int]]:
        """Give the notes of a sentence numbers, and return these by the offsets that they are put behind."""
        found: dict[int, list[int]] = {}
        for note in item.notes:
            self._notes += 1
            found.setdefault(_place(note, item), []).append(self._notes)
            start = note.start - item.sentence.start
            listed.append((self._notes, item.sentence.text[start:][: min(note.end - note.start, _WORDS)], note.text))
        return found


def _place(note: Note, item: AnnotatedSentence) -> int:
    """Return the offset in a sentence that a note is put behind: its end, if that is in it."""
    return max(item.sentence.start + 1, min(note.end, item.sentence.end))


def _figures(counts: DocumentRow) -> Iterator[str]:
    for number in (
        counts.sentences, counts.confirmed, counts.flagged, counts.spans, counts.suggestions, counts.doubts,
    ):  # fmt: skip
        yield f"{number:,}"

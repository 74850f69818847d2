"""What a project decided, as patterns: each string of words that is a span, once with each of its labels."""

from __future__ import annotations

from pathlib import Path

from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import InputError
from ner_tui.formats.files.folders import is_folder
from ner_tui.formats.records.record_writing import write_record
from ner_tui.formats.tagged import exported_spans
from ner_tui.session.transfer.outputs import opened, refuse_sources
from ner_tui.session.transfer.project_stream import ExportReport, annotated, require_read
from ner_tui.store.project import Project


def write_patterns(project: Project, path: str, *, only_confirmed: bool, with_suggestions: bool) -> ExportReport:
    """Write a file of JSON Lines that ``--patterns`` and spaCy's EntityRuler read, in order of first appearance.

    Args:
        path: of the file; ``-`` for standard output.
        only_confirmed: leave out the sentences that nobody has confirmed.
        with_suggestions: take open suggestions for decisions.

    Raises:
        InputError: it cannot be written.
    """
    if is_folder(path):
        raise InputError(f"{path} is a folder: patterns are one file, such as {Path(path, 'patterns.jsonl')}")
    require_read(project)
    refuse_sources(project, path)
    report = ExportReport(path=path)
    written: set[tuple[str, str]] = set()
    with opened(path) as out:
        for item in annotated(project, report, only_confirmed=only_confirmed, with_suggestions=with_suggestions):
            if not isinstance(item, AnnotatedSentence):
                continue
            for span in exported_spans(item):
                text = item.sentence.text[span.start - item.sentence.start : span.end - item.sentence.start]
                # How a text is wrapped is no part of a name.
                found = (span.label, " ".join(text.split()))
                if found not in written:
                    written.add(found)
                    write_record({"label": found[0], "pattern": found[1]}, out)
    return report

"""What ``score`` and ``diff`` compare: the sentences of a file or of a project."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ner_tui.cli.printing import ProblemReport, tell
from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.printable import printable
from ner_tui.domain.schemes import TagSpan
from ner_tui.formats import infer_format, open_source
from ner_tui.formats.files.project_files import is_project
from ner_tui.formats.tag_lines import stream_sentences, tagged_sentences

_AROUND = 5
"""Words of context on each side."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """An opened file or project."""

    path: str
    """As it is to be printed."""
    scheme: str | None
    """A key of ``SCHEMES``; None where there are no tags."""
    sentences: Iterator[TaggedSentence]
    """Lazily; for a project, what ``export`` writes."""


@contextmanager
def open_annotation(path: str, arguments: Namespace) -> Iterator[Annotation]:
    """Open a file, saying on standard error how it is read, or a project.

    Raises:
        InputError: it cannot be read.
        ProjectError: it is no project.
    """
    if not is_project(path):
        source = open_source(path, arguments.encoding)
        inference = infer_format(source, arguments.from_, column=arguments.column)
        tell(inference.sentence)
        problems = ProblemReport(": ner-tui check lists them")
        yield Annotation(source.path, inference.scheme, tagged_sentences(source, inference, problems.take))
        problems.finish()
        return
    from ner_tui.session.transfer.exporting import ExportReport, annotated
    from ner_tui.store.project import Project

    project = Project.open(Path(path), read_only=True)
    try:
        items = stream_sentences(annotated(project, ExportReport()))
        yield Annotation(path, None, (item for item in items if isinstance(item, TaggedSentence)))
    finally:
        project.close()


def quoted(sentence: TaggedSentence, start: int, end: int) -> str:
    """Return words of a sentence in quotation marks, as they may be printed."""
    return f"“{printable(' '.join(sentence.words[start:end]))}”"


def in_context(sentence: TaggedSentence, start: int, end: int) -> str:
    """Return words of a sentence in brackets with those around them, as they may be printed."""
    words = list(sentence.words)
    before, after = words[max(start - _AROUND, 0) : start], words[end : end + _AROUND]
    dots = "… " if start > _AROUND else "", " …" if end + _AROUND < len(words) else ""
    line = " ".join([*before, f"[{' '.join(words[start:end])}]", *after])
    return dots[0] + printable(line) + dots[1]


def span_object(span: TagSpan | None, sentence: TaggedSentence) -> dict[str, object] | None:
    """Return a span and where it stands as an object for programs; ``start`` and ``end`` are words of the sentence."""
    if span is None:
        return None
    line = sentence.lines[span.start]
    return {"path": sentence.path, "line": line, "label": span.label, "start": span.start, "end": span.end}

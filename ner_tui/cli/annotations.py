"""What ``score`` and ``diff`` compare: the sentences of a file, or what is decided in those of a project."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ner_tui.cli.printing import ProblemReport, tell
from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.sentence_pairs import SentencePair, TaggedSentence, aligned
from ner_tui.domain.printable import printable
from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import Problem
from ner_tui.errors import InputError
from ner_tui.formats import Source, infer_format, open_source
from ner_tui.formats.files.project_files import is_project
from ner_tui.formats.tag_lines import stream_sentences, tagged_sentences

_LINE_END = re.compile(r"\s*[\r\n]\s*")
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
    is_project: bool = False


class ComparedPairs:
    """The sentences of two annotations side by side, those that are to be compared, each counted as it is taken."""

    def __init__(self, one: Annotation, other: Annotation, sentences: str | None) -> None:
        """Prepare them.

        Args:
            sentences: ``all``, or ``confirmed`` for those that are confirmed in each side that is a project; None: of
                two projects those, else all.
        """
        self._sides = one, other
        projects = [side.path for side in self._sides if side.is_project]
        self._only_confirmed = bool(projects) and (sentences or ("confirmed" if len(projects) == 2 else "all")) != "all"
        self._where = f"in {projects[0]}" if len(projects) == 1 else "on both sides" if projects else ""
        self._all = self._confirmed = 0

    def __iter__(self) -> Iterator[SentencePair]:
        """Yield them.

        Raises:
            InputError: the annotations are not of the same words, or no sentence is confirmed.
        """
        one, other = self._sides
        step = ", in the same order; ner-tui agree takes texts in any order"
        for pair in aligned(one.sentences, other.sentences, (one.path, other.path), step):
            confirmed = all(item.confirmed for item, side in zip(pair, self._sides, strict=True) if side.is_project)
            self._all += 1
            self._confirmed += confirmed
            if confirmed or not self._only_confirmed:
                yield pair
        if self._only_confirmed and not self._confirmed:
            all_of_them = counted(self._all, "sentence")
            raise InputError(f"none of {all_of_them} is confirmed {self._where}: confirm some, or say --sentences all")

    def __str__(self) -> str:
        """Which part of the sentences was compared; empty where neither side is a project."""
        confirmed = f"{self._confirmed:,} of {self._all:,} sentences ({self._confirmed / max(self._all, 1):.1%})"
        if self._only_confirmed:
            return f"compared: {confirmed}, those confirmed {self._where}; --sentences all compares all"
        return f"compared: all sentences; confirmed {self._where}: {confirmed}" if self._where else ""

    def facts(self) -> dict[str, object]:
        """Return the same for programs."""
        which = "confirmed" if self._only_confirmed else "all"
        confirmed = {"confirmed_sentences": self._confirmed} if self._where else {}
        return {"compared": which, "of_sentences": self._all, **confirmed}


@contextmanager
def open_annotation(
    path: str, arguments: Namespace, source: Source | None = None, *, silent: bool = False
) -> Iterator[Annotation]:
    """Open a file, saying on standard error how it is read, or a project.

    Args:
        source: the file, if it is open already.
        silent: whether nothing is to be said, since it was before.

    Raises:
        InputError: it cannot be read.
        ProjectError: it is no project.
    """
    if not is_project(path):
        source = source or open_source(path, arguments.encoding, arguments.names)
        inference = infer_format(
            source, arguments.from_, column=arguments.column, text=arguments.text, tags_as=arguments.tags_as
        )
        problems = ProblemReport(": ner-tui check lists them")
        if not silent:
            tell(inference.sentence)
        take: Callable[[Problem], None] = (lambda _: None) if silent else problems.take
        yield Annotation(source.path, inference.scheme, tagged_sentences(source, inference, take))
        problems.finish()
        return
    from ner_tui.session.transfer.project_stream import ExportReport, annotated
    from ner_tui.store.project import Project

    project, report = Project.open(Path(path), read_only=True), ExportReport()
    try:
        items = stream_sentences(annotated(project, report, with_suggestions=arguments.with_suggestions))
        sentences = (item for item in items if isinstance(item, TaggedSentence))
        yield Annotation(path, None, sentences, is_project=True)
    finally:
        project.close()
    if silent:
        return
    taken = "taken for decisions" if arguments.with_suggestions else "left out (--with-suggestions takes them)"
    tell(f"{path}: {counted(report.suggestions + report.open_left_out, 'open suggestion')} {taken}")


def quoted(sentence: TaggedSentence, start: int, end: int) -> str:
    """Return words of a sentence in quotation marks, as they may be printed."""
    return f"“{_one_line(sentence.stretch(start, end))}”"


def in_context(sentence: TaggedSentence, start: int, end: int) -> str:
    """Return words of a sentence in brackets with those around them, as they may be printed."""
    count, first = len(sentence.words), max(start - _AROUND, 0)
    last = min(end + _AROUND, count)
    upto, whole = sentence.stretch(first, end), sentence.stretch(first, last)
    begin = len(upto) - len(sentence.stretch(start, end))
    dots = "… " if first else "", " …" if last < count else ""
    line = f"{whole[:begin]}[{upto[begin:]}]{whole[len(upto) :]}"
    return dots[0] + _one_line(line) + dots[1]


def _one_line(text: str) -> str:
    """Return a text as it may be printed, with a space where a line of it ends."""
    return printable(_LINE_END.sub(" ", text))


def span_object(span: TagSpan | None, sentence: TaggedSentence) -> dict[str, object] | None:
    """Return a span and where it stands as an object for programs; ``start`` and ``end`` are words of the sentence."""
    if span is None:
        return None
    line = sentence.lines[span.start]
    return {"path": sentence.path, "line": line, "label": span.label, "start": span.start, "end": span.end}

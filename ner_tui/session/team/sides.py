"""The texts of several annotators, each from a project, a dump, a file of columns or records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

from ner_tui.domain.annotation.combining import likeliest
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.evaluation.labelled_texts import LabelledText, WordRows
from ner_tui.domain.packing import PackedSentences, PackedSpan
from ner_tui.domain.spelling import Spelling
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, infer_format, open_source, read_rows
from ner_tui.formats.base import Inference
from ner_tui.formats.files.project_files import is_project
from ner_tui.session.team.text_builder import TextBuilder
from ner_tui.session.transfer.adding import FileAdding, ReadOptions
from ner_tui.session.transfer.indexing import read_on
from ner_tui.session.transfer.project_stream import ExportReport, annotated
from ner_tui.store.project import ANNOTATOR, Project

_AT_ONCE = 1_000
"""Sentences that are taken together."""


@dataclass(frozen=True, slots=True)
class SideOptions:
    """How sides are read."""

    fmt: str | None = None
    encoding: str | None = None
    tag_names: Sequence[str] = ()
    column: str | None = None
    text: str | None = None
    tags_as: Spelling | None = None
    with_suggestions: bool = False
    """Take the open suggestions of projects for decisions."""
    only_confirmed: bool = True
    """Of projects and dumps, only what is confirmed counts."""


@dataclass(slots=True)
class Side:
    """What one annotator says."""

    path: str
    """As it was given."""
    annotator: str
    """Who it is; the name of the file where nothing says it."""
    texts: list[LabelledText]
    is_project: bool = False
    """Whether it says what is confirmed: a project or a dump of one."""
    told: list[str] = field(default_factory=list)
    """How it was read, and what of it was not."""


def read_sides(paths: Iterable[str], options: SideOptions, labels: dict[str, int]) -> list[Side]:
    """Read the sides, several of a file that has several annotators.

    Args:
        labels: numbers of the labels, to which new ones are added.

    Raises:
        InputError: a file cannot be read.
        ProjectError: a project cannot be read.
    """
    sides: list[Side] = []
    for path in paths:
        sides += _sides(path, options, labels)
    names = [side.annotator for side in sides]
    for side, name in zip(sides, names, strict=True):
        if names.count(name) > 1:
            # Two files called gold.conll are told apart by where they are.
            side.annotator = side.path if side.annotator == _stem(side.path) else f"{side.path}: {name}"
    return sides


def require_several(sides: Sequence[Side]) -> None:
    """Refuse a single annotator.

    Raises:
        InputError: there is but one.
    """
    if len(sides) < 2:
        raise InputError(f"{sides[0].path} is of one annotator: name another annotation of the same texts")


def is_dump(path: str) -> bool:
    """Whether a file is what ``dump`` writes, as far as its first line shows."""
    from ner_tui.formats.files.compression import open_bytes

    if not Path(path).is_file():
        return False
    try:
        with open_bytes(path) as file:
            head = json.loads(file.readline(1 << 20))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(head, dict) and head.get("kind") == "project" and "version" in head


def opened_project(path: str) -> Project | None:
    """Return a project, or a dump as one that is gone when it is closed; None: the file is neither."""
    if is_project(path):
        return Project.open(Path(path), read_only=True)
    if not is_dump(path):
        return None
    from ner_tui.session.transfer.loading import load_into

    project = Project.scratch()
    try:
        load_into(project, path, Path(path).resolve().parent)
    except BaseException:
        project.close()
        raise
    return project


def sources_of(path: str, options: SideOptions) -> list[tuple[str, Source, Inference]]:
    """Return the annotators of a file that is no project, with what each of them says in it.

    Raises:
        InputError: it cannot be read.
    """
    source = open_source(path, options.encoding, options.tag_names)
    found = infer_format(source, options.fmt, column=options.column, text=options.text, tags_as=options.tags_as)
    from ner_tui.formats.records.annotators import by_annotator

    parts = by_annotator(source, found.format)
    return [(name, part, found) for name, part in parts.items()] or [(_stem(path), source, found)]


def texts_of(path: str, options: SideOptions) -> Project:
    """Return a project with the texts of a side; of a file of several annotators, those of the first."""
    project = opened_project(path)
    if project is not None:
        return project
    project = Project.scratch()
    try:
        with TemporaryDirectory() as scratch:
            _, source, inference = sources_of(path, options)[0]
            part = Path(scratch) / Path(source.path).name.removesuffix(".gz")
            part.write_text(source.text, encoding="utf-8", newline="")
            read = ReadOptions(
                inference.format, "utf-8", ignore_tags=True, tag_names=tuple(options.tag_names), text=options.text
            )
            adding = FileAdding(project, read, time, "")
            adding.add(str(part))
            for unread in project.bulk_insert.unread():
                for _ in read_on(project, unread):
                    pass
    except BaseException:
        project.close()
        raise
    return project


def _sides(path: str, options: SideOptions, labels: dict[str, int]) -> Iterator[Side]:
    project = opened_project(path)
    if project is not None:
        with closing(project):
            yield _of_project(path, project, options, labels)
        return
    for name, source, inference in sources_of(path, options):
        side = Side(path, name, [], told=[inference.sentence])
        reader = _Reader(labels, only_confirmed=False)
        try:
            side.texts = list(reader.read(read_rows(source, inference)))
        except FormatError as error:
            raise FormatError(source.path, error.line, error.reason) from error
        side.told += reader.told()
        yield side


def _of_project(path: str, project: Project, options: SideOptions, labels: dict[str, int]) -> Side:
    report, reader = ExportReport(), _Reader(labels, only_confirmed=options.only_confirmed)
    items = annotated(project, report, with_suggestions=options.with_suggestions)
    side = Side(path, project.setting(ANNOTATOR) or _stem(path), list(reader.read(items)), is_project=True)
    if report.suggestions or report.open_left_out:
        how = "taken for decisions" if report.suggestions else "left out (--with-suggestions takes them)"
        side.told.append(f"{path}: {report.suggestions + report.open_left_out:,} open suggestions {how}")
    return side


def _stem(path: str) -> str:
    return Path(path).name.removesuffix(".gz").rsplit(".", 1)[0] or path


class _Reader:
    """Makes texts of a stream."""

    def __init__(self, labels: dict[str, int], *, only_confirmed: bool) -> None:
        self._labels = labels
        self._only_confirmed = only_confirmed
        self._problems: list[str] = []

    def told(self) -> list[str]:
        """Return the first problems of the stream, and how many more there were."""
        most = 5
        rest = len(self._problems) - most
        return self._problems[:most] + ([f"and {rest:,} more: ner-tui check lists them"] if rest > 0 else [])

    def read(self, items: Iterable[StreamItem | PackedSentences | WordRows]) -> Iterator[LabelledText]:
        """Yield the documents that have words."""
        text: TextBuilder | None = None
        held = PackedSentences()
        for item in items:
            if isinstance(item, Problem):
                self._problems.append(str(item))
                continue
            if isinstance(item, AnnotatedSentence):
                held.add(item)
                held.spans += [PackedSpan(*_key(each), "") for each in likeliest(item.suggestions)]
                if len(held) < _AT_ONCE:
                    continue
            if len(held) and text:
                text.add(held, self._labels)
                held = PackedSentences()
            if isinstance(item, PackedSentences) and text:
                text.add(item, self._labels)
            elif isinstance(item, WordRows) and text:
                text.add_rows(item, self._labels)
            elif isinstance(item, DocumentStart):
                if text and text.has_words:
                    yield text.built()
                text = TextBuilder(item.name, only_confirmed=self._only_confirmed)
        if text and len(held):
            text.add(held, self._labels)
        if text and text.has_words:
            yield text.built()


def _key(suggestion: Suggestion) -> tuple[int, int, str]:
    return suggestion.span.start, suggestion.span.end, suggestion.span.label

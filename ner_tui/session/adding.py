"""Adding: files into the project, and files that changed since read anew with nothing shifted silently."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ner_tui import formats
from ner_tui.domain.anchoring import Anchors
from ner_tui.domain.document import AnnotatedSentence, DocumentStart, Problem, Sentence
from ner_tui.domain.edits import Decision, Edit, Item, Note, Rejection, SentenceMark
from ner_tui.domain.spans import Span, Token
from ner_tui.errors import InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.source import Source, open_source
from ner_tui.predictors.windows import blocks
from ner_tui.store.content import NewSource, StoredDocument
from ner_tui.store.predictions import Block
from ner_tui.store.project import Project

_BATCH = 2_000
"""Sentences that are stored at a time."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are to be read."""

    fmt: str | None = None
    """A format's name, or None to infer it from each file."""
    encoding: str | None = None
    ignore_tags: bool = False
    """Leave a file's own tags out: its tokens are opened undecided."""


@dataclass
class _Reader:
    """A file's documents as they come out of its format."""

    source: Source
    inference: Inference
    ignore_tags: bool
    problems: list[Problem] = field(default_factory=list)
    labels: dict[str, None] = field(default_factory=dict)
    placed: list[tuple[Token, str]] = field(default_factory=list)
    """Words of the document that is read with what is wrong about them."""
    _unplaced: list[Problem] = field(default_factory=list)

    def documents(self) -> Iterator[tuple[DocumentStart, Iterator[AnnotatedSentence]]]:
        """Yield each document's head with its sentences; take the sentences before asking for the next."""
        items = formats.read(self.source, inference=self.inference, ignore_tags=self.ignore_tags)
        head = next(items, None)
        while head is not None:
            if isinstance(head, Problem):
                self._note(head)
                head = next(items, None)
                continue
            assert isinstance(head, DocumentStart)
            following: list[DocumentStart] = []
            yield head, self._sentences(items, following)
            head = following[0] if following else None

    def _sentences(self, items: Iterator[object], following: list[DocumentStart]) -> Iterator[AnnotatedSentence]:
        for item in items:
            if isinstance(item, DocumentStart):
                following.append(item)
                return
            if isinstance(item, Problem):
                self._note(item)
            elif isinstance(item, AnnotatedSentence):
                self._place(item.sentence)
                self.labels.update(dict.fromkeys(span.label for span in item.spans))
                yield item

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        self._unplaced.append(problem)

    def _place(self, sentence: Sentence) -> None:
        """Give the problems that stand before a sentence the word that their line holds, one word a line."""
        for problem in self._unplaced:
            if sentence.tokens:
                at = min(max(problem.line - sentence.line, 0), len(sentence.tokens) - 1)
                self.placed.append((sentence.tokens[at], problem.reason))
        self._unplaced.clear()


def absolute(path: str) -> str:
    """Return the name a file has in a project, whatever folder the person stands in."""
    return str(Path(path).resolve())


class Adding:
    """Reads files into a project."""

    def __init__(self, project: Project, options: ReadOptions, clock: Callable[[], float], annotator: str) -> None:
        self._project = project
        self._options = options
        self._clock = clock
        self._annotator = annotator
        self.notices: list[str] = []
        """What the person should be told, in order."""
        self.labels: dict[str, None] = {}
        """Labels met in the files' own tags, in order."""

    def add(self, path: str) -> None:
        """Read a new file into the project.

        Raises:
            InputError: it cannot be read; the project is as it was before.
        """
        source = open_source(path, self._options.encoding)
        with self._project.transaction():
            identifier, reader = self._begin(path, source)
            for head, sentences in reader.documents():
                document = self._project.content.add_document(identifier, head.name, head.origin)
                self._store(document, reader, sentences, keep=lambda decision: True)
            self._finish(path, reader, identifier)

    def refresh(self, path: str) -> bool:
        """Read a file of the project again if it changed since; True if it did.

        What a person did is placed in the new text where its characters still stand; the rest is listed in
        ``notices`` and kept in the journal.
        """
        stored = self._project.content.source(absolute(path))
        if stored is None:
            return False
        if not Path(path).exists():
            self.notices.append(f"{path} is gone from the disk: the copy in the project is used")
            return False
        source = open_source(path, self._options.encoding or stored.encoding)
        if source.sha256 == stored.hash:
            return False
        with self._project.transaction():
            old = self._project.content.documents_of(stored.id)
            identifier, reader = self._begin(path, source)
            for head, sentences in reader.documents():
                if old:
                    self._replace(old.pop(0), reader, sentences)
                else:
                    document = self._project.content.add_document(identifier, head.name, head.origin)
                    self._store(document, reader, sentences, keep=lambda decision: True)
            for gone in old:
                self._replace(gone, reader, iter(()))
            self._finish(path, reader, identifier)
        return True

    def read_again(self, source: Source, scheme: str | None, documents: Iterable[tuple[int, tuple[Item, ...]]]) -> None:
        """Put what a stored source says into documents that are there and empty, as when it was read.

        Args:
            documents: ids in order, each with what a person had done there before and what kept its place.

        Raises:
            NerTuiError: it cannot be read as it was.
        """
        inference = formats.infer_format(source, self._options.fmt)
        if inference.scheme != scheme:
            inference = replace(inference, scheme=scheme)
        reader = _Reader(source, inference, self._options.ignore_tags)
        empty = deque(documents)
        for head, sentences in reader.documents():
            if not empty:
                raise InputError(f"it holds {head.name}, which the project does not")
            document, placed = empty.popleft()
            self._store(document, reader, sentences, keep=_beside(placed))
            for item in placed:
                self._project.marks.put(document, item)

    def _begin(self, path: str, source: Source) -> tuple[int, _Reader]:
        inference = formats.infer_format(source, self._options.fmt)
        self.notices.append(inference.sentence)
        reader = _Reader(source, inference, self._options.ignore_tags)
        new = NewSource(
            absolute(path),
            source.sha256,
            source.encoding,
            source.had_bom,
            inference.format,
            inference.scheme,
            source.text,
        )
        return self._project.content.add_source(new), reader

    def _finish(self, path: str, reader: _Reader, source: int) -> None:
        # What it takes to read the stored copy again as it was read now.
        self._project.set_setting(
            f"source {source}", json.dumps([self._project.journal.last(), self._options.ignore_tags])
        )
        self._project.samples.forget()
        self.labels.update(reader.labels)
        if reader.problems:
            first = "; ".join(str(problem) for problem in reader.problems[:3])
            more = f" and {len(reader.problems) - 3} more" if len(reader.problems) > 3 else ""
            self.notices.append(f"read with a guess: {first}{more}")

    def _store(
        self,
        document: int,
        reader: _Reader,
        sentences: Iterable[AnnotatedSentence],
        keep: Callable[[Decision], bool],
    ) -> None:
        """Store sentences in blocks with all the file knows of them, but for the decisions that ``keep`` holds back."""
        project, content = self._project, self._project.content
        waiting: deque[Item] = deque()

        def plain() -> Iterator[Sentence]:
            for annotated in sentences:
                for span in annotated.spans:
                    decision = Decision(span, "file")
                    if keep(decision):
                        waiting.append(decision)
                sentence = annotated.sentence
                if annotated.status != "untouched" or annotated.flagged:
                    waiting.append(SentenceMark(sentence.start, annotated.status, annotated.flagged))
                waiting.extend(annotated.notes)
                yield sentence

        cut = []
        for block in blocks(plain()):
            words = content.add_sentences(document, block)
            project.audits.add(document, block)
            # What is put on a text looks at its words: they have to be there.
            while waiting and waiting[0].place[0] < block[-1].end:
                project.marks.put(document, waiting.popleft())
            cut.append(Block(document, block[0].start, block[-1].end, words))
        project.predictions.add_blocks(document, cut)
        for word, reason in reader.placed:
            project.doubts.add_problem(document, *word, reason)
        reader.placed.clear()

    def _replace(self, head: StoredDocument, reader: _Reader, sentences: Iterator[AnnotatedSentence]) -> None:
        """Put new sentences in place of a document's, with what a person did carried over."""
        project = self._project
        old, _, _ = project.content.text_and_edges(head.id)
        # How far a person got is what the project says, not the file.
        fresh = [replace(each, status="untouched", flagged=False, notes=()) for each in sentences]
        new = "".join(annotated.sentence.text for annotated in fresh)
        by_person = [d for d in project.marks.decisions(head.id, 0, len(old)) if d.source == "person"]
        anchors = Anchors(old, new)
        placed, lost = _carry(
            anchors,
            [*by_person, *project.marks.rejections(head.id, 0, len(old))],
            project.marks.notes(head.id, 0, len(old)),
            project.marks.sentence_marks(head.id, 0, len(old)),
            {s.sentence.start for s in fresh},
            {token.start for s in fresh for token in s.sentence.tokens},
        )
        project.content.clear_document(head.id)
        self._store(head.id, reader, fresh, keep=_beside(placed))
        for item in placed:
            project.marks.put(head.id, item)
        project.journal.close_history(
            head.id, Edit("file changed", tuple(lost), tuple(placed)), time=self._clock(), annotator=self._annotator
        )
        self._tell(head.name, old, len(placed), lost)

    def _tell(self, name: str, old: str, placed: int, lost: list[Item]) -> None:
        self.notices.append(
            f"{name} changed since it was read: {placed} marks kept their place, {len(lost)} could not be placed"
        )
        for item in lost:
            if isinstance(item, SentenceMark):
                line = old.count("\n", 0, item.start) + 1
                self.notices.append(f"{name}: not placed: sentence {item.status} (line {line} before)")
            elif isinstance(item, Note):
                line = old.count("\n", 0, item.start) + 1
                self.notices.append(f"{name}: not placed: the note “{item.text}” (line {line} before)")
            elif isinstance(item, Decision | Rejection):
                line = old.count("\n", 0, item.span.start) + 1
                kind = "" if isinstance(item, Decision) else "not "
                text = old[item.span.start : item.span.end]
                self.notices.append(f"{name}: not placed: {kind}{item.span.label} “{text}” (line {line} before)")


def _beside(placed: Iterable[Item]) -> Callable[[Decision], bool]:
    """Return whether a decision of the file can stand beside what a person did."""
    placed = tuple(placed)
    spans = [item.span for item in placed if isinstance(item, Decision)]
    rejected = {item.span for item in placed if isinstance(item, Rejection)}
    return lambda d: d.span not in rejected and not any(s.overlaps(d.span.start, d.span.end) for s in spans)


def _carry(
    anchors: Anchors,
    items: Iterable[Decision | Rejection],
    notes: Iterable[Note],
    marks: Iterable[SentenceMark],
    sentence_starts: set[int],
    token_starts: set[int],
) -> tuple[list[Item], list[Item]]:
    """Return the items that have a place in the new text, moved there, and those that have none."""
    placed: list[Item] = []
    lost: list[Item] = []
    for item in items:
        span: Span | None = anchors.span(item.span)
        if span is None or span.start not in token_starts:
            lost.append(item)
        else:
            placed.append(Decision(span) if isinstance(item, Decision) else Rejection(span))
    for note in notes:
        stretch = anchors.span(Span(note.start, note.end, "note"))
        if stretch is None:
            lost.append(note)
        else:
            placed.append(Note(stretch.start, stretch.end, note.text))
    for mark in marks:
        start = anchors.offset(mark.start)
        if start is None or start not in sentence_starts:
            lost.append(mark)
        else:
            placed.append(SentenceMark(start, mark.status, mark.flagged))
    return placed, lost

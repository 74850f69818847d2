"""The import of a file into the project, a few blocks of sentences at a time, from where it was interrupted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import time

from ner_tui import formats
from ner_tui.domain.blocks import packed_blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import PackedSentences
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source, open_source
from ner_tui.session.transfer.asked_for import kept_tag_names, spelling_shown
from ner_tui.store.content import NewSource
from ner_tui.store.project import Project

PIECE = 1 << 20
"""Characters of a file's text that are stored together."""
BEGINNING = 1 << 20
"""Characters from which it is inferred how a file is to be read."""
_MOST_QUOTED = 3
"""Problems of a file that are quoted in its notice."""

Sentences = AnnotatedSentence | PackedSentences
"""One of them, or many."""
Placed = tuple[int, int, str]
"""Start and end of a word, and what is wrong about it."""


@dataclass
class FileReader:
    """A file's documents as they come out of its format."""

    source: Source
    inference: Inference
    ignore_tags: bool
    labels: dict[str, None] = field(default_factory=dict)
    """Those in its tags and suggestions, in order."""
    models: dict[str, None] = field(default_factory=dict)
    """Whose suggestions it brings, in order; empty names for those that it does not tell."""
    placed: list[Placed] = field(default_factory=list)
    """Words of the document that is read with what is wrong about them."""
    _problems: int = 0
    _first: list[str] = field(default_factory=list)
    _unplaced: list[Problem] = field(default_factory=list)

    def documents(self) -> Iterator[tuple[DocumentStart, Iterator[Sentences]]]:
        """Yield each document's head with its sentences; take the sentences before asking for the next."""
        items = formats.read_packed(self.source, inference=self.inference, ignore_tags=self.ignore_tags)
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

    def notice(self) -> str:
        """Return a sentence about suggestions and about what was read with a guess; empty if there is neither."""
        told = ""
        if self.models:
            names = ", ".join(filter(None, self.models))
            told = f"{self.source.path} brings suggestions{f' of {names}' if names else ''}, which are to be reviewed"
            told += ": no model predicts in it unless you name one with --model"
        if not self._problems:
            return told
        more = f" and {self._problems - _MOST_QUOTED:,} more" if self._problems > _MOST_QUOTED else ""
        guesses = f"read with a guess: {'; '.join(self._first)}{more}"
        return f"{told}; {guesses}" if told else guesses

    def _sentences(
        self, items: Iterator[StreamItem | PackedSentences], following: list[DocumentStart]
    ) -> Iterator[Sentences]:
        for item in items:
            if isinstance(item, DocumentStart):
                following.append(item)
                return
            if isinstance(item, Problem):
                self._note(item)
            else:
                if self._unplaced and isinstance(item, AnnotatedSentence):
                    self._place(item.sentence)
                self.labels.update(dict.fromkeys(span.label for span in item.spans))
                if item.suggestions:
                    self.labels.update(dict.fromkeys(each.span.label for each in item.suggestions))
                    self.models.update(dict.fromkeys(each.model for each in item.suggestions))
                yield item

    def _note(self, problem: Problem) -> None:
        self._problems += 1
        if len(self._first) < _MOST_QUOTED:
            self._first.append(str(problem))
        self._unplaced.append(problem)

    def _place(self, sentence: Sentence) -> None:
        """Give the problems that stand before a sentence the word that their line holds, one word a line."""
        for problem in self._unplaced:
            if sentence.tokens:
                at = min(max(problem.line - sentence.line, 0), len(sentence.tokens) - 1)
                self.placed.append((*sentence.tokens[at], problem.reason))
        self._unplaced.clear()


@dataclass(frozen=True, slots=True)
class ImportPart:
    """What has been read and is to be stored."""

    head: DocumentStart | None
    """The document that begins here."""
    block: PackedSentences
    problems: list[Placed]


class FileImport:
    """Reads a file and stores it part by part: what is stored can be worked on while the rest is read.

    A part is all in the project or not at all, and so is what is noted of how far the reading has come. To continue,
    the file is read from its beginning and what is stored is skipped.
    """

    def __init__(
        self, project: Project, source: int, reader: FileReader, *, documents: int = 0, sentences: int = 0
    ) -> None:
        """Prepare to continue.

        Args:
            source: id in the project.
            documents: how many of its documents are begun.
            sentences: how many of its sentences are in the project.
        """
        self._project = project
        self.source = source
        self.reader = reader
        self._documents = documents
        self._sentences = sentences
        self._parts = self._read(documents, sentences)
        ids = [head.id for head in project.content.documents_of(source)]
        self._document = ids[documents - 1] if documents else 0
        self._is_read = False
        self.done = False
        """Whether all is stored; then its mentions are to be counted and its end noted."""

    @property
    def sentences(self) -> int:
        """How many sentences are stored."""
        return self._sentences

    def collect(self, words: int) -> list[ImportPart]:
        """Read at least ``words`` words more, if there are so many, and store nothing yet.

        Raises:
            InputError: the file cannot be read any more.
            FormatError: a line breaks the format.
        """
        parts: list[ImportPart] = []
        while words > 0:
            part = next(self._parts, None)
            if part is None:
                self._is_read = True
                break
            parts.append(part)
            words -= sum(part.block.words)
        return parts

    def store(self, parts: Iterable[ImportPart]) -> None:
        """Store what was collected, inside a transaction of the caller's."""
        bulk_insert, given = self._project.bulk_insert, list[tuple[int, PackedSentences]]()
        with bulk_insert.triggers_off():
            for part in parts:
                if part.head is not None:
                    self._document = self._project.content.add_document(self.source, part.head.name, part.head.origin)
                    self._project.metadata.put_document(self._document, part.head.metadata)
                    self._documents += 1
                if len(part.block):
                    bulk_insert.add(self._document, part.block)
                    self._sentences += len(part.block)
                    given.append((self._document, part.block))
                bulk_insert.add_problems(self._document, part.problems)
        for document, block in given:
            _store_suggestions(self._project, document, self.reader, block)
        bulk_insert.reach(self.source, self._documents, self._sentences)
        self.done = self._is_read

    def _read(self, documents: int, sentences: int) -> Iterator[ImportPart]:
        """Yield what is not stored."""
        for number, (head, runs) in enumerate(self.reader.documents()):
            if number >= documents:
                yield ImportPart(head, PackedSentences(), [])
            for block in packed_blocks(runs):
                problems, self.reader.placed = self.reader.placed, []
                if sentences:
                    # Blocks are cut from a document's beginning on, and what is stored ends with a block.
                    sentences -= len(block)
                else:
                    yield ImportPart(None, block, problems)
            self.reader.placed.clear()


def store_document(
    project: Project, document: int, head: DocumentStart, reader: FileReader, sentences: Iterable[Sentences]
) -> None:
    """Store what a file says of a document that is there and empty."""
    given = list[PackedSentences]()
    with project.bulk_insert.triggers_off():
        project.metadata.put_document(document, head.metadata)
        for block in packed_blocks(sentences):
            project.bulk_insert.add(document, block)
            if block.suggestions:
                given.append(block)
        project.bulk_insert.add_problems(document, reader.placed)
    project.bulk_insert.count(document=document)
    for block in given:
        _store_suggestions(project, document, reader, block)
    reader.placed.clear()


def _store_suggestions(project: Project, document: int, reader: FileReader, block: PackedSentences) -> None:
    if block.suggestions:
        name = Path(reader.source.path).name
        project.predictions.add_given(
            document, block.starts[0], block.end, block.suggestions, name, time=time()
        )  # fmt: skip


def new_source(path: str, source: Source, inference: Inference) -> tuple[NewSource, Iterator[str]]:
    """Return a file as it is to be stored, and the pieces of its text after the first."""
    pieces = text_pieces(source)
    first = next(pieces, "")
    stored = NewSource(path, source.sha256, source.encoding, source.had_bom, inference.format, inference.scheme, first)
    return stored, pieces


def keep_source(project: Project, path: str, source: Source, inference: Inference) -> int:
    """Store a file with its whole text, in place of what was stored of that path; return its id."""
    stored, pieces = new_source(path, source, inference)
    identifier = project.content.add_source(stored)
    project.bulk_insert.forget_pieces(identifier)
    for number, piece in enumerate(pieces):
        project.bulk_insert.add_piece(identifier, number, piece)
    return identifier


def open_for(project: Project, path: str, encoding: str | None) -> Source:
    """Open a file of a project; see ``open_source``."""
    return open_source(path, encoding, kept_tag_names(project))


def infer_from_beginning(
    source: Source, fmt: str | None, text: str | None = None, tags_as: Sequence[str] = ()
) -> Inference:
    """Say how a file is to be read by what it begins with, which is all of it but in large files.

    Args:
        text: of a table, the column of the texts.
        tags_as: examples of how its tags are spelled.

    Raises:
        InputError, FormatError: see ``formats.infer_format``.
    """
    if source.size > BEGINNING and not formats.is_table(source, fmt):
        head = "".join(islice(source.sections(), 1))
        if len(head) > BEGINNING and (cut := head.find("\n\n", BEGINNING)) >= 0:
            head = head[: cut + 2]
        source = source.with_text(head)
    return formats.infer_format(source, fmt, text=text, tags_as=spelling_shown(tags_as))


def text_pieces(source: Source) -> Iterator[str]:
    """Yield the text in pieces of bounded length."""
    for piece in source.pieces():
        for at in range(0, len(piece), PIECE):
            yield piece[at : at + PIECE]


def copy_text(project: Project, source: int, pieces: Iterator[str]) -> Iterator[None]:
    """Store those pieces of a file's text after the first that are not stored yet, and yield after each."""
    done = project.bulk_insert.pieces(source)
    for number, piece in enumerate(pieces):
        if number >= done:
            with project.transaction():
                project.bulk_insert.add_piece(source, number, piece)
            yield

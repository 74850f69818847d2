"""Adding: files into the project, and files that changed since read anew with nothing shifted silently."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ner_tui import formats
from ner_tui.domain.anchoring import Anchors, LineAnchors
from ner_tui.domain.annotation.edits import Decision, Edit, Item, Note, Rejection, SentenceState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.counting import counted
from ner_tui.domain.stream import DocumentStart
from ner_tui.errors import InputError
from ner_tui.formats.files.inputs import STDIN
from ner_tui.formats.files.paths import kept_path
from ner_tui.formats.files.source import Source, open_source
from ner_tui.session.transfer.asked_for import (
    AskedFor,
    asked_for,
    keep_asked_for,
    keep_tag_names,
    kept_tag_names,
    spelling_shown,
)
from ner_tui.session.transfer.file_import import (
    FileImport,
    FileReader,
    Sentences,
    infer_from_beginning,
    new_source,
    open_for,
    store_document,
)
from ner_tui.session.transfer.reanchoring import RereadSource, reanchor, without_conflicts
from ner_tui.store.content import StoredDocument
from ner_tui.store.project import Project

FIRST = 20_000
"""Words of a file that are read before the person sees it, and all of most files."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are to be read."""

    fmt: str | None = None
    """A format's name, or None to infer it from each file."""
    encoding: str | None = None
    ignore_tags: bool = False
    """Leave a file's own tags out: its tokens are opened undecided."""
    tag_names: tuple[str, ...] = ()
    """Of tags that are numbers, in order; empty for those that the project keeps."""
    text: str | None = None
    """Of tables, the column of the texts; None: the one that evidently is."""
    tags_as: tuple[str, ...] = ()
    """How tags are spelled, as examples that ``spelling_of`` takes; empty: as the project keeps it, or as is found."""


PIPED = "stdin:"
"""What the name of a text begins with in a project that came by standard input; what it holds says the rest."""


class FileAdding:
    """Reads files into a project."""

    def __init__(self, project: Project, options: ReadOptions, clock: Callable[[], float], annotator: str) -> None:
        self._project = project
        self._options = options
        self._clock = clock
        self._annotator = annotator
        if options.tag_names:
            keep_tag_names(project, options.tag_names)
        self.notices: list[str] = []
        """What the person should look at, in order."""
        self.readings: list[str] = []
        """How files were read, in order."""
        self.labels: dict[str, None] = {}
        """Labels met in the files' own tags, in order."""

    @cached_property
    def _piped(self) -> Source:
        """What comes by standard input."""
        return open_source(STDIN, self._options.encoding, kept_tag_names(self._project))

    def name(self, path: str) -> str:
        """Return the name of a file in the project.

        Raises:
            InputError: it is that of standard input, which cannot be read.
        """
        return f"{PIPED}{self._piped.sha256[:12]}" if path == STDIN else kept_path(path)

    def add(self, path: str) -> None:
        """Read a new file into the project: a small one whole, of a large one the beginning.

        The rest of a large one is for ``FileIndexing``, which goes on where this leaves off; what came by standard
        input is kept whole for it, since it cannot be read again.

        Raises:
            InputError: it cannot be read, or nothing is in it; the project is as it was before.
        """
        source = self._piped if path == STDIN else open_for(self._project, path, self._options.encoding)
        with self._project.transaction():
            identifier, reader, pieces = self._begin(path, source)
            reading = FileImport(self._project, identifier, reader)
            reading.store(reading.collect(FIRST))
            if reading.done and not self._project.content.documents_of(identifier):
                raise InputError(f"{path} holds no words: there is nothing to annotate in it")
            if reading.done:
                self._project.bulk_insert.count(source=identifier)
                self._project.bulk_insert.end(identifier)
                self._finish(identifier, reader, pieces)
            elif path == STDIN:
                self._keep(identifier, pieces)
            self.labels.update(reader.labels)

    def refresh(self, path: str) -> bool:
        """Read a file of the project again if it changed since; True if it did.

        What a person did is placed in the new text where its characters still stand; the rest is listed in
        ``notices`` and kept in the journal.
        """
        stored = self._project.content.source(self.name(path))
        if stored is None or path == STDIN:
            return False
        if not Path(path).exists():
            self.notices.append(f"{path} is gone from the disk: the copy in the project is used")
            return False
        source = open_for(self._project, path, self._options.encoding or stored.encoding)
        if source.sha256 in (stored.on_disk, stored.hash):
            if source.sha256 != stored.on_disk:
                # Somebody put back what was read; what was decided since may be saved over it again.
                self._project.content.forget_saved(stored.id)
            return False
        with self._project.transaction():
            old = self._project.content.documents_of(stored.id)
            identifier, reader, pieces = self._begin(path, source)
            for head, sentences in reader.documents():
                if old:
                    self._replace(old.pop(0), head, reader, sentences)
                else:
                    document = self._project.content.add_document(identifier, head.name, head.origin)
                    store_document(self._project, document, head, reader, sentences)
            for gone in old:
                self._replace(gone, DocumentStart(gone.name, gone.origin), reader, iter(()))
            self._project.bulk_insert.end(identifier)
            self._finish(identifier, reader, pieces)
            self.labels.update(reader.labels)
        return True

    def read_again(
        self, source: Source, scheme: str | None, documents: Iterable[tuple[int, tuple[Item, ...] | None]]
    ) -> None:
        """Put what a stored source says into documents that are there and empty, as when it was read.

        Args:
            documents: ids in order, each with what a person had done there before and what kept its place; None for
                one that was new then.

        Raises:
            NerTuiError: it cannot be read as it was.
        """
        options = self._options
        inference = formats.infer_format(
            source, options.fmt, text=options.text, tags_as=spelling_shown(options.tags_as)
        )
        if inference.scheme != scheme:
            inference = replace(inference, scheme=scheme)
        reader = FileReader(source, inference, self._options.ignore_tags)
        empty = deque(documents)
        for head, sentences in reader.documents():
            if not empty:
                raise InputError(f"it holds {head.name}, which the project does not")
            document, placed = empty.popleft()
            if placed is None:
                store_document(self._project, document, head, reader, sentences)
            else:
                self._store_around(document, head, reader, RereadSource(sentences), placed)

    def _begin(self, path: str, source: Source) -> tuple[int, FileReader, Iterator[str]]:
        """Store what a file is; return its id, its reader and the pieces of its text after the first."""
        options = self._options
        known = self._project.content.source(self.name(path))
        tags_as = options.tags_as or (asked_for(self._project, known.id).tags_as if known else ())
        inference = infer_from_beginning(source, options.fmt, options.text, tags_as)
        self.readings.append(inference.sentence)
        stored, pieces = new_source(self.name(path), source, inference)
        identifier = self._project.content.add_source(stored)
        asked = [options.fmt, options.encoding, options.ignore_tags, options.text, tags_as]
        self._project.bulk_insert.begin(identifier, json.dumps(asked))
        # What it takes to read the stored copy again as it was read now.
        asked_now = AskedFor(self._project.journal.last(), options.ignore_tags, options.text, tags_as)
        keep_asked_for(self._project, identifier, asked_now)
        return identifier, FileReader(source, inference, options.ignore_tags), pieces

    def _finish(self, source: int, reader: FileReader, pieces: Iterator[str]) -> None:
        self._keep(source, pieces)
        self._project.samples.forget()
        if notice := reader.notice():
            self.notices.append(notice)

    def _keep(self, source: int, pieces: Iterator[str]) -> None:
        """Store the pieces of a file's text after the first."""
        for number, piece in enumerate(pieces):
            self._project.bulk_insert.add_piece(source, number, piece)

    def _store_around(
        self, document: int, head: DocumentStart, reader: FileReader, fresh: RereadSource, placed: Iterable[Item]
    ) -> None:
        """Store what a file says of a document now, and what a person did in it before."""
        store_document(self._project, document, head, reader, without_conflicts(fresh.batches, placed))
        for item in placed:
            self._project.items.put(document, item)
        self._project.items.restate(document, 0, max(1, self._project.content.length(document)))

    def _replace(
        self, head: StoredDocument, fresh_head: DocumentStart, reader: FileReader, sentences: Iterator[Sentences]
    ) -> None:
        """Put new sentences in place of a document's, with what a person did carried over."""
        project = self._project
        old = LineAnchors(sentence.text for sentence in project.content.packed_sentences(head.id))
        fresh = RereadSource(sentences)
        items = project.items.known(head.id, 0, max(1, old.starts[-1]), suggestions=False)
        placed, lost = reanchor(
            Anchors(old, LineAnchors(fresh.texts())),
            [*(each for each in items.decisions if each.by_person), *items.rejections],
            items.notes,
            items.states,
            fresh,
        )
        project.content.clear_document(head.id)
        self._store_around(head.id, fresh_head, reader, fresh, placed)
        project.journal.close_history(
            head.id, Edit(Verb.REREAD, tuple(lost), tuple(placed)), time=self._clock(), annotator=self._annotator
        )
        self._tell(head.name, old, len(placed), lost)

    def _tell(self, name: str, old: LineAnchors, placed: int, lost: list[Item]) -> None:
        kept = counted(placed, "mark kept its place", "marks kept their place")
        self.notices.append(f"{name} changed since it was read: {kept}, {len(lost):,} could not be placed")
        for item in lost:
            if isinstance(item, SentenceState):
                line = old.line(item.start)
                self.notices.append(f"{name}: not placed: sentence {item.status} (line {line} before)")
            elif isinstance(item, Note):
                line = old.line(item.start)
                self.notices.append(f"{name}: not placed: the note “{item.text}” (line {line} before)")
            elif isinstance(item, Decision | Rejection):
                line = old.line(item.span.start)
                kind = "" if isinstance(item, Decision) else "not "
                text = old.words(item.span.start, item.span.end)
                self.notices.append(f"{name}: not placed: {kind}{item.span.label} “{text}” (line {line} before)")

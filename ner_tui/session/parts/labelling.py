"""Parts labelled and written: what is written of parts that follow each other is, joined, what is written of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TextIO, cast

from ner_tui.domain.document import Sentence
from ner_tui.domain.stream import DocumentStart, Problem, StreamItem
from ner_tui.formats import Source, WriteOptions, read, write
from ner_tui.formats.losses import without_losses
from ner_tui.session.parts.planning import Part, PlannedFile
from ner_tui.session.parts.reading import placed_in_file, read_part
from ner_tui.session.transfer.headless import OutputPart, PredictionGate, StreamPredictor


@dataclass(slots=True)
class PartsWriter:
    """Labels parts of files that follow each other and writes them in one go."""

    labeller: StreamPredictor
    options: WriteOptions
    lose: Callable[[str], None]
    """Takes a sentence for each kind of thing that the format has no place for."""
    problem: Callable[[PlannedFile, Part, Problem], None]
    """Takes what is read with a guess; its line is that of the part."""
    progress: Callable[[Sentence], None] = lambda sentence: None
    """Called for each sentence that is done."""
    opened: Callable[[PlannedFile, Part, Source], None] = lambda file, part, source: None
    """Called with each part that was read, before it is labelled."""
    lose_metadata: Callable[[int, Sequence[str]], None] | None = None
    """See ``without_losses``."""
    path: str = ""
    """What losses are told of: the file that is read, or what is written of several."""
    _inside: list[DocumentStart] = field(default_factory=list)
    """The heads of parts that begin inside a document."""

    def write(
        self,
        parts: Iterable[tuple[PlannedFile, Part]],
        out: TextIO,
        blocks: OutputPart,
        note: Callable[[int], None] = lambda done: None,
        *,
        follows: bool,
        by_document: bool = False,
    ) -> None:
        """Write them.

        Args:
            blocks: those that are wanted, counted over all of the parts.
            note: called with how many blocks are done whenever one is, all of which is written.
            follows: whether something stands before them in the output that they are a part of.
            by_document: write each document as if alone, a line that names it before it; see ``document_marks``.

        Raises:
            InputError: a part cannot be read.
            ModelError: the model failed.
        """
        gate = PredictionGate(out, note)
        stream = cast(TextIO, gate)
        labelled = self.labeller.label(self._items(parts), self.progress, blocks, gate.begin, gate.end)
        kept = (item for item in labelled if not (isinstance(item, DocumentStart) and self._is_inside(item)))
        items = without_losses(
            kept, self.options.fmt, self.lose, self.path, with_suggestions=True, lose_metadata=self.lose_metadata
        )
        if by_document:
            self._write_documents(items, stream)
        else:
            # A head that is not written, since nothing is yet: those that are written follow another one.
            before = [DocumentStart("", "tokens")] if follows else []
            write(chain(before, items), stream, self.options)

    def _is_inside(self, head: DocumentStart) -> bool:
        return any(head is inside for inside in self._inside)

    def _items(self, parts: Iterable[tuple[PlannedFile, Part]]) -> Iterator[StreamItem]:
        for file, part in parts:
            source = read_part(file, part)
            self.opened(file, part, source)
            inside = part.inside
            with placed_in_file(file, part):
                for item in read(source, inference=file.inference, ignore_tags=True):
                    if isinstance(item, DocumentStart) and inside:
                        self._inside.append(item)
                        inside = False
                    if isinstance(item, Problem):
                        self.problem(file, part, item)
                    yield item

    def _write_documents(self, items: Iterator[StreamItem], out: TextIO) -> None:
        held = next(items, None)
        while held is not None:
            head = held if isinstance(held, DocumentStart) else None
            following = next(items, None) if head is not None else held
            if head is not None:
                out.write(document_mark(head.name, is_empty=following is None or isinstance(following, DocumentStart)))
            begin, held = [head] if head is not None else [], None
            ends = list[DocumentStart]()
            if following is not None and not isinstance(following, DocumentStart):
                write(chain(begin, [following], _until_head(items, ends)), out, self.options)
                held = ends[0] if ends else None
            else:
                write(begin, out, self.options)
                held = following


def _until_head(items: Iterator[StreamItem], ends: list[DocumentStart]) -> Iterator[StreamItem]:
    """Yield items up to the head of the next document, which is put into ``ends``."""
    for item in items:
        if isinstance(item, DocumentStart):
            ends.append(item)
            return
        yield item


def document_mark(name: str, *, is_empty: bool) -> str:
    """Return the line that names a document where documents are written one after the other to be parted later.

    No line of columns is like it: it has no separator.
    """
    named = json.dumps(name).replace(" ", "\\u0020")
    return f"{'-' if is_empty else '='}{named}\n"

"""CoNLL-U: ten columns by TAB, with the tags, where there are any, in MISC as ``NER=`` or ``name=``.

Read only. A sample, its tabs drawn as spaces::

    # newdoc id = weblog-1
    # text = Ada can't.
    1    Ada  Ada  PROPN  _  _  2  nsubj  _  NER=B-PER
    2-3  can't  _  _  _  _  _  _  _  SpaceAfter=No
    2    ca   can  AUX    _  _  0  root   _  _
    3    n't  not  PART   _  _  2  advmod _  _
    4    .    .    PUNCT  _  _  2  punct  _  _

Words are joined by one space except after ``SpaceAfter=No``. The words of a multiword token (``2-3``) count where
they are its form cut in pieces; else the form is one word, with the tag of its first. Empty nodes (``2.1``) are
not words. ``# newdoc`` begins a document; a word without a tag is ``O``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from ner_tui.domain.document import StreamItem
from ner_tui.domain.schemes import SCHEMES, infer_scheme, transitions
from ner_tui.errors import FormatError
from ner_tui.formats.assembly import Block, Mark, assemble
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import is_blank, is_document_mark
from ner_tui.formats.source import Source

_COLUMNS = 10
_FORM, _MISC = 1, 9
_ID = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9}|\.[0-9]{1,9})?\Z")
_TAG = re.compile(r"(?:^|\|)(?:NER|name)=([^|]*)")
_GLUE = re.compile(r"(?:^|\|)SpaceAfter=No(?:\||$)")
_SAMPLE = 50


class _Row(NamedTuple):
    line: int
    form: str
    tag: str
    glued: bool


@dataclass(slots=True)
class _Range:
    """A multiword token and the words of it that were read."""

    row: _Row
    last: int
    """The id of its last word."""
    parts: list[_Row]

    def rows(self) -> list[_Row]:
        """Return its words where they are its form cut in pieces, else the form as one word."""
        if self.parts and "".join(part.form for part in self.parts) == self.row.form:
            glued = [part._replace(glued=True) for part in self.parts[:-1]]
            return [*glued, self.parts[-1]._replace(glued=self.row.glued)]
        tag = self.parts[0].tag if self.parts and self.row.tag == "O" else self.row.tag
        return [self.row._replace(tag=tag)]


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a source whose first lines have ten columns with an id; see ``base.Format.infer``."""
    words = (line for line in source.lines() if not is_blank(line) and not line.startswith("#"))
    rows = [line.split("\t") for line in islice(words, _SAMPLE)]
    if not sure and not (rows and all(len(row) == _COLUMNS and _ID.match(row[0]) for row in rows)):
        return None
    counts = Counter(
        pair
        for block in blocks(source)
        if isinstance(block, Block) and block.tags.count("O") < len(block.tags)
        for pair in transitions(block.tags)
    )
    scheme = infer_scheme(counts) if counts else None
    told = f"tags in MISC, {SCHEMES[scheme].title}" if scheme else "words without tags"
    return Inference(name, f"{source.path}: read as {name}, {told}", scheme, "\t", _FORM, _MISC if scheme else None)


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield documents, problems and sentences; the tags are decisions unless ``inference`` has no scheme."""
    return assemble(source.path, blocks(source), inference.scheme)


def blocks(source: Source) -> Iterator[Block | Mark]:
    """Yield the sentences and document marks of a file.

    Raises:
        FormatError: a line does not have ten columns, or its first is no id.
    """
    rows: list[_Row] = []
    wide: _Range | None = None
    for number, line in enumerate(chain(source.lines(), [""]), 1):
        blank, mark = is_blank(line), is_document_mark(line)
        if line.startswith("#") and not mark:
            continue
        columns = [] if blank or mark else _columns(source.path, number, line)
        word = int(columns[0]) if columns and columns[0].isdecimal() else 0
        if wide is not None and not (word and word <= wide.last):
            rows += wide.rows()
            wide = None
        if blank or mark:
            if rows:
                yield _block(rows)
                rows = []
            if mark:
                yield Mark(number)
        elif "-" in columns[0]:
            wide = _Range(_row(number, columns), int(columns[0].partition("-")[2]), [])
        elif "." not in columns[0]:
            (wide.parts if wide is not None else rows).append(_row(number, columns))


def _columns(path: str, number: int, line: str) -> list[str]:
    columns = line.removesuffix("\r").split("\t")
    if len(columns) != _COLUMNS:
        raise FormatError(path, number, f"{len(columns)} columns by TAB where CoNLL-U has {_COLUMNS}: try --from conll")
    if not _ID.match(columns[0]):
        raise FormatError(path, number, f"{columns[0]!r} is no id of a word such as 1, 1-2 or 1.1: try --from conll")
    return columns


def _row(number: int, columns: Sequence[str]) -> _Row:
    misc = columns[_MISC]
    if misc == "_":
        return _Row(number, columns[_FORM], "O", False)
    tag = _TAG.search(misc)
    return _Row(number, columns[_FORM], tag[1] if tag else "O", _GLUE.search(misc) is not None)


def _block(rows: Sequence[_Row]) -> Block:
    return Block(
        [row.form for row in rows],
        [row.tag for row in rows],
        [row.line for row in rows],
        {at for at, row in enumerate(rows) if row.glued},
    )

r"""Parquet: a table of sentences with tokens and tags, or of texts, as ``datasets`` and others write it.

No sample of it can be read by eye. Its columns, as Arrow calls them, of one kind or the other::

    id: string, tokens: list<string>, ner_tags: list<int64>
    id: int64, text: string, spans: list<struct<start: int64, end: int64, label: string>>

It is read and written by ``pyarrow``, an extra (``[parquet]``), some rows at a time. Tags are texts, or numbers with
names in the features that ``datasets`` keeps in the file (``ClassLabel``), or given by a person. A row of ``tokens`` or
``words`` is a sentence, and a document begins where ``document``, ``document_id`` or ``doc_id`` changes; a row of text
is a document. Texts are in the column that is called so, or in the only one of texts. Columns of bytes are left out and
told; the others are metadata. A line, in messages, is the number of a row.

Written: documents with tokens of their own as ``tokens`` and ``ner_tags``, a ``ClassLabel`` by number; texts with
``text`` and ``spans``. Decisions and open suggestions alike. What the first document is says which of the two it is.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.schemes import SCHEMES, transitions
from ner_tui.domain.spelling import PLAIN, Spelling
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Metadata, Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.source_tags import source_tags
from ner_tui.formats.files.encodings import BINARY, PARQUET
from ner_tui.formats.files.source import Source, is_large
from ner_tui.formats.losses import lost_metadata, names_file
from ner_tui.formats.records.records import DOCUMENTS, Record
from ner_tui.formats.standoff.offset_spans import MarkedText, short_name
from ner_tui.formats.standoff.placing import read_marked
from ner_tui.formats.tables.parquet_groups import ParquetRows
from ner_tui.formats.tables.parquet_rows import Parquet, ParquetColumns, as_json
from ner_tui.formats.tables.span_cells import read_spans

_BEGINNING = 10_000
"""Rows of a large file from which its scheme is inferred."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a file that begins as Parquet does; see ``base.Format.infer``.

    Raises:
        InputError: also where pyarrow is not installed, or several columns may hold the texts.
    """
    if source.encoding != BINARY or not next(source.chunks(), "").startswith(PARQUET.decode(BINARY)):
        if sure:
            raise FormatError(source.path, 1, "this is no Parquet: write it anew, or say its format with --from")
        return None
    return _inference(source, name, None)


def choose(source: Source, name: str, column: str | None, spelling: Spelling | None = None) -> Inference:
    """Read the tags as a person says they are spelled.

    Raises:
        InputError: a column is asked for, of which there is no choice; also where pyarrow is not installed.
    """
    if column is not None:
        raise InputError(f"{source.path} is Parquet, whose tags are in a column called tags, ner_tags or labels")
    return _inference(source, name, None, spelling)


def choose_text(source: Source, name: str, column: str) -> Inference:
    """Read the texts from a column that a person named, by its name or its number from 1.

    Raises:
        InputError: there is no such column, or pyarrow is not installed.
    """
    return _inference(source, name, column)


def _inference(source: Source, name: str, text: str | None, given: Spelling | None = None) -> Inference:
    file = Parquet(source)
    columns = file.columns(text)
    told = f"{source.path}: read as {name}, "
    if not columns.tokens:
        spans = f", spans in {columns.spans}" if columns.spans else ""
        told += f"texts in column {short_name(columns.text)}{spans}{_rest(columns)}"
        return Inference(name, told, text_column=text)
    if not columns.tags:
        return Inference(name, f"{told}sentences in column {columns.tokens} without tags{_rest(columns)}")
    pairs: Counter[tuple[str, str]] = Counter()
    names = _tag_names(source, columns)
    limit = _BEGINNING if is_large(source) or isinstance(source, ParquetRows) else None
    for number, row in islice(file.rows([columns.tags]), limit):
        pairs.update(transitions(_named(source.path, number, row[columns.tags] or [], names)))
    scheme, spelling, taken = source_tags(source.path, pairs, given)
    told += f"sentences in column {columns.tokens}, tags in {columns.tags}, {SCHEMES[scheme].title}{taken}"
    return Inference(name, f"{told}{_rest(columns)}", scheme, spelling=spelling)


def _rest(columns: ParquetColumns) -> str:
    """Return the end of a sentence that names the other columns."""
    kept = f"; metadata: {', '.join(map(short_name, columns.metadata))}" if columns.metadata else ""
    lost = f"; not read: {', '.join(map(short_name, columns.left_out))}" if columns.left_out else ""
    return kept + lost


class _TagNames(dict[object, str]):
    """The names of tags, themselves or numbers."""

    def __missing__(self, tag: object) -> str:
        if type(tag) is not str:
            raise KeyError(tag)
        return tag


def _tag_names(source: Source, columns: ParquetColumns) -> _TagNames:
    return _TagNames(enumerate(source.tag_names or columns.names))


def _named(path: str, number: int, tags: Iterable[object], names: _TagNames) -> list[str]:
    """Return the tags of a row by name.

    Raises:
        FormatError: they are numbers without names.
    """
    try:
        return list(map(names.__getitem__, tags))
    except KeyError as error:
        reason = "tags are numbers without names: give them in order with --names O,B-PER,…"
        if names:
            reason = f"the tag {error} has no name: {counted(len(names), 'number has', 'numbers have')} one"
        if error.args[0] is None:
            reason = "a word has null for its tag: write O where it is in no span"
        raise FormatError(path, number, reason) from None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the sentences of all rows, or a document for each text; see ``base.Format.read``."""
    file = Parquet(source)
    columns = file.columns(inference.text_column)
    if not columns.tokens:
        return read_marked(source, inference, lambda: _texts(source, file, columns), in_code_points_only=True)
    return _sentences(source, inference)


def _sentences(source: Source, inference: Inference) -> Iterator[StreamItem]:
    left_out, metadata = list[Problem](), deque[Metadata]()
    for item in assemble(source.path, sentence_lines(source, left_out, metadata, inference.spelling), inference.scheme):
        if not isinstance(item, DocumentStart):
            yield from left_out
            left_out.clear()
        if isinstance(item, AnnotatedSentence) and (given := metadata.popleft()):
            item = replace(item, metadata=given)
        yield item
    yield from left_out


def sentence_lines(
    source: Source,
    left_out: list[Problem],
    metadata: deque[Metadata] | None = None,
    spelling: Spelling = PLAIN,
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the rows of a table of sentences as they stand, and add those without tokens to ``left_out``.

    Args:
        metadata: takes those of each sentence; None: they are not wanted.
        spelling: of the tags.

    Raises:
        FormatError: a row has more tokens than tags, or fewer, or a tag without a name.
    """
    file = Parquet(source)
    columns = file.columns()
    documents = next((name for name in DOCUMENTS if name in columns.metadata), "")
    kept = columns.metadata if metadata is not None else (documents,) if documents else ()
    names, document = _tag_names(source, columns), None
    for number, row in file.rows([name for name in (columns.tokens, columns.tags, *kept) if name]):
        words = row[columns.tokens] or []
        tags = _named(source.path, number, row[columns.tags] or [], names) if columns.tags else []
        if columns.tags and len(words) != len(tags):
            raise FormatError(
                source.path, number, f"it has {counted(len(words), 'token')} and {counted(len(tags), 'tag')} in the row"
            )
        if not words:
            left_out.append(Problem(source.path, number, "the row has no tokens: it is left out", lost=True))
            continue
        if documents and row[documents] != document:
            document = row[documents]
            yield DocumentMark(number)
        if metadata is not None:
            metadata.append({name: as_json(row[name]) for name in kept})
        if None in words:
            words = [word or "" for word in words]
        yield SentenceLines(words, spelling.normalised(tags), [number] * len(words))


def blocks_for_columns(
    source: Source, inference: Inference, fmt: str, lose: Callable[[str], None]
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the rows of a table of sentences for a format of columns, which has no place for metadata.

    Args:
        inference: how the source is read.
        fmt: the name of that format.
        lose: takes a sentence for each thing that is lost.
    """
    left_out, rows = list[Problem](), 0
    for block in sentence_lines(source, left_out, None, inference.spelling):
        rows += isinstance(block, SentenceLines)
        yield block
    for problem in left_out:
        lose(str(problem))
    file = Parquet(source)
    keys = [name for name in file.columns().metadata if not _are_files(file, name)]
    if keys:
        lose(lost_metadata(source.path, fmt, rows, keys))


def _are_files(file: Parquet, name: str) -> bool:
    """Whether a column holds the names of documents' files, as sentences are written with: no format loses them."""
    return name in DOCUMENTS and all(names_file(name, value) for value in {row[name] for _, row in file.rows([name])})


def _texts(source: Source, file: Parquet, columns: ParquetColumns) -> Iterator[MarkedText]:
    for number, row in file.rows([name for name in (columns.text, columns.spans, *columns.metadata) if name]):
        given = row[columns.spans] or [] if columns.spans else []
        text = row[columns.text] or ""
        marks = read_spans(Record(source.path, number, {}), given, text)
        metadata = {name: as_json(row[name]) for name in columns.metadata}
        yield MarkedText(number, text, marks, metadata=metadata)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a table, see ``parquet_writer``.

    Raises:
        InputError: also where pyarrow is not installed.
    """
    from ner_tui.formats.tables import parquet_writer

    parquet_writer.write(items, out, options)

r"""CSV and the like: a table of texts, a document a row, or of words, a word a row with its tag.

A sample of each::

    id,source,text,spans                                              Sentence #,Word,POS,Tag
    7,wire,"Ann Lee left.","[{""start"": 0, ""end"": 7, …}]"          Sentence: 1,Thousands,NNS,O
    9,blog,Oslo sleeps.,[]                                            ,of,IN,O

Cells are parted by comma, semicolon, TAB or ``|``, and may stand in quotes, in which a quote is written twice (RFC
4180); without quotes around any cell that needs them, they are letters. A first row names the columns.

A table of texts has a column called text, or the like, or a single one that holds more than words. The other columns
are metadata, but for one that holds spans: see ``span_cells``. A table of words has a column of tags, and no text. Its
sentences end at blank rows, and where the column called sentence, or the like, has another value. TSV with a word a row
is read as ``conll`` unless it has such a column.

Written: documents with tokens of their own as ``document,sentence,word,tag``; texts with their metadata, the text, and
their spans, decisions and open suggestions alike, if there are any in the file. Cells stand in quotes where they need
to. What the first document is says which of the two is written.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.schemes import SCHEMES, transitions
from ner_tui.domain.spelling import Spelling
from ner_tui.domain.stream import DocumentStart, Metadata, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.source_tags import source_tags
from ner_tui.formats.files.source import Source, is_large
from ner_tui.formats.tables import csv_words
from ner_tui.formats.tables.dialect import SEPARATORS
from ner_tui.formats.tables.table_layout import Table, find_table

_BEGINNING = 50_000
"""Rows of a large file from which its scheme is inferred."""
_NAMED = (".csv",)
"""Suffixes that are of tables and nothing else."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a table of texts or words; see ``base.Format.infer``.

    Raises:
        InputError: also where several columns may hold the texts.
    """
    table = find_table(source, sure=sure)
    if table is None:
        return None
    # Columns by TAB are those of token formats, whose first line may name them too, but for one that ends sentences.
    if table.words and not (sure or table.words.ends_sentences) and table.dialect.separator == "\t":
        return None
    return _inference(source, name, table)


def choose(source: Source, name: str, column: str | None, spelling: Spelling | None = None) -> Inference:
    """Read the tags of a table of words from a column that a person named, or as a person says they are spelled.

    Raises:
        InputError: there is no such column, or no table of words.
    """
    table = find_table(source, tag=column, sure=True)
    if table is None or table.words is None or table.words.word == table.words.tag:
        raise InputError(f"{source.path} is no table of words with a column {column or 'of tags'} beside them")
    return _inference(source, name, table, spelling)


def choose_text(source: Source, name: str, column: str) -> Inference:
    """Read the texts from a column that a person named, by its name or its number from 1.

    Raises:
        InputError: there is no such column.
    """
    table = find_table(source, text=column, sure=True)
    assert table is not None
    return replace(_inference(source, name, table), text_column=column)


def _inference(source: Source, name: str, table: Table, given: Spelling | None = None) -> Inference:
    by = f" by {SEPARATORS[table.dialect.separator]}" if table.width > 1 else ""
    told = f"{source.path}: read as {name}, a table of {counted(table.width, 'column')}{by}"
    if table.texts is not None:
        spans = "" if table.texts.spans is None else f", spans in column {table.column_name(table.texts.spans)}"
        rest = [table.column_name(at) for at in range(table.width) if at not in table.texts]
        kept = f"; metadata: {', '.join(rest)}" if rest else ""
        return Inference(name, f"{told}, texts in column {table.column_name(table.texts.text)}{spans}{kept}")
    assert table.words is not None
    columns = table.words
    unexplained = Inference(
        name, "", None, table.dialect.separator, columns.word, columns.tag, frozenset({table.width})
    )  # fmt: skip
    told = f"{told}, words in column {table.column_name(columns.word)}"
    if columns.tag is None:
        return replace(unexplained, sentence=f"{told}, no tags")
    blocks = csv_words.lines_of_table(source, table, unexplained, _BEGINNING if is_large(source) else None)
    pairs = Counter(chain.from_iterable(transitions(each.tags) for each in blocks if isinstance(each, SentenceLines)))
    scheme, spelling, taken = source_tags(source.path, pairs, given)
    others = ", ".join(map(table.column_name, columns.others))
    others = f"; there are tags in column {others} too" if others else ""
    told = f"{told}, tags in column {table.column_name(columns.tag)}, {SCHEMES[scheme].title}{taken}{others}"
    return replace(unexplained, sentence=told, scheme=scheme, spelling=spelling)


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each text, or the sentences of a table of words; see ``base.Format.read``."""
    if not inference.columns:
        from ner_tui.formats.tables import csv_texts

        return csv_texts.read(source, inference)
    return _read_words(source, inference)


def _read_words(source: Source, inference: Inference) -> Iterator[StreamItem]:
    named = deque[Metadata]()
    blocks = csv_words.sentence_lines(source, inference, named=named)
    for item in assemble(source.path, blocks, inference.scheme):
        yield replace(item, metadata=named.popleft()) if named and isinstance(item, DocumentStart) else item


def sentence_lines(source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the sentences of a table of words; see ``csv_words.sentence_lines``."""
    return csv_words.sentence_lines(source, inference)


def left_out(source: Source, inference: Inference) -> list[str]:
    """Return which columns of a table of words are not read; those of a table of texts are metadata."""
    return csv_words.left_out(source, inference) if inference.columns else []


def set_tag(line: str, tag: str, inference: Inference) -> str:
    """Return a row's line with another tag; see ``csv_words.set_tag``."""
    return csv_words.set_tag(line, tag, inference)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a table; see ``csv_writer``."""
    from ner_tui.formats.tables import csv_writer

    csv_writer.write(items, out, options)

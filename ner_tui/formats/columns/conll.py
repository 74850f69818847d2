r"""CoNLL: a token a line in columns, a blank line after each sentence.

Read: one column (words alone), two (word and tag), and the four of CoNLL-2003, whose last column is the tag::

    -DOCSTART- -X- O O                      # a comment: its columns are not those of a word
                                            # O
    EU NNP I-NP I-ORG                       Hugging B-ORG
    rejects VBZ I-VP O                      Face I-ORG
    German JJ I-NP I-MISC                   opened O

The separator is TAB if the file uses it, else runs of U+0020. Words are counted by a first column in some corpora
(``1 TAB EU TAB B-ORG``): it is stepped over. Columns may be named by a first line or by ``# global.columns = …``. Where
several columns hold tags, the first is read unless another is asked for. How tags are spelled and their scheme are
inferred from them; tags may also stand before the words. Illegal
sequences are read as conlleval reads them, each with a problem. The text of a document is its words joined by one
space, or by nothing after ``NoSpaceAfter`` in a column called MISC; its sentences by a line end.

``-DOCSTART-`` and the like begin a document. A line of blanks or tabs ends a sentence, and so do several of them, a
word that MISC calls ``EndOfSentence``, and a row that counts ``0`` and has no word. ``\r`` before a line end is none
of the line's, blanks around a tag none of the tag's. An empty word, which occurs, is read as ``_`` and reported.

Written: ``conll`` has two columns, with ``-DOCSTART- O`` and a blank line between documents; ``conll2003`` has four,
unknown POS and chunk ``_``, with ``-DOCSTART- -X- O O`` before each document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from ner_tui.domain.scheme_inference import infer_scheme
from ner_tui.domain.schemes import SCHEMES
from ner_tui.domain.spelling import PLAIN, Spelling
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.column_layout import (
    BLANKS,
    ColumnLayout,
    cut,
    find_layout,
    has_document_mark,
    is_document_mark,
)
from ner_tui.formats.columns.no_tags import refuse_other_separator, refuse_whole_sentences, why_no_tags
from ner_tui.formats.columns.plain import plain_batches
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.columns.sentence_reader import is_comment, read_sentences
from ner_tui.formats.columns.source_tags import source_tags
from ner_tui.formats.columns.transition_counts import count_transitions
from ner_tui.formats.files.source import Source

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.labelled_texts import WordRows
    from ner_tui.domain.packing import PackedSentences

_BLANK = re.compile("[ \t\r\n]")
_CELL = re.compile("[^ ]+")


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Find the columns and the scheme; see ``base.Format.infer``."""
    sure = sure or has_document_mark(source)
    layout = find_layout(source)
    if layout is None and sure:
        raise why_no_tags(source, name)
    if layout is None or not (sure or layout.evident):
        return None
    return _inference(source, name, layout)


def choose(source: Source, name: str, column: str | None, spelling: Spelling | None = None) -> Inference:
    """Read the tags from a column that a person named, by its number from 1 or as the file calls it, or as it says.

    Raises:
        InputError: there is no such column, or it is that of the words.
    """
    layout = find_layout(source, column)
    if layout is None and column is None:
        raise why_no_tags(source, name)
    if layout is None:
        raise InputError(f"{source.path} holds no words: there is no column to choose")
    return _inference(source, name, layout, spelling)


def _inference(source: Source, name: str, layout: ColumnLayout, given: Spelling | None = None) -> Inference:
    refuse_whole_sentences(source, layout)
    unexplained = Inference(
        name, "", None, layout.separator, layout.word, layout.tag, layout.counts, PLAIN, layout.header, layout.misc
    )  # fmt: skip
    if layout.tag is None:
        refuse_other_separator(source)
        told = "words in column 2 without tags" if layout.word else "one column: words without tags"
        return replace(unexplained, sentence=f"{source.path}: read as {name}, {told}")
    scheme, spelling, told = source_tags(source.path, count_transitions(source, unexplained), given)
    if not spelling.is_literal and any(text.startswith("#") or "\n#" in text for text in source.sections()):
        # Which lines of # are words is known with the spelling only.
        scheme = infer_scheme(count_transitions(source, replace(unexplained, spelling=spelling)))
    sentence = f"{source.path}: read as {name}, {_describe(layout, scheme, told)}"
    return replace(unexplained, sentence=sentence, scheme=scheme, spelling=spelling)


def _describe(layout: ColumnLayout, scheme: str, told: str) -> str:
    """Return the rest of a sentence that says how a file with tags is read."""
    counts = " or ".join(map(str, sorted(layout.counts)))
    separator = "TAB" if layout.separator == "\t" else "space"
    word = f"words in column {layout.column_name(layout.word)}, " if layout.word else ""
    others = ", ".join(layout.column_name(at) for at in layout.others)
    others = f"; there are tags in column {others} too" if others else ""
    return (
        f"{counts} columns by {separator}, {word}tags in column {layout.column_name(layout.tag or 0)}, "
        f"{SCHEMES[scheme].title}{told}{others}"
    )


def sentence_lines(source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the sentences and document marks of a file as they stand.

    Raises:
        FormatError: a line has too few columns, or too many to tell which is which.
    """
    return (item for item in read_sentences(source, inference) if not isinstance(item, SentenceBatch))


def batched_sentence_lines(
    source: Source, inference: Inference
) -> Iterator[SentenceLines | DocumentMark | SentenceBatch]:
    """Yield the same, many sentences at a time where their lines are plain, whatever their tags."""
    return read_sentences(source, inference, plain_batches(replace(inference, scheme=None)))


def set_tag(line: str, tag: str, inference: Inference) -> str:
    """Return a word's line with another tag: everything else in it stays, the blanks between columns too.

    Raises:
        ValueError: the line would be read back with another tag or with other columns.
    """
    column = inference.tag_column
    if column is None:
        raise ValueError("there is no column of tags")
    if column + 1 == min(inference.columns, default=0) == max(inference.columns) and line[0] not in "#-":
        # Nearly all tags are in the last column, and nothing but a separator is before them.
        head, separator, old = line.rpartition(inference.separator)
        if _fits(tag) and _fits(old) and (separator == " " or head.count("\t") + 1 == column):
            return f"{head}{separator}{tag}"
    body = line.rstrip("\r")
    if inference.separator == "\t":
        cells = body.split("\t")
        core = cells[column].strip(BLANKS)
        cells[column] = cells[column].replace(core, tag, 1) if core else cells[column] + tag
        made = "\t".join(cells)
    else:
        found = list(_CELL.finditer(body))[column]
        core = found[0].strip(BLANKS)
        start = found.start() + found[0].index(core)
        made = body[:start] + tag + body[start + len(core) :]
    before, after = cut(body, inference.separator), cut(made, inference.separator)
    if len(before) != len(after) or "\n" in tag or after[column].strip(BLANKS) != tag or is_document_mark(made):
        raise ValueError(f"{tag!r} does not fit into a column")
    if made[0] == "#" and is_comment(after, inference):
        raise ValueError(f"{tag!r} does not fit into a column")
    return made + line[len(body) :]


@lru_cache(maxsize=4096)
def _fits(tag: str) -> bool:
    """Whether a tag fits into every column: neither it nor what is read of it has blanks in it or around it."""
    return bool(tag) and not _BLANK.search(tag)


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield documents, problems and sentences; the tags are decisions unless ``inference`` has no scheme."""
    return assemble(source.path, sentence_lines(source, inference), inference.scheme)


def read_packed(source: Source, inference: Inference) -> Iterator[StreamItem | PackedSentences]:
    """Yield the same, plain lines many sentences at a time."""
    return assemble(source.path, read_sentences(source, inference, plain_batches(inference)), inference.scheme)


def read_rows(source: Source, inference: Inference) -> Iterator[StreamItem | PackedSentences | WordRows]:
    """Yield the same, plain lines by words and spans alone."""
    from ner_tui.formats.columns.word_arrays import read_sentences_or_rows

    return assemble(source.path, read_sentences_or_rows(source, inference), inference.scheme)


def left_out(source: Source, inference: Inference) -> list[str]:
    """Return what is in the file that other formats have no place for; see ``base.Format.left_out``."""
    from ner_tui.formats.columns.left_out import of_columns

    return of_columns(source, inference)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write columns; see ``column_writer``."""
    from ner_tui.formats.columns import column_writer

    column_writer.write(items, out, options)

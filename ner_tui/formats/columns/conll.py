r"""CoNLL: a token a line in columns, a blank line after each sentence.

Read: one column (words alone), two (word and tag), and the four of CoNLL-2003, whose last column is the tag::

    -DOCSTART- -X- O O                      # a comment: its columns are not those of a word
                                            # O
    EU NNP I-NP I-ORG                       Hugging B-ORG
    rejects VBZ I-VP O                      Face I-ORG
    German JJ I-NP I-MISC                   opened O

The separator is TAB if the file uses it, else runs of U+0020. Words are counted by a first column in some corpora
(``1 TAB EU TAB B-ORG``): it is stepped over. Columns may be named by a first line or by ``# global.columns = …``. Where
several columns hold tags, the first is read unless another is asked for. The scheme is inferred from the tags; illegal
sequences are read as conlleval reads them, and each is told as a problem. The text of a document is its words joined
by one space, or by nothing after ``NoSpaceAfter`` in a column called MISC; its sentences by a line end.

``-DOCSTART-`` and its like begin a document. A line of blanks or tabs ends a sentence, and so do several of them, a
word that MISC calls ``EndOfSentence``, and a row that counts ``0`` and has no word. ``\r`` before a line end is none
of the line's, blanks around a tag none of the tag's. An empty word, which occurs, is read as ``_`` and told.

Written: ``conll`` has two columns, with ``-DOCSTART- O`` and a blank line between documents; ``conll2003`` has four,
unknown POS and chunk ``_``, with ``-DOCSTART- -X- O O`` before each document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from ner_tui.domain.document import StreamItem
from ner_tui.domain.schemes import PLAIN, SCHEMES, Spelling, find_spelling, infer_scheme, transitions
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.column_layout import (
    BLANKS,
    ColumnLayout,
    cut,
    find_layout,
    has_document_mark,
    is_blank,
    is_document_mark,
    reads_as_comment,
)
from ner_tui.formats.columns.no_tags import why_no_tags
from ner_tui.formats.columns.plain import PlainRuns, plain_block, plain_lines, plain_runs, transitions_by_piece
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.files.source import Source

if TYPE_CHECKING:
    from ner_tui.domain.packing import PackedSentences

_GAP = re.compile(r"\n(?:[ \t\r]*\n)+")
_BLANK = re.compile("[ \t\r\n]")
_CELL = re.compile("[^ ]+")
_GLUE = re.compile(r"(?:^|\|)(?:NoSpaceAfter|SpaceAfter=No)(?:\||$)")
_END = re.compile(r"(?:^|\|)EndOfSentence(?:\||$)")


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Find the columns and the scheme; see ``base.Format.infer``."""
    sure = sure or has_document_mark(source)
    layout = find_layout(source)
    if layout is None and sure:
        raise why_no_tags(source, name)
    if layout is None or not (sure or layout.evident):
        return None
    return _inference(source, name, layout)


def choose(source: Source, name: str, column: str) -> Inference:
    """Read the tags from a column that a person named, by its number from 1 or as the file calls it.

    Raises:
        InputError: there is no such column, or it is that of the words.
    """
    layout = find_layout(source, column)
    if layout is None:
        raise InputError(f"{source.path} holds no words: there is no column to choose")
    return _inference(source, name, layout)


def _inference(source: Source, name: str, layout: ColumnLayout) -> Inference:
    untold = Inference(
        name, "", None, layout.separator, layout.word, layout.tag, layout.counts, PLAIN, layout.header, layout.misc
    )  # fmt: skip
    scheme, spelling = (None, PLAIN) if layout.tag is None else _find_scheme(source, untold)
    sentence = f"{source.path}: read as {name}, {_told(layout, scheme)}"
    return replace(untold, sentence=sentence, scheme=scheme, spelling=spelling)


def _find_scheme(source: Source, inference: Inference) -> tuple[str, Spelling]:
    """Infer the scheme, and how the tags are written, from all tags of a file."""
    pairs: Counter[tuple[str, str]] = Counter()
    for piece, found in transitions_by_piece(source, inference):
        if found is not None:
            pairs.update(found)
            continue
        for block in _blocks(source.with_text(piece), inference, patient=True):
            if isinstance(block, SentenceLines):
                pairs.update(transitions(block.tags))
    counts: Counter[str] = Counter()
    for (_, tag), number in pairs.items():
        counts[tag] += number
    scheme, spelling = infer_scheme(pairs), find_spelling(counts)
    return scheme, spelling if scheme == "io" else spelling._replace(bare=False)


def _told(layout: ColumnLayout, scheme: str | None) -> str:
    if layout.tag is None or scheme is None:
        return "words in column 2 without tags" if layout.word else "one column: words without tags"
    counts = " or ".join(map(str, sorted(layout.counts)))
    separator = "TAB" if layout.separator == "\t" else "space"
    word = f"words in column {layout.called(layout.word)}, " if layout.word else ""
    others = ", ".join(layout.called(at) for at in layout.others)
    others = f"; there are tags in column {others} too" if others else ""
    return (
        f"{counts} columns by {separator}, {word}tags in column {layout.called(layout.tag)}, "
        f"{SCHEMES[scheme].title}{others}"
    )


def blocks(source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the sentences and document marks of a file as they stand.

    Raises:
        FormatError: a line has too few columns, or too many to tell which is which.
    """
    return (block for block in _blocks(source, inference, patient=False) if not isinstance(block, SentenceBatch))


def runs(source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark | SentenceBatch]:
    """Yield the same, many sentences at a time where their lines are plain, whatever their tags."""
    return _blocks(source, inference, patient=False, runs=plain_runs(replace(inference, scheme=None)))


def _blocks(
    source: Source, inference: Inference, *, patient: bool, runs: PlainRuns | None = None
) -> Iterator[SentenceLines | DocumentMark | SentenceBatch]:
    """Yield sentences; with ``runs`` many at a time where it finds some."""
    number, plain = 1, plain_lines(inference)
    for section in source.sections():
        text = section.replace("\r\n", "\n") if source.newline == "\r\n" else section
        at = 0
        while at < len(text):
            if runs is not None and (found := runs.find(text, at, number)) is not None:
                run, following = found
                yield run
                number += text.count("\n", at, following)
                at = following
            if source.newline != "mixed":
                end = text.find("\n\n", at)
                end, following = (end, end + 2) if end >= 0 else (len(text), len(text))
            else:
                gap = _GAP.search(text, at)
                end, following = gap.span() if gap else (len(text), len(text))
            chunk = text[at:end]
            block = plain_block(chunk, number, plain, inference) if plain else None
            if block is not None:
                yield block
            else:
                yield from _careful(chunk, number, source.path, inference, patient=patient)
            number += text.count("\n", at, following)
            at = following


def _careful(
    chunk: str, number: int, path: str, inference: Inference, *, patient: bool
) -> Iterator[SentenceLines | DocumentMark]:
    """Read lines one by one; ``patient`` passes over those that break the format."""
    separator, word, tag, misc = (
        inference.separator, inference.word_column, inference.tag_column, inference.misc_column,
    )  # fmt: skip
    words, tags, lines, gaps = list[str](), list[str](), list[int](), dict[int, str]()
    for at, line in enumerate([*chunk.split("\n"), ""], number):
        parts = cut(line, separator)
        mark = is_document_mark(line)
        if mark or is_blank(line) or (word > 0 and _is_zero_row(parts, word)):
            if words:
                yield SentenceLines(words, tags, lines, gaps)
                words, tags, lines, gaps = [], [], [], {}
            if mark:
                yield DocumentMark(at)
            continue
        if (line[0] == "#" and _is_comment(parts, inference)) or line.rstrip("\r") == inference.header:
            continue
        if len(parts) not in inference.columns:
            if patient:
                continue
            _require_columns(path, at, parts, inference)
        words.append(parts[word])
        lines.append(at)
        if tag is not None:
            tags.append(parts[tag].strip(BLANKS))
        flags = parts[misc] if misc is not None and misc < len(parts) else ""
        if _GLUE.search(flags):
            gaps[len(words) - 1] = ""
        if _END.search(flags):
            yield SentenceLines(words, tags, lines, gaps)
            words, tags, lines, gaps = [], [], [], {}


def _is_zero_row(parts: list[str], word: int) -> bool:
    """Whether a row counts 0 and has no word: it stands for a blank line."""
    return parts[0] == "0" and not "".join(parts[1 : word + 1]).strip(BLANKS)


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
    if made[0] == "#" and _is_comment(after, inference):
        raise ValueError(f"{tag!r} does not fit into a column")
    return made + line[len(body) :]


@lru_cache(maxsize=4096)
def _fits(tag: str) -> bool:
    """Whether a tag fits into every column: neither it nor what is read of it has blanks in it or around it."""
    return bool(tag) and not _BLANK.search(tag)


def _is_comment(parts: list[str], inference: Inference) -> bool:
    """Whether a line that starts with ``#`` is a comment; where it has the columns of a word, ``#`` is the word."""
    if len(parts) not in inference.columns:
        return True
    tag, word = inference.tag_column, inference.word_column
    if word > 0 or tag is None:
        return word > 0 and reads_as_comment(parts, word, "")
    # Any text can be a tag of IO without prefixes.
    return inference.scheme != "io" and reads_as_comment(parts, word, parts[tag])


def _require_columns(path: str, number: int, parts: list[str], inference: Inference) -> None:
    usual = " or ".join(map(str, sorted(inference.columns)))
    count = f"{len(parts)} column{'s' if len(parts) != 1 else ''} where the others have {usual}"
    if len(parts) < min(inference.columns):
        raise FormatError(path, number, f"{count}: add what is missing, or read it with --from text")
    # Columns keep their places in a longer line by TAB; by space, a word with a space in it has moved them.
    if inference.separator != "\t":
        raise FormatError(path, number, f"{count}: a word with a space in it needs a file separated by TAB")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield documents, problems and sentences; the tags are decisions unless ``inference`` has no scheme."""
    return assemble(source.path, blocks(source, inference), inference.scheme)


def read_packed(source: Source, inference: Inference) -> Iterator[StreamItem | PackedSentences]:
    """Yield the same, plain lines many sentences at a time."""
    runs = plain_runs(inference)
    return assemble(source.path, _blocks(source, inference, patient=False, runs=runs), inference.scheme)


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write columns; see ``column_writer``."""
    from ner_tui.formats.columns import column_writer

    column_writer.write(items, out, options)

"""The sentences of a file of columns: many at a time, or one, where their lines are plain, else line by line.

Which way a sentence is read is decided here and by the expressions of ``plain``; what is read is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ner_tui.domain.counting import counted
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.column_layout import BLANKS, cut, is_blank, is_document_mark
from ner_tui.formats.columns.plain import PlainBatches, plain_pattern, read_plain_sentence
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.columns.tag_evidence import is_tag
from ner_tui.formats.files.source import Source

_GAP = re.compile(r"\n(?:[ \t\r]*\n)+")
_HASHES = re.compile(r"#\Z|#+ ")
_NO_SPACE = re.compile(r"(?:^|\|)(?:NoSpaceAfter|SpaceAfter=No)(?:\||$)")
_END_OF_SENTENCE = re.compile(r"(?:^|\|)EndOfSentence(?:\||$)")


def read_sentences(
    source: Source,
    inference: Inference,
    batches: PlainBatches | None = None,
    *,
    skip_broken: bool = False,
    first_line: int = 1,
) -> Iterator[SentenceLines | DocumentMark | SentenceBatch]:
    """Yield the sentences and document marks of a file.

    Args:
        batches: finds the sentences that are yielded many at a time; None: each is yielded on its own.
        skip_broken: pass over the lines that break the format.
        first_line: the number of the source's first line, where it is a part of a file.

    Raises:
        FormatError: a line has too few columns, or too many to tell which is which.
    """
    number, pattern = first_line, plain_pattern(inference)
    for section in source.sections():
        text = section.replace("\r\n", "\n") if source.newline == "\r\n" else section
        at = 0
        while at < len(text):
            if batches is not None and (found := batches.find(text, at, number)) is not None:
                batch, following = found
                yield batch
                number += text.count("\n", at, following)
                at = following
            if source.newline != "mixed":
                end = text.find("\n\n", at)
                end, following = (end, end + 2) if end >= 0 else (len(text), len(text))
            else:
                gap = _GAP.search(text, at)
                end, following = gap.span() if gap else (len(text), len(text))
            chunk = text[at:end]
            sentence = read_plain_sentence(chunk, number, pattern, inference) if pattern else None
            if sentence is not None:
                yield sentence
            else:
                yield from _read_line_by_line(chunk, number, source.path, inference, skip_broken=skip_broken)
            number += text.count("\n", at, following)
            at = following


def is_comment(parts: list[str], inference: Inference) -> bool:
    """Whether a line that starts with ``#`` is a comment; where it has the columns of a word, ``#`` is the word."""
    if len(parts) not in inference.columns:
        return True
    tag, word = inference.tag_column, inference.word_column
    if word > 0:
        return "#" not in parts[word]
    # Any text can be a tag of IO without prefixes. In files by TAB, a comment of several words may hold a TAB.
    may_be_comment = tag is not None and inference.scheme != "io" and _HASHES.match(parts[0]) is not None
    cell, spelling = parts[tag or 0].strip(BLANKS), inference.spelling
    return may_be_comment and cell != spelling.outside and not is_tag(spelling.normal(cell))


def line_kind(line: str, parts: list[str], inference: Inference) -> Literal["word", "gap", "mark", "comment"]:
    """Return what a line is: a gap ends a sentence, a mark begins a document, and what names columns is a comment.

    Args:
        line: as it stands.
        parts: its cells.
    """
    if is_document_mark(line):
        return "mark"
    if is_blank(line) or (inference.word_column > 0 and _is_zero_row(parts, inference.word_column)):
        return "gap"
    if (line[0] == "#" and is_comment(parts, inference)) or line.rstrip("\r") == inference.header:
        return "comment"
    return "word"


def _read_line_by_line(
    chunk: str, number: int, path: str, inference: Inference, *, skip_broken: bool
) -> Iterator[SentenceLines | DocumentMark]:
    separator, word, tag, misc = (
        inference.separator, inference.word_column, inference.tag_column, inference.misc_column,
    )  # fmt: skip
    normal = None if inference.spelling.is_literal else inference.spelling.normal
    words, tags, lines, gaps = list[str](), list[str](), list[int](), dict[int, str]()
    for at, line in enumerate([*chunk.split("\n"), ""], number):
        parts = cut(line, separator)
        kind = line_kind(line, parts, inference)
        if kind in ("gap", "mark"):
            if words:
                yield SentenceLines(words, tags, lines, gaps)
                words, tags, lines, gaps = [], [], [], {}
            if kind == "mark":
                yield DocumentMark(at)
        if kind != "word":
            continue
        if len(parts) not in inference.columns:
            if skip_broken:
                continue
            _require_columns(path, at, parts, inference)
        words.append(parts[word])
        lines.append(at)
        if tag is not None:
            cell = parts[tag].strip(BLANKS)
            tags.append(normal(cell) if normal else cell)
        flags = parts[misc] if misc is not None and misc < len(parts) else ""
        if _NO_SPACE.search(flags):
            gaps[len(words) - 1] = ""
        if _END_OF_SENTENCE.search(flags):
            yield SentenceLines(words, tags, lines, gaps)
            words, tags, lines, gaps = [], [], [], {}


def _is_zero_row(parts: list[str], word: int) -> bool:
    """Whether a row counts 0 and has no word: it stands for a blank line."""
    return parts[0] == "0" and not "".join(parts[1 : word + 1]).strip(BLANKS)


def _require_columns(path: str, number: int, parts: list[str], inference: Inference) -> None:
    usual = " or ".join(map(str, sorted(inference.columns)))
    count = f"{counted(len(parts), 'column')} where the others have {usual}"
    if len(parts) < min(inference.columns):
        raise FormatError(path, number, f"{count}: add what is missing, or read it with --from text")
    # Columns keep their places in a longer line by TAB; by space, a word with a space in it has moved them.
    if inference.separator != "\t":
        raise FormatError(path, number, f"{count}: a word with a space in it needs a file separated by TAB")

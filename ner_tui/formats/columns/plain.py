"""Plain lines of columns, which most files consist of, read many at a time.

A line is plain if it has as many columns as the others, one separator between two of them, and is no comment, document
mark or row that counts 0. What is not plain is read line by line, see ``sentence_reader``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, pairwise

from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import SentenceLines
from ner_tui.formats.columns.column_layout import BLANKS, is_document_mark
from ner_tui.formats.columns.sentence_batches import SentenceBatch
from ner_tui.formats.files.source import Source

Transitions = Iterator[tuple[str, str]] | Mapping[tuple[str, str], int]
"""Pairs of neighbouring tags, one by one or counted."""
_PIECE = 1 << 16
"""About how many characters are read at a time."""
_WIDEST = 200
"""Columns of plain lines at the most: an expression of each would take longer to make than the lines to read."""
_MOST_SENTENCES = 200
"""Sentences of a batch at the most."""
_COMMENTS = "(?>(?:#[^\t\n]*+\n)*)"
_COMMENT = re.compile("^#[^\t\n]*+\n", re.MULTILINE)
_NO_WORD = "(?!#|(?i:-+DOCSTART)|0\t)"
# By space, what has all columns and begins so is a word, as of a tweet, unless it begins a document.
_NO_WORD_BY_SPACE = "(?!#(?![A-Za-z0-9])|(?i:#(?:DOCSTART|begin|newdoc)|-+DOCSTART))"


def plain_pattern(inference: Inference) -> re.Pattern[str] | None:
    """Return what matches a sentence of plain lines; None where every line has to be read on its own."""
    return re.compile(_sentence_expression(inference)) if may_be_plain(inference) else None


def may_be_plain(inference: Inference) -> bool:
    """Whether any line of a file can be plain."""
    return inference.misc_column is None and len(inference.columns) == 1 and min(inference.columns) <= _WIDEST


def _sentence_expression(inference: Inference) -> str:
    line = _word_begin(inference) + inference.separator.join([_cell(inference)] * min(inference.columns))
    return rf"{line}(?>(?:\n{line})*)"


def read_plain_sentence(chunk: str, number: int, plain: re.Pattern[str], inference: Inference) -> SentenceLines | None:
    """Read a sentence of nothing but plain lines; None where one of them is not.

    Args:
        number: of its first line.
        plain: see ``plain_pattern``.
    """
    if "\r" in chunk:
        chunk = chunk.replace("\r\n", "\n").removesuffix("\r")
    if may_mislead(chunk, inference) or not plain.fullmatch(chunk):
        return None
    words, tags = _columns(chunk, inference)
    return SentenceLines(words, tags, range(number, number + len(words)))


def may_mislead(text: str, inference: Inference) -> bool:
    """Whether a text may hold what the expressions take for plain lines and is none."""
    return "\r" in text or bool(inference.header and inference.header in text)


def _columns(text: str, inference: Inference) -> tuple[list[str], list[str]]:
    """Return the words and the tags of plain lines."""
    (width,) = inference.columns
    separator, tag = inference.separator, inference.tag_column
    cells = text.replace("\n", separator).split(separator)
    tags = [] if tag is None else cells[tag::width]
    if separator == "\t" and " " in text:
        tags = [cell.strip(BLANKS) for cell in tags]
    return cells[inference.word_column :: width], inference.spelling.normalised(tags)


def plain_batches(inference: Inference) -> PlainBatches | None:
    """Return what finds batches of plain lines; None where every line has to be read on its own."""
    return PlainBatches(inference) if may_be_plain(inference) else None


class PlainBatches:
    """Finds sentences of plain lines that others of their document follow, many at a time."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        # By TAB, what has one column is no word.
        self._may_have_comments = inference.separator == "\t" and min(inference.columns) > 1
        sentence = rf"{_COMMENTS if self._may_have_comments else ''}{_sentence_expression(inference)}"
        self._pattern = re.compile(rf"(?>(?:{sentence}\n\n){{2,{_MOST_SENTENCES}}})")
        self._first_line = 0
        """The line from which on to look for batches: something before it has to be read line by line."""

    def find(self, text: str, at: int, number: int) -> tuple[SentenceBatch, int] | None:
        """Return the sentences at ``text[at:]`` and where they end; None: there are none.

        Args:
            number: of the line that begins there, counted from 1.
        """
        found = self._pattern.match(text, at) if number >= self._first_line else None
        # The last one is left: only what follows shows whether it ends a document.
        end = text.rfind("\n\n", at, found.end() - 1) + 2 if found else at
        if found is None or end <= at:
            return None
        # The line that names the columns looks like any other, and a document mark like any comment.
        if self._has_other_lines(text[at : found.end()]):
            self._first_line = number + text.count("\n", at, end)
            return None
        batch = self._batch(text[at:end], number)
        valid = batch.count_valid(self._inference.scheme)
        if valid == batch.sentences:
            return batch, end
        end = _end_of(valid, text, at)
        self._first_line = number + text.count("\n", at, _end_of(1, text, end))
        return (batch.first(valid), end) if valid else None

    def _has_other_lines(self, text: str) -> bool:
        """Whether lines that match are no words: one that names the columns, a comment that begins a document."""
        if may_mislead(text, self._inference):
            return True
        return self._may_have_comments and "#" in text and any(map(is_document_mark, _COMMENT.findall(text)))

    def _batch(self, text: str, number: int) -> SentenceBatch:
        (width,) = self._inference.columns
        comments = list[int]()
        if self._may_have_comments and (text[0] == "#" or "\n#" in text):
            comments = list(accumulate(len(_COMMENT.findall(part)) for part in text.removesuffix("\n\n").split("\n\n")))
            text = _COMMENT.sub("", text)
        rows = text.replace("\n\n", f"\n{self._inference.separator * (width - 1)}\n").removesuffix("\n")
        return SentenceBatch(*_columns(rows, self._inference), number, comments)


def _end_of(sentences: int, text: str, at: int) -> int:
    """Return the offset behind that many sentences, the first of which begins at ``at``."""
    for _ in range(sentences):
        at = text.index("\n\n", at) + 2
    return at


def transitions_by_piece(
    source: Source, inference: Inference, quickly: Callable[[str], Transitions | None] | None = None
) -> Iterator[tuple[str, Transitions | None]]:
    """Yield the text of a file piece by piece, each with the ``transitions`` of all its sentences.

    They are None where a line of the piece is not plain. Ends of sentences that touch, at several blank lines, are a
    transition too.

    Args:
        quickly: another way to find them, which is tried first; None: it cannot.
    """
    pattern = _tag_pattern(inference)
    for section in source.sections():
        for piece in pieces(section.replace("\r\n", "\n") if source.newline == "\r\n" else section):
            found = quickly(piece) if quickly else None
            if found is None and pattern is not None:
                found = _transitions(piece, pattern, inference)
            yield piece, found


def _transitions(piece: str, pattern: re.Pattern[str], inference: Inference) -> Transitions | None:
    """Return the transitions of a piece, None where one of its lines is not plain."""
    if may_mislead(piece, inference):
        return None
    lines = piece if piece.endswith("\n") else f"{piece}\n"
    tags = pattern.findall(lines)
    if len(tags) != lines.count("\n"):
        return None
    if inference.separator == "\t" and " " in piece:
        tags = [tag.strip(BLANKS) for tag in tags]
    return pairwise(["", *inference.spelling.normalised(tags), ""])


def _tag_pattern(inference: Inference) -> re.Pattern[str] | None:
    """Return what finds the tag of each plain line, and an empty one in the lines that end a sentence."""
    if not may_be_plain(inference) or inference.tag_column is None:
        return None
    cells = [f"{_cell(inference)}+"] * min(inference.columns)
    cells[inference.tag_column] = f"({cells[inference.tag_column]})"
    line = _word_begin(inference) + inference.separator.join(cells)
    return re.compile(rf"^(?:{line}|(?i:-+DOCSTART-)[^\n]*+|[ \t]*+)\n", re.MULTILINE)


def _word_begin(inference: Inference) -> str:
    """Return an expression that looks ahead and fails where a plain line does not begin."""
    by_space = inference.separator == " " and min(inference.columns) > 1 and inference.word_column == 0
    return _NO_WORD_BY_SPACE if by_space and inference.tag_column is not None else _NO_WORD


def _cell(inference: Inference) -> str:
    """Return the expression of a cell."""
    return "[^ \t\n]+" if inference.separator == " " else "[^ \t\n][^\t\n]*"


def pieces(text: str, size: int = _PIECE) -> Iterator[str]:
    """Yield the text in pieces of about ``size`` characters that end with a sentence."""
    at = 0
    while at < len(text):
        end = text.find("\n\n", at + size)
        end = len(text) if end < 0 else end + 2
        yield text[at:end]
        at = end

"""The sentences of a CoNLL-U file: all at once where their lines are words and nothing else, else line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ner_tui.domain.counting import counted
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import spacing
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.column_layout import is_blank, is_document_mark
from ner_tui.formats.files.source import Source

COLUMNS = 10
FORM, MISC = 1, 9
ID = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9}|\.[0-9]{1,9})?\Z")
_LONGEST_ID = 9


class _Row(NamedTuple):
    line: int
    form: str
    tag: str
    """Empty: none is given."""
    gap: str | None
    """What follows it; None: a space."""
    misc: str


@dataclass(slots=True)
class _Range:
    """A multiword token and the words of it that were read."""

    row: _Row
    last: int
    """The id of its last word."""
    parts: list[_Row]

    def rows(self) -> list[tuple[_Row, Sequence[int]]]:
        """Return its words where they are its form cut in pieces, else the form as one; each with its lines of tags."""
        if self.parts and "".join(part.form for part in self.parts) == self.row.form:
            glued = [part._replace(gap="") for part in self.parts[:-1]]
            rows = [*glued, self.parts[-1]._replace(gap=self.row.gap, misc=self.row.misc)]
            return [(row, (row.line,)) for row in rows]
        if self.row.tag or not self.parts:
            return [(self.row, (self.row.line,))]
        return [(self.row._replace(tag=self.parts[0].tag), [part.line for part in self.parts])]


def sentence_lines(source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the sentences and document marks of a file.

    Raises:
        FormatError: a line does not have ten columns, or its first is no id.
    """
    held: list[tuple[int, str]] = []
    for number, line in enumerate(chain(source.lines(), [""]), 1):
        # Of a million lines, nearly all begin so.
        if "0" <= line[:1] <= "9":
            held.append((number, line.rstrip("\r")))
            continue
        mark = is_document_mark(line)
        if mark or is_blank(line):
            if held and (sentence := _read_sentence(source.path, held, inference.key)):
                sentence.tags = inference.spelling.normalised(sentence.tags)
                yield sentence
            held = []
            if mark:
                yield DocumentMark(number)
        elif not line.startswith("#"):
            _checked_columns(source.path, number, line)
            raise AssertionError("an id begins with a digit")


def _read_sentence(path: str, held: Sequence[tuple[int, str]], key: str) -> SentenceLines | None:
    """Return the sentence of these lines; None where all of them are empty nodes."""
    return _read_plain(held, key) or _read_line_by_line(path, held, key)


def _read_plain(held: Sequence[tuple[int, str]], key: str) -> SentenceLines | None:
    """Read a sentence of nothing but words, all at once; None where there is anything else."""
    rows = [line.split("\t") for _, line in held]
    ids = [row[0] for row in rows]
    joined = "".join(ids)
    if not (joined.isdecimal() and joined.isascii()) or {*map(len, rows)} != {COLUMNS}:
        return None
    if max(map(len, ids)) > _LONGEST_ID:
        return None
    flags = [_flags(row[MISC], key) for row in rows]
    return SentenceLines(
        [row[FORM] for row in rows],
        [tag or "O" for tag, _ in flags],
        [number for number, _ in held],
        {at: gap for at, (_, gap) in enumerate(flags) if gap is not None},
        before=spacing.before(rows[0][MISC]),
        after=spacing.after(rows[-1][MISC]),
    )


def _read_line_by_line(path: str, held: Sequence[tuple[int, str]], key: str) -> SentenceLines | None:
    rows: list[tuple[_Row, Sequence[int]]] = []
    wide: _Range | None = None
    for number, line in held:
        columns = _checked_columns(path, number, line)
        word = columns[0].isdecimal()
        row = _Row(number, columns[FORM], *_flags(columns[MISC], key), columns[MISC])
        if wide is not None and not (word and int(columns[0]) <= wide.last):
            rows += wide.rows()
            wide = None
        if "-" in columns[0]:
            wide = _Range(row, int(columns[0].partition("-")[2]), [])
        elif word and wide is not None:
            wide.parts.append(row)
        elif word:
            rows.append((row, (number,)))
    if wide is not None:
        rows += wide.rows()
    return _sentence_lines(rows) if rows else None


def _checked_columns(path: str, number: int, line: str) -> list[str]:
    columns = line.rstrip("\r").split("\t")
    if len(columns) != COLUMNS:
        has = counted(len(columns), "column")
        step = "put a TAB in place of the blanks between them" if len(line.split()) == COLUMNS else "try --from conll"
        raise FormatError(path, number, f"{has} by TAB where CoNLL-U has {COLUMNS}: {step}")
    if not ID.match(columns[0]):
        raise FormatError(path, number, f"{columns[0]!r} is no id of a word such as 1, 1-2 or 1.1: try --from conll")
    return columns


@lru_cache(maxsize=4096)
def _flags(misc: str, key: str) -> tuple[str, str | None]:
    """Return what MISC holds: the tag, empty where there is none, and what follows the word; None: a space."""
    if misc == "_":
        return "", None
    tag = value_of(key).search(misc) if key else None
    return tag[1].strip(" ") if tag else "", spacing.between(misc)


def _sentence_lines(rows: Sequence[tuple[_Row, Sequence[int]]]) -> SentenceLines:
    return SentenceLines(
        [row.form for row, _ in rows],
        [row.tag or "O" for row, _ in rows],
        [row.line for row, _ in rows],
        {at: row.gap for at, (row, _) in enumerate(rows) if row.gap is not None},
        [lines for _, lines in rows] if any(lines != (row.line,) for row, lines in rows) else None,
        spacing.before(rows[0][0].misc),
        spacing.after(rows[-1][0].misc),
    )


@lru_cache(maxsize=16)
def value_of(key: str) -> re.Pattern[str]:
    """Return what matches a key in MISC; group 1 is its value."""
    return re.compile(rf"(?:^|\||\t){re.escape(key)}=([^|\t\r\n]*)")

"""How the lines of a file with a token a line are cut into columns, and which of them hold the words and the tags.

Columns are recognised by their cells, and by their names where the file gives them: in a first line such as
``TOKEN NE-COARSE-LIT …`` or ``# global.columns = ID FORM …``.

Lines are cut at ``\\n`` only and columns at TAB if the file uses it, else at runs of U+0020: every other white space,
NBSP and U+2028 included, occurs inside the words of real files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ner_tui.domain.schemes import split_tag
from ner_tui.errors import InputError
from ner_tui.formats.files.source import Source

BLANKS = " \t\r"
"""What may stand around a cell, and alone in a line that ends a sentence."""
_DOCUMENT_MARK = re.compile(
    r"-+DOCSTART-+|#\s?DOCSTART\b|###MEDLINE:|#\s?begin document|#\s?newdoc\b|# hipe\d*:document_id", re.IGNORECASE
)
_DECLARATION = re.compile(r"#\s*global\.columns\s*=(.*)", re.IGNORECASE)
_MISC = "misc"
_WORD_NAMES = frozenset({"form", "token", "tokens", "word", "words"})
_TAG_NAME = re.compile(r"(?:ne|ner|iob2?|bio|tags?|labels?|entit(?:y|ies))(?:[-_ :].*)?", re.IGNORECASE)

_SAMPLE = 2_000
"""How many lines the columns are found from."""
_MOST = 0.6
"""The share of lines that must agree: a file with some broken lines is still one of columns."""
_LEAST_OUTSIDE = 0.2
_MOST_ODD = 0.01
_MOST_CHUNKS = 0.9
_MOST_BARE_LABELS = 64
_LONGEST_WORD = 80
_WIDEST = 1_000
"""Columns at the most; lines of more are prose."""
# The chunk column of CoNLL-2003 looks like a column of tags, but for these labels.
_CHUNKS = frozenset({"NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC", "VC", "PC"})
_PUNCTUATION = frozenset(".!?,。!？、")


class ColumnLayout(NamedTuple):
    """Where things stand in the lines of a file."""

    separator: str
    word: int
    tag: int | None
    """None: one column, words alone."""
    counts: frozenset[int]
    """The numbers of columns that lines with a word have."""
    evident: bool
    """Whether the content alone shows that this is a file of tokens, whatever its name."""
    header: str = ""
    """The line that names the columns, if it is one of the table; it may be repeated."""
    misc: int | None = None
    """Where a word's flags are."""
    others: tuple[int, ...] = ()
    """Further columns of tags."""
    names: tuple[str, ...] = ()
    """What the file calls its columns; empty if it does not say."""

    def column_name(self, column: int) -> str:
        """Return what people call a column: its number from 1, with its name if it has one."""
        named = f" ({self.names[column]})" if column < len(self.names) and self.names[column] else ""
        return f"{column + 1}{named}"


def cut(line: str, separator: str) -> list[str]:
    """Return the cells of a line."""
    parts = line.rstrip("\r").split(separator)
    return [part for part in parts if part] if separator == " " and "" in parts else parts


def is_blank(line: str) -> bool:
    """Whether a line ends a sentence."""
    return not line.strip(BLANKS)


def is_document_mark(line: str) -> bool:
    """Whether a line begins a document, in any of the spellings that corpora use."""
    return line.startswith(("-", "#")) and _DOCUMENT_MARK.match(line) is not None


def is_tag(cell: str) -> bool:
    """Whether a cell reads as a tag whatever the column it stands in: ``O``, or a prefix with its label."""
    return cell not in ("", "_", "-") and split_tag(cell)[0] != ""


def has_document_mark(source: Source) -> bool:
    """Whether the first line that is not blank begins a document."""
    first = next((line for line in source.lines() if not is_blank(line)), "")
    return is_document_mark(first)


def find_layout(source: Source, column: str | None = None) -> ColumnLayout | None:
    """Find the columns from the first lines; None if there are several and none of them holds tags.

    Args:
        column: the number from 1, or the name, of the column of tags; None: the first that looks like one.

    Raises:
        InputError: there is no such column, or it is that of the words.
    """
    lines = list(islice(_word_lines(source), _SAMPLE))
    if not lines:
        return None
    # By most of the lines: comments of space-separated files hold tabs, and now and then a word does.
    separator = "\t" if sum("\t" in line for line in lines) * 2 > len(lines) else " "
    if sorted(line.count(separator) for line in lines)[len(lines) // 2] > _WIDEST:
        return None
    rows = [cut(line, separator) for line in lines]
    names, header = _declared_names(source), ""
    if not names and _is_header(rows[0]):
        header, names = lines[0].rstrip("\r"), tuple(cell.strip(BLANKS) for cell in rows[0])
        rows = rows[1:] or rows
    widths = Counter(map(len, rows))
    width = widths.most_common(1)[0][0]
    if width == 1 and column is None:
        return ColumnLayout(separator, 0, None, frozenset({1}), _looks_tokenised(lines))
    if width == 2 and column is None and _counts_words([row[0] for row in rows]) and not _tag_columns(rows, 2, 0):
        return ColumnLayout(separator, 1, None, frozenset({2}), evident=True)
    folded = [name.casefold() for name in names]
    word = next((at for at, name in enumerate(folded[:width]) if name in _WORD_NAMES), None)
    if word is None:
        word = 1 if width > 2 and _counts_words([row[0] for row in rows]) else 0
    tags = _tag_columns(rows, width, word, folded)
    if not tags and word == 1 and not names:
        # They only looked like numbers of words.
        word, tags = 0, _tag_columns(rows, width, 0)
    if not tags:
        # Files to be annotated have the columns, with nothing in them yet.
        tags = [at for at, name in enumerate(names[:width]) if at != word and _TAG_NAME.fullmatch(name)][:1]
    if column is not None:
        chosen = _column_number(source.path, column, folded, width, word)
        tags = [chosen, *(at for at in tags if at != chosen)]
    if not tags:
        return None
    tag = tags[0]
    # Only TAB keeps the columns of ragged lines in their places.
    counts = {n for n in widths if n > max(tag, word)} if separator == "\t" else {width}
    named = any("-" in row[tag] for row in rows if len(row) > tag)
    evident = len(rows) > 2 or (named and len(rows) > 1) or bool(names)
    misc = folded.index(_MISC) if _MISC in folded and folded.index(_MISC) != tag else None
    return ColumnLayout(separator, word, tag, frozenset(counts), evident, header, misc, tuple(tags[1:]), names)


def _declared_names(source: Source) -> tuple[str, ...]:
    """Return the names of columns that a comment at the top gives."""
    for line in islice(source.lines(), _SAMPLE):
        if not is_blank(line) and not line.startswith("#"):
            break
        if found := _DECLARATION.match(line):
            return tuple(name for name in re.split("[ \t\r]+", found[1]) if name)
    return ()


def _is_header(row: Sequence[str]) -> bool:
    """Whether a first line names the columns: one of the first three words, another the tags."""
    cells = [cell.strip(BLANKS) for cell in row]
    named = any(cell.casefold() in _WORD_NAMES for cell in cells[:3])
    return named and any(not is_tag(cell) and _TAG_NAME.fullmatch(cell) for cell in cells)


def _column_number(path: str, column: str, names: Sequence[str], width: int, word: int) -> int:
    at = int(column) - 1 if column.isdecimal() and len(column) < 6 else -1
    at = names.index(column.casefold()) if column.casefold() in names else at
    if not 0 <= at < max(width, len(names)):
        known = f"columns 1 to {width}" + (f", called {' '.join(names)}" if names else "")
        raise InputError(f"{path}: there is no column {column!r}: it has {known}")
    if at == word:
        raise InputError(f"{path}: column {column} holds the words: name the column of the tags")
    return at


def _word_lines(source: Source) -> Iterator[str]:
    """Yield the lines that hold a word for certain: of those with ``#``, the ones that end in a tag."""
    for line in source.lines():
        if is_blank(line) or is_document_mark(line):
            continue
        if line[0] != "#" or is_tag(re.split("[ \t]", line.rstrip(BLANKS))[-1]):
            yield line


def _looks_tokenised(lines: Sequence[str]) -> bool:
    """Whether lines of one column look like words: hardly one is long or has a space, some are punctuation alone."""
    words = [line.strip(BLANKS) for line in lines]
    odd = sum(len(word) >= _LONGEST_WORD or " " in word for word in words)
    return len(words) > 2 and not _PUNCTUATION.isdisjoint(words) and odd <= len(words) * _MOST_ODD


def _counts_words(cells: Sequence[str]) -> bool:
    """Whether a column numbers the words of each sentence."""
    numbers = [int(cell) if cell.isdecimal() and len(cell) < 9 else -9 for cell in cells]
    steps = sum(now == before + 1 > 1 for before, now in zip([0, *numbers], numbers, strict=False))
    first = sum(now in (0, 1) for now in numbers)
    # Words may all be 0: of numbers of words, some go on.
    return steps + first > len(cells) * _MOST and steps * 4 >= first


def _tag_columns(rows: Sequence[Sequence[str]], width: int, word: int, names: Sequence[str] = ()) -> list[int]:
    """Find the columns of tags, the one to read first.

    It is the first that has labels, of levels or of gold and predicted tags; but the last where the words come first
    and the two have no label in common: then the first holds chunks, in whatever language.
    """
    free = [at for at in range(width) if at != word and (at >= len(names) or names[at] != _MISC)]
    columns = {at: [row[at].strip(BLANKS) for row in rows if len(row) > at] for at in free}
    tagged = [at for at, cells in columns.items() if _holds_tags(cells)]
    labels = {at: {split_tag(cell)[1] for cell in columns[at] if is_tag(cell)} - {""} for at in tagged}
    labelled = [at for at in tagged if labels[at]]
    if labelled:
        chunks = word == 0 and not names and labels[labelled[0]].isdisjoint(labels[labelled[-1]])
        first = labelled[-1] if chunks and labelled[-1] == width - 1 else labelled[0]
        return [first, *(at for at in labelled if at != first)]
    if tagged:
        return [tagged[0] if word > 0 or tagged[-1] != width - 1 else tagged[-1]]
    return [width - 1] if width - 1 in columns and _holds_bare_labels(columns[width - 1]) else []


def _holds_tags(cells: Sequence[str]) -> bool:
    tags = list(filter(is_tag, cells))
    labels = [label for _, label in map(split_tag, tags) if label]
    chunks = sum(label in _CHUNKS for label in labels)
    return len(tags) > len(cells) * _MOST and not (labels and chunks >= len(labels) * _MOST_CHUNKS)


def _holds_bare_labels(cells: Sequence[str]) -> bool:
    """Whether the cells are tags of IO without prefixes: a few labels among many ``O``."""
    outside = cells.count("O")
    return len(cells) > 2 and outside > len(cells) * _LEAST_OUTSIDE and len(set(cells)) <= _MOST_BARE_LABELS

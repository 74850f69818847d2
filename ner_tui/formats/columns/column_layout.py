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

from ner_tui.errors import InputError
from ner_tui.formats.columns.tag_evidence import (
    MOST,
    TagEvidence,
    is_tag,
    looks_tokenised,
    may_be_annotated,
    shows_tokens,
    tag_evidence,
)
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
_NUMBERED = re.compile(r"(?:\d+-)?(\d{1,8})")
_SAMPLE = 2_000
"""How many lines the columns are found from."""
_WIDEST = 1_000
"""Columns at the most; lines of more are prose."""


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
    declared = bool(names)
    if not names and _is_header(rows):
        header, names = lines[0].rstrip("\r"), tuple(cell.strip(BLANKS) for cell in rows[0])
        rows, lines = rows[1:] or rows, lines[1:] or lines
    widths = Counter(map(len, rows))
    width = widths.most_common(1)[0][0]
    if width == 1 and column is None:
        return ColumnLayout(separator, 0, None, frozenset({1}), looks_tokenised([line.strip(BLANKS) for line in lines]))
    evidence = _evidence(rows, width)
    counted = _counts_words([row[0] for row in rows])
    if width == 2 and column is None and counted and not _tag_columns(evidence, 0):
        evident = looks_tokenised([row[1].strip(BLANKS) for row in rows if len(row) > 1])
        return ColumnLayout(separator, 1, None, frozenset({2}), evident)
    folded = [name.casefold() for name in names]
    word = next((at for at, name in enumerate(folded[:width]) if name in _WORD_NAMES), None)
    if word is None:
        word = _word_column(evidence, 1 if width > 2 and counted else 0)
    tags = _tag_columns(evidence, word, folded)
    if not tags and word == 1 and not names:
        # They only looked like numbers of words.
        word, tags = 0, _tag_columns(evidence, 0)
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
    evident = declared or (
        tag < len(evidence) and shows_tokens(evidence[tag], widths, counts, lines, by_space=separator == " ")
    )
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


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first line names the columns: one of the first three words, another the tags, as the others show."""
    cells = [cell.strip(BLANKS) for cell in rows[0]]
    if not any(cell.casefold() in _WORD_NAMES for cell in cells[:3]):
        return False
    named = [at for at, cell in enumerate(cells) if not is_tag(cell) and _TAG_NAME.fullmatch(cell)]
    below = {at: [row[at].strip(BLANKS) for row in rows[1:] if len(row) > at] for at in named}
    return any(may_be_annotated(below[at], len(rows) - 1) for at in named)


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


def _counts_words(cells: Sequence[str]) -> bool:
    """Whether a column numbers the words of each sentence, as ``3`` or, with the sentence's number, ``1-3``."""
    ends = [_NUMBERED.fullmatch(cell) for cell in cells]
    numbers = [int(end[1]) if end else -9 for end in ends]
    steps = sum(now == before + 1 > 1 for before, now in zip([0, *numbers], numbers, strict=False))
    first = sum(now in (0, 1) for now in numbers)
    # Words may all be 0: of numbers of words, some go on.
    return steps + first > len(cells) * MOST and steps * 4 >= first


def _evidence(rows: Sequence[Sequence[str]], width: int) -> list[TagEvidence]:
    """Return what the cells of each column are."""
    return [tag_evidence([row[at].strip(BLANKS) for row in rows if len(row) > at]) for at in range(width)]


def _word_column(evidence: Sequence[TagEvidence], first: int) -> int:
    """Return the column of the words, where it has no name: the first, or where that has tags the one behind them."""
    if evidence[first].is_annotation:
        behind = range(first + 1, len(evidence))
        words = [at for at in behind if not (evidence[at].holds_tags or evidence[at].bare_labels)]
        if evidence[first].labels:
            # They may all be I. Without labels, what looks like tags may be words, O among them.
            words += [at for at in behind if not evidence[at].names_entities]
        return words[0] if words else first
    return first


def _tag_columns(evidence: Sequence[TagEvidence], word: int, names: Sequence[str] = ()) -> list[int]:
    """Find the columns of tags, the one to read first.

    It is the first that has labels, of levels or of gold and predicted tags; but the last where the words come first
    and the two have no label in common: then the first holds chunks, in whatever language.
    """
    last = len(evidence) - 1
    free = [at for at in range(len(evidence)) if at != word and (at >= len(names) or names[at] != _MISC)]
    tagged = [at for at in free if evidence[at].holds_tags]
    labelled = [at for at in tagged if evidence[at].labels]
    if labelled:
        differ = evidence[labelled[0]].labels.isdisjoint(evidence[labelled[-1]].labels)
        chunks = word == 0 and not names and differ
        first = labelled[-1] if chunks and labelled[-1] == last else labelled[0]
        return [first, *(at for at in labelled if at != first)]
    if tagged:
        return [tagged[0] if word > 0 or tagged[-1] != last else tagged[-1]]
    bare = last if last in free else last - 1 if word == last > 0 else None
    return [bare] if bare is not None and evidence[bare].bare_labels else []

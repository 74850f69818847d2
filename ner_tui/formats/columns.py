"""Columns: how the lines of a token-per-line file are cut, and which of its columns hold the words and the tags.

Lines are cut at ``\\n`` only and columns at TAB if the file uses it, else at runs of U+0020: every other white space,
NBSP and U+2028 included, occurs inside the words of real files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ner_tui.domain.schemes import EDGE, infer_scheme, split_tag, transitions
from ner_tui.formats.source import Source

_BLANKS = " \t\r"
_DOCUMENT_MARK = re.compile(r"-+DOCSTART-+|###MEDLINE:|#\s?begin document|# newdoc", re.IGNORECASE)

_SAMPLE = 2_000
"""How many lines the columns are found from."""
_MOST = 0.6
"""The share of lines that must agree; a file with slips in it is to be told so, line by line, not to be disowned."""
_LEAST_OUTSIDE = 0.2
_MOST_BARE_LABELS = 64
_LONGEST_WORD = 80
# The chunk column of CoNLL-2003 looks like a column of tags; these labels give it away.
_CHUNKS = frozenset({"NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC", "VC", "PC"})
_PUNCTUATION = frozenset(".!?,。!？、")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in the lines of a file."""

    separator: str
    word: int
    tag: int | None
    """None: one column, words alone."""
    counts: frozenset[int]
    """The numbers of columns that lines with a word have."""
    evident: bool
    """Whether the content alone tells that this is a file of tokens, with no word from its name."""


def cut(line: str, separator: str) -> list[str]:
    """Return the columns of a line."""
    parts = line.rstrip("\r").split(separator)
    return [part for part in parts if part] if separator == " " and "" in parts else parts


def is_blank(line: str) -> bool:
    """Whether a line ends a sentence."""
    return not line.strip(_BLANKS)


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


def find_layout(source: Source) -> Layout | None:
    """Find the columns from the first lines; None if there are several and none of them holds tags."""
    lines = list(islice(_word_lines(source), _SAMPLE))
    if not lines:
        return None
    # By most of the lines: comments of space-separated files hold tabs, and now and then a word does.
    separator = "\t" if sum("\t" in line for line in lines) * 2 > len(lines) else " "
    rows = [cut(line, separator) for line in lines]
    widths = Counter(map(len, rows))
    width = widths.most_common(1)[0][0]
    if width == 1:
        return Layout(separator, 0, None, frozenset({1}), _looks_tokenised(lines))
    word = 1 if width > 2 and _counts_words([row[0] for row in rows]) else 0
    tag = _tag_column(rows, width, word)
    if tag is None:
        return None
    # Only TAB keeps the columns of ragged lines in their places.
    counts = {n for n in widths if n > tag} if separator == "\t" else {width}
    named = any("-" in row[tag] for row in rows if len(row) > tag)
    return Layout(separator, word, tag, frozenset(counts), len(rows) > 2 or (named and len(rows) > 1))


def find_scheme(source: Source, layout: Layout) -> str | None:
    """Infer the scheme from all tags of a file; None if it has no column of them."""
    if layout.tag is None:
        return None
    return infer_scheme(Counter(transitions(tuple(_tags(source, layout, layout.tag)))))


def _tags(source: Source, layout: Layout, tag: int) -> Iterator[str]:
    """Yield the tags in order, and ``EDGE`` for a line without one."""
    for line in source.lines():
        parts = cut(line, layout.separator)
        yield parts[tag] if len(parts) in layout.counts and not is_document_mark(line) else EDGE


def _word_lines(source: Source) -> Iterator[str]:
    """Yield the lines that hold a word for certain: of those with ``#``, the ones that end in a tag."""
    for line in source.lines():
        if is_blank(line) or is_document_mark(line):
            continue
        if line[0] != "#" or is_tag(re.split("[ \t]", line.rstrip(_BLANKS))[-1]):
            yield line


def _looks_tokenised(lines: Sequence[str]) -> bool:
    """Whether lines of one column look like words: none is long, none has a space, some are punctuation alone."""
    words = [line.strip(_BLANKS) for line in lines]
    return (
        len(words) > 2
        and not _PUNCTUATION.isdisjoint(words)
        and all(len(word) < _LONGEST_WORD and " " not in word for word in words)
    )


def _counts_words(cells: Sequence[str]) -> bool:
    """Whether a column numbers the words of each sentence."""
    numbers = [int(cell) if cell.isdecimal() and len(cell) < 9 else -9 for cell in cells]
    steps = sum(now in (0, 1, before + 1) for before, now in zip([0, *numbers], numbers, strict=False))
    return steps > len(cells) * _MOST


def _tag_column(rows: Sequence[Sequence[str]], width: int, word: int) -> int | None:
    """Find the column of tags: the last one, or the outermost of several levels that are followed by other columns."""
    columns = {at: [row[at] for row in rows if len(row) > at] for at in range(word + 1, width)}
    tagged = [at for at, cells in columns.items() if _holds_tags(cells)]
    if tagged:
        return tagged[0] if word > 0 or tagged[-1] != width - 1 else tagged[-1]
    return width - 1 if _holds_bare_labels(columns[width - 1]) else None


def _holds_tags(cells: Sequence[str]) -> bool:
    tags = list(filter(is_tag, cells))
    labels = {split_tag(tag)[1] for tag in tags} - {""}
    return len(tags) > len(cells) * _MOST and not (labels and labels <= _CHUNKS)


def _holds_bare_labels(cells: Sequence[str]) -> bool:
    """Whether the cells are tags of IO without prefixes: a few labels among many ``O``."""
    outside = cells.count("O")
    return len(cells) > 2 and outside > len(cells) * _LEAST_OUTSIDE and len(set(cells)) <= _MOST_BARE_LABELS

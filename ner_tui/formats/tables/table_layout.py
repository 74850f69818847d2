"""What the columns of a table hold: a text a row, or a word a row with its tag; and what the other columns are.

A first row names the columns, unless it holds a tag where the others do. Texts are in the column that is called so, or
in the only one that holds more than words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ner_tui.domain.schemes import split_tag
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import TEXT_NAMES, UnreadSpans
from ner_tui.formats.columns.tag_evidence import tag_evidence
from ner_tui.formats.files.source import Source
from ner_tui.formats.tables.dialect import Dialect, find_dialect, one_column
from ner_tui.formats.tables.span_evidence import are_lists, holds_other_spans, holds_spans

_WORDS = ("word", "words", "token", "tokens", "form")
_TAG = re.compile(r"(?:ne|ner|iob2?|bio|tags?|labels?|entit(?:y|ies))(?:[-_ :].*)?|.*[-_ ](?:tags?|ner|labels?)", re.I)
_NUMBER = r"(?:[-_ ]?(?:#|ids?|idx|index|name|no|nr|num|number))?"
_SENTENCE = re.compile(rf"(?:sent|sentence){_NUMBER}", re.I)
_DOCUMENT = re.compile(rf"(?:doc|document|file|article){_NUMBER}", re.I)
_IN_QUOTES = re.compile(r"[\"']([^\"']*)[\"']")
_APART = "put each word and its tag in a row of their own, or say --text to read the texts alone"
_LONGEST_NAME = 60
_NEARLY_ALL = 0.9
_LEAST_OUTSIDE = 0.2
_LEAST_BLANKS = 2
"""Blanks in a cell, on average, by which it is a text and no name."""


class WordColumns(NamedTuple):
    """Where things are in a table of words."""

    word: int
    tag: int | None
    """None: there are no tags."""
    sentence: int | None = None
    """Where a cell differs from the last that is not empty, a sentence begins."""
    document: int | None = None
    """The same for a document."""
    others: tuple[int, ...] = ()
    """Further columns of tags."""

    @property
    def ends_sentences(self) -> bool:
        """Whether a column says where sentences or documents begin."""
        return self.sentence is not None or self.document is not None


class TextColumns(NamedTuple):
    """Where things are in a table of texts."""

    text: int
    spans: int | None = None
    """None: there are no spans."""


class Table(NamedTuple):
    """How a table is written, and what its columns hold."""

    dialect: Dialect
    names: tuple[str, ...]
    """Of its columns, all different; empty if no row says."""
    header: tuple[str, ...]
    """The row with the names as it stands."""
    width: int
    words: WordColumns | None = None
    texts: TextColumns | None = None

    def column_name(self, column: int) -> str:
        """Return what people call a column: its number from 1, with its name if it has one."""
        named = f" ({_shown(self.names[column])})" if self.names and self.names[column] else ""
        return f"{column + 1}{named}"

    @property
    def listed(self) -> str:
        """What its columns are called, for people."""
        return ", ".join(_shown(name) for name in self.names) or f"1 to {self.width}"


def _shown(name: str) -> str:
    # With it come the edits of a project, which a first look at a file does not need.
    from ner_tui.formats.standoff.offset_spans import short_name

    return short_name(name)


def find_table(source: Source, *, text: str | None = None, tag: str | None = None, sure: bool = False) -> Table | None:
    """Find the table in a source; None if there is none, or nothing in it that is read.

    Args:
        text: the name of the column of texts, or its number from 1.
        tag: the same of the column of tags.
        sure: it is a table, if of one column.

    Raises:
        FormatError: the source is sure to be a table, and nothing of it is a text or a word with a tag.
        InputError: there is no such column, or several that may be the texts.
    """
    found = find_dialect(source, sure=sure or text is not None)
    if found is None and not (sure or text is not None):
        return None
    dialect, sample = found or one_column(source)
    table, filled = _named(dialect, [row for _, row in sample if row])
    if tag is None and (text is not None or not (words := _find_words(table, filled, None))):
        column = _text_column(source, table, filled, text, sure=sure)
        return None if column is None else table._replace(texts=TextColumns(column, _span_column(filled, column)))
    return table._replace(words=words if tag is None else _find_words(table, filled, _number(source.path, table, tag)))


def _named(dialect: Dialect, filled: list[list[str]]) -> tuple[Table, list[list[str]]]:
    """Return a table with the names of its columns, and its first rows without them."""
    first = filled[0]
    width = len(first)
    if not _is_header(first, filled[1:]):
        return Table(dialect, (), (), width), [row for row in filled if len(row) == width]
    names = list[str]()
    for name in (cell.strip() for cell in first):
        number = 2
        unique = name
        while unique in names:
            unique, number = f"{name}.{number}", number + 1
        names.append(unique)
    return Table(dialect, tuple(names), tuple(first), width), [row for row in filled[1:] if len(row) == width]


def _is_header(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether a first row names the columns: with short names, none of them a number, a tag or a sentence."""
    cells = [cell.strip() for cell in first]
    if not any(cells) or not others:
        return any(cell.casefold() in TEXT_NAMES for cell in cells)
    odd = any(len(cell) > _LONGEST_NAME or cell.isdecimal() or cell.endswith((".", "!", "?")) for cell in cells)
    tags = any(split_tag(cell)[1] and split_tag(cell)[0] for cell in cells)
    column = _tag_column([first, *others], None)
    # Among tags that are all outside, a cell that is none is a name.
    return not (odd or tags or (column is not None and first[column] == "O"))


def _find_words(table: Table, filled: Sequence[Sequence[str]], chosen: int | None) -> WordColumns | None:
    folded = [name.casefold() for name in table.names]
    named = next((folded.index(name) for name in _WORDS if name in folded), None)
    tag = chosen if chosen is not None else _tag_column(filled, table.names or None)
    if tag is None and (named is None or len(filled) < 2):
        return None
    free = [(at, name) for at, name in enumerate(folded) if at not in (named, tag)]
    sentence = next((at for at, name in free if _SENTENCE.fullmatch(name)), None)
    document = next((at for at, name in free if _DOCUMENT.fullmatch(name)), None)
    word = named if named is not None else _word_column(filled, {tag, sentence, document}, table.width)
    cells = [] if word is None else [row[word] for row in filled]
    if word is None or _are_texts(cells) or all(cell.startswith("[") and len(cell) > 1 for cell in cells):
        return None
    others = tuple(
        at for at in range(table.width) if at not in (word, tag) and _holds_tags([row[at] for row in filled])
    )
    return WordColumns(word, tag, sentence, document, others)


def _tag_column(filled: Sequence[Sequence[str]], names: Sequence[str] | None) -> int | None:
    """Return the first column of tags that is called so, or else the last that holds tags with labels."""
    width = len(filled[0]) if filled else 0
    columns = {at: [row[at].strip() for row in filled if len(row) == width] for at in range(width)}
    if names is not None:
        called = [at for at in columns if _TAG.fullmatch(names[at])]
        found = [at for at in called if _holds_tags(columns[at])] or [
            at for at in called if _holds_bare_labels(columns[at])
        ]
        if found:
            return found[0]
    return next((at for at in reversed(columns) if _holds_tags(columns[at])), None)


def _holds_tags(cells: Sequence[str]) -> bool:
    """Whether nearly all cells are tags, and some of them have a label."""
    filled = [cell for cell in cells if cell]
    blanks = sum(" " in cell for cell in filled)
    return blanks <= (1 - _NEARLY_ALL) * len(filled) and tag_evidence(filled).names_entities


def _holds_bare_labels(cells: Sequence[str]) -> bool:
    """Whether cells are ``O``, many of them, and labels without blanks."""
    outside = sum(cell == "O" for cell in cells)
    return outside >= max(1, _LEAST_OUTSIDE * len(cells)) and not any(" " in cell for cell in cells)


def _word_column(filled: Sequence[Sequence[str]], taken: set[int | None], width: int) -> int | None:
    """Return the first column that does not count."""
    free = [at for at in range(width) if at not in taken]
    return next((at for at in free if not all(row[at].isdecimal() or not row[at] for row in filled)), None)


def _are_texts(cells: Sequence[str]) -> bool:
    """Whether cells hold more than words."""
    filled = [cell for cell in cells if cell.strip()]
    return (
        bool(filled)
        and not are_lists(filled)
        and sum(cell.strip().count(" ") for cell in filled) > _LEAST_BLANKS * len(filled)
    )


def _text_column(
    source: Source, table: Table, filled: Sequence[Sequence[str]], text: str | None, *, sure: bool
) -> int | None:
    path = source.path
    if text is not None:
        return _number(path, table, text)
    if not table.names:
        if sure:
            reason = "no first row names the columns, and none holds tags: name the texts with --text, such as --text 1"
            raise FormatError(path, 1, reason)
        return None
    folded = [name.casefold() for name in table.names]
    called = [at for at, name in enumerate(folded) if name in TEXT_NAMES]
    if called or sure:
        _refuse_annotations(path, table, filled)
    if "text" in folded:
        return folded.index("text")
    if len(called) == 1:
        return called[0]
    candidates = called or [at for at in range(table.width) if _are_texts([row[at] for row in filled])]
    if len(candidates) == 1 and sure:
        return candidates[0]
    if not candidates or not (sure or source.suffix == ".tsv"):
        if not sure:
            return None
        raise FormatError(path, 1, f"no column holds texts, or words with tags: name one with --text ({table.listed})")
    which = " or ".join(f"--text {_shown(table.names[at])}" for at in candidates)
    raise InputError(f"{path}: several columns may hold the text: say {which}")


def _refuse_annotations(path: str, table: Table, filled: Sequence[Sequence[str]]) -> None:
    """Refuse rows with the tags or the spans of a text that are not read: as texts, these would be lost.

    Raises:
        UnreadSpans: nearly all rows are so.
    """
    columns = {at: [row[at].strip() for row in filled] for at in range(table.width)}
    tagged = [at for at, cells in columns.items() if _holds_tags(" ".join(cells).split())]
    for at, cells in columns.items():
        lists = are_lists(cells)
        if lists and table.names and table.names[at].casefold() in _WORDS:
            reason = f"a cell of column {table.column_name(at)} is a list of words: write the table with to_json or"
            raise UnreadSpans(path, 1, f"{reason} to_parquet, whose lists are read")
        if holds_other_spans(cells):
            reason = f"column {table.column_name(at)} holds spans in a shape that is not read"
            raise UnreadSpans(path, 1, f'{reason}: write [[start, end, "label"], …] as JSON, or say --text')
        for tag in tagged:
            pairs = zip(cells, columns[tag], strict=True)
            if tag != at and all(len(words.split()) == len(tags.split()) for words, tags in pairs):
                reason = f"column {table.column_name(tag)} holds a tag for each word of column {table.column_name(at)}"
                raise UnreadSpans(path, 1, f"{reason}: {_APART}")
        if lists and _holds_tags([tag for cell in cells for tag in _IN_QUOTES.findall(cell)]):
            reason = f"column {table.column_name(at)} holds a list of tags for each text"
            raise UnreadSpans(path, 1, f"{reason}: {_APART}")


def _span_column(filled: Sequence[Sequence[str]], text: int) -> int | None:
    """Return the column whose cells are spans."""
    width = len(filled[0]) if filled else 0
    return next((at for at in range(width) if at != text and holds_spans([row[at] for row in filled])), None)


def _number(path: str, table: Table, column: str) -> int:
    folded: Mapping[str, int] = {name.casefold(): at for at, name in enumerate(table.names)}
    at = table.names.index(column) if column in table.names else folded.get(column.casefold(), -1)
    if at < 0 and column.isdecimal() and len(column) < 6:
        at = int(column) - 1
    if not 0 <= at < table.width:
        raise InputError(f"{path}: there is no column {column!r}: it has {table.listed}")
    return at

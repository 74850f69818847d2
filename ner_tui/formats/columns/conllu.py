"""CoNLL-U: ten columns by TAB, with the tags, where there are any, in MISC as ``NER=``, ``name=`` or ``Entity=``.

A sample, its tabs drawn as spaces::

    # newdoc id = weblog-1
    # text = Ada can't.
    1    Ada  Ada  PROPN  _  _  2  nsubj  _  NER=B-PER
    2-3  can't  _  _  _  _  _  _  _  SpaceAfter=No
    2    ca   can  AUX    _  _  0  root   _  _
    3    n't  not  PART   _  _  2  advmod _  _
    4    .    .    PUNCT  _  _  2  punct  _  _

Words are joined by one space except after ``SpaceAfter=No`` and ``SpacesAfter=``, see ``spacing``. The words of a
multiword token (``2-3``) count where they are its form cut in pieces; else the form is one word, with the tag of its
first. Empty nodes (``2.1``) are not words. ``# newdoc`` begins a document; a word without a tag is ``O``.
``Entity=(person-1`` and the like are brackets, not tags, and are left alone.

Written: these columns with ``_`` where nothing is known, the tag of each word in MISC as ``NER=``; the name of each
document, numbers for ``sent_id``, the words of each sentence as ``text``. A file of CoNLL-U is changed in place
instead, see ``surgery``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from ner_tui.domain.scheme_inference import PLAIN, Spelling, find_spelling, infer_scheme
from ner_tui.domain.schemes import SCHEMES, transitions
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns import spacing
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines, assemble
from ner_tui.formats.columns.column_layout import find_layout, is_blank, is_document_mark, is_tag
from ner_tui.formats.columns.conllu_writer import write as write
from ner_tui.formats.files.source import Source

_SUFFIX = ".conllu"
_COLUMNS = 10
_FORM, _MISC = 1, 9
_ID = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9}|\.[0-9]{1,9})?\Z")
_LONGEST_ID = 9
_SAMPLE = 50
_KEYED = 1000
"""Of how many keys is looked where they stand."""
_MOST = 0.6
"""The share of the cells in a column that must be tags for the file not to be CoNLL-U, and of the lines that must have
its columns for a file that is named so to be."""

KEYS = ("NER", "name", "Entity", "NE")
"""The keys in MISC that are looked for, the likeliest first."""


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


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a source whose first lines have ten columns with an id; see ``base.Format.infer``.

    One that is named so may have slips, unless most of it is columns of another kind: corpora of those are called
    ``.conllu`` too.
    """
    words = (line for line in source.lines() if not is_blank(line) and not line.startswith("#"))
    rows = [line.split("\t") for line in islice(words, _SAMPLE)]
    whole = sum(len(row) == _COLUMNS and _ID.match(row[0]) is not None for row in rows)
    if not sure and source.suffix == _SUFFIX:
        layout = find_layout(source) if whole < len(rows) * _MOST else None
        sure = layout is None or layout.tag is None or not layout.evident
    if not sure and not (rows and whole == len(rows)):
        return None
    if not sure and any(sum(is_tag(row[at]) for row in rows) > len(rows) * _MOST for at in range(2, _MISC)):
        return None
    return _inference(source, name, _keys(source))


def choose(source: Source, name: str, column: str) -> Inference:
    """Read the tags from the key of MISC that a person named.

    Raises:
        InputError: no word has it.
    """
    if not any(_value(column).search(line) for line in source.lines() if not line.startswith("#")):
        found = ", ".join(_keys(source)) or "none"
        raise InputError(f"{source.path}: MISC has no key {column!r} (keys with tags: {found})")
    return _inference(source, name, [column, *(key for key in _keys(source) if key != column)])


def _keys(source: Source) -> list[str]:
    """Return the keys of MISC that have tags, the one to read first."""
    found = set[str]()
    for text in source.sections():
        for key in KEYS:
            if key not in found and f"{key}=" in text and any(is_tag(tag[1]) for tag in _at_end(key).finditer(text)):
                found.add(key)
    return [key for key in KEYS if key in found]


def _inference(source: Source, name: str, keys: Sequence[str]) -> Inference:
    if not keys:
        told = f"{source.path}: read as {name}, words without tags"
        return Inference(name, told, None, "\t", _FORM, spelling=PLAIN._replace(outside=""), key=KEYS[0])
    key = keys[0]
    pairs: Counter[tuple[str, str]] = Counter()
    for block in blocks(source, Inference(name, "", key=key)):
        if isinstance(block, SentenceLines):
            pairs.update(transitions(block.tags))
    scheme = infer_scheme(pairs)
    others = f"; there are tags as {', '.join(keys[1:])} too" if keys[1:] else ""
    told = f"tags in MISC as {key}, {SCHEMES[scheme].title}{others}"
    return Inference(
        name, f"{source.path}: read as {name}, {told}", scheme, "\t", _FORM, _MISC,
        spelling=_spelling(source, key, pairs), key=key, key_last=_stands_last(source, key),
    )  # fmt: skip


def _spelling(source: Source, key: str, pairs: Mapping[tuple[str, str], int]) -> Spelling:
    """Return how tags are written; outside is empty where no word says ``O``: one whose tag goes loses the key."""
    counts: Counter[str] = Counter()
    for (_, tag), number in pairs.items():
        counts[tag] += number
    spelling = find_spelling(counts)
    said = re.compile(rf"[\t|]{re.escape(key)}=[Oo_-](?=[|\r\n]|$)")
    return spelling if any(map(said.search, source.sections())) else spelling._replace(outside="")


def _stands_last(source: Source, key: str) -> bool:
    """Whether the key stands behind others more often than before them."""
    found = chain.from_iterable(map(_at_end(key).finditer, source.sections()))
    return sum((tag[0][0] == "|") - ("|" in tag[0][1:]) for tag in islice(found, _KEYED)) > 0


@lru_cache(maxsize=16)
def _at_end(key: str) -> re.Pattern[str]:
    """Match a key in the last column of a line; group 1 is its value."""
    return re.compile(rf"[\t|]{re.escape(key)}=([^|\t\r\n]*)[^\t\n]*(?=\n|\Z)")


@lru_cache(maxsize=16)
def _value(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\||\t){re.escape(key)}=([^|\t\r\n]*)")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield documents, problems and sentences; the tags are decisions unless ``inference`` has no scheme."""
    return assemble(source.path, blocks(source, inference), inference.scheme)


def blocks(source: Source, inference: Inference) -> Iterator[SentenceLines | DocumentMark]:
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
            if held and (block := _plain(held, inference.key) or _careful(source.path, held, inference.key)):
                yield block
            held = []
            if mark:
                yield DocumentMark(number)
        elif not line.startswith("#"):
            _columns(source.path, number, line)
            raise AssertionError("an id begins with a digit")


def _plain(held: Sequence[tuple[int, str]], key: str) -> SentenceLines | None:
    """Read a sentence of nothing but words, all at once; None where there is anything else."""
    rows = [line.split("\t") for _, line in held]
    ids = [row[0] for row in rows]
    joined = "".join(ids)
    if not (joined.isdecimal() and joined.isascii()) or {*map(len, rows)} != {_COLUMNS}:
        return None
    if max(map(len, ids)) > _LONGEST_ID:
        return None
    flags = [_flags(row[_MISC], key) for row in rows]
    return SentenceLines(
        [row[_FORM] for row in rows],
        [tag or "O" for tag, _ in flags],
        [number for number, _ in held],
        {at: gap for at, (_, gap) in enumerate(flags) if gap is not None},
        before=spacing.before(rows[0][_MISC]),
        after=spacing.after(rows[-1][_MISC]),
    )


def _careful(path: str, held: Sequence[tuple[int, str]], key: str) -> SentenceLines | None:
    rows: list[tuple[_Row, Sequence[int]]] = []
    wide: _Range | None = None
    for number, line in held:
        columns = _columns(path, number, line)
        word = columns[0].isdecimal()
        row = _Row(number, columns[_FORM], *_flags(columns[_MISC], key), columns[_MISC])
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
    return _block(rows) if rows else None


def set_tag(line: str, tag: str, inference: Inference) -> str:
    """Return a word's line with another tag in MISC; an empty one takes the key away.

    Raises:
        ValueError: the line would be read back with another tag.
    """
    body = line.rstrip("\r")
    columns = body.split("\t")
    flags = [] if columns[_MISC] in ("", "_") else columns[_MISC].split("|")
    at = next((at for at, flag in enumerate(flags) if flag.startswith(f"{inference.key}=")), None)
    if tag:
        if at is None:
            at = len(flags) if inference.key_last else 0
            flags.insert(at, "")
        flags[at] = f"{inference.key}={tag}"
    elif at is not None:
        del flags[at]
    columns[_MISC] = "|".join(flags) or "_"
    made = "\t".join(columns)
    found = _value(inference.key).search(columns[_MISC])
    if len(made.split("\t")) != _COLUMNS or "\n" in tag or (found[1].strip(" ") if found else "") != tag:
        raise ValueError(f"{tag!r} does not fit into MISC")
    return made + line[len(body) :]


def _columns(path: str, number: int, line: str) -> list[str]:
    columns = line.rstrip("\r").split("\t")
    if len(columns) != _COLUMNS:
        raise FormatError(path, number, f"{len(columns)} columns by TAB where CoNLL-U has {_COLUMNS}: try --from conll")
    if not _ID.match(columns[0]):
        raise FormatError(path, number, f"{columns[0]!r} is no id of a word such as 1, 1-2 or 1.1: try --from conll")
    return columns


@lru_cache(maxsize=4096)
def _flags(misc: str, key: str) -> tuple[str, str | None]:
    """Return what MISC says: the tag, empty where there is none, and what follows; None: a space."""
    if misc == "_":
        return "", None
    tag = _value(key).search(misc) if key else None
    return tag[1].strip(" ") if tag else "", spacing.between(misc)


def _block(rows: Sequence[tuple[_Row, Sequence[int]]]) -> SentenceLines:
    return SentenceLines(
        [row.form for row, _ in rows],
        [row.tag or "O" for row, _ in rows],
        [row.line for row, _ in rows],
        {at: row.gap for at, (row, _) in enumerate(rows) if row.gap is not None},
        [lines for _, lines in rows] if any(lines != (row.line,) for row, lines in rows) else None,
        spacing.before(rows[0][0].misc),
        spacing.after(rows[-1][0].misc),
    )

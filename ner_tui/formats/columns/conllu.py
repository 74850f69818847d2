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
instead, see ``inplace_edit``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice

from ner_tui.domain.schemes import EDGE, OUTSIDE, SCHEMES, transitions
from ner_tui.domain.spelling import PLAIN, Spelling
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import SentenceLines, assemble
from ner_tui.formats.columns.column_layout import find_layout, is_blank
from ner_tui.formats.columns.conllu_reader import COLUMNS, FORM, ID, MISC, value_of
from ner_tui.formats.columns.conllu_reader import sentence_lines as sentence_lines
from ner_tui.formats.columns.conllu_writer import write as write
from ner_tui.formats.columns.source_tags import source_tags
from ner_tui.formats.columns.tag_evidence import is_tag, may_be_tag
from ner_tui.formats.files.source import Source

_SUFFIX = ".conllu"
_SAMPLE = 50
_KEYED = 1000
"""Words with the key that are looked at for where it stands among other keys."""
_MOST = 0.6
"""The share of the cells in a column that must be tags for the file not to be CoNLL-U, and of the lines that must have
its columns for a file that is named so to be."""

KEYS = ("NER", "name", "Entity", "NE")
"""The keys in MISC that are looked for, the likeliest first."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a source whose first lines have ten columns with an id; see ``base.Format.infer``.

    One that is named so may have broken lines, unless most of it is columns of another kind: some corpora of those are
    called ``.conllu`` too.
    """
    words = (line for line in source.lines() if not is_blank(line) and not line.startswith("#"))
    rows = [line.split("\t") for line in islice(words, _SAMPLE)]
    complete = sum(len(row) == COLUMNS and ID.match(row[0]) is not None for row in rows)
    if not sure and source.suffix == _SUFFIX:
        layout = find_layout(source) if complete < len(rows) * _MOST else None
        sure = layout is None or layout.tag is None or not layout.evident
    if not sure and not (rows and complete == len(rows)):
        return None
    if not sure and any(sum(is_tag(row[at]) for row in rows) > len(rows) * _MOST for at in range(2, MISC)):
        return None
    return _inference(source, name, _keys(source))


def choose(source: Source, name: str, column: str | None, spelling: Spelling | None = None) -> Inference:
    """Read the tags from the key of MISC that a person named, or as it says.

    Raises:
        InputError: no word has it.
    """
    if column is None:
        return _inference(source, name, _keys(source), spelling)
    if not any(value_of(column).search(line) for line in source.lines() if not line.startswith("#")):
        found = ", ".join(_keys(source)) or "none"
        raise InputError(f"{source.path}: MISC has no key {column!r} (keys with tags: {found})")
    return _inference(source, name, [column, *(key for key in _keys(source) if key != column)], spelling)


def _keys(source: Source) -> list[str]:
    """Return the keys of MISC that have tags, the one to read first."""
    found = set[str]()
    for text in source.sections():
        for key in KEYS:
            values = _at_end(key).finditer(text) if key not in found and f"{key}=" in text else ()
            if any(may_be_tag(value[1]) for value in values):
                found.add(key)
    return [key for key in KEYS if key in found]


def _inference(source: Source, name: str, keys: Sequence[str], given: Spelling | None = None) -> Inference:
    if not keys:
        message = f"{source.path}: read as {name}, words without tags"
        return Inference(name, message, None, "\t", FORM, spelling=PLAIN._replace(outside=""), key=KEYS[0])
    key = keys[0]
    pairs: Counter[tuple[str, str]] = Counter()
    for sentence in sentence_lines(source, Inference(name, "", key=key)):
        if isinstance(sentence, SentenceLines):
            pairs.update(transitions(sentence.tags))
    scheme, spelling, told = source_tags(source.path, pairs, given)
    others = f"; there are tags as {', '.join(keys[1:])} too" if keys[1:] else ""
    found = f"tags in MISC as {key}, {SCHEMES[scheme].title}{told}{others}"
    return Inference(
        name, f"{source.path}: read as {name}, {found}", scheme, "\t", FORM, MISC,
        spelling=_with_outside(source, key, spelling), key=key, key_last=_is_last_key(source, key),
    )  # fmt: skip


def _with_outside(source: Source, key: str, spelling: Spelling) -> Spelling:
    """Return how tags are written; without any ``O``, ``outside`` is empty: a word whose tag goes loses the key."""
    names = "|".join(map(re.escape, sorted({*OUTSIDE, *spelling.outsides} - {EDGE})))
    outside = re.compile(rf"[\t|]{re.escape(key)}=(?:{names})(?=[|\r\n]|$)")
    return spelling if any(map(outside.search, source.sections())) else spelling._replace(outside="")


def _is_last_key(source: Source, key: str) -> bool:
    """Whether the key stands behind others more often than before them."""
    found = chain.from_iterable(map(_at_end(key).finditer, source.sections()))
    return sum((tag[0][0] == "|") - ("|" in tag[0][1:]) for tag in islice(found, _KEYED)) > 0


@lru_cache(maxsize=16)
def _at_end(key: str) -> re.Pattern[str]:
    """Match a key in the last column of a line; group 1 is its value."""
    return re.compile(rf"[\t|]{re.escape(key)}=([^|\t\r\n]*)[^\t\n]*(?=\n|\Z)")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield documents, problems and sentences; the tags are decisions unless ``inference`` has no scheme."""
    return assemble(source.path, sentence_lines(source, inference), inference.scheme)


def left_out(source: Source, inference: Inference) -> list[str]:
    """Return what is in the file that other formats have no place for; see ``base.Format.left_out``."""
    from ner_tui.formats.columns.left_out import of_conllu

    return of_conllu(source, inference)


def set_tag(line: str, tag: str, inference: Inference) -> str:
    """Return a word's line with another tag in MISC; an empty one takes the key away.

    Raises:
        ValueError: the line would be read back with another tag.
    """
    body = line.rstrip("\r")
    columns = body.split("\t")
    flags = [] if columns[MISC] in ("", "_") else columns[MISC].split("|")
    at = next((at for at, flag in enumerate(flags) if flag.startswith(f"{inference.key}=")), None)
    if tag:
        if at is None:
            at = len(flags) if inference.key_last else 0
            flags.insert(at, "")
        flags[at] = f"{inference.key}={tag}"
    elif at is not None:
        del flags[at]
    columns[MISC] = "|".join(flags) or "_"
    made = "\t".join(columns)
    found = value_of(inference.key).search(columns[MISC])
    if len(made.split("\t")) != COLUMNS or "\n" in tag or (found[1].strip(" ") if found else "") != tag:
        raise ValueError(f"{tag!r} does not fit into MISC")
    return made + line[len(body) :]

"""Files of patterns, read: spaCy's and Prodigy's ``patterns.jsonl``, tables of terms, lists of terms.

What a file is, is told by the end of its name:

- ``.jsonl``, ``.ndjson``: an object a line, ``{"label": "GPE", "pattern": "San Francisco"}``, with a list of tokens in
  place of the string, or with ``{"label": "DATE", "regex": "[0-9]{4}-[0-9]{2}"}``. Other keys are passed over.
- ``.csv``, ``.tsv``: a term and its label a row; a first row ``term,label`` is a heading.
- anything else: a term a line, all with one label, which comes from outside.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from itertools import chain
from pathlib import Path

from ner_tui.domain.checked_values import CheckedObject, described
from ner_tui.domain.counting import counted
from ner_tui.domain.labels import label_name
from ner_tui.errors import EditRefused, FormatError, InputError
from ner_tui.formats.files.compression import suffix_of
from ner_tui.formats.files.inputs import STDIN
from ner_tui.formats.files.paths import require_there
from ner_tui.formats.files.source import Source
from ner_tui.formats.files.utf8 import open_utf8
from ner_tui.patterns.conditions import compiled
from ner_tui.patterns.pattern_set import PatternSet
from ner_tui.patterns.token_patterns import steps_of

JSON_SUFFIXES = (".jsonl", ".ndjson")
TABLE_SUFFIXES = (".csv", ".tsv")
MOST_WORDS = 100
"""Words of a term at the most."""


@dataclass(frozen=True, slots=True)
class PatternFile:
    """A file of patterns as it was named."""

    path: str
    label: str = ""
    """Of a list of terms, the label of all of them."""

    @property
    def is_term_list(self) -> bool:
        """Whether it has terms alone, so that it needs a label."""
        return suffix_of(self.path) not in (*JSON_SUFFIXES, *TABLE_SUFFIXES)


NO_PATTERNS = "none"
"""The name of no file: nothing is matched any more."""


def sizes(files: Sequence[PatternFile]) -> int:
    """Return how many bytes files have together; one that is not there has none."""
    return sum(path.stat().st_size for file in files if (path := Path(file.path)).is_file())


def with_labels(paths: Sequence[str], labels: Sequence[str]) -> tuple[PatternFile, ...]:
    """Return the files of ``--patterns`` with the labels of ``--label``: one for each list of terms, or one for all.

    Raises:
        InputError: there are too few or too many, one cannot be a label's name, or a file without one is not there.
    """
    if list(paths) == [NO_PATTERNS]:
        paths = ()
    files = [PatternFile(path) for path in paths]
    lists = [file.path for file in files if file.is_term_list]
    try:
        names = [label_name(label) for label in labels]
    except EditRefused as refused:
        raise InputError(f"--label: {refused}") from refused
    if len(names) > len(lists):
        has = f"--patterns has {counted(len(lists), 'list')}, --label {counted(len(names), 'label')}"
        raise InputError(f"--label is for a list of terms: {has}")
    if len(names) == 1:
        names *= len(lists)
    if len(names) < len(lists):
        path = lists[len(names)]
        require_there(path)
        raise InputError(f"{path} is a list of terms, which have no labels in it: name theirs with --label LABEL")
    left = iter(names)
    return tuple(PatternFile(file.path, next(left) if file.is_term_list else "") for file in files)


def read_patterns(files: Sequence[PatternFile]) -> PatternSet:
    """Return the patterns of some files together; of two for the same words, the first is meant.

    Raises:
        FormatError: something in one is not supported, with the line.
        InputError: one cannot be read.
    """
    found, read = PatternSet(), []
    for file in files:
        source = _open_plain(file.path)
        read.append((Path(file.path).name, file.label, source.sha256))
        reader = _read_terms
        if suffix_of(file.path) in JSON_SUFFIXES:
            reader = _read_json
        elif suffix_of(file.path) in TABLE_SUFFIXES:
            reader = _read_table
        reader(source, file, found)
    found.version = sha256(repr(read).encode()).hexdigest()
    return found


def _open_plain(path: str) -> Source:
    """Open a file; it may be read again while somebody works, so that what can be read but once will not do."""
    if path == STDIN or (Path(path).exists() and not Path(path).is_file()):
        raise InputError(f"{path} is no file: patterns are read from files alone")
    return open_utf8(path)


def _read_json(source: Source, file: PatternFile, found: PatternSet) -> None:
    labels: dict[str, str] = {}
    for line, text in enumerate(source.lines(), 1):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise FormatError(source.path, line, f"this is no object of JSON: {error}") from error
        if not isinstance(value, dict):
            raise FormatError(source.path, line, "a pattern is an object of JSON, one a line")
        at = CheckedObject(source.path, line, value)
        written = at.text("label")
        label = labels.get(written) or labels.setdefault(written, _label(at, written))
        if "regex" in value and "pattern" not in value:
            found.add_expression(compiled(at, at.text("regex")), label)
            continue
        pattern = value.get("pattern")
        if isinstance(pattern, str):
            _add_term(found, source, line, pattern, label)
        elif isinstance(pattern, list) and pattern:
            if not _add_literal(found, pattern, label):
                found.add_steps(steps_of(at, pattern), label)
        elif "pattern" not in value:
            raise at.error("a pattern has a key 'pattern', or 'regex' for a regular expression")
        else:
            what = "an empty list" if pattern == [] else described(pattern)
            raise at.error(f"'pattern' is {what} where a text or a list of tokens is needed")


def _add_literal(found: PatternSet, pattern: list[object], label: str) -> bool:
    """Add a pattern of words alone, all as they are or all in lower case; False if it is of another kind."""
    for names, is_lower in ((("LOWER", "lower"), True), (("ORTH", "TEXT", "orth", "text"), False)):
        words = [
            word
            for token in pattern
            if isinstance(token, dict) and len(token) == 1
            for name, word in token.items()
            if name in names and isinstance(word, str) and word
        ]
        if len(words) == len(pattern) <= MOST_WORDS:
            found.add_tokens(words, label, is_lower=is_lower)
            return True
    return False


def _read_table(source: Source, file: PatternFile, found: PatternSet) -> None:
    separator = "\t" if suffix_of(file.path) == ".tsv" else ","
    reader = csv.reader(_whole_lines(source), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            is_heading = line == 1 and [cell.lower() for cell in cells[:2]] == ["term", "label"]
            if any(cells) and not is_heading:
                if len(cells) != 2 or not all(cells):
                    reason = f"a row is a term and its label, this has {counted(len(cells), 'cell')}"
                    raise FormatError(source.path, line, reason)
                _add_term(found, source, line, cells[0], _label(CheckedObject(source.path, line, {}), cells[1]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(source.path, line, f"this is no table: {error}") from error


def _read_terms(source: Source, file: PatternFile, found: PatternSet) -> None:
    for line, text in enumerate(source.lines(), 1):
        if text.strip():
            _add_term(found, source, line, text, file.label)


def _add_term(found: PatternSet, source: Source, line: int, text: str, label: str) -> None:
    words = text.split()
    if not words:
        raise FormatError(source.path, line, "a term without a word: take it out")
    if len(words) > MOST_WORDS:
        raise FormatError(source.path, line, f"a term of more than {MOST_WORDS} words: a list has a term a line")
    found.add_term(words, label)


def _label(at: CheckedObject, written: str) -> str:
    try:
        return label_name(written)
    except EditRefused as refused:
        raise at.error(str(refused)) from refused


def _whole_lines(source: Source) -> Iterator[str]:
    return chain.from_iterable(StringIO(piece, newline="\n") for piece in source.pieces())

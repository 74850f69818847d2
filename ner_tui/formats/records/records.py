"""Records: what the formats of JSON objects share.

A file is objects one a line, or one array of them, or objects written over several lines: whatever the format, all
three are read, one object at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TextIO, cast

from ner_tui.domain.spans import Token
from ner_tui.errors import FormatError
from ner_tui.formats.base import OtherFormat
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.json_values import begins, values
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, plain, shown

_STRETCHES = frozenset({"spans", "label", "labels", "entities", "ents"})
"""The keys under which the formats have labelled stretches."""
_SAMPLE = 50
"""Records that are looked at to tell the format."""

# What `json` leaves as it is and a terminal or a line reader may act on: DEL and C1, line separators, bidi controls,
# and lone surrogates, which no file can hold.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """An object of a file, and the checks that what is in it is of the type that it has to be."""

    path: str
    line: int
    """Where it begins, counted from 1."""
    value: Mapping[str, object]

    def error(self, reason: str) -> FormatError:
        """Return an error at this record."""
        return FormatError(self.path, self.line, reason)

    def text(self, key: str = "text") -> str:
        """Return the text under ``key``."""
        if key not in self.value:
            raise self.error(f"the record has no {key!r}")
        return self.string(self.value[key], repr(key))

    def items(self, key: str) -> list[object]:
        """Return the list under ``key``; nothing and null are an empty one."""
        return self.listed(self.value.get(key), repr(key))

    def string(self, value: object, what: str) -> str:
        """Return ``value``, which has to be a text."""
        if isinstance(value, str):
            return value
        raise self.error(f"{what} is {_told(value)} where a text is needed")

    def offset(self, value: object, what: str) -> int:
        """Return ``value``, which has to be a whole number."""
        if type(value) is int:
            return value
        raise self.error(f"{what} is {_told(value)} where a whole number is needed")

    def listed(self, value: object, what: str) -> list[object]:
        """Return ``value``, which has to be a list or null."""
        if isinstance(value, list):
            return value
        if value is None:
            return []
        raise self.error(f"{what} is {_told(value)} where a list is needed")

    def mapping(self, value: object, what: str) -> dict[str, object]:
        """Return ``value``, which has to be an object."""
        if isinstance(value, dict):
            return value
        raise self.error(f"{what} is {_told(value)} where an object is needed")

    def label(self, value: object) -> str:
        """Return ``value``, which has to be the name of a label."""
        if isinstance(value, str) and value.strip():
            return value
        raise self.error(f"a span has {_told(value)} for a label")

    def triple(self, value: object) -> OffsetSpan:
        """Return the mark of a list of start, end and label."""
        if not is_triple(value):
            raise self.error(f'{_told(value)} stands where [start, end, "label"] is needed')
        start, end, label = cast("list[object]", value)
        return OffsetSpan(self.offset(start, "a start"), self.offset(end, "an end"), self.label(label), self.line)

    def probability(self, value: object, what: str, least: float = 0) -> float:
        """Return ``value``, which has to be a number from ``least`` to 1."""
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= 1:
            return float(value)
        raise self.error(f"{what} is {_told(value)} where a number from {least:g} to 1 is needed")


def plain_tokens(values: Sequence[object]) -> list[Token] | None:
    """Return the tokens of objects with start and end, all at once; None where one has to be looked at."""
    try:
        ends = [(value["start"], value["end"]) for value in values]  # type: ignore[index]
    except (TypeError, KeyError):
        return None
    return list(map(Token._make, ends)) if {*map(type, chain.from_iterable(ends))} <= {int} else None


def is_triple(value: object) -> bool:
    """Whether a value is a list of two numbers and a text."""
    return isinstance(value, list) and [type(item) for item in value] == [int, int, str]


def _told(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    try:
        shown = json.dumps(value)
    except ValueError:
        return "a number of thousands of digits"
    return shown if len(shown) < 40 else f"{shown[:40]}…"


def records(source: Source) -> Iterator[Record]:
    """Yield the objects of a file.

    Raises:
        FormatError: it is no JSON, or a value is no object; raised when it is reached.
    """
    for line, value in values(source):
        if isinstance(value, list) and [type(item) for item in value] == [str, dict]:
            # spaCy's examples before its version 3: a text, and an object of what is marked in it.
            value = {"text": value[0], **value[1]}
        if not isinstance(value, dict):
            raise FormatError(source.path, line, f"{_told(value)} stands where an object of JSON is needed")
        yield Record(source.path, line, value)


def find_record(source: Source, claim: Callable[[Mapping[str, object]], bool | None]) -> Record | None:
    """Return the first record of which ``claim`` says that it is of a format, None as soon as it says that one is not.

    Args:
        claim: True, False, or None where a record does not tell; after a few dozen of those the answer is None.
    """
    if not begins(source):
        return None
    try:
        for record in islice(records(source), _SAMPLE):
            verdict = claim(record.value)
            if verdict is not None:
                return record if verdict else None
    except FormatError:
        return None
    return None


def unclaimed(source: Source, what: str) -> FormatError:
    """Return the error for a file of which ``find_record`` found nothing.

    Args:
        what: the name of the format that was expected, and what its records have.

    Raises:
        FormatError: the first record is no JSON.
    """
    first = next(records(source), None)
    if first is None:
        return FormatError(source.path, 1, "there is no record in it")
    keys = ", ".join(map(shown, islice(first.value, 8))) or "none"
    return OtherFormat(source.path, first.line, f"this is no record of {what}: its keys are {keys}")


def unread(record: Record, keys: frozenset[str]) -> str:
    """Return the end of a sentence that names the keys of a record that are not read; empty if all are."""
    rest = [plain(key) for key in record.value if key not in keys]
    shown = ", ".join(rest[:8]) + (" …" if len(rest) > 8 else "")
    return f"; not read: {shown}" if rest else ""


def marked_records(source: Source, keys: frozenset[str], parse: Callable[[Record], MarkedText]) -> Iterator[MarkedText]:
    """Yield what ``parse`` makes of each record, with what is in the record under keys that are not read.

    The inference names those of the first record; here each further one is told where it is met first, and stretches
    in the manner of another format are, wherever they are, since they are lost.
    """
    seen: set[str] = set()
    for number, record in enumerate(records(source)):
        marked = parse(record)
        if not record.value.keys() <= keys:
            for key in [key for key in record.value if key not in keys]:
                if key in _STRETCHES and _holds_objects(record.value[key]):
                    marked.problems.append((record.line, f"{key!r} is not read in this format: left out"))
                elif number and key not in seen:
                    marked.remarks.append((record.line, f"{shown(key)} is not read, here and in later records"))
                seen.add(key)
        yield marked


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list | dict)


def write_record(value: Mapping[str, object], out: TextIO, end: str = "\n") -> None:
    """Write an object in a line; nothing in it but ``end`` is a line end or a control character."""
    out.write(in_json(value) + end)


def in_json(value: object) -> str:
    """Return a value as ``write_record`` writes it."""
    return safe(json.dumps(value, ensure_ascii=False))


def safe(line: str) -> str:
    """Return JSON with escapes for what a terminal or a line reader may act on."""
    if line.isascii() and "\x7f" not in line:
        return line
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)

"""What the formats of JSON objects share: reading records, telling which format they are of, writing them.

A file is objects one a line, or one array of them, or objects written over several lines: whatever the format, all
three are read, one object at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import TextIO, cast

from ner_tui.domain.checked_values import CheckedObject, described
from ner_tui.domain.spans import Token, make_token
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import FORMATS
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.json_values import first_bracket, lines_where, values
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, may_differ, quoted, short_name
from ner_tui.formats.standoff.placing import read_marked

_SPAN_KEYS = frozenset(key for entry in FORMATS.values() for key in entry.span_keys)
"""The keys under which the formats have spans."""
_SAMPLE = 50
"""Records that are looked at to find the format."""

# What `json` leaves as it is and a terminal or a line reader may act on: DEL and C1, line separators, bidi controls,
# and lone surrogates, which no file can hold.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Record(CheckedObject):
    """An object of a file of annotated texts."""

    __slots__ = ()

    def offsets(self, value: object, what: str, start: str = "start", end: str = "end") -> tuple[int, int]:
        """Return the two offsets of an object."""
        pair = self.mapping(value, what)
        first, last = (self.offset(pair.get(key), f"the {key} of {what}") for key in (start, end))
        return first, last

    def span(self, value: object, what: str, start: str = "start", end: str = "end") -> OffsetSpan:
        """Return the span of an object with two offsets and a label."""
        found = self.offsets(value, what, start, end)
        return OffsetSpan(*found, self.label(self.mapping(value, what).get("label")), self.line)

    def tokens(self) -> list[Token]:
        """Return the tokens of objects with start and end; they are many, and nearly all are as they should be."""
        values = self.items("tokens")
        try:
            pairs = [(value["start"], value["end"]) for value in values]  # type: ignore[index]
            if {*map(type, chain.from_iterable(pairs))} <= {int}:
                return list(map(make_token, pairs))
        except (TypeError, KeyError):
            pass
        return [Token(*self.offsets(value, "a token")) for value in values]

    def label(self, value: object) -> str:
        """Return ``value``, which has to be the name of a label."""
        if isinstance(value, str) and value.strip():
            return value
        raise self.error(f"a span has {described(value)} for a label")

    def triple(self, value: object) -> OffsetSpan:
        """Return the span of a list of start, end and label."""
        if not is_triple(value):
            raise self.error(f'{described(value)} stands where [start, end, "label"] is needed')
        start, end, label = cast("tuple[int, int, str]", value)
        return OffsetSpan(start, end, self.label(label), self.line)


def is_triple(value: object) -> bool:
    """Whether a value is a list of two numbers and a text."""
    return isinstance(value, list) and [type(item) for item in value] == [int, int, str]


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
            raise FormatError(source.path, line, f"{described(value)} stands where an object of JSON is needed")
        yield Record(source.path, line, value)


def find_record(source: Source, claim: Callable[[Mapping[str, object]], bool | None]) -> Record | None:
    """Return the first record of which ``claim`` says that it is of a format, None as soon as it says that one is not.

    Args:
        claim: True, False, or None where a record does not show it; after a few dozen of those the answer is None.
    """
    if not first_bracket(source):
        return None
    try:
        for record in islice(records(source), _SAMPLE):
            verdict = claim(record.value)
            if verdict is not None:
                return record if verdict else None
    except FormatError:
        return None
    return None


def infer_records(
    source: Source, name: str, record: Record | None, needed: str, described_as: str, *, sure: bool
) -> Inference | None:
    """Return how to read a file of which ``find_record`` found a record; None if it found none.

    Args:
        needed: what the records of the format have, for an error.
        described_as: what the records of the file are, for people.
        sure: see ``base.Format.infer``.

    Raises:
        FormatError: it is sure to be of this format, and found none.
    """
    if record is not None:
        return Inference(name, f"{source.path}: read as {name}, {described_as}")
    if not sure:
        return None
    first = next(records(source), None)
    if first is None:
        raise FormatError(source.path, 1, "there is no record in it")
    keys = ", ".join(map(quoted, islice(first.value, 8))) or "none"
    raise first.error(f"this is no record of {name}, which has {needed}: its keys are {keys}")


def unread(record: Record | None, keys: frozenset[str]) -> str:
    """Return the end of a sentence that names the keys of a record that are not read; empty if all are."""
    rest = [short_name(key) for key in (record.value if record else ()) if key not in keys]
    shown = ", ".join(rest[:8]) + (" …" if len(rest) > 8 else "")
    return f"; not read: {shown}" if rest else ""


def read_records(
    source: Source, inference: Inference, texts: Callable[[Source], Iterator[MarkedText]]
) -> Iterator[StreamItem]:
    """Yield a document for each text that ``texts`` makes of a source; see ``read_marked``.

    Args:
        texts: given ``source``, or one like it that lacks records, yields what is in its records.
    """
    return read_marked(
        source, inference, lambda: texts(source), differing=lambda: texts(lines_where(source, may_differ))
    )


def marked_records(source: Source, keys: frozenset[str], parse: Callable[[Record], MarkedText]) -> Iterator[MarkedText]:
    """Yield what ``parse`` makes of each record, with what is in the record under keys that are not read.

    The inference names those of the first record; here each further one is reported where it occurs first, and spans
    in the manner of another format wherever they are, since they are lost.
    """
    seen: set[str] = set()
    for number, record in enumerate(records(source)):
        marked = parse(record)
        if not record.value.keys() <= keys:
            for key in [key for key in record.value if key not in keys]:
                if key in _SPAN_KEYS and _holds_objects(record.value[key]):
                    marked.problems.append((record.line, f"{key!r} is not read in this format: left out"))
                elif number and key not in seen:
                    marked.remarks.append((record.line, f"{quoted(key)} is not read, here and in later records"))
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

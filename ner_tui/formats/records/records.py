"""What the formats of JSON objects share where they read: records, and telling which format they are of.

A file is objects one a line, or one array of them, or objects written over several lines: whatever the format, all
three are read, one object at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, islice
from typing import TypeGuard, cast

from ner_tui.domain.annotation.suggestions import Alternative
from ner_tui.domain.checked_values import CheckedObject, described
from ner_tui.domain.counting import counted
from ner_tui.domain.spans import Token, make_token
from ner_tui.domain.stream import NO_METADATA, Metadata, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.json_values import first_bracket, lines_where, values
from ner_tui.formats.registry import FORMATS
from ner_tui.formats.standoff.offset_spans import (
    JsonPath,
    MarkedText,
    OffsetSpan,
    may_differ,
    quoted,
    short_name,
)
from ner_tui.formats.standoff.placing import read_marked

SPAN_KEYS = frozenset(key for entry in FORMATS.values() for key in entry.span_keys)
"""The keys under which the formats have spans."""
_META = ("meta", "metadata")
"""Keys under which formats have metadata."""
TOKENS = ("tokens", "words")
"""Keys under which a sentence has its words, the first that is there."""
SENTS = "sents"
"""The key under which records have their sentences, as ranges of the text."""
CUT_KEYS = frozenset({"tokens", SENTS})
"""Those of ``cut_keys``; in another shape than ranges, what is under them is metadata."""
_TOKEN_KEYS = frozenset({"start", "end", "id", "text", "orth", "ws", "disabled"})
"""Of a token: where it is, and what can be found again from that."""
DOCUMENTS = ("document", "document_id", "doc_id")
"""Keys whose values tell the documents of sentences apart."""
SUGGESTED = "suggested"
"""The ``source`` of a span that no person decided."""
SAMPLE = 50
"""Records that are looked at to find the format."""


class Record(CheckedObject):
    """An object of a file of annotated texts."""

    __slots__ = ()

    def offsets(self, value: object, what: str, start: str = "start", end: str = "end") -> tuple[int, int]:
        """Return the two offsets of an object."""
        pair = self.mapping(value, what)
        first, last = pair.get(start), pair.get(end)
        # They are many, and nearly all are as they should be.
        if type(first) is int and type(last) is int:
            return first, last
        return self.offset(first, f"the {start} of {what}"), self.offset(last, f"the {end} of {what}")

    def span(
        self,
        value: object,
        what: str,
        start: str = "start",
        end: str = "end",
        *,
        at: JsonPath = (),
        covered: str | None = None,
    ) -> OffsetSpan:
        """Return the span of an object with two offsets and a label, which is at ``at``; see ``OffsetSpan``."""
        given = self.mapping(value, what)
        found = self.offsets(given, what, start, end)
        return OffsetSpan(*found, self.label(given.get("label")), self.line, covered, at=at, label_at=(*at, "label"))

    def suggested(self, value: object, span: OffsetSpan, text: str) -> OffsetSpan:
        """Return the span of an object as a suggestion of ``text``, with what the object says of it.

        Without a score it has that of what a model is sure of, 1; without a margin, the smallest that its score allows.
        """
        given = self.mapping(value, "a span")
        score = 1.0 if given.get("score") is None else self.probability(given["score"], "the score of a suggestion")
        # Values of Parquet have every key, with nothing under those that are missing.
        margin = 2 * score - 1 if given.get("margin") is None else given["margin"]
        listed = self.listed(given.get("alternatives"), "'alternatives'")
        model = next((name for key in ("model", "source") if isinstance(name := given.get(key), str)), "")
        return span._replace(
            score=score,
            margin=self.probability(margin, "the margin of a suggestion", -1),
            alternatives=tuple(self._alternative(each, text) for each in listed),
            model=model if model.isprintable() and model != SUGGESTED else "",
        )

    def _alternative(self, value: object, text: str) -> Alternative:
        given = self.mapping(value, "an alternative")
        start, end = self.offsets(given, "an alternative")
        self.require_within(start, end, text, "an alternative")
        label = given.get("label")
        score = self.probability(given.get("score"), "the score of an alternative")
        return Alternative(start, end, None if label is None else self.label(label), score)

    def require_within(self, start: int, end: int, text: str, what: str) -> None:
        """Refuse offsets that are not in a text."""
        if not 0 <= start <= end <= len(text):
            raise self.error(f"{what} [{start}, {end}) is outside the text of {counted(len(text), 'character')}")

    def metadata(self, keys: AbstractSet[str]) -> Metadata:
        """Return what the record has under other keys than ``keys``; what is in ``meta`` counts as if beside it."""
        if is_all_read(self.value, keys):
            return NO_METADATA
        rest = {
            key: value for key, value in self.value.items() if not is_read(key, value, keys) and not is_lost(key, value)
        }
        for name in _META:
            inner = rest.get(name)
            if isinstance(inner, dict) and rest.keys().isdisjoint(inner):
                pairs = [inner.items() if key == name else [(key, value)] for key, value in rest.items()]
                rest = dict(chain.from_iterable(pairs))
        return rest

    def tokens(self) -> list[Token]:
        """Return the tokens under ``tokens``, objects with start and end."""
        return self.tokens_at(self.items("tokens"))

    def tokens_at(self, values: Sequence[object]) -> list[Token]:
        """Return the tokens of objects with start and end; they are many, and nearly all are as they should be."""
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

    def triple(self, value: object, at: JsonPath = ()) -> OffsetSpan:
        """Return the span of a list of start, end and label, which is at ``at``."""
        if not is_triple(value):
            raise self.error(f'{described(value)} stands where [start, end, "label"] is needed')
        start, end, label = cast("tuple[int, int, str]", value)
        return OffsetSpan(start, end, self.label(label), self.line, at=at, label_at=(*at, 2))


def is_triple(value: object) -> bool:
    """Whether a value is a list of two numbers and a text."""
    return isinstance(value, list) and [type(item) for item in value] == [int, int, str]


def records(source: Source) -> Iterator[Record]:
    """Yield the objects of a file.

    Raises:
        FormatError: it is no JSON, or a value is no object; raised when it is reached.
    """
    for line, value in values(source):
        yield as_record(source.path, line, value)


def as_record(path: str, line: int, value: object) -> Record:
    """Return a value of a file as a record.

    Raises:
        FormatError: it is no object.
    """
    if is_pair(value):
        value = {"text": value[0], **value[1]}
    if not isinstance(value, dict):
        raise FormatError(path, line, f"{described(value)} stands where an object of JSON is needed")
    return Record(path, line, value)


def is_pair(value: object) -> TypeGuard[tuple[str, dict[str, object]]]:
    """Whether a value is an example of spaCy before its version 3: a text, and an object of what is marked in it."""
    return isinstance(value, list) and [type(item) for item in value] == [str, dict]


def find_record(source: Source, claim: Callable[[Mapping[str, object]], bool | None]) -> Record | None:
    """Return the first record of which ``claim`` says that it is of a format, None as soon as it says that one is not.

    Args:
        claim: True, False, or None where a record does not show it; after a few dozen of those the answer is None.
    """
    if not first_bracket(source):
        return None
    try:
        for record in islice(records(source), SAMPLE):
            verdict = claim(record.value)
            if verdict is not None:
                return record if verdict else None
    except FormatError:
        return None
    return None


def unread(record: Record | None, keys: frozenset[str]) -> str:
    """Return the end of a sentence that names the keys of a record that are not read; empty if all are."""
    value = record.value if record else {}
    rest = [key for key in value if not is_read(key, value[key], keys)]
    lost = [key for key in rest if is_lost(key, value[key])]
    kept = [key for key in rest if key not in lost]
    return "".join(
        f"; {what}: {', '.join(map(short_name, names[:8]))}{' …' if len(names) > 8 else ''}"
        for what, names in (("not read", lost), ("kept as metadata", kept))
        if names
    )


def read_records(
    source: Source, inference: Inference, texts: Callable[[Source], Iterator[MarkedText]]
) -> Iterator[StreamItem]:
    """Yield a document for each text that ``texts`` makes of a source; see ``read_marked``.

    Args:
        texts: given ``source``, or one like it that lacks records, yields what is in its records.
    """
    return read_marked(
        source, inference, lambda: texts(source), differing=lambda some: texts(lines_where(some, may_differ))
    )


def marked_records(source: Source, keys: frozenset[str], parse: Callable[[Record], MarkedText]) -> Iterator[MarkedText]:
    """Yield what ``parse`` makes of each record, with what is in the record under keys that are not read: metadata.

    The inference names those of the first record; here each further one is reported where it occurs first, and spans
    in the manner of another format wherever they are, since they are lost.
    """
    seen: set[str] = set()
    told = False
    for number, record in enumerate(records(source)):
        marked = parse(record)
        if not told and (rest := _token_keys(record.value.get("tokens"))):
            told = True
            marked.problems.append((record.line, f"{', '.join(rest)} of tokens: left out, here and in later records"))
        if not is_all_read(record.value, keys):
            for key in [key for key, value in record.value.items() if not is_read(key, value, keys)]:
                if is_lost(key, record.value[key]):
                    marked.problems.append((record.line, f"{key!r} is not read in this format: left out"))
                elif number and key not in seen:
                    reason = f"{quoted(key)} is kept as metadata, here and in later records"
                    marked.remarks.append((record.line, reason))
                seen.add(key)
            if not marked.metadata:
                marked.metadata = record.metadata(keys)
        yield marked


def _token_keys(tokens: object) -> list[str]:
    """Return the keys of tokens under which there is more than their place and text; the first token tells."""
    first = tokens[0] if isinstance(tokens, list) and tokens else None
    return [short_name(key) for key in first if key not in _TOKEN_KEYS] if isinstance(first, dict) else []


def is_lost(key: str, value: object) -> bool:
    """Whether what a record has under a key that is not read are spans in the manner of another format."""
    return key in SPAN_KEYS and isinstance(value, list) and bool(value) and isinstance(value[0], list | dict)


def is_all_read(value: Mapping[str, object], keys: AbstractSet[str]) -> bool:
    """Whether a record has nothing but what is read from it under ``keys``."""
    return value.keys() <= keys and (SENTS not in keys or all(is_read(key, value.get(key), keys) for key in CUT_KEYS))


def is_read(key: str, value: object, keys: AbstractSet[str]) -> bool:
    """Whether a value is read as what a record has under one of ``keys``, and is no metadata.

    Words and sentences of formats that have them as ``cut_keys`` says are ranges of the text, or nothing.
    """
    in_other_shape = SENTS in keys and key in CUT_KEYS and value is not None and not are_ranges(value)
    return key in keys and not in_other_shape


def are_ranges(value: object) -> bool:
    """Whether a value is a list of objects with ``start`` and ``end``; the first tells."""
    first = value[0] if isinstance(value, list) and value else None
    return value == [] or (isinstance(first, dict) and {"start", "end"} <= first.keys())

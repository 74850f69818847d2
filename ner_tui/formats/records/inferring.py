"""What is said of a file of records when its format is inferred, or not found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference, OtherFormat, UnreadSpans, are_span_keys
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import SPAN_KEYS, TOKENS, Record, find_record, is_lost, records
from ner_tui.formats.standoff.offset_spans import quoted

_STEP = 'write "entities": [[start, end, "label"], …]'
_EDGE = re.compile("start|begin|end", re.IGNORECASE)
_TRIPLES = ([int, int, str], [str, int, int])


def infer_records(
    source: Source,
    name: str,
    record: Record | None,
    needed: str,
    described_as: str,
    *,
    sure: bool,
    any_spans: bool = False,
) -> Inference | None:
    """Return how to read a file of which ``find_record`` found a record; None if it found none.

    Args:
        needed: what the records of the format have, for an error.
        described_as: what the records of the file are, for people.
        sure: see ``base.Format.infer``.
        any_spans: whether spans that it does not have can be of no format.

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
    reason = f"this is no record of {name}, which has {needed}: its keys are {keys}"
    if words := next((key for key in TOKENS if isinstance(first.value.get(key), list)), ""):
        reason += f"; with {words!r} a record is a sentence, and its tags are in 'ner_tags'"
    listed = next((key for key in sorted(SPAN_KEYS) if isinstance(first.value.get(key), list)), None)
    if any_spans and listed and isinstance(first.value.get("text"), str):
        if is_lost(listed, first.value[listed]):
            shape = f"{listed!r} holds spans in a shape that is not read"
            raise UnreadSpans(source.path, first.line, f"{shape}: {_STEP}")
        reason = f"{listed!r} holds no offsets of spans: {_STEP}"
    raise OtherFormat(source.path, first.line, reason)


def require_no_other_spans(source: Source, keys: AbstractSet[str]) -> None:
    """Refuse records with a text that have labelled spans of it where no format has any.

    Args:
        keys: where such a record has other things.

    Raises:
        UnreadSpans: there are some.
    """
    found = find_record(source, lambda value: True if _other_spans(value, keys) else None)
    if found is not None:
        reason = f"{quoted(_other_spans(found.value, keys))} looks like spans, which are not read there: {_STEP}"
        raise UnreadSpans(source.path, found.line, f"{reason}, or put it into 'meta' if it is something else")


def _other_spans(value: Mapping[str, object], keys: AbstractSet[str]) -> str:
    """Return the key under which a record has spans that are not read; empty if there is none."""
    rest = value.items() if "spans" not in value else ()
    return next((key for key, each in rest if key not in keys and _are_spans(each)), "")


def _are_spans(value: object) -> bool:
    """Whether a value is labelled stretches in the manner of some tool: the first has two numbers and a label.

    They may be in a list or, as ``datasets`` has sequences of objects, in an object of lists.
    """
    if isinstance(value, dict):
        value = [{key: each[0] for key, each in value.items() if isinstance(each, list) and each}]
    first = value[0] if isinstance(value, list) and value else None
    if isinstance(first, list):
        return [type(item) for item in first if isinstance(item, int | str)] in _TRIPLES
    if not isinstance(first, dict):
        return False
    # Offsets that are no numbers are times, or names of places.
    return are_span_keys(key for key, each in first.items() if type(each) is int or not _EDGE.match(key))

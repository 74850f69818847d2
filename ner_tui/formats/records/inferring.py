"""What is said of a file of records when its format is inferred, or not found."""

from __future__ import annotations

from itertools import islice

from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference, OtherFormat
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import SPAN_KEYS, Record, is_lost, records
from ner_tui.formats.standoff.offset_spans import quoted


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
    spans = next((key for key in sorted(SPAN_KEYS) if is_lost(key, first.value.get(key))), None)
    if any_spans and spans and isinstance(first.value.get("text"), str):
        reason = f'{spans!r} holds spans in a shape that is not read: write "entities": [[start, end, "label"], …]'
    raise OtherFormat(source.path, first.line, reason)

"""Spans in a cell of a table: JSON such as ``[{"start": 0, "end": 3, "label": "PER"}]``.

Read are also ``[[0, 3, "PER"]]``, doccano's ``start_offset`` and ``end_offset``, and Label Studio's ``labels``, a list
of one. A span with ``"source": "suggested"`` is a suggestion, with the keys that one has in ``jsonl``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from ner_tui.domain.spans import Span
from ner_tui.formats.records.record_writing import in_json
from ner_tui.formats.records.records import SUGGESTED, Record
from ner_tui.formats.standoff.offset_spans import OffsetSpan
from ner_tui.formats.tables.span_evidence import EDGES


def spans_in(path: str, line: int, cell: str, text: str) -> list[OffsetSpan]:
    """Return the spans of a cell, which are of ``text``.

    Raises:
        FormatError: it is no list of spans.
    """
    if not cell.strip():
        return []
    try:
        values = json.loads(cell)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list):
        reason = 'the cell of the spans is no list of JSON such as [{"start": 0, "end": 3, "label": "PER"}]'
        raise Record(path, line, {}).error(reason)
    return read_spans(Record(path, line, {}), values, text)


def read_spans(record: Record, values: Sequence[object], text: str) -> list[OffsetSpan]:
    """Return spans of ``text`` from values of JSON.

    Raises:
        FormatError: one is no span.
    """
    return [record.triple(value) if isinstance(value, list) else _span(record, value, text) for value in values]


def _span(record: Record, value: object, text: str) -> OffsetSpan:
    given = record.mapping(value, "a span")
    labels = given.get("labels")
    if "label" not in given and isinstance(labels, list) and len(labels) == 1:
        given = {**given, "label": cast(object, labels[0])}
    edges = next((edge for edge in EDGES if edge[0] in given), EDGES[0])
    span = record.span(given, "a span", *edges)
    return record.suggested(given, span, text) if given.get("source") == SUGGESTED else span


def span_values(spans: Iterable[Span]) -> list[Mapping[str, object]]:
    """Return spans as values of JSON."""
    return [{"start": span.start, "end": span.end, "label": span.label} for span in spans]


def span_cell(spans: Iterable[Span]) -> str:
    """Return spans as a cell."""
    return in_json(span_values(spans))

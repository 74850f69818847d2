"""Label Studio: an array of tasks, each with a text and the regions that people and models marked in it.

A sample of a task in the export ``JSON`` and of one in ``JSON_MIN``::

    [{"id": 1, "data": {"text": "Ada left."},
      "annotations": [{"result": [{"id": "r1", "type": "labels", "from_name": "label", "to_name": "text",
        "value": {"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}}]}],
      "predictions": []}]
    [{"id": 1, "text": "Ada left.", "label": [{"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}]}]

Offsets are code points, in older exports UTF-16 units: see ``offset_spans``. A task is a document; its tokens and
sentences are found here. Its text is ``text`` or, of what its data hold, the only text. Its first annotation that was
not cancelled gives decisions. Without one, its first prediction gives suggestions, each with the score of its region or
else of the prediction, 1 if neither has one, and the smallest margin that the score allows. A region with several
labels is one for each. What is not read is reported: further annotations or predictions, regions that are no span of
the text (choices, relations, HTML).

Written: ``JSON`` as it is imported, decisions as an annotation, the name of the document as ``source`` in its data. A
document with open suggestions is not finished: all of it is a prediction then, its decisions with a score of 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import (
    Record,
    find_record,
    infer_records,
    marked_records,
    read_records,
    records,
    write_record,
)
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents

_KEYS = frozenset({"data", "text", "annotations", "completions", "predictions", "label", "labels"})


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take tasks of either export; see ``base.Format.infer``."""
    record = find_record(source, _claim)
    shape = "JSON" if record and "data" in record.value else "JSON_MIN"
    needed = "'data' and 'annotations', or a text and regions"
    return infer_records(source, name, record, needed, f"tasks in the shape of {shape}", sure=sure)


def _claim(value: Mapping[str, object]) -> bool | None:
    if isinstance(value.get("data"), dict):
        return True
    regions = _short_regions(value)
    if regions is None:
        return True if {"annotator", "annotation_id", "lead_time"} & set(value) else None
    return True


def _short_regions(value: Mapping[str, object]) -> list[object] | None:
    """Return the regions of a ``JSON_MIN`` task, whatever their key is; None if there are none."""
    for each in value.values():
        if isinstance(each, list) and each and isinstance(each[0], dict) and "start" in each[0] and "labels" in each[0]:
            return each
    return None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each task; see ``base.Format.read``."""
    if find_record(source, lambda value: "data" in value) is None:
        # The key of the regions in JSON_MIN is the name of a control: any key.
        return read_records(source, inference, lambda part: map(_marked, records(part)))
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    if "data" not in record.value:
        marked = MarkedText(record.line, _text(record, record.value), [])
        for value in _short_regions(record.value) or []:
            _add(marked, record, record.mapping(value, "a region"), None)
        return marked
    marked = MarkedText(record.line, _text(record, record.mapping(record.value["data"], "'data'")), [])
    annotations = [
        annotation
        for value in record.items("annotations") + record.items("completions")
        if not (annotation := record.mapping(value, "an annotation")).get("was_cancelled")
    ]
    predictions = [record.mapping(value, "a prediction") for value in record.items("predictions")]
    # An annotation is a person's answer to the predictions.
    read, rest = (annotations, "annotations") if annotations else (predictions, "predictions")
    for result in read[:1]:
        given = result.get("score")
        known = 1.0 if given is None else record.probability(given, "the score of a prediction")
        for value in record.listed(result.get("result"), "'result'"):
            _add_result(marked, record, record.mapping(value, "a result"), None if annotations else known)
    if len(read) > 1:
        marked.problems.append((record.line, f"{len(read) - 1} further {rest} of this task are left out"))
    return marked


def _text(record: Record, data: Mapping[str, object]) -> str:
    if isinstance(text := data.get("text"), str):
        return text
    texts = [value for value in data.values() if isinstance(value, str)]
    if len(texts) != 1:
        raise record.error("the task has no 'text'")
    return texts[0]


def _add_result(marked: MarkedText, record: Record, result: Mapping[str, object], score: float | None) -> None:
    kind = result.get("type", "labels")
    value = result.get("value")
    if kind != "labels" or not isinstance(value, dict) or "labels" not in value:
        marked.problems.append((record.line, f"a result of type {kind!r:.40} is no labelled stretch: left out"))
        return
    if score is not None and result.get("score") is not None:
        score = record.probability(result["score"], "the score of a region")
    _add(marked, record, value, score)


def _add(marked: MarkedText, record: Record, region: Mapping[str, object], score: float | None) -> None:
    start, end = record.offsets(region, "a region")
    text = region.get("text")
    covered = text if isinstance(text, str) else None
    margin = 0.0 if score is None else 2 * score - 1
    labels = record.listed(region.get("labels"), "'labels' of a region")
    if not labels:
        marked.problems.append((record.line, f"the region [{start}, {end}) has no label: left out"))
    for label in labels:
        marked.marks.append(OffsetSpan(start, end, record.label(label), record.line, covered, score, margin))


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a task when a document is complete; scheme and separator do not count."""
    before = "[\n"
    for document in documents(items):
        out.write(before)
        write_record(_task(document), out, "")
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def _task(document: WholeDocument) -> dict[str, object]:
    text = document.text
    decided = [_result(text, span) for item in document.sentences for span in item.spans]
    suggested = [
        {**_result(text, each.span), "score": round(each.score, 4)}
        for item in document.sentences
        for each in item.suggestions
    ]
    task: dict[str, object] = {"data": {"text": text, "source": document.name}}
    if suggested:
        return task | {"predictions": [{"result": [*({**result, "score": 1.0} for result in decided), *suggested]}]}
    return task | {"annotations": [{"result": decided}] if decided or document.confirmed else []}


def _result(text: str, span: Span) -> dict[str, object]:
    value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.label]}
    return {
        "id": f"{span.start}-{span.end}", "type": "labels", "from_name": "label", "to_name": "text", "value": value
    }  # fmt: skip

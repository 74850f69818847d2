"""Label Studio: an array of tasks, each with a text and the regions that people and models marked in it.

A sample of a task in the export ``JSON`` and of one in ``JSON_MIN``::

    [{"id": 1, "data": {"text": "Ada left."},
      "annotations": [{"result": [{"id": "r1", "type": "labels", "from_name": "label", "to_name": "text",
        "value": {"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}}]}],
      "predictions": []}]
    [{"id": 1, "text": "Ada left.", "label": [{"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}]}]

Offsets are code points, in older exports UTF-16 units: see ``offset_spans``. A task is a document; its words are found
here, unless its data have them: see ``cut_keys``. Its text is ``text``, the only text in its data, or the only one
called like one, such as ``content``. Its first annotation that was not cancelled gives decisions. Without one, its
predictions give suggestions, each with the score of its region or else of the prediction, 1 if neither has one, and the
smallest margin that it allows; ``model_version`` is whose they are. A result of one whose ``origin`` is ``manual`` is a
person's. A region with several labels is one for each. What else is in it, its data or its ``meta`` is metadata. Told
as lost: further annotations, predictions beside one, what is no span (choices, relations, HTML).

Written: ``JSON`` as it is imported, decisions as an annotation, the name of the document as ``source`` in its data,
metadata beside it, and words and sentences that would not be found again in the text. A document with open suggestions
is a prediction, its decisions ``manual`` with a score of 1; those of further models are predictions of their own. In
place, a document that is confirmed without a span gets an empty annotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, Metadata, StreamItem
from ner_tui.formats.base import TEXT_NAMES, Inference, WriteOptions
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.cut_keys import read_cuts, written_cuts
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.record_writing import beside, named, suggestion_keys, write_record
from ner_tui.formats.records.records import (
    CUT_KEYS,
    Record,
    find_record,
    is_read,
    marked_records,
    read_records,
    records,
)
from ner_tui.formats.records.rewriting import NewSpan, SpanShape, rewritten
from ner_tui.formats.standoff.offset_spans import JsonPath, MarkedText, OffsetSpan, short_name
from ner_tui.formats.standoff.whole_documents import WholeDocument, documents

_BY_HAND = "manual"
"""The ``origin`` of a result that a person made."""
JsonPlace = tuple[str, int]
"""Where an answer is in a task: the key of a list, and its number there."""
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
    if _regions_key(value) is None:
        return True if {"annotator", "annotation_id", "lead_time"} & set(value) else None
    return True


def _regions_key(value: Mapping[str, object]) -> str | None:
    """Return the key of the regions of a ``JSON_MIN`` task, whatever it is; None if there are none."""
    for key, each in value.items():
        if isinstance(each, list) and each and isinstance(each[0], dict) and "start" in each[0] and "labels" in each[0]:
            return key
    return None


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each task; see ``base.Format.read``."""
    if find_record(source, lambda value: "data" in value) is None:
        # The key of the regions in JSON_MIN is the name of a control: any key.
        return read_records(source, inference, lambda part: map(_marked, records(part)))
    return read_records(source, inference, lambda part: marked_records(part, _KEYS, _marked))


def _marked(record: Record) -> MarkedText:
    marked = MarkedText(record.line, _text(record), [])
    _add_marks(marked, record)
    data = _data(record)
    text = _text_key(record, data)
    if data is record.value:
        marked.metadata = record.metadata({text, _regions_key(record.value) or text, *CUT_KEYS})
    else:
        marked.metadata = _metadata(record, data, text)
        _tell_rest(marked, record)
    read_cuts(marked, record, data)
    return marked


def _marks(record: Record) -> list[OffsetSpan]:
    return _marked(record).marks


def _data(record: Record) -> Mapping[str, object]:
    """Return what the text of a task stands in: of JSON_MIN, the task itself."""
    return record.mapping(record.value["data"], "'data'") if "data" in record.value else record.value


def _text(record: Record) -> str:
    data = _data(record)
    return record.string(data[_text_key(record, data)], "the text")


def _add_marks(marked: MarkedText, record: Record) -> None:
    if "data" not in record.value:
        regions = _regions_key(record.value)
        for at, value in enumerate(record.items(regions) if regions is not None else []):
            _add(marked, record, record.mapping(value, "a region"), (str(regions), at), (str(regions), at))
        return
    annotations = _annotations(record)
    # An annotation is a person's answer to the predictions.
    for key, at in annotations[:1] or _predictions(record):
        answer = record.mapping(record.items(key)[at], "an answer")
        for number, value in enumerate(record.listed(answer.get("result"), "'result'")):
            result = record.mapping(value, "a result")
            _add_result(marked, record, result, (key, at, "result", number), None if annotations else answer)


def _tell_rest(marked: MarkedText, record: Record) -> None:
    """Report the answers that are not read, but for those without a result."""
    annotations, predictions = _annotations(record), _predictions(record)
    rest = annotations[1:]
    if rest:
        marked.problems.append((record.line, f"{counted(len(rest), 'further annotation')} of this task left out"))
    answers = [record.mapping(record.items(key)[at], "an answer") for key, at in predictions] if annotations else []
    said = [answer for answer in answers if answer.get("result")]
    if said:
        models = dict.fromkeys(short_name(str(answer.get("model_version") or "no name")) for answer in said)
        told = f"{counted(len(said), 'prediction')} beside an annotation of this task left out, of {', '.join(models)}"
        marked.problems.append((record.line, told))


def _annotations(record: Record) -> list[JsonPlace]:
    """Return where the annotations are that were not cancelled."""
    return [
        (key, at)
        for key in ("annotations", "completions")
        for at, value in enumerate(record.items(key))
        if not record.mapping(value, "an annotation").get("was_cancelled")
    ]


def _predictions(record: Record) -> list[JsonPlace]:
    return [("predictions", at) for at in range(len(record.items("predictions")))]


def _metadata(record: Record, data: Mapping[str, object], text: str) -> Metadata:
    """Return what is in a task beside its text and its answers; what a key of its data hides is under ``task``."""
    outer = record.metadata(_KEYS)
    inner = {key: value for key, value in data.items() if not is_read(key, value, {text, *CUT_KEYS})}
    hidden = {key: value for key, value in outer.items() if key in inner}
    return {**outer, **inner, **({"task": hidden} if hidden else {})}


def _text_key(record: Record, data: Mapping[str, object]) -> str:
    if "text" in data:
        return "text"
    texts = [key for key, value in data.items() if isinstance(value, str)]
    called = texts if len(texts) == 1 else [key for key in texts if key.casefold() in TEXT_NAMES]
    if len(called) != 1:
        raise record.error(f"the task has no 'text' but {', '.join(map(short_name, data))}: call the text so")
    (key,) = called
    return key


def _add_result(
    marked: MarkedText,
    record: Record,
    result: Mapping[str, object],
    at: JsonPath,
    prediction: Mapping[str, object] | None,
) -> None:
    """Add the spans of a result.

    Args:
        prediction: what it is a result of; None: an annotation.
    """
    kind = result.get("type", "labels")
    value = result.get("value")
    if kind != "labels" or not isinstance(value, dict) or "labels" not in value:
        marked.problems.append((record.line, f"a result of type {kind!r:.40} is no labelled stretch: left out"))
        return
    first = len(marked.marks)
    _add(marked, record, value, at, (*at, "value"))
    if prediction is None or result.get("origin") == _BY_HAND:
        return
    given = result if result.get("score") is not None else prediction
    said = {**result, "score": given.get("score"), "model": prediction.get("model_version"), "source": None}
    if isinstance(result.get("model"), str):
        said["model"] = result["model"]
    marked.marks[first:] = [record.suggested(said, mark, marked.text) for mark in marked.marks[first:]]


def _add(marked: MarkedText, record: Record, region: Mapping[str, object], at: JsonPath, value_at: JsonPath) -> None:
    start, end = record.offsets(region, "a region")
    text = region.get("text")
    covered = text if isinstance(text, str) else None
    labels = record.listed(region.get("labels"), "'labels' of a region")
    if not labels:
        marked.problems.append((record.line, f"the region [{start}, {end}) has no label: left out"))
    for number, each in enumerate(labels):
        label = record.label(each)
        marked.marks.append(
            OffsetSpan(start, end, label, record.line, covered, at=at, label_at=(*value_at, "labels", number))
        )


def rewrite(source: Source, inference: Inference, new: Iterable[StreamItem] | None) -> Iterator[str]:
    """Yield the text of a source with other decisions; see ``rewriting``. Predictions stay as they are."""
    shape = SpanShape(_marked, _text, _marks, _made, _home, _answer, others=_nothing_found, keeps_suggestions=True)
    return rewritten(source, new, shape)


def _nothing_found(record: Record, sentences: Sequence[AnnotatedSentence]) -> dict[str, object]:
    """Return the annotations of a task in which a person found nothing; without one, its predictions would be open."""
    done = all(item.status == "confirmed" and not (item.spans or item.suggestions) for item in sentences)
    is_open = sentences and "data" in record.value and not _annotations(record)
    return {"annotations": [*record.items("annotations"), {"result": []}]} if done and is_open else {}


def _home(record: Record) -> JsonPath:
    if "data" not in record.value:
        return (_regions_key(record.value) or "label",)
    for key, at in _annotations(record):
        return key, at, "result"
    return ("annotations",)


def _answer(record: Record, results: list[object]) -> list[object]:
    """Return what goes into the list at ``_home``: results, or an annotation with them where there is none."""
    return [{"result": results}] if _home(record) == ("annotations",) else results


def _made(span: NewSpan) -> dict[str, object]:
    if "data" not in span.record.value:
        return _region(span.text, span.start, span.end, span.label)
    made = _result(span.text, span.start, span.end, span.label)
    for key in ("annotations", "completions", "predictions"):
        for value in span.record.items(key):
            for result in span.record.listed(span.record.mapping(value, "an answer").get("result"), "'result'"):
                if isinstance(result, dict) and {"from_name", "to_name"} <= result.keys():
                    return made | {name: result[name] for name in ("from_name", "to_name")}
    return made


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write a task when a document is complete; scheme and separator do not count."""
    before = "[\n"
    for document in documents(items):
        out.write(before)
        write_record(_task(document, options), out, "")
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def _task(document: WholeDocument, options: WriteOptions) -> dict[str, object]:
    text = document.text

    def result(span: Span) -> dict[str, object]:
        return _result(text[span.start : span.end], span.start, span.end, span.label)

    decided = [result(span) for item in document.sentences for span in item.spans]
    suggestions = [each for item in document.sentences for each in item.suggestions]
    own = {"text": text, **written_cuts(document)}
    data = beside(own, document.metadata, options, document.name, CUT_KEYS)
    task: dict[str, object] = {"data": own | named("source", document.name, document.metadata) | data}
    if not suggestions:
        answer = ({"completed_by": options.annotator} if options.annotator else {}) | {"result": decided}
        return task | {"annotations": [answer] if decided or document.confirmed else []}
    results = [{**each, "origin": _BY_HAND, "score": 1.0} for each in decided]
    predictions: list[dict[str, object]] = []
    for model in dict.fromkeys(each.model for each in suggestions):
        results += [result(each.span) | suggestion_keys(each) for each in suggestions if each.model == model]
        predictions.append(({"model_version": model} if model else {}) | {"result": results})
        results = []
    return task | {"predictions": predictions}


def _result(covered: str, start: int, end: int, label: str) -> dict[str, object]:
    value = _region(covered, start, end, label)
    return {"id": f"{start}-{end}", "type": "labels", "from_name": "label", "to_name": "text", "value": value}


def _region(covered: str, start: int, end: int, label: str) -> dict[str, object]:
    return {"start": start, "end": end, "text": covered, "labels": [label]}

"""Argilla 2: JSON records with fields, responses of people and suggestions of models, as its Python package has them.

A sample, broken here for reading, and the same flattened::

    [{"id": "a1", "fields": {"text": "Ada left Lagos."}, "metadata": {}, "vectors": {},
      "suggestions": {"entities": {"value": [{"start": 9, "end": 14, "label": "LOC"}], "score": 0.9, "agent": "m"}},
      "responses": {"entities": [{"value": [{"start": 0, "end": 3, "label": "PER"}], "user_id": "7f…"}]}}, …]

    {"id": "a1", "text": "Ada left Lagos.", "entities.suggestion": […], "entities.suggestion.score": 0.9,
     "entities.suggestion.agent": "m", "entities.responses": [[…]], "entities.responses.users": ["7f…"]}

Offsets are code points. A record is a document: its text is the field called text, or the only one that is a text. Of
the responses the first counts, its sentences as confirmed, and the suggestion only where there is none. Responses that
differ from it, further questions of spans and other fields are left out and told. Read only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import StreamItem
from ner_tui.formats.base import Inference
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.inferring import infer_records
from ner_tui.formats.records.records import Record, find_record, marked_records, read_records, unread
from ner_tui.formats.standoff.offset_spans import MarkedText, short_name

_NESTED = frozenset({"fields", "suggestions", "responses"})
_SUGGESTION, _RESPONSES = ".suggestion", ".responses"
_DRAFTS = ("draft", "discarded")


@dataclass(frozen=True, slots=True)
class _Answers:
    """What is answered to a question of spans."""

    responses: list[object]
    """The spans of each person, in order."""
    suggested: object
    """Those of a model; None: there are none."""
    score: object
    agent: object
    """The model."""


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take records with fields and answers, nested or flattened; see ``base.Format.infer``."""
    record = find_record(source, _claim)
    keys = frozenset(_read_keys(record)) if record else _NESTED
    what = f"JSON records with fields and answers{unread(record, keys)}"
    return infer_records(source, name, record, "'fields', 'suggestions' and 'responses'", what, sure=sure)


def _claim(value: Mapping[str, object]) -> bool:
    nested = isinstance(value.get("fields"), dict) and ("suggestions" in value or "responses" in value)
    return nested or ("text" in value and any(key.endswith((_SUGGESTION, _RESPONSES)) for key in value))


def _read_keys(record: Record) -> Iterator[str]:
    yield from _NESTED
    if "fields" not in record.value:
        yield "text"
        yield from (key for key in record.value if _SUGGESTION in key or _RESPONSES in key)


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield a document for each record; see ``base.Format.read``."""
    first = find_record(source, _claim)
    keys = frozenset(_read_keys(first)) if first else _NESTED
    # The package adds every key of any record to all, without a value where it has none.
    return read_records(source, inference, lambda part: marked_records(part, keys, _marked))


def _marked(record: Record) -> MarkedText:
    name, text, others = _text(record)
    questions = {key: each for key, each in _answers(record).items() if _has_spans(each)}
    marked = MarkedText(record.line, text, [])
    for field in others:
        marked.problems.append((record.line, f"the field {short_name(field)} beside {short_name(name)} is left out"))
    for number, (question, answers) in enumerate(questions.items()):
        if number:
            marked.problems.append((record.line, f"the answers to {short_name(question)} are left out"))
            continue
        if answers.responses:
            values = record.listed(answers.responses[0], "a response")
            marked.marks = [record.span(value, "a span") for value in values]
            marked.status = "confirmed"
            if more := [each for each in answers.responses[1:] if each != answers.responses[0]]:
                reason = (
                    f"other than the first, and left out: {counted(len(more), 'response')} to {short_name(question)}"
                )
                marked.problems.append((record.line, reason))
        else:
            values = record.listed(answers.suggested, "a suggestion")
            scores = answers.score if isinstance(answers.score, list) else [answers.score] * len(values)
            if len(scores) != len(values):
                raise record.error(
                    f"it has {counted(len(values), 'suggested span')} and {counted(len(scores), 'score')}"
                )
            marked.marks = [
                record.suggested({"score": score, "model": answers.agent}, record.span(value, "a span"), text)
                for value, score in zip(values, scores, strict=True)
            ]
    return marked


def _text(record: Record) -> tuple[str, str, list[str]]:
    """Return the name and text of the field that is annotated, and the names of other texts."""
    if "fields" not in record.value:
        return "text", record.text(), []
    fields = record.mapping(record.value["fields"], "'fields'")
    texts = [key for key, value in fields.items() if isinstance(value, str)]
    if not texts or ("text" not in texts and len(texts) > 1):
        known = ", ".join(map(short_name, fields)) or "none"
        raise record.error(f"no field of the record is called 'text', and which one is meant is not said: {known}")
    name = "text" if "text" in texts else texts[0]
    return name, record.string(fields[name], repr(name)), [key for key in texts if key != name]


def _answers(record: Record) -> dict[str, _Answers]:
    """Return the answers to each question, in order."""
    value = record.value
    if "fields" not in value:
        names = dict.fromkeys(key.partition(end)[0] for end in (_RESPONSES, _SUGGESTION) for key in value if end in key)
        return {
            name: _Answers(
                _given(record, value.get(f"{name}{_RESPONSES}"), value.get(f"{name}{_RESPONSES}.status")),
                value.get(f"{name}{_SUGGESTION}"),
                value.get(f"{name}{_SUGGESTION}.score"),
                value.get(f"{name}{_SUGGESTION}.agent"),
            )
            for name in names
        }
    responses = record.mapping(value.get("responses") or {}, "'responses'")
    suggestions = record.mapping(value.get("suggestions") or {}, "'suggestions'")
    found: dict[str, _Answers] = {}
    for name in dict.fromkeys([*responses, *suggestions]):
        given = [record.mapping(each, "a response") for each in record.listed(responses.get(name), "'responses'")]
        suggestion = record.mapping(suggestions.get(name) or {}, "a suggestion")
        found[name] = _Answers(
            [each.get("value") for each in given if each.get("status") not in _DRAFTS],
            suggestion.get("value"),
            suggestion.get("score"),
            suggestion.get("agent"),
        )
    return found


def _given(record: Record, values: object, states: object) -> list[object]:
    """Return the responses that were submitted."""
    values = record.listed(values, "'responses'")
    states = record.listed(states, "the status of responses") or [None] * len(values)
    return [value for value, state in zip(values, states, strict=False) if state not in _DRAFTS]


def _has_spans(answers: _Answers) -> bool:
    """Whether a question is one of spans; what is empty everywhere may be one."""
    given = [each for each in (*answers.responses, answers.suggested) if each is not None]
    return bool(given) and all(isinstance(each, list) and all(map(_is_span, each)) for each in given)


def _is_span(value: object) -> bool:
    return isinstance(value, dict) and {"start", "end", "label"} <= value.keys()

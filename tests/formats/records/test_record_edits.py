"""Edits of a record's text: what is changed is written as the rest is, and the rest stays to the byte."""

from __future__ import annotations

import json

import pytest

from ner_tui.formats.records.record_edits import RecordEdits

RECORDS = {
    "spaced": '{"text": "Ada",  "spans": [ {"start": 0} ]}',
    "tight": '{"text":"Ada","spans":[{"start":0}]}',
    "lines": '{\n  "text" : "Ada",\n  "spans" : [\n    {"start" : 0}\n  ]\n}',
}


def edits(raw: str) -> RecordEdits:
    return RecordEdits(raw, json.loads(raw))


@pytest.mark.parametrize("raw", RECORDS.values(), ids=RECORDS)
def test_a_value_is_put_in_place_of_another(raw: str) -> None:
    made = edits(raw)
    made.put(("text",), "Bo")
    made.put(("spans", 0, "start"), 7)
    assert made.text() == raw.replace("Ada", "Bo").replace("0", "7")


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("spaced", '[ {"start": 0,  "label": "PER"} ],  "answer": "accept"}'),
        ("tight", '[{"start":0,"label":"PER"}],"answer":"accept"}'),
        ("lines", '[\n    {"start" : 0, "label" : "PER"}\n  ],\n  "answer" : "accept"\n}'),
    ],
)
def test_a_key_that_is_not_there_is_added_as_the_others_are_written(name: str, end: str) -> None:
    made = edits(RECORDS[name])
    made.put(("answer",), "accept")
    made.put(("spans", 0, "label"), "PER")
    assert made.text() == RECORDS[name][: RECORDS[name].index("[")] + end


def test_a_key_is_added_to_an_object_that_is_empty() -> None:
    made = edits('{"a": {}, "b": 1}')
    made.put(("a", "x"), [1, 2])
    assert made.text() == '{"a": {"x": [1, 2]}, "b": 1}'

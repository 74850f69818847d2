"""Records of several annotators in one file: to each what they said, and what is no work of theirs to nobody."""

from __future__ import annotations

import json

import pytest

from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import FormatError
from ner_tui.formats import Source, infer_format, read
from ner_tui.formats.records.annotators import by_annotator

ADA = {"text": "Ada left Oslo.", "spans": [{"start": 0, "end": 3, "label": "PER"}]}
OSLO = {"text": "Ada left Oslo.", "spans": [{"start": 9, "end": 13, "label": "LOC"}]}


def source_of(*records: object) -> Source:
    return Source("a.jsonl", "", "".join(json.dumps(each) + "\n" for each in records), "utf-8", False, "\n")


def said(found: dict[str, Source], fmt: str) -> dict[str, list[list[str]]]:
    """The labels of each sentence, by who set them."""
    return {
        name: [
            [span.label for span in item.spans]
            for item in read(source, inference=infer_format(source, fmt))
            if isinstance(item, AnnotatedSentence)
        ]
        for name, source in found.items()
    }


@pytest.mark.parametrize(
    ("fmt", "key", "other"),
    [
        ("prodigy", "_annotator_id", "_session_id"),
        ("prodigy", "_session_id", "_view_id"),
        ("jsonl", "annotator", "_annotator_id"),
    ],
)
def test_each_record_is_of_who_it_names(fmt: str, key: str, other: str) -> None:
    records = [ADA | {key: "ana", other: "x"}, OSLO | {key: "bo", other: "x"}, ADA | {other: 3}, ADA | {key: "bo"}]
    records[2] = ADA | {key: ""} if fmt != "prodigy" else ADA
    found = by_annotator(source_of(*records), fmt)
    assert said(found, fmt) == {"ana": [["PER"]], "bo": [["LOC"], ["PER"]]}
    assert list(found) == ["ana", "bo"]


def test_an_annotator_goes_before_the_session_they_were_in() -> None:
    both = {"_session_id": "monday"}
    found = by_annotator(
        source_of(ADA | both | {"_annotator_id": "ana"}, OSLO | both | {"_annotator_id": "bo"}), "prodigy"
    )
    assert list(found) == ["ana", "bo"]


def answer(who: object, label: str, **more: object) -> dict[str, object]:
    value = {"start": 0, "end": 3, "labels": [label], "text": "Ada"}
    mark = {"type": "labels", "from_name": "label", "to_name": "text", "value": value}
    return {"completed_by": who, "result": [mark], **more}


@pytest.mark.parametrize("key", ["annotations", "completions"])
def test_each_annotation_of_a_task_is_of_who_completed_it(key: str) -> None:
    guessed = {"predictions": [{"result": answer(1, "ORG")["result"], "score": 0.9}]}
    first = [
        answer(1, "PER"), answer({"email": "bo@example.org", "id": 7}, "LOC"), answer(1, "ORG"),
        answer(2, "X", was_cancelled=True), answer({}, "X"), answer(None, "X"), answer("", "X"), "nonsense",
    ]  # fmt: skip
    tasks = [
        {"data": {"text": "Ada left."}, key: first, **guessed},
        {"data": {"text": "Ada came."}, key: [answer({"id": 1}, "PER"), answer({"username": "cy"}, "LOC")]},
        {"data": {"text": "Ada went."}, key: None},
    ]
    found = by_annotator(source_of(*tasks), "label-studio")
    assert said(found, "label-studio") == {"1": [["ORG"], ["PER"]], "bo@example.org": [["LOC"]], "cy": [["LOC"]]}
    assert all("predictions" not in source.text for source in found.values())


def test_where_not_two_say_who_they_are_nobody_does() -> None:
    assert by_annotator(source_of(ADA | {"annotator": "ana"}, OSLO | {"annotator": "ana"}, OSLO), "jsonl") == {}
    assert by_annotator(source_of(ADA, OSLO), "prodigy") == {}
    assert by_annotator(source_of(ADA | {"annotator": "ana"}, OSLO | {"annotator": "bo"}), "doccano") == {}


def test_what_is_no_record_is_refused_with_its_line() -> None:
    source = Source("a.jsonl", "", json.dumps(ADA) + "\n{broken\n", "utf-8", False, "\n")
    with pytest.raises(FormatError, match=r"a\.jsonl:2:"):
        by_annotator(source, "jsonl")

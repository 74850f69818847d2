"""Label Studio: which tasks are taken for it, whose answers are read, what is metadata."""

from __future__ import annotations

import pytest
from label_studio_tasks import TEXT, Task, answer, region, result, task
from record_texts import problems, sentences, source_of, spans

from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import DocumentStart
from ner_tui.errors import FormatError
from ner_tui.formats import infer_format, read


def metadata_of(*tasks: Task) -> list[dict[str, object]]:
    return [dict(item.metadata) for item in read(source_of(*tasks)) if isinstance(item, DocumentStart)]


def suggestions_of(value: Task) -> list[tuple[str, float, float, str]]:
    (item,) = sentences(source_of(value))
    return [(each.span.label, each.score, each.margin, each.model) for each in item.suggestions]


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([task()], "tasks in the shape of JSON"),
        ([{"text": TEXT, "label": [region(0, 3, "PER")]}], "tasks in the shape of JSON_MIN"),
        ([{"text": TEXT, "annotator": 1}], "tasks in the shape of JSON_MIN"),
        ([{"text": TEXT, "annotation_id": 1}], "tasks in the shape of JSON_MIN"),
        ([{"text": TEXT, "lead_time": 1.5}], "tasks in the shape of JSON_MIN"),
    ],
)
def test_tasks_of_either_export_are_told_by_their_keys(tasks: list[Task], said: str) -> None:
    inference = infer_format(source_of(*tasks))
    assert inference.format == "label-studio"
    assert inference.sentence == f"x.jsonl: read as label-studio, {said}"


def test_what_is_no_task_is_refused_with_what_a_task_has() -> None:
    needed = "this is no record of label-studio, which has 'data' and 'annotations', or a text and regions"
    for other in ({"text": TEXT}, {"text": TEXT, "label": []}, {"data": TEXT}):
        with pytest.raises(FormatError) as refused:
            infer_format(source_of(other), "label-studio")
        assert needed in str(refused.value)


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (7, "a region is 7 where an object is needed"),
        ({}, "the start of a region is null"),
        ({"start": 4, "end": 8}, None),
        ({"end": 8, "labels": ["X"]}, "the start of a region is null"),
    ],
)
def test_the_first_region_tells_what_a_list_is_and_one_that_is_none_is_refused(
    last: object, reason: str | None
) -> None:
    source = source_of({"text": TEXT, "ner": [region(0, 3, "PER"), last]})
    if reason is None:
        assert spans(source, "label-studio") == [["PER Ada"]]
        assert problems(source) == [(1, "the region [4, 8) has no label: left out", True)]
        return
    with pytest.raises(FormatError) as refused:
        sentences(source)
    assert refused.value.reason.startswith(reason)


@pytest.mark.parametrize("first", [7, {}, {"start": 0}, {"labels": ["PER"]}])
def test_a_list_of_something_else_holds_no_regions(first: object) -> None:
    value = {"text": TEXT, "annotator": 1, "x": [first], "ner": [region(0, 3, "PER")]}
    assert spans(source_of(value)) == [["PER Ada"]]
    assert metadata_of(value) == [{"annotator": 1, "x": [first]}]


def test_of_a_min_task_everything_but_its_text_and_its_regions_is_metadata() -> None:
    tasks = [
        {"id": 1, "body": TEXT, "spans": [region(0, 3, "PER")], "annotator": 2},
        {"id": 2, "body": TEXT, "annotator": 2},
        {"id": 3, "body": TEXT, "tokens": [{"start": 0, "end": 9}], "annotator": 2},
    ]
    assert metadata_of(*tasks) == [{"id": at, "annotator": 2} for at in (1, 2, 3)]
    assert spans(source_of(*tasks)) == [["PER Ada"], [], []]
    assert problems(source_of(*tasks)) == []
    assert sentences(source_of(*tasks))[2].sentence.tokens == (Token(0, 9),)


def test_of_a_task_what_is_beside_text_and_answers_is_metadata_and_what_its_data_hide_is_under_task() -> None:
    data = {"text": TEXT, "id": "x", "topic": "sea", "tokens": [{"start": 0, "end": 3}, {"start": 4, "end": 9}]}
    value = {"id": 7, "meta": 1, "data": data, "annotations": [], "predictions": [], "completions": []}
    assert metadata_of(value) == [{"id": "x", "meta": 1, "topic": "sea", "task": {"id": 7}}]
    assert metadata_of(value | {"id": None, "data": {"text": TEXT, "topic": "sea"}}) == [
        {"id": None, "meta": 1, "topic": "sea"}
    ]
    (item,) = sentences(source_of(value))
    assert item.sentence.tokens == (Token(0, 3), Token(4, 9))


def test_spans_of_another_format_in_a_task_are_told_as_lost() -> None:
    value = task(answer(result(0, 3, "PER")), entities=[[0, 3, "PER"]])
    assert problems(source_of(value)) == [(1, "'entities' is not read in this format: left out", True)]


def test_the_first_annotation_that_was_not_cancelled_is_read_and_what_is_beside_it_told() -> None:
    cancelled = answer(result(0, 3, "NO"), was_cancelled=True)
    said = answer(result(0, 3, "PER"), result(4, 8, "X"))
    other = answer(result(0, 3, "LOC"))
    assert spans(source_of(task(cancelled, said))) == [["PER Ada", "X left"]]
    assert problems(source_of(task(cancelled, said))) == []
    predictions = [answer(result(0, 3, "ORG"), model_version="m"), answer(model_version="n"), {}, answer(result(4, 8))]
    value = task(cancelled, said, other, cancelled, predictions=predictions)
    assert spans(source_of(value)) == [["PER Ada", "X left"]]
    assert suggestions_of(value) == []
    assert problems(source_of(value)) == [
        (1, "1 further annotation of this task left out", True),
        (1, "2 predictions beside an annotation of this task left out, of m, no name", True),
    ]
    assert problems(source_of(task(said, other, other)))[0][1] == "2 further annotations of this task left out"


def test_what_older_exports_call_completions_are_annotations() -> None:
    value = {"data": {"text": TEXT}, "completions": [answer(result(0, 3, "PER"))]}
    assert spans(source_of(value)) == [["PER Ada"]]


def test_without_an_annotation_predictions_are_suggestions_with_the_nearest_score() -> None:
    said = answer(
        result(0, 3, "A", score=0.75),
        result(4, 8, "B"),
        result(8, 9, "C", score=0, model="other"),
        score=0.5,
        model_version="m",
    )
    assert suggestions_of(task(predictions=[said])) == [
        ("A", 0.75, 0.5, "m"),
        ("B", 0.5, 0.0, "m"),
        ("C", 0.0, -1.0, "other"),
    ]
    assert suggestions_of(task(predictions=[answer(result(0, 3, "A"))])) == [("A", 1.0, 1.0, "")]
    assert suggestions_of(task(answer(was_cancelled=True), predictions=[said]))[0] == ("A", 0.75, 0.5, "m")


def test_what_a_person_added_to_a_prediction_is_decided() -> None:
    said = answer(result(0, 3, "A", origin="manual", score=0.5), result(4, 8, "X", origin="prediction", score=0.5))
    (item,) = sentences(source_of(task(predictions=[said])))
    assert item.spans == (Span(0, 3, "A"),)
    assert [each.span for each in item.suggestions] == [Span(4, 8, "X")]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "choices", "value": {"labels": ["A"], "start": 0, "end": 3}},
        {"type": "labels", "value": {"choices": ["A"]}},
        {"type": "labels", "value": 7},
        {"type": "relation"},
    ],
)
def test_a_result_that_is_no_labelled_stretch_is_told_and_the_others_are_read(other: Task) -> None:
    value = task(answer(other, {"value": region(0, 3, "PER")}))
    assert spans(source_of(value)) == [["PER Ada"]]
    assert problems(source_of(value)) == [
        (1, f"a result of type '{other['type']}' is no labelled stretch: left out", True)
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"data": {"text": 7}}, "the text is 7 where a text is needed"),
        ({"data": {"n": 7}}, "the task has no 'text' but n: call the text so"),
        ({"data": {"content": "a", "text_": "b", "body": "c"}}, "the task has no 'text' but content, text_, body:"),
        (task(7), "an annotation is 7 where an object is needed"),
        (task({"result": 7}), "'result' is 7 where a list is needed"),
        (task(answer(7)), "a result is 7 where an object is needed"),
        (task(predictions=[7]), "an answer is 7 where an object is needed"),
        (task(answer({"value": {"start": 0, "end": 3, "labels": 7}})), "'labels' of a region is 7 where a list is"),
    ],
)
def test_a_broken_task_is_refused_with_what_is_wrong(value: Task, reason: str) -> None:
    with pytest.raises(FormatError) as refused:
        sentences(source_of(value))
    assert refused.value.reason[: len(reason)] == reason


def test_the_text_of_a_task_is_called_so_or_is_the_only_one_called_like_one() -> None:
    for read_data in ({"text": "Ada", "title": "Sea"}, {"content": "Ada", "title": "Sea"}, {"x": "Ada", "n": 1}):
        assert [item.sentence.text for item in sentences(source_of({"data": read_data}))] == ["Ada"]
    refused: dict[str, dict[str, object]] = {
        "the task has no 'text' but title, url: call the text so": {"title": "Ada", "url": "x"},
        "the task has no 'text' but content, body: call the text so": {"content": "Ada", "body": "x"},
        "the text is null where a text is needed": {"text": None, "title": "Ada"},
    }
    for reason, data in refused.items():
        with pytest.raises(FormatError, match=reason):
            sentences(source_of({"data": data}))


def test_offsets_that_were_counted_in_utf_16_are_told_by_the_text_of_the_region() -> None:
    value = {"start": 3, "end": 6, "text": "Ada", "labels": ["PER"]}
    mark = {"type": "labels", "from_name": "l", "to_name": "t", "value": value}
    source = source_of({"data": {"text": "\U0001f600 Ada left."}, "annotations": [{"result": [mark]}]})
    (item,) = sentences(source, "label-studio")
    assert item.spans == (Span(2, 5, "PER"),)
    # Without the text nobody can tell: offsets are of characters.
    value["text"] = 7
    value.update(start=2, end=5)
    source = source_of({"data": {"text": "\U0001f600 Ada left."}, "annotations": [{"result": [mark]}]})
    (item,) = sentences(source, "label-studio")
    assert item.spans == (Span(2, 5, "PER"),)

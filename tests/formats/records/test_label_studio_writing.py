"""Label Studio: what is written of documents, and what is changed in a file of tasks."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from label_studio_tasks import TEXT, Task, answer, region, result, task
from record_texts import sentences, source_of

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, WriteOptions, infer_format, read, write
from ner_tui.formats.rewriting import rewrite


def in_place(*tasks: Task, **changes: Any) -> list[Task]:
    """Return tasks that were rewritten with every sentence changed."""
    source = Source("x.json", "", json.dumps(tasks), "utf-8", False, "\n")
    inference = infer_format(source)
    new = [
        replace(item, **changes) if isinstance(item, AnnotatedSentence) else item
        for item in read(source, inference=inference)
    ]
    made: list[Task] = json.loads("".join(rewrite(source, inference, new)))
    return made


def written(*items: StreamItem, **options: Any) -> list[Task]:
    out = io.StringIO()
    write(items, out, WriteOptions("label-studio", **options))
    made: list[Task] = json.loads(out.getvalue())
    return made


def test_an_added_region_is_like_those_that_are_there() -> None:
    names = {"from_name": "ner", "to_name": "body"}
    added = (Span(4, 8, "X"),)
    told = {"start": 4, "end": 8, "text": "left", "labels": ["X"]}
    made = {"id": "4-8", "type": "labels", "value": told}
    bare = made | {"from_name": "label", "to_name": "text"}
    tasks: list[Task] = [
        task(answer(), answer(result(0, 3, "PER"), result(0, 3, "PER", **names))),
        task(answer(), predictions=[answer(result(0, 3, "PER", **names))]),
        task(answer(), completions=[answer(result(0, 3, "PER", **names))]),
    ]
    for before in tasks:
        (after,) = in_place(before, spans=added)
        assert after == before | {"annotations": [answer(made | names), *before["annotations"][1:]]}
    half = task(answer(), answer({"from_name": "ner"}, 7))
    (after,) = in_place(half, spans=added)
    assert after["annotations"][0] == answer(bare)
    flat: Task = {"text": TEXT, "annotator": 1}
    assert in_place(flat, spans=added) == [flat | {"label": [told]}]
    named = flat | {"ner": [region(0, 3, "PER", text="Ada")]}
    assert in_place(named, spans=(Span(0, 3, "PER"), *added)) == [named | {"ner": [*named["ner"], told]}]


def test_what_older_exports_call_completions_are_changed_as_annotations() -> None:
    value = {"data": {"text": TEXT}, "completions": [answer(result(0, 3, "PER"))]}
    assert in_place(value, spans=(Span(0, 3, "LOC"),)) == [value | {"completions": [answer(result(0, 3, "LOC"))]}]


def test_a_task_without_an_annotation_gets_one_with_the_spans() -> None:
    made = {"id": "4-8", "type": "labels", "from_name": "label", "to_name": "text"} | {
        "value": {"start": 4, "end": 8, "text": "left", "labels": ["X"]}
    }
    for before in (task(), {"data": {"text": TEXT}}):
        (after,) = in_place(before, spans=(Span(4, 8, "X"),))
        assert after == before | {"annotations": [answer(made)]}
    cancelled = task(answer(was_cancelled=True))
    (after,) = in_place(cancelled, spans=(Span(4, 8, "X"),))
    assert after["annotations"] == [answer(was_cancelled=True), answer(made)]


def test_a_document_in_which_a_person_found_nothing_gets_an_empty_annotation_and_no_other_does() -> None:
    before = task(predictions=[answer(result(0, 3, "PER"))])
    assert in_place(before, status="confirmed", suggestions=()) == [before | {"annotations": [answer()]}]
    for changes in ({"status": "in progress", "suggestions": ()}, {"status": "confirmed"}):
        assert in_place(before, **changes) == [before]
    cancelled = task(answer(was_cancelled=True))
    assert in_place(cancelled, status="confirmed")[0]["annotations"] == [answer(was_cancelled=True), answer()]
    source = source_of({"data": {"text": "Ada left. Bo sat."}})
    first, other = sentences(source)
    new: list[StreamItem] = [DocumentStart("x", "text"), replace(first, status="confirmed"), other]
    assert "".join(rewrite(source, infer_format(source), new)) == source.text
    answered = task(answer())
    assert in_place(answered, status="confirmed") == [answered]
    flat = {"text": TEXT, "annotator": 1}
    assert in_place(flat, status="confirmed") == [flat]


ADA = Sentence(0, "Ada left. ", (Token(0, 3), Token(4, 8), Token(8, 9)))
BO = Sentence(10, "Bo sat.", (Token(10, 12), Token(13, 16), Token(16, 17)))
HEAD = DocumentStart("d.txt", "text")


def box(start: int, end: int, text: str, label: str, **more: object) -> Task:
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return {
        "id": f"{start}-{end}", "type": "labels", "from_name": "label", "to_name": "text", "value": value, **more,
    }  # fmt: skip


def test_what_is_decided_in_a_document_is_an_annotation() -> None:
    items: list[StreamItem] = [
        HEAD,
        AnnotatedSentence(ADA, (Span(0, 3, "PER"),)),
        AnnotatedSentence(BO, (Span(10, 12, "PER"),)),
    ]
    data = {"text": ADA.text + BO.text, "source": "d.txt"}
    found = answer(box(0, 3, "Ada", "PER"), box(10, 12, "Bo", "PER"))
    assert written(*items) == [{"data": data, "annotations": [found]}]
    assert written(*items, annotator="Zoë") == [{"data": data, "annotations": [{"completed_by": "Zoë"} | found]}]


def test_metadata_stand_among_the_data_and_what_has_no_place_there_is_told() -> None:
    metadata = {"topic": "sea", "text": "x", "tokens": [{"start": 0, "end": 3}], "sents": 7}
    items: list[StreamItem] = [replace(HEAD, metadata=metadata), AnnotatedSentence(ADA)]
    told: list[str] = []
    (made,) = written(*items, lossy=told.append)
    assert made["data"] == {"text": ADA.text, "source": "d.txt", "topic": "sea", "sents": 7}
    assert told == [
        f"d.txt: the metadata '{key}': label-studio has another use for that key" for key in ("text", "tokens")
    ]
    with pytest.raises(FormatError, match=r"^d\.txt:1: the metadata 'text'"):
        written(*items)


def test_a_document_without_a_span_has_an_annotation_if_all_of_it_is_confirmed() -> None:
    both = [AnnotatedSentence(ADA, status="confirmed"), AnnotatedSentence(BO, status="confirmed")]
    assert written(HEAD, *both)[0]["annotations"] == [answer()]
    assert written(HEAD, both[0], replace(both[1], status="untouched"))[0]["annotations"] == []


def test_open_suggestions_make_a_prediction_of_each_model_and_what_is_decided_is_by_hand_in_the_first() -> None:
    said = (Suggestion(Span(10, 12, "PER"), 0.75, 0.5, model="m"), Suggestion(Span(13, 16, "X"), 0.5, 0.0, model="n"))
    items: list[StreamItem] = [
        HEAD,
        AnnotatedSentence(ADA, (Span(0, 3, "PER"),)),
        AnnotatedSentence(BO, suggestions=said),
    ]
    (made,) = written(*items)
    by_hand = box(0, 3, "Ada", "PER", origin="manual", score=1.0)
    first, second = made["predictions"]
    assert "annotations" not in made
    assert (first["model_version"], second["model_version"]) == ("m", "n")
    assert first["result"][0] == by_hand
    assert [each["score"] for each in first["result"] + second["result"]] == [1.0, 0.75, 0.5]
    assert second["result"][0].items() >= box(13, 16, "sat", "X").items()
    (item, other) = sentences(source_of(made))
    assert (item.spans, other.suggestions) == ((Span(0, 3, "PER"),), said)
    (unnamed,) = written(HEAD, AnnotatedSentence(ADA, suggestions=(Suggestion(Span(0, 3, "PER"), 0.5, 0.0),)))
    assert list(unnamed["predictions"][0]) == ["result"]


def test_no_document_one_and_several_are_an_array_with_a_line_for_each() -> None:
    def text(*items: StreamItem) -> str:
        out = io.StringIO()
        write(items, out, WriteOptions("label-studio"))
        return out.getvalue()

    one: list[StreamItem] = [HEAD, AnnotatedSentence(ADA)]
    assert text() == "[]\n"
    lines = text(*one, *one).splitlines()
    assert (lines[0], lines[1][-1], lines[-1]) == ("[", ",", "]")
    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == written(*one) * 2

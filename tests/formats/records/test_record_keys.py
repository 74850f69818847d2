"""Records: the suggestions and the metadata in them, from format to format."""

from __future__ import annotations

import io
import json

import pytest
from record_texts import ADA, problems, sentences, source_of, spans, written

from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import FORMATS, WRITERS, Source, WriteOptions, read, write
from ner_tui.formats.records.records import are_ranges


def test_label_studio_predictions_are_suggestions_with_their_scores() -> None:
    result = {"type": "labels", "score": 0.75, "value": {"start": 0, "end": 3, "labels": ["PER"]}}
    rest = {"type": "labels", "value": {"start": 4, "end": 8, "labels": ["X"]}}
    task = {
        "data": {"body": "Ada left."},
        "predictions": [
            {"score": 0.5, "result": [result, rest]},
            {"model_version": "v2", "score": 1, "result": [rest]},
        ],
    }
    source = source_of(task, path="x.json")
    (item,) = sentences(source)
    unnamed = Suggestion(Span(0, 3, "PER"), 0.75, 0.5), Suggestion(Span(4, 8, "X"), 0.5, 0.0)
    assert item.suggestions == (*unnamed, Suggestion(Span(4, 8, "X"), 1.0, 1.0, model="v2"))
    assert problems(source) == []
    decided = source_of(task | {"annotations": [{"result": []}]}, path="x.json")
    told = "2 predictions beside an annotation of this task left out, of no name, v2"
    assert problems(decided) == [(1, told, True)]


def test_where_spans_may_not_overlap_the_likeliest_of_several_models_is_written() -> None:
    def said(end: int, score: float) -> dict[str, object]:
        value = {"start": 0, "end": end, "labels": ["PER"]}
        return {"model_version": f"v{end}", "score": score, "result": [{"type": "labels", "value": value}]}

    task = {"data": {"text": "Ada Lee left."}, "predictions": [said(3, 0.5), said(7, 0.75)]}
    (item,) = sentences(source_of(task, path="x.json"))
    assert [each.span.end for each in item.suggestions] == [3, 7]
    assert written([item], "conll") == "Ada B-PER\nLee I-PER\nleft O\n. O\n\n"


SUGGESTION = Suggestion(Span(0, 3, "PER"), 0.75, 0.5, (Alternative(0, 3, None, 0.25),), model="v3")
SAID = {"score": 0.75, "margin": 0.5, "alternatives": [{"start": 0, "end": 3, "label": None, "score": 0.25}]}


@pytest.mark.parametrize(
    "record",
    [
        {**ADA, "spans": [{"start": 0, "end": 3, "label": "PER", "source": "suggested", "model": "v3", **SAID}]},
        {**ADA, "_task_hash": 1, "spans": [{"start": 0, "end": 3, "label": "PER", "source": "v3", **SAID}]},
        {**ADA, "ents": [{"start": 0, "end": 3, "label": "PER", "model": "v3", **SAID}]},
        {"data": ADA, "predictions": [{"model_version": "v3", "result": [
            {"type": "labels", "value": {"start": 0, "end": 3, "labels": ["PER"]}, **SAID}]}]},
    ],
    ids=["jsonl", "prodigy", "spacy-jsonl", "label-studio"],
)  # fmt: skip
def test_a_record_that_says_so_has_suggestions_with_all_that_is_known_of_them(record: dict[str, object]) -> None:
    first, *_ = sentences(source_of(record))
    assert (first.spans, first.suggestions) == ((), (SUGGESTION,))


@pytest.mark.parametrize("fmt", [fmt for fmt in WRITERS if FORMATS[fmt].keeps_suggestions])
def test_suggestions_beside_decisions_come_back_as_what_they_are(fmt: str) -> None:
    sentence = Sentence(0, "Ada left Lagos", (Token(0, 3), Token(4, 8), Token(9, 14)))
    item = AnnotatedSentence(sentence, (Span(9, 14, "LOC"),), (SUGGESTION,))
    text = written([DocumentStart("x.json", "tokens"), item], fmt)
    (back,) = sentences(Source("x.json", "", text, "utf-8", False, "\n"))
    assert (back.spans, back.suggestions) == (item.spans, item.suggestions)


def test_spans_with_a_score_are_decided_where_a_person_has_answered() -> None:
    record = {
        **ADA,
        "spans": [{"start": 0, "end": 3, "label": "PER", "source": "v3", "score": 0.5}],
        "answer": "accept",
    }
    assert [item.suggestions for item in sentences(source_of(record))] == [(), ()]
    assert spans(source_of(record)) == [["PER Ada"], []]


KEEPING = [fmt for fmt in WRITERS if FORMATS[fmt].keeps_metadata and FORMATS[fmt].module.startswith("records.")]
METADATA = {"id": 9007199254740993, "score": 1.0, "none": None, "nested": {"b": [1, {}], "a": "é"}, "_hash": -1}


@pytest.mark.parametrize("fmt", KEEPING)
def test_metadata_of_a_document_come_back_with_their_order_and_types(fmt: str) -> None:
    item = AnnotatedSentence(Sentence(0, "Ada left", (Token(0, 3), Token(4, 8))), (Span(0, 3, "PER"),))
    text = written([DocumentStart("x.json", "tokens", metadata=METADATA), item], fmt)
    back = list(read(Source("x.json", "", text, "utf-8", False, "\n"), fmt))
    given = [dict(each.metadata) for each in back if isinstance(each, DocumentStart | AnnotatedSentence)]
    names = ("source", "document")
    (found,) = filter(None, ({key: each[key] for key in each if key not in names} for each in given))
    order = [*METADATA]
    if fmt == "prodigy":
        order.sort(key=lambda key: key.startswith("_"))
    assert json.dumps(found) == json.dumps({key: METADATA[key] for key in order})


@pytest.mark.parametrize("fmt", KEEPING)
def test_sentences_with_metadata_of_their_own_are_records_of_their_own_or_keep_them(fmt: str) -> None:
    records = [
        {"id": "doc-7", "tokens": ["Ann", "left"], "ner_tags": ["B-PER", "O"]},
        {"id": "doc-9", "tokens": ["Oslo"], "ner_tags": ["B-LOC"]},
    ]
    text = written(list(read(source_of(*records))), fmt)
    back = list(read(Source("x.json", "", text, "utf-8", False, "\n"), fmt))
    given = [each.metadata["id"] for each in back if not isinstance(each, Problem) and "id" in each.metadata]
    assert given == ["doc-7", "doc-9"]
    assert spans(Source("x.json", "", text, "utf-8", False, "\n"), fmt) == [["PER Ann"], ["LOC Oslo"]]


def test_what_is_in_meta_counts_as_beside_it_unless_a_key_is_there_already() -> None:
    (start, _) = read(source_of({"text": "a", "id": 1, "meta": {"page": 3}, "url": "x"}))
    assert isinstance(start, DocumentStart)
    assert json.dumps(start.metadata) == '{"id": 1, "page": 3, "url": "x"}'
    (start, _) = read(source_of({"text": "a", "id": 1, "meta": {"id": 3}}))
    assert isinstance(start, DocumentStart)
    assert start.metadata == {"id": 1, "meta": {"id": 3}}


def test_metadata_under_a_key_that_a_format_has_another_use_for_are_lost_and_told() -> None:
    items: list[StreamItem] = [
        DocumentStart("a", "text", metadata={"id": 1, "relations": 2, "label": 3}),
        AnnotatedSentence(Sentence(0, "b", (Token(0, 1),))),
    ]  # fmt: skip
    told: list[str] = []
    out = io.StringIO()
    write(items, out, WriteOptions("doccano", lossy=told.append))
    assert json.loads(out.getvalue()) == {"id": 1, "text": "b", "label": []}
    assert told == [f"a: the metadata '{key}': doccano has another use for that key" for key in ("relations", "label")]
    with pytest.raises(FormatError, match="another use"):
        write(items, io.StringIO(), WriteOptions("doccano"))


@pytest.mark.parametrize(
    ("fmt", "key"),
    [*(("doccano", key) for key in ("text", "label", "entities", "data")), ("hf", "tokens"), ("hf", "ner_tags"),
     ("label-studio", "text")],
)  # fmt: skip
def test_metadata_under_a_key_that_a_format_has_another_use_for_are_told(fmt: str, key: str) -> None:
    sentence = Sentence(0, "Ada\n", (Token(0, 3),), 1)
    head = DocumentStart("d", "text", metadata={key: ["v"], "other": "kept"})
    items: list[StreamItem] = [head, AnnotatedSentence(sentence)]
    told: list[str] = []
    out = io.StringIO(newline="")
    write(items, out, WriteOptions(fmt, lossy=told.append))
    lost = f"the metadata '{key}': {fmt} has another use for that key"
    assert told == [f"d: {lost}"]
    assert "kept" in out.getvalue()
    with pytest.raises(FormatError) as refused:
        written(items, fmt)
    assert (refused.value.path, refused.value.line, refused.value.reason) == ("d", 1, lost)


def test_what_tokens_have_beside_their_place_is_told_once_as_lost() -> None:
    tagged = [
        {"id": 0, "start": 0, "end": 3, "tag": "NNP", "lemma": "Ada"},
        {"id": 1, "start": 4, "end": 8, "tag": "VBD"},
    ]
    plain = [{"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": True, "disabled": False}]
    record = {"text": "Ada left", "ents": [{"start": 0, "end": 3, "label": "PER"}]}
    source = source_of({**record, "tokens": plain}, {**record, "tokens": tagged}, {**record, "tokens": tagged})
    assert problems(source) == [(2, "tag, lemma of tokens: left out, here and in later records", True)]


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ([{"start": 0, "end": 3}], True),
        ([{"start": 0, "end": 3, "id": 1}], True),
        ([], True),
        ([{"start": 0}], False),
        (["Ada"], False),
        ({"start": 0, "end": 3}, False),
        (None, False),
    ],
)
def test_ranges_are_objects_with_a_start_and_an_end(value: object, holds: bool) -> None:
    assert are_ranges(value) is holds

"""Records of words and labels, of GLiNER and of Argilla, and Prodigy's answers."""

# ruff: noqa: E501

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.domain.stream import AnnotatedSentence, Problem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, WriteOptions, infer_format, read, write

GLINER = {"tokenized_text": ["Eva", "Kim", "left", "Rome", "."], "ner": [[0, 1, "person"], [3, 3, "place"]]}
SPAN = {"start": 0, "end": 7, "label": "PER"}
PLACE = {"start": 13, "end": 17, "label": "LOC"}
ARGILLA: dict[str, object] = {
    "id": "a1",
    "fields": {"text": "Eva Kim left Rome."},
    "metadata": {"page": 3},
    "suggestions": {"names": {"value": [PLACE], "score": 0.8, "agent": "m1"}},
    "responses": {"names": [{"value": [SPAN], "user_id": "u1"}]},
    "vectors": {},
    "_server_id": None,
}
FLAT: dict[str, object] = {
    "id": "a1",
    "text": "Eva Kim left Rome.",
    "names.responses": [[SPAN]],
    "names.responses.users": ["u1"],
    "names.responses.status": ["submitted"],
    "names.suggestion": [PLACE],
    "names.suggestion.score": 0.8,
    "names.suggestion.agent": "m1",
}


def source_of(*records: object, path: str = "x.jsonl") -> Source:
    return Source(path, "", "".join(json.dumps(record) + "\n" for record in records), "utf-8", False, "\n")


def sentences(source: Source) -> list[AnnotatedSentence]:
    return [item for item in read(source) if isinstance(item, AnnotatedSentence)]


def spans(source: Source) -> list[list[str]]:
    return [
        [f"{item.sentence.text[each.start - item.sentence.start : each.end - item.sentence.start]}/{each.label}" for each in item.spans]
        for item in sentences(source)
    ]  # fmt: skip


def told(source: Source) -> list[tuple[int, str, bool]]:
    return [(item.line, item.reason, item.lost) for item in read(source) if isinstance(item, Problem)]


def test_words_and_labels_are_tokens_and_tags() -> None:
    source = source_of({"words": ["Eva", "Kim", "left"], "labels": ["B-PER", "I-PER", "O"]})
    assert infer_format(source).format == "hf"
    assert spans(source) == [["Eva Kim/PER"]]


def test_words_and_labels_have_to_be_as_many() -> None:
    with pytest.raises(FormatError, match=r"x\.jsonl:1: it has 2 tokens and 1 tag in 'labels'"):
        spans(source_of({"words": ["Eva", "left"], "labels": ["B-PER"]}))


def test_the_last_token_of_gliner_counts() -> None:
    source = source_of(GLINER, GLINER)
    assert infer_format(source).format == "gliner"
    assert spans(source) == [["Eva Kim/person", "Rome/place"]] * 2
    assert told(source) == []


def test_a_record_of_gliner_is_written_as_it_was_read() -> None:
    out = io.StringIO(newline="")
    write(read(source_of(GLINER, GLINER)), out, WriteOptions("gliner"))
    assert json.loads(out.getvalue()) == [GLINER, GLINER]
    assert out.getvalue().count("\n") == 4
    write([], empty := io.StringIO(), WriteOptions("gliner"))
    assert json.loads(empty.getvalue()) == []


def test_entities_of_gliner_that_overlap_and_empty_tokens_are_told() -> None:
    source = source_of({"tokenized_text": ["New", "York", ""], "ner": [[0, 1, "city"], [1, 1, "word"]]})
    assert told(source) == [
        (1, "1 empty tokens are read as _", False),
        (1, "word 'York' stands within city 'New York': left out", True),
    ]


@pytest.mark.parametrize(
    ("ner", "reason"),
    [
        ([[0, 5, "x"]], r"x\.jsonl:1: \[0, 5\] are no tokens, first and last, of 5"),
        ([[2, 1, "x"]], r"x\.jsonl:1: \[2, 1\] are no tokens"),
        ([[0, "1", "x"]], r"x\.jsonl:1: a list stands where \[start, end, \"label\"\] is needed"),
        ([[0, 1, ""]], r"x\.jsonl:1: a span has \"\" for a label"),
        ("x", r"x\.jsonl:1: 'ner' is \"x\" where a list is needed"),
    ],
)
def test_broken_entities_of_gliner_are_refused(ner: object, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        spans(source_of({**GLINER, "ner": ner}))


@pytest.mark.parametrize("record", [ARGILLA, FLAT])
def test_a_response_of_argilla_counts_before_a_suggestion(record: dict[str, object]) -> None:
    source = source_of(record)
    assert infer_format(source).format == "argilla"
    assert spans(source) == [["Eva Kim/PER"]]
    assert [(item.suggestions, item.status) for item in sentences(source)] == [((), "confirmed")]
    assert told(source) == []


def without_responses(record: dict[str, object]) -> dict[str, object]:
    return {key: ({} if key == "responses" else value) for key, value in record.items() if "names.resp" not in key}


@pytest.mark.parametrize("record", [ARGILLA, FLAT])
@pytest.mark.parametrize("score", [0.8, None])
def test_a_suggestion_of_argilla_is_a_suggestion(record: dict[str, object], score: float | None) -> None:
    record = json.loads(json.dumps(without_responses(record)).replace("0.8", json.dumps(score)))
    (item,) = sentences(source_of(record))
    assert item.spans == ()
    assert [(each.span.label, each.score) for each in item.suggestions] == [("LOC", score or 1.0)]
    assert item.status == "untouched"


def test_each_suggested_span_of_argilla_may_have_its_score() -> None:
    record = without_responses(ARGILLA) | {"suggestions": {"names": {"value": [SPAN, PLACE], "score": [0.7, 0.9]}}}
    (item,) = sentences(source_of(record))
    assert [each.score for each in item.suggestions] == [0.7, 0.9]
    record["suggestions"] = {"names": {"value": [SPAN, PLACE], "score": [0.7]}}
    with pytest.raises(FormatError, match="it has 2 suggested spans and 1 score"):
        sentences(source_of(record))


@pytest.mark.parametrize("record", [ARGILLA, FLAT])
def test_a_draft_of_argilla_is_no_response(record: dict[str, object]) -> None:
    draft = json.loads(
        json.dumps(record).replace('"user_id"', '"status": "draft", "user_id"').replace("submitted", "draft")
    )
    (item,) = sentences(source_of(draft))
    assert (item.spans, len(item.suggestions)) == ((), 1)


def test_what_argilla_holds_besides_is_told() -> None:
    fields = {"text": "Eva Kim left Rome.", "title": "News"}
    responses = {
        "names": [
            {"value": [SPAN], "user_id": "u1"},
            {"value": [SPAN], "user_id": "u2"},
            {"value": [], "user_id": "u3"},
        ],
        "mood": [{"value": "good", "user_id": "u1"}],
        "parts": [{"value": [PLACE], "user_id": "u1"}],
    }
    assert told(source_of({**ARGILLA, "fields": fields, "responses": responses})) == [
        (1, "the field title beside text is left out", True),
        (1, "other than the first, and left out: 1 response to names", True),
        (1, "the answers to parts are left out", True),
    ]


def test_a_field_of_another_name_is_the_text_if_it_is_the_only_one() -> None:
    only = {"fields": {"sentence": "Eva Kim left."}, "responses": {"names": [{"value": [SPAN]}]}}
    assert spans(source_of(only)) == [["Eva Kim/PER"]]
    only["fields"] = {"prompt": "a", "answer": "b"}
    with pytest.raises(FormatError, match=r"no field of the record is called 'text', .*: prompt, answer"):
        spans(source_of(only))


@pytest.mark.parametrize("value", [[{"start": "0", "end": 3, "label": "X"}], [{"start": 0, "end": 99, "label": "X"}]])
def test_a_broken_span_of_argilla_is_refused(value: object) -> None:
    with pytest.raises(FormatError, match=r"x\.jsonl:1: "):
        spans(source_of({**ARGILLA, "responses": {"names": [{"value": value}]}}))


ANSWERS = [
    {"text": "Eva Kim left.", "spans": [SPAN], "answer": "accept"},
    {"text": "Bo left.", "spans": [{"start": 0, "end": 2, "label": "PER"}], "answer": "reject"},
    {"text": "Cy left.", "spans": [], "answer": "ignore"},
    {"text": "Di left."},
]


def test_rejected_and_ignored_examples_are_no_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = source_of(*ANSWERS)
    assert spans(source) == [["Eva Kim/PER"], []]
    reason = "1 with the answer reject and 1 with the answer ignore: such records are left out"
    assert told(source) == [(2, reason, False)]
    (tmp_path / "a.jsonl").write_text(source.text)
    assert main(["convert", str(tmp_path / "a.jsonl"), "--to", "conll", "-o", "-"]) == 0
    said = capsys.readouterr()
    assert (said.out.count("left"), "Bo" in said.out, "Cy" in said.out) == (2, False, False)
    assert f"a.jsonl:2: {reason}" in said.err


def test_examples_none_of_which_was_accepted_are_told() -> None:
    with pytest.raises(InputError, match=r"x\.jsonl:1: no example was accepted: the answer to 2 is reject or ignore"):
        spans(source_of(*ANSWERS[1:3]))


def test_a_span_that_ends_within_a_word_is_told() -> None:
    source = source_of({"text": "Eva Kim left", "entities": [[0, 6, "PER"]]})
    assert told(source) == [(1, "PER 'Eva Ki' begins or ends within the word 'Kim'", False)]

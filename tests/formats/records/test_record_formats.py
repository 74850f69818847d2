"""JSON records: each format reads what its tool writes, and what it writes is read back as it was."""

from __future__ import annotations

import json

import pytest
from record_texts import ADA, JSON_FORMATS, problems, sentences, source_of, spans, written

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, infer_format, read

LABEL_STUDIO = {
    "id": 1,
    "data": {"text": "Ada left New York."},
    "annotations": [
        {"was_cancelled": True, "result": []},
        {
            "result": [
                {"type": "labels", "value": {"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}},
                {"type": "labels", "value": {"start": 9, "end": 17, "labels": ["LOC"]}},
            ]
        },
    ],
    "predictions": [],
}
SHAPES = [
    ("prodigy", {**ADA, "spans": [{"start": 0, "end": 3, "label": "PER"}, {"start": 9, "end": 17, "label": "LOC"}]}),
    ("doccano", {**ADA, "id": 1, "label": [[0, 3, "PER"], [9, 17, "LOC"]]}),
    ("doccano", {**ADA, "labels": [[0, 3, "PER"], [9, 17, "LOC"]]}),
    (
        "doccano",
        {
            **ADA,
            "entities": [
                {"id": 1, "label": "PER", "start_offset": 0, "end_offset": 3},
                {"id": 2, "label": "LOC", "start_offset": 9, "end_offset": 17},
            ],
        },
    ),
    ("spacy-jsonl", {**ADA, "entities": [[0, 3, "PER"], [9, 17, "LOC"]]}),
    (
        "spacy-jsonl",
        {**ADA, "entities": [{"start": 0, "end": 3, "label": "PER"}, {"start": 9, "end": 17, "label": "LOC"}]},
    ),
    ("spacy-jsonl", {**ADA, "ents": [{"start": 0, "end": 3, "label": "PER"}, {"start": 9, "end": 17, "label": "LOC"}]}),
    ("hf", {"tokens": ["Ada", "left", "New", "York"], "ner_tags": ["B-PER", "O", "B-LOC", "I-LOC"]}),
    ("hf", {"tokens": ["Ada", "left", "New", "York"], "tags": [1, 0, 2, 3], "names": ["O", "B-PER", "B-LOC", "I-LOC"]}),
    ("label-studio", LABEL_STUDIO),
    (
        "label-studio",
        {
            **ADA,
            "id": 1,
            "label": [{"start": 0, "end": 3, "labels": ["PER"]}, {"start": 9, "end": 17, "labels": ["LOC"]}],
        },
    ),
    (
        "jsonl",
        {
            **ADA,
            "sentences": [{"start": 0, "end": 19}, {"start": 19, "end": 22}],
            "spans": [
                {"start": 0, "end": 3, "label": "PER"},
                {"start": 9, "end": 17, "label": "LOC", "source": "decided"},
            ],
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fmt", "record"), SHAPES)
def test_a_record_tells_its_format_and_its_spans(fmt: str, record: dict[str, object]) -> None:
    source = source_of(record)
    assert infer_format(source).format == fmt
    assert spans(source)[0] == ["PER Ada", "LOC New York"]
    assert problems(source) == []


@pytest.mark.parametrize("first", [{}, {"label": None, "entities": None, "spans": None}])
@pytest.mark.parametrize(("fmt", "record"), [each for each in SHAPES if each[0] not in ("hf", "argilla", "gliner")])
def test_records_tell_their_format_though_the_first_texts_have_no_spans_yet(
    fmt: str, record: dict[str, object], first: dict[str, object]
) -> None:
    empty = {"text": "Bob."} | {key: each for key, each in first.items() if key in record}
    source = source_of(empty, empty, record)
    assert infer_format(source).format == fmt
    assert [found for found in spans(source) if found] == [["PER Ada", "LOC New York"]]
    assert [line for line, _, lost in problems(source) if lost] == []


@pytest.mark.parametrize(("fmt", "record"), SHAPES)
@pytest.mark.parametrize("path", ["x.json", "x.txt", "stdin"])
def test_an_array_of_records_is_read_like_lines_and_content_tells_where_no_name_does(
    fmt: str, record: dict[str, object], path: str
) -> None:
    array = Source(path, "", json.dumps([record, record], indent=1), "utf-8", False, "\n")
    assert infer_format(array).format == fmt
    assert [found for found in spans(array) if found] == [["PER Ada", "LOC New York"]] * 2
    alone = Source(path, "", json.dumps(record, indent=1), "utf-8", False, "\n")
    assert spans(alone)[0] == ["PER Ada", "LOC New York"]


def test_examples_of_earlier_spacy_are_pairs_in_an_array() -> None:
    array = Source("x.json", "", '[["Ada left.",\n {"entities": [[0, 3, "PER"]]}]]', "utf-8", False, "\n")
    assert (infer_format(array).format, spans(array)) == ("spacy-jsonl", [["PER Ada"]])


def test_the_inference_names_what_is_kept_as_metadata() -> None:
    sentence = infer_format(source_of({**ADA, "label": [[0, 3, "PER"]], "id": 7, "topic": "sea"})).sentence
    assert sentence == "x.jsonl: read as doccano, JSON records with a text and 'label'; kept as metadata: id, topic"


def test_keys_that_only_later_records_have_are_told_and_stretches_of_another_format_as_lost() -> None:
    first = {"text": "Ada", "id": 1, "entities": [[0, 3, "PER"]]}
    later = [
        {"text": "Bob", "id": 2, "entitys": [[0, 3, "PER"]]},
        {"text": "Cy", "entitys": [], "label": [[0, 2, "X"]]},
    ]
    assert problems(source_of(first, *later)) == [
        (2, "'entitys' is kept as metadata, here and in later records", False),
        (3, "'label' is not read in this format: left out", True),
    ]


def test_records_without_a_span_are_told_by_the_first_that_has_one() -> None:
    source = source_of({"text": "So?", "entities": []}, {"text": "Ada", "entities": [[0, 3, "PER"]]})
    assert infer_format(source).format == "spacy-jsonl"
    assert infer_format(source_of({"text": "So?", "label": []})).format == "doccano"
    assert infer_format(source_of({"text": "So?"})).format == "jsonl"


@pytest.mark.parametrize("fmt", JSON_FORMATS)
def test_ignored_spans_leave_the_text(fmt: str) -> None:
    source = source_of(next(record for name, record in SHAPES if name == fmt))
    items = list(read(source, ignore_tags=True))
    assert not any(item.spans for item in items if isinstance(item, AnnotatedSentence))
    assert any(isinstance(item, AnnotatedSentence) and item.sentence.words[:2] == ["Ada", "left"] for item in items)


def test_prodigy_tokens_are_the_tokens_but_for_white_space() -> None:
    tokens = [{"text": t, "start": s, "end": s + len(t)} for t, s in [("Ada-Lovelace", 0), ("\n", 12), ("left", 13)]]
    source = source_of({"text": "Ada-Lovelace\nleft", "tokens": tokens, "spans": [], "answer": "accept"})
    start, item = read(source)
    assert isinstance(start, DocumentStart)
    assert start.origin == "tokens"
    assert isinstance(item, AnnotatedSentence)
    assert (item.sentence.words, item.status) == (["Ada-Lovelace", "left"], "confirmed")


def test_prodigy_answers_other_than_accept_lose_their_spans_and_say_so() -> None:
    record = {**ADA, "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "unsure"}
    assert problems(source_of(record)) == [(1, "the answer is not accept: left out: 1 span", True)]
    assert spans(source_of(record)) == [[], []]


def test_hugging_face_records_are_the_sentences_of_documents() -> None:
    records = [{"document": name, "tokens": ["a", "b"], "ner_tags": ["O", "I-X"]} for name in ("p", "p", "q")]
    items = list(read(source_of(*records, {"tokens": [], "ner_tags": []})))
    assert [item.name for item in items if isinstance(item, DocumentStart)] == ["x.jsonl", "x.jsonl#2"]
    assert [item.sentence.text for item in items if isinstance(item, AnnotatedSentence)] == ["a b\n", "a b", "a b"]
    assert [str(item) for item in items if isinstance(item, Problem)][-1].endswith(
        ":4: the record has no tokens: it is left out"
    )


def test_records_of_no_document_are_another_one_than_those_before() -> None:
    """So that what a record is of can be told from it and the one before it."""
    named = {"doc_id": 1}
    records = [{"tokens": ["a"], "ner_tags": ["B-X"], **document} for document in ({}, named, {}, {}, named)]
    heads = [item for item in read(source_of(*records)) if isinstance(item, DocumentStart)]
    assert [(head.line, dict(head.metadata)) for head in heads] == [(1, {}), (2, named), (3, {}), (5, named)]


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (
            [{"tokens": ["a"], "ner_tags": [1]}],
            '1: tags are numbers: give their names in order with --names O,B-PER,… or --names FILE, or in the first '
            'record as "names": ["O", "B-PER", …]',
        ),
        ([{"tokens": ["a"], "ner_tags": [2], "names": ["O"]}], "1: the tag 2 has no name: 1 number has one"),
        (
            [{"tokens": ["a"], "ner_tags": ["O"]}, {"tokens": ["a"], "ner_tags": []}],
            "2: it has 1 token and 0 tags in 'ner_tags'",
        ),
        ([{"tokens": ["a"], "ner_tags": [True]}], "1: a tag is true where a text is needed"),
    ],
)  # fmt: skip
def test_hugging_face_tags_that_do_not_fit_are_refused(records: list[object], reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        list(read(source_of(*records)))
    assert str(raised.value) == f"x.jsonl:{reason}"


def test_our_own_records_are_read_back_whole() -> None:
    reading = Alternative(4, 8, None, 0.25)
    item = AnnotatedSentence(
        Sentence(0, " Ada left.\n", (Token(1, 4), Token(5, 10))),
        (Span(1, 4, "PER"),),
        (Suggestion(Span(5, 10, "X Y"), 0.7512, 0.5, (reading,)),),
        "confirmed",
        True,
        (Note(1, 4, "who?"), Note(3, 11, "")),
    )
    rest = AnnotatedSentence(Sentence(11, "So ", (Token(11, 13),)), status="in progress")
    for origin in ("text", "tokens"):
        items: list[StreamItem] = [DocumentStart("a b.txt", origin), item, rest]
        assert list(read(Source("x.jsonl", "", written(items, "jsonl"), "utf-8", False, "\n"))) == items


def test_a_name_with_control_characters_is_not_taken_over() -> None:
    (start, _) = read(source_of({"name": "\x1b[2J", "text": "a", "spans": [], "sentences": []}))
    assert isinstance(start, DocumentStart)
    assert start.name == "x.jsonl"


@pytest.mark.parametrize("fmt", [fmt for fmt in JSON_FORMATS if fmt != "hf"])
def test_offsets_are_counted_in_the_sentences_that_are_written(fmt: str) -> None:
    """An export of the reviewed sentences leaves out what stands before them."""
    left = AnnotatedSentence(
        Sentence(6, "So he Paris\n", (Token(6, 8), Token(9, 11), Token(12, 17))), (Span(12, 17, "LOC"),)
    )
    right = AnnotatedSentence(
        Sentence(25, "Ada left.", (Token(25, 28), Token(29, 33), Token(33, 34))),
        (Span(25, 28, "PER"),), (Suggestion(Span(29, 33, "X"), 0.9, 0.8, (Alternative(29, 33, None, 0.1),)),),
        notes=(Note(25, 28, "?"),),
    )  # fmt: skip
    source = Source("x.json", "", written([DocumentStart("a", "text"), left, right], fmt), "utf-8", False, "\n")
    found = sentences(source, fmt)
    assert "".join(item.sentence.text for item in found) == "So he Paris\nAda left."
    text = "".join(item.sentence.text for item in found)
    placed = [
        (s.label, text[s.start : s.end]) for item in found for s in (*item.spans, *(g.span for g in item.suggestions))
    ]
    assert placed == [("LOC", "Paris"), ("PER", "Ada"), ("X", "left")]


@pytest.mark.parametrize("place", [(2, 2), (1, 2)])
def test_a_note_at_the_very_end_of_a_text_is_one_on_its_last_character(place: tuple[int, int]) -> None:
    start, end = place
    record = {"text": "ab", "notes": [{"start": start, "end": end, "text": "?"}, {"start": 0, "end": 0, "text": "!"}]}
    (sentence,) = sentences(source_of(record), "jsonl")
    assert sentence.notes == (Note(0, 0, "!"), Note(1, 2, "?"))

"""JSON records: each format reads what its tool writes, and what it writes is read back as it was."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import SCHEMES
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import FORMATS, WRITERS, Source, WriteOptions, infer_format, read, write

ADA = {"text": "Ada left New York. So?"}
JSON_FORMATS = ("prodigy", "doccano", "spacy-jsonl", "hf", "label-studio", "jsonl")


def source_of(*records: object, path: str = "x.jsonl") -> Source:
    return Source(path, "", "".join(json.dumps(record) + "\n" for record in records), "utf-8", False, "\n")


def written(items: list[StreamItem], fmt: str, scheme: str = "iob2") -> str:
    out = io.StringIO(newline="")
    write(items, out, WriteOptions(fmt, scheme))
    return out.getvalue()


def sentences(source: Source, fmt: str | None = None) -> list[AnnotatedSentence]:
    return [item for item in read(source, fmt) if isinstance(item, AnnotatedSentence)]


def problems(source: Source) -> list[tuple[int, str, bool]]:
    return [(item.line, item.reason, item.lost) for item in read(source) if isinstance(item, Problem)]


def spans(source: Source, fmt: str | None = None) -> list[list[str]]:
    """Return the spans of each sentence, label and words."""
    found = []
    for item in sentences(source, fmt):
        base, text = item.sentence.start, item.sentence.text
        found.append([f"{span.label} {text[span.start - base : span.end - base]}" for span in item.spans])
    return found


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


def test_label_studio_predictions_are_suggestions_with_their_scores() -> None:
    result = {"type": "labels", "score": 0.75, "value": {"start": 0, "end": 3, "labels": ["PER"]}}
    rest = {"type": "labels", "value": {"start": 4, "end": 8, "labels": ["X"]}}
    task = {
        "data": {"body": "Ada left."},
        "predictions": [{"score": 0.5, "result": [result, rest]}, {"model_version": "v2", "result": [rest]}],
    }
    source = source_of(task, path="x.json")
    (item,) = sentences(source)
    assert item.suggestions == (Suggestion(Span(0, 3, "PER"), 0.75, 0.5), Suggestion(Span(4, 8, "X"), 0.5, 0.0))
    assert problems(source) == [(1, "1 further prediction of this task left out, of v2", True)]
    decided = source_of(task | {"annotations": [{"result": []}]}, path="x.json")
    told = "2 predictions beside an annotation of this task left out, of no name, v2"
    assert problems(decided) == [(1, told, True)]


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


def test_label_studio_regions_that_are_no_stretch_are_told() -> None:
    result = [
        {"type": "choices", "value": {"choices": ["a"]}},
        {"type": "labels", "value": {"start": 0, "end": 3, "labels": []}},
    ]
    assert problems(source_of({"data": {"text": "Ada"}, "annotations": [{"result": result}]})) == [
        (1, "a result of type 'choices' is no labelled stretch: left out", True),
        (1, "the region [0, 3) has no label: left out", True),
    ]  # fmt: skip


def test_hugging_face_records_are_the_sentences_of_documents() -> None:
    records = [{"document": name, "tokens": ["a", "b"], "ner_tags": ["O", "I-X"]} for name in ("p", "p", "q")]
    items = list(read(source_of(*records, {"tokens": [], "ner_tags": []})))
    assert [item.name for item in items if isinstance(item, DocumentStart)] == ["x.jsonl", "x.jsonl#2"]
    assert [item.sentence.text for item in items if isinstance(item, AnnotatedSentence)] == ["a b\n", "a b", "a b"]
    assert [str(item) for item in items if isinstance(item, Problem)][-1].endswith(
        ":4: the record has no tokens: it is left out"
    )


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


@st.composite
def streams(draw: st.DrawFn) -> list[StreamItem]:
    """Draw documents of raw text, cut here, with spans of whole tokens in one sentence."""
    words = st.one_of(
        st.sampled_from(
            ["Ada", "New", "York.", "So?", "\n\n", "😀", "U.S.", "don't", "北京", "\\n", '"', "\u2028", "é"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4),
    )
    items: list[StreamItem] = []
    for number in range(draw(st.integers(1, 3))):
        text = " ".join(draw(st.lists(words, min_size=1, max_size=12)))
        items.append(DocumentStart("x.jsonl" if not number else f"x.jsonl#{number + 1}", "text", number + 1))
        for sentence in segment(text):
            made, at, tokens = [], 0, sentence.tokens
            while at < len(tokens):
                end = min(len(tokens), at + draw(st.integers(1, 3)))
                if label := draw(st.sampled_from(["", "", "PER", "a-b c", "O"])):
                    made.append(Span(tokens[at].start, tokens[end - 1].end, label))
                at = end
            placed = Sentence(sentence.start, sentence.text, tokens, number + 1)
            items.append(AnnotatedSentence(placed, tuple(made)))
    return items


def kept(items: list[StreamItem], *, whole: bool) -> list[tuple[str, list[Span], list[Token]]]:
    """Return the text, the spans and, if they are ``whole``, the tokens of each document."""
    found: list[tuple[str, list[Span], list[Token]]] = []
    for item in items:
        if isinstance(item, DocumentStart):
            found.append(("", [], []))
        elif isinstance(item, AnnotatedSentence):
            text, spans, tokens = found[-1]
            found[-1] = (text + item.sentence.text, [*spans, *item.spans], [*tokens, *item.sentence.tokens * whole])
    return found


@settings(deadline=None)
@given(streams(), st.sampled_from([fmt for fmt in JSON_FORMATS if fmt != "hf"]))
def test_read_takes_write_back(items: list[StreamItem], fmt: str) -> None:
    source = Source("x.jsonl", "", written(items, fmt), "utf-8", False, "\n")
    back = list(read(source, fmt))
    whole = fmt in ("jsonl", "prodigy")
    assert kept(back, whole=whole) == kept(items, whole=whole)
    assert not any(isinstance(item, Problem) and "UTF-16" not in item.reason for item in back)
    if fmt == "jsonl":
        assert [item for item in back if not isinstance(item, Problem)] == items
    assert written(back, fmt) == source.text


@settings(deadline=None)
@given(streams(), st.sampled_from([scheme for scheme in SCHEMES if scheme != "io"]))
def test_read_takes_hugging_face_back_sentence_by_sentence(items: list[StreamItem], scheme: str) -> None:
    text = written(items, "hf", scheme)
    if not text:
        return
    source = Source("x.jsonl", "", text, "utf-8", False, "\n")
    back = list(read(source, "hf"))
    assert [json.loads(line)["ner_tags"] for line in written(back, "hf", scheme).splitlines()] == [
        json.loads(line)["ner_tags"] for line in text.splitlines()
    ]
    words = [item.sentence.words for item in items if isinstance(item, AnnotatedSentence) and item.sentence.tokens]
    assert [item.sentence.words for item in back if isinstance(item, AnnotatedSentence)] == words


@pytest.mark.parametrize("fmt", JSON_FORMATS)
def test_what_is_written_holds_no_control_character(fmt: str) -> None:
    text = "a\x1b[31m \x9b2J \u202e \u2028 b"
    item = AnnotatedSentence(Sentence(0, text, (Token(0, 6), Token(7, 10), Token(len(text) - 1, len(text)))))
    out = written([DocumentStart("a\x1b", "tokens"), item], fmt)
    assert all(char.isprintable() or char == "\n" for char in out)

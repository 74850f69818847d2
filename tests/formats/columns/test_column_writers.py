"""Writing: what is written is read back as it was, and what cannot be written is told."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import SCHEMES, TagSpan, decode
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import WRITERS, Source, WriteOptions, read, write


def sentence(
    words: str | list[str], *spans: TagSpan, start: int = 0, suggested: tuple[TagSpan, ...] = ()
) -> AnnotatedSentence:
    """Build a sentence of words joined by one space, a line end behind it."""
    words = words.split(" ") if isinstance(words, str) else words
    tokens = []
    at = start
    for word in words:
        tokens.append(Token(at, at + len(word)))
        at += len(word) + 1

    def offsets(span: TagSpan) -> Span:
        return Span(tokens[span.start].start, tokens[span.end - 1].end, span.label)

    return AnnotatedSentence(
        Sentence(start, " ".join(words) + "\n", tuple(tokens)),
        tuple(map(offsets, spans)),
        tuple(Suggestion(offsets(span), 0.91239, 0.5) for span in suggested),
    )


def written(items: list[StreamItem], fmt: str = "conll", scheme: str = "iob2", separator: str = " ") -> str:
    out = io.StringIO(newline="")
    write(items, out, WriteOptions(fmt, scheme, separator))
    return out.getvalue()


ADA = sentence("Ada left New York Paris", TagSpan(0, 1, "PER"), suggested=(TagSpan(2, 4, "LOC"), TagSpan(4, 5, "LOC")))
TWO: list[StreamItem] = [DocumentStart("a", "text"), ADA, DocumentStart("b", "text"), sentence("So what")]


def test_conll_is_two_columns_of_decisions_and_open_suggestions() -> None:
    assert written(TWO[:2]) == "Ada B-PER\nleft O\nNew B-LOC\nYork I-LOC\nParis B-LOC\n\n"


def test_conll_marks_documents_where_there_are_several() -> None:
    assert written(TWO).endswith("Paris B-LOC\n\n-DOCSTART- O\n\nSo O\nwhat O\n\n")
    assert written(TWO, separator="\t").endswith("Paris\tB-LOC\n\n-DOCSTART-\tO\n\nSo\tO\nwhat\tO\n\n")


def test_conll2003_is_four_columns_with_a_mark_before_each_document() -> None:
    assert written(TWO, "conll2003", "iob1") == (
        "-DOCSTART- -X- O O\n\nAda _ _ I-PER\nleft _ _ O\nNew _ _ I-LOC\nYork _ _ I-LOC\nParis _ _ B-LOC\n\n"
        "-DOCSTART- -X- O O\n\nSo _ _ O\nwhat _ _ O\n\n"
    )


def test_jsonl_is_one_document_a_line_with_its_suggestions_told_apart() -> None:
    lines = [json.loads(line) for line in written(TWO, "jsonl").splitlines()]
    assert [line["name"] for line in lines] == ["a", "b"]
    assert lines[0]["text"] == "Ada left New York Paris\n"
    assert lines[0]["tokens"][:2] == [{"start": 0, "end": 3}, {"start": 4, "end": 8}]
    assert lines[0]["sentences"] == [{"start": 0, "end": 24, "status": "untouched", "flagged": False}]
    assert lines[0]["notes"] == []
    assert lines[0]["spans"] == [
        {"start": 0, "end": 3, "label": "PER", "source": "decided"},
        {"start": 9, "end": 17, "label": "LOC", "source": "suggested", "score": 0.9124, "margin": 0.5},
        {"start": 18, "end": 23, "label": "LOC", "source": "suggested", "score": 0.9124, "margin": 0.5},
    ]


def test_jsonl_has_the_notes_and_flags_of_a_person() -> None:
    item = AnnotatedSentence(
        Sentence(0, "Ada left.\n", (Token(0, 3), Token(4, 8))),
        status="confirmed",
        flagged=True,
        notes=(Note(0, 3, "who?"),),
    )
    line = json.loads(written([DocumentStart("a", "text"), item], "jsonl"))
    assert line["sentences"] == [{"start": 0, "end": 10, "status": "confirmed", "flagged": True}]
    assert line["notes"] == [{"start": 0, "end": 3, "text": "who?"}]


def test_jsonl_holds_no_control_character() -> None:
    words = ["\x1b[31m", "\x9b2J", "\u202e", "\u2028", "\x7f", "\ud800", "Łódź"]
    text = written([DocumentStart("a\x1b", "tokens"), sentence(words)], "jsonl")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", text)
    assert "Łódź" in text
    assert json.loads(text)["text"] == " ".join(words) + "\n"


def test_a_blank_sentence_is_not_written() -> None:
    assert written([DocumentStart("a", "text"), AnnotatedSentence(Sentence(0, "\n\n", ()))]) == ""


@pytest.mark.parametrize(
    ("item", "options", "reason"),
    [
        (sentence(["New York"]), {}, "doc:1: 'New York' holds the separator of columns: choose --sep tab"),
        (sentence(["a\tb"]), {"separator": "\t"}, r"doc:1: 'a\tb' holds the separator of columns: choose --sep space"),
        (sentence("a", TagSpan(0, 1, "X Y")), {}, "doc:1: 'B-X Y' holds the separator of columns: choose --sep tab"),
        (
            sentence(["a\nb"]), {},
            "doc:1: a word or label holds a line end, which CoNLL cannot write: choose --to jsonl",
        ),
        (
            sentence("-DOCSTART- of"), {},
            "doc:1: '-DOCSTART-' reads as the beginning of a document: choose --to jsonl",
        ),
        (
            sentence("a b", TagSpan(0, 1, "X"), TagSpan(1, 2, "X")), {"scheme": "io"},
            "doc:1: IO cannot keep two adjacent X apart: choose another --scheme",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_told(item: AnnotatedSentence, options: dict[str, str], reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        written([DocumentStart("doc", "tokens"), item], **options)
    assert str(raised.value) == reason


def test_a_span_that_cuts_a_token_is_an_error_of_the_program() -> None:
    item = AnnotatedSentence(Sentence(0, "Ada", (Token(0, 3),)), (Span(0, 2, "PER"),))
    with pytest.raises(ValueError, match="no edge of a token"):
        written([DocumentStart("doc", "text"), item])


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=f"there is no format 'xml': choose one of {', '.join(WRITERS)}"):
        written([], "xml")
    with pytest.raises(InputError, match="text cannot be written: choose one of"):
        written([], "text")


@st.composite
def documents(draw: st.DrawFn) -> list[list[AnnotatedSentence]]:
    """Draw documents of sentences whose words hold anything but separators."""
    words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \t\n\r"), min_size=1, max_size=4)
    drawn = []
    for sizes in draw(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=3), min_size=1, max_size=3)):
        start, document = 0, []
        for size in sizes:
            spans, at = [], 0
            while at < size:
                end = min(size, at + draw(st.integers(1, 2)))
                if label := draw(st.sampled_from(["", "PER", "a-b", "O"])):
                    spans.append(TagSpan(at, end, label))
                at = end
            document.append(sentence([draw(words) for _ in range(size)], *spans, start=start))
            start = document[-1].sentence.end
        drawn.append(document)
    return drawn


@settings(deadline=None)
@given(documents(), st.sampled_from([s for s in SCHEMES if s != "io"]), st.sampled_from(" \t"), st.booleans())
def test_read_takes_write_back(
    documents: list[list[AnnotatedSentence]], scheme: str, separator: str, four: bool
) -> None:
    fmt = "conll2003" if four else "conll"
    items: list[StreamItem] = []
    for document in documents:
        items += [DocumentStart("x", "tokens"), *document]
    # A tagged sentence at the end, so that even a source without a name tells its columns.
    items.append(sentence("Ada left Paris", TagSpan(0, 1, "PER"), TagSpan(2, 3, "LOC")))
    text = written(items, fmt, scheme, separator)
    back = list(read(Source("x.conll", "", text, "utf-8", False, "\n"), fmt))
    assert [kept(item) for item in back if isinstance(item, AnnotatedSentence)] == [
        kept(item) for item in items if isinstance(item, AnnotatedSentence)
    ]
    assert sum(isinstance(item, DocumentStart) for item in back) == len(documents)


def kept(item: AnnotatedSentence) -> tuple[list[str], list[tuple[int, int, str]]]:
    start = item.sentence.start
    return item.sentence.words, [(span.start - start, span.end - start, span.label) for span in item.spans]


@settings(deadline=None)
@given(documents())
def test_seqeval_reads_the_same_spans_from_iob2(documents: list[list[AnnotatedSentence]]) -> None:
    for item in documents[0]:
        tags = [line.rpartition(" ")[2] for line in written([DocumentStart("x", "text"), item]).split("\n")[:-2]]
        strict = [(e.start, e.end, e.tag) for e in Entities([tags], IOB2).entities[0]]
        assert (
            strict == [(label_start, end + 1, label) for label, label_start, end in get_entities(tags)] == decode(tags)
        )


def test_a_word_with_the_separator_in_it_is_written_with_a_low_line_and_told() -> None:
    """Where the caller listens; else it is an error (see above)."""
    items = list(read(Source("x.conll", "", "a b\tB-PER\nc\tO\n", "utf-8", False, "\n")))
    out, told = io.StringIO(), list[str]()
    write(items, out, WriteOptions(tell=told.append))
    assert out.getvalue() == "a_b B-PER\nc O\n\n"
    assert told == ["x.conll:1: 'a b' is written as 'a_b'; --sep tab keeps it"]


def test_spans_that_columns_have_no_place_for_are_left_out_and_told() -> None:
    tokens = (Token(0, 3), Token(4, 8), Token(9, 13))
    spans = (Span(0, 3, "PER"), Span(0, 8, "ORG"), Span(4, 6, "X"), Span(9, 13, "LOC"))
    out, told = io.StringIO(newline=""), list[str]()
    items: list[StreamItem] = [
        DocumentStart("a", "text"),
        AnnotatedSentence(Sentence(0, "Ada left Rome", tokens), spans),
    ]
    write(items, out, WriteOptions("conll", "iob2", lossy=told.append))
    assert out.getvalue() == "Ada B-PER\nleft O\nRome B-LOC\n\n"
    assert told == ["a:1: ORG 'Ada left' overlaps another span: left out", "a:1: X 'le' cuts a token: left out"]

"""Marks of other tools on a text: each finds its place, or is told."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, Problem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import Source, read
from ner_tui.formats.standoff.offset_spans import converted, utf16_table

Triple = tuple[int, int, str]


def source_of(*texts: tuple[str, list[Triple]]) -> Source:
    """Build a source in the shape of spaCy."""
    lines = [json.dumps({"text": text, "entities": marks}) + "\n" for text, marks in texts]
    return Source("x.jsonl", "", "".join(lines), "utf-8", False, "\n")


def prodigy(text: str, *marks: tuple[int, int, str]) -> Source:
    """Build a source whose marks repeat their text."""
    spans = [{"start": start, "end": end, "label": "X", "text": said} for start, end, said in marks]
    return Source("x.jsonl", "", json.dumps({"text": text, "spans": spans}, ensure_ascii=False), "utf-8", False, "\n")


def sentences(source: Source, fmt: str = "spacy-jsonl") -> list[AnnotatedSentence]:
    return [item for item in read(source, fmt) if isinstance(item, AnnotatedSentence)]


def spans(source: Source, fmt: str = "spacy-jsonl") -> list[tuple[str, str]]:
    found = sentences(source, fmt)
    text = "".join(item.sentence.text for item in found)
    return [(span.label, text[span.start : span.end]) for item in found for span in item.spans]


def problems(source: Source, fmt: str = "spacy-jsonl") -> list[tuple[int, str, bool]]:
    return [(item.line, item.reason, item.lost) for item in read(source, fmt) if isinstance(item, Problem)]


def test_a_mark_that_cuts_a_token_cuts_it() -> None:
    source = source_of(("Unübersetzbarkeitsgefühl", [(2, 9, "A"), (9, 12, "B")]))
    (item,) = sentences(source)
    assert item.sentence.words == ["Un", "überset", "zba", "rkeitsgefühl"]
    assert spans(source) == [("A", "überset"), ("B", "zba")]
    within = "begins or ends within the word 'Unübersetzbarkeitsgefühl'"
    assert problems(source) == [(1, f"A 'überset' {within}", False), (1, f"B 'zba' {within}", False)]


def test_a_mark_across_sentences_joins_them() -> None:
    source = source_of(("Who is it? So what.", [(7, 13, "X")]))
    assert [item.sentence.text for item in sentences(source)] == ["Who is it? So what."]
    assert spans(source) == [("X", "it? So")]


def test_white_space_at_the_edges_of_a_mark_is_left_out_and_told() -> None:
    source = source_of(("a  Ada  left", [(1, 8, "PER"), (8, 12, "X")]))
    assert spans(source) == [("PER", "Ada"), ("X", "left")]
    assert problems(source) == [(1, "PER '  Ada  ' is read as 'Ada'", False)]


@pytest.mark.parametrize(("text", "mark"), [("a  b", (1, 3, "X")), ("a", (1, 1, "X")), (" ", (0, 1, "X"))])
def test_a_mark_without_a_word_is_left_out_and_told(text: str, mark: Triple) -> None:
    source = source_of((text, [mark]))
    assert spans(source) == []
    assert problems(source) == [(1, f"X {text[mark[0] : mark[1]]!r} holds no word: left out", True)]


def test_of_marks_that_overlap_the_longest_is_kept_and_the_others_are_told() -> None:
    marks = [(0, 3, "A"), (0, 8, "B"), (0, 8, "C"), (4, 13, "D"), (9, 13, "E")]
    source = source_of(("New York Bank", marks))
    assert spans(source) == [("A", "New"), ("D", "York Bank")]
    assert problems(source) == [
        (1, "B 'New York' overlaps D 'York Bank': left out", True),
        (1, "C 'New York' overlaps D 'York Bank': left out", True),
        (1, "E 'Bank' stands within D 'York Bank': left out", True),
    ]
    assert problems(source_of(("Ada", [(0, 3, "A"), (0, 3, "B")]))) == [
        (1, "B 'Ada' stands on the same words as A 'Ada': left out", True)
    ]


_NO_STRETCH = "no stretch of a text of 3 characters, 'Ada': correct its offsets"


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        ((0, 9, "X"), f"X [0, 9) is {_NO_STRETCH}"),
        ((-1, 2, "X"), f"X [-1, 2) is {_NO_STRETCH}"),
        ((2, 1, "X"), f"X [2, 1) is {_NO_STRETCH}"),
    ],
)
def test_offsets_outside_the_text_are_refused_with_their_line(mark: Triple, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        spans(source_of(("Bob", []), ("Ada", [mark])))
    assert str(raised.value) == f"x.jsonl:2: {reason}"


def test_a_text_that_is_not_there_is_refused() -> None:
    with pytest.raises(FormatError, match=r"x.jsonl:1: X \[0, 3\) is 'Ada' in the text, not 'Bob'$"):
        spans(prodigy("Ada left", (0, 3, "Bob")), "prodigy")
    assert spans(prodigy("Ada\nleft", (0, 8, "Ada left")), "prodigy") == [("X", "Ada\nleft")]


@pytest.mark.parametrize(
    ("text", "start", "hint"),
    [
        ("Ada\r\nleft\r\nRome", 9, "'\\n': put that into the text in place of '\\r\\n'"),
        ("Ada\nleft\nRome", 11, "'\\r\\n': put that into the text in place of '\\n'"),
    ],
)
def test_offsets_that_count_line_ends_otherwise_are_told_as_such(text: str, start: int, hint: str) -> None:
    with pytest.raises(FormatError, match=r"x\.jsonl:1: X \[\d+, \d+\) is ") as raised:
        spans(prodigy(text, (start, start + 4, "Rome")), "prodigy")
    assert raised.value.reason.endswith(f"; it fits where line ends are {hint}")


def test_utf16_offsets_are_converted_where_all_of_them_fit_so_and_told() -> None:
    source = prodigy("😀 Ada 👩‍🚀 left", (0, 2, "😀"), (3, 6, "Ada"), (13, 17, "left"))
    assert spans(source, "prodigy") == [("X", "😀"), ("X", "Ada"), ("X", "left")]
    told = "offsets are UTF-16 units, in which an emoji counts two: all of the file are converted"
    assert problems(source, "prodigy") == [(1, told, False)]


def test_utf16_offsets_are_refused_where_not_all_of_them_fit_so() -> None:
    hint = "it fits if offsets are UTF-16 units, in which an emoji counts two, but not all of the file do"
    with pytest.raises(FormatError) as raised:
        spans(prodigy("😀 Ada left us", (2, 5, "Ada"), (7, 11, "left")), "prodigy")
    assert str(raised.value) == f"x.jsonl:1: X [7, 11) is 'eft ' in the text, not 'left'; {hint}"


def test_utf16_offsets_that_only_cut_words_are_told_and_not_converted() -> None:
    source = source_of(("😀 Ada left us.", [(3, 6, "X"), (7, 11, "Y"), (12, 14, "Z")]), ("Ada", [(0, 3, "X")]))
    assert spans(source)[0] == ("X", "da")
    told = "3 of 3 stretches in texts with an emoji cut a word, and none would if offsets were UTF-16 units"
    assert problems(source)[0] == (1, f"{told}, in which it counts two; they are read as code points", False)


def test_a_wrong_offset_alone_does_not_make_code_points_utf16() -> None:
    source = source_of(("😀 Ada left", [(2, 5, "X"), (6, 10, "Y")]), ("😀 Ada", [(2, 6, "Z")]))
    with pytest.raises(FormatError, match=r"x\.jsonl:2: Z"):
        spans(source)


def test_a_record_without_text_is_an_empty_document_and_a_file_without_any_text_refused() -> None:
    assert spans(source_of(("", []), ("a", [(0, 1, "X")]))) == [("X", "a")]
    assert problems(source_of(("", []), ("a", []))) == []
    with pytest.raises(InputError, match=r"x\.jsonl holds no text"):
        spans(source_of(("", [])))


def test_given_tokens_that_a_mark_cuts_are_cut_and_told() -> None:
    record = {"text": "New York", "tokens": [{"start": 0, "end": 8}], "spans": [{"start": 0, "end": 3, "label": "X"}]}
    source = Source("x.jsonl", "", json.dumps(record), "utf-8", False, "\n")
    assert spans(source, "prodigy") == [("X", "New")]
    assert problems(source, "prodigy") == [(1, "X 'New' cuts the token 'New York', which is read as several", False)]


@settings(deadline=None)
@given(
    st.text(st.sampled_from("aA b.\n😀\u200b’-é北"), max_size=24).filter(bool),
    st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24), st.sampled_from("XY")), max_size=6),
)
def test_every_mark_is_a_span_or_told(text: str, drawn: list[Triple]) -> None:
    marks = [(min(a, b, len(text)), min(max(a, b), len(text)), label) for a, b, label in drawn]
    items = list(read(source_of((text, marks)), "spacy-jsonl"))
    found = [item for item in items if isinstance(item, AnnotatedSentence)]
    lost = [item for item in items if isinstance(item, Problem) and item.lost]
    kept = [span for item in found for span in item.spans]
    assert len(kept) + len(lost) == len(marks)
    assert "".join(item.sentence.text for item in found) == text
    assert all(before.end <= span.start for before, span in pairwise(kept))
    for item in found:
        starts = {token.start for token in item.sentence.tokens}
        ends = {token.end for token in item.sentence.tokens}
        assert all(span.start in starts and span.end in ends for span in item.spans)
        assert item.sentence.tokens or len(found) == 1
    whole = {Span(*mark) for mark in marks if mark[0] < mark[1]}
    told = sum(isinstance(item, Problem) and not item.lost for item in items)
    assert sum(span not in whole for span in kept) <= told


@pytest.mark.parametrize(
    ("start", "end", "points"),
    [
        (0, 1, (0, 1)),
        (1, 3, (1, 2)),
        (1, 4, (1, 3)),
        (2, 3, (-1, 2)),
        (1, 2, (1, -1)),
        (3, 5, (2, -1)),
        (-1, -1, (-1, -1)),
    ],
)
def test_utf16_offsets_are_code_points_or_none(start: int, end: int, points: tuple[int, int]) -> None:
    assert converted(utf16_table("a\U0001f600b"), start, end) == points

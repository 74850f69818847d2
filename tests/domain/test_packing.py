"""Packing: tokens and sentences come back as they were, wherever the columns are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import (
    PackedSentences,
    PackedSpan,
    count_tokens,
    pack_spaced,
    pack_tokens,
    unpack_edges,
    unpack_tokens,
)
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence

STEPS = st.sampled_from([1, 2, 7, 255, 256, 70_000])


@given(st.lists(st.tuples(st.sampled_from([0, 1, 255, 256]), STEPS), max_size=6), st.integers(0, 10**6))
def test_tokens_come_back_wherever_they_stand_and_however_long(steps: list[tuple[int, int]], base: int) -> None:
    tokens, at = [], base
    for gap, length in steps:
        tokens.append(Token(at + gap, at + gap + length))
        at += gap + length
    packed = pack_tokens(tokens, base)
    assert unpack_tokens(packed, base) == tuple(tokens)
    assert count_tokens(packed) == len(tokens)
    assert unpack_edges(packed, base) == [edge for token in tokens for edge in token]


@pytest.mark.parametrize(("length", "size"), [(255, 1 + 4), (256, 1 + 4 * 4)])
def test_an_edge_takes_a_byte_where_all_of_a_sentence_fit(length: int, size: int) -> None:
    assert len(pack_tokens([Token(0, 3), Token(4, 4 + length)], 0)) == size


@given(st.lists(st.lists(st.sampled_from([1, 3, 254, 255, 256]), min_size=1, max_size=4), max_size=4))
def test_tokens_a_space_apart_are_packed_alike_many_sentences_at_once(sentences: list[list[int]]) -> None:
    lengths = [length for sentence in sentences for length in sentence]
    ends = [0]
    expected = []
    for sentence in sentences:
        ends.append(ends[-1] + len(sentence))
        tokens, at = [], 0
        for length in sentence:
            tokens.append(Token(at, at + length))
            at += length + 1
        expected.append(pack_tokens(tokens, 0))
    assert pack_spaced(lengths, pairwise(ends)) == (None if 256 in lengths else expected)


def annotated(at: int) -> AnnotatedSentence:
    """A sentence of ten characters that has one of everything, if its place in the document is even."""
    base = 10 * at
    sentence = Sentence(base, f"Ada met {at} ", (Token(base, base + 3), Token(base + 4, base + 7)), line=at + 1)
    if at % 2:
        return AnnotatedSentence(sentence)
    return AnnotatedSentence(
        sentence,
        (Span(base, base + 3, "PER"),),
        (Suggestion(Span(base + 4, base + 7, "LOC"), 0.5, 0.1),),
        "confirmed",
        False,
        (Note(base, base + 3, "who?"),),
        {"id": at},
    )


def packed(*places: int) -> PackedSentences:
    made = PackedSentences()
    for at in places:
        made.add(annotated(at))
    return made


def test_each_column_holds_what_a_sentence_says() -> None:
    made = packed(0, 1)
    assert (len(made), made.end) == (2, 20)
    assert (made.starts, made.texts) == ([0, 10], ["Ada met 0 ", "Ada met 1 "])
    assert (made.words, made.lines) == ([2, 2], [1, 2])
    assert [unpack_tokens(tokens, start) for tokens, start in zip(made.tokens, made.starts, strict=True)] == [
        annotated(0).sentence.tokens,
        annotated(1).sentence.tokens,
    ]
    assert made.spans == [PackedSpan(0, 3, "PER", "Ada")]
    assert made.states == [(0, "confirmed", False)]
    assert made.notes == list(annotated(0).notes)
    assert made.suggestions == list(annotated(0).suggestions)
    assert made.metadata == [(0, {"id": 0})]


def test_a_span_has_its_words_wherever_its_sentence_stands() -> None:
    assert packed(4).spans == [PackedSpan(40, 43, "PER", "Ada")]


def test_the_end_is_that_of_the_last_sentence_however_long_the_others_are() -> None:
    made = packed(0)
    made.add(AnnotatedSentence(Sentence(10, "Bo.", (Token(10, 12), Token(12, 13)))))
    assert made.end == 13


def test_a_flag_alone_is_a_state() -> None:
    made = PackedSentences()
    made.add(AnnotatedSentence(annotated(1).sentence, flagged=True))
    assert made.states == [(10, "untouched", True)]


@pytest.mark.parametrize("number", range(6))
def test_what_is_cut_off_and_what_is_left_are_as_if_packed_apart(number: int) -> None:
    whole = packed(*range(5))
    assert whole.cut(number) == packed(*range(min(number, 5)))
    assert whole == packed(*range(number, 5))


def test_columns_are_put_behind_each_other() -> None:
    first = packed(0, 1)
    first.add(packed(2, 3, 4))
    assert first == packed(*range(5))

"""Spans: half-open, never empty, always named, and what is left of one that another is laid over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.spans import Span, Token, overlaps, snap

SPAN = Span(10, 20, "PER")
TOKENS = (Token(0, 3), Token(4, 8), Token(8, 9))


@pytest.mark.parametrize(("start", "end", "label"), [(3, 3, "PER"), (4, 3, "PER"), (-1, 3, "PER"), (0, 3, "")])
def test_an_empty_or_nameless_span_cannot_be_made(start: int, end: int, label: str) -> None:
    with pytest.raises(ValueError, match="a span needs"):
        Span(start, end, label)


def test_the_first_character_of_a_text_is_a_span() -> None:
    assert Span(0, 1, "PER").start == 0


@pytest.mark.parametrize(
    ("start", "end", "shared"),
    [(0, 10, False), (0, 11, True), (12, 13, True), (19, 30, True), (20, 30, False), (0, 30, True)],
)
def test_spans_overlap_where_they_share_a_character(start: int, end: int, shared: bool) -> None:
    assert SPAN.overlaps(start, end) is shared


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (10, 20, None),
        (5, 25, None),
        (10, 19, (19, 20)),
        (5, 13, (13, 20)),
        (11, 20, (10, 11)),
        (17, 25, (10, 17)),
        (12, 16, (16, 20)),
        (14, 18, (10, 14)),
        (13, 17, (10, 13)),
        (0, 5, (10, 20)),
        (25, 30, (10, 20)),
    ],
)
def test_the_longer_side_is_left_of_a_span_and_the_left_one_of_two_as_long(
    start: int, end: int, left: tuple[int, int] | None
) -> None:
    assert SPAN.without(start, end) == (left and Span(*left, "PER"))


@pytest.mark.parametrize(
    ("start", "end", "widened"),
    [
        (1, 2, (0, 3)),
        (2, 5, (0, 8)),
        (3, 4, None),
        (7, 9, (4, 9)),
        (4, 8, (4, 8)),
        (8, 20, (8, 9)),
        (9, 20, None),
    ],
)
def test_a_stretch_is_widened_to_the_tokens_it_touches(start: int, end: int, widened: tuple[int, int] | None) -> None:
    assert snap(start, end, TOKENS) == widened


_PLACES = st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda place: Span(place[0], sum(place), "X"))


@given(st.lists(_PLACES), _PLACES)
def test_a_span_overlaps_some_where_it_overlaps_one_of_them(spans: list[Span], span: Span) -> None:
    assert overlaps(spans)(span) is any(each.overlaps(span.start, span.end) for each in spans)

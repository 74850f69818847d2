"""Spans keep their place in a text that changed, or are reported; they never shift silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.anchoring import Anchors
from ner_tui.domain.spans import Span
from ner_tui.domain.text import LineIndex

OLD = "Ada met Bob.\nBob lives in New York.\nThe end.\n"


@pytest.mark.parametrize(
    ("new", "text", "found"),
    [
        ("A new line.\n" + OLD, "New York", "New York"),
        (OLD.replace("The end.\n", ""), "New York", "New York"),
        (OLD.replace("Bob lives", "Bob now lives"), "New York", "New York"),
        (OLD.replace("New York", "New Jersey"), "New York", None),
        (OLD.replace("New York", "New old York"), "New York", None),
        (OLD.replace("\n", " "), "New York", "New York"),
    ],
)
def test_a_span_is_placed_where_its_characters_still_stand_together(new: str, text: str, found: str | None) -> None:
    start = OLD.index(text)
    place = Anchors(OLD, new).span(Span(start, start + len(text), "LOC"))
    assert (new[place.start : place.end] if place else None) == found


words = st.lists(st.sampled_from(["Ada", "Bob", "York", "\n", " ", ".", "é"]), max_size=40).map("".join)


@given(words, words, st.integers(0, 60), st.integers(1, 12))
def test_a_placed_span_always_has_the_same_text(old: str, new: str, start: int, length: int) -> None:
    place = Anchors(old, new).span(Span(start, start + length, "X"))
    if place is not None:
        assert new[place.start : place.end] == old[start : start + length]


@given(words)
def test_an_unchanged_text_keeps_every_span(text: str) -> None:
    anchors = Anchors(text, text)
    for start in range(len(text)):
        assert anchors.span(Span(start, len(text), "X")) == Span(start, len(text), "X")


@given(st.text(alphabet="ab\n\u2028\x85\r", max_size=30), st.integers(0, 30))
def test_lines_end_at_line_feeds_only_and_positions_are_reversible(text: str, offset: int) -> None:
    index = LineIndex(text)
    assert len(index) == text.count("\n") + 1
    assert [text[slice(*index.bounds(line))] for line in range(len(index))] == text.split("\n")
    if offset <= len(text):
        assert index.offset(*index.position(offset)) == offset

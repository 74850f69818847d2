"""Spans keep their place in a text that changed, or are reported; they never shift silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain import anchoring
from ner_tui.domain.anchoring import Anchors, LineAnchors, common_ends
from ner_tui.domain.spans import Span

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
    place = Anchors(LineAnchors([OLD]), LineAnchors([new])).span(Span(start, start + len(text), "LOC"))
    assert (new[place.start : place.end] if place else None) == found


words = st.lists(st.sampled_from(["Ada", "Bob", "York", "\n", " ", ".", "é"]), max_size=40).map("".join)


@given(words, words, st.integers(0, 60), st.integers(1, 12))
def test_a_placed_span_always_has_the_same_text(old: str, new: str, start: int, length: int) -> None:
    place = Anchors(LineAnchors([old]), LineAnchors([new])).span(Span(start, start + length, "X"))
    if place is not None:
        assert new[place.start : place.end] == old[start : start + length]


@given(words)
def test_an_unchanged_text_keeps_every_span(text: str) -> None:
    anchors = Anchors(LineAnchors([text]), LineAnchors([text]))
    for start in range(len(text)):
        assert anchors.span(Span(start, len(text), "X")) == Span(start, len(text), "X")


@given(st.lists(st.text(alphabet="aé\n\U0001f600\r\u2028\x85", max_size=6)), st.integers(0, 30), st.integers(1, 9))
def test_a_text_in_pieces_is_the_same_text(pieces: list[str], start: int, length: int) -> None:
    text, lines = "".join(pieces), LineAnchors(pieces)
    assert lines.keys == LineAnchors([text]).keys
    assert lines.text(0, len(lines.keys)) == text
    if start < len(text):
        assert lines.words(start, start + length) == text[start : start + length]
        assert lines.line(start) == text.count("\n", 0, start) + 1


def test_a_changed_line_among_very_many_is_found() -> None:
    old = "".join(f"{number % 7} lines\nor {number}\n" for number in range(30_000))
    new = f"one more\n{old.replace('or 9000', 'or nine thousand')}and more\n"
    anchors, at = Anchors(LineAnchors([old]), LineAnchors([new])), old.index("or 9001")
    place = anchors.span(Span(at, at + 7, "X"))
    assert place
    assert new[place.start : place.end] == "or 9001"
    gone = old.index("9000")
    assert anchors.span(Span(gone, gone + 4, "X")) is None


@given(words, words)
def test_the_common_ends_of_two_texts_are_as_long_as_can_be(old: str, new: str) -> None:
    head, tail = common_ends(old, new)
    rest, other = old[head : len(old) - tail], new[head : len(new) - tail]
    assert old[:head] == new[:head]
    assert old[len(old) - tail :] == new[len(new) - tail :]
    assert not rest or not other or (rest[0] != other[0] and rest[-1] != other[-1])


@pytest.mark.parametrize(("most", "found"), [(16, True), (15, False)])
def test_a_region_of_too_many_words_is_compared_by_lines_alone(
    most: int, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchoring, "_MOST_WORDS", most)
    # Eight words, spaces and line ends on either side.
    old, new = "Ada met Bo now\n", "Eve met Bo now\n"
    place = Anchors(LineAnchors([old]), LineAnchors([new])).span(Span(8, 10, "PER"))
    assert place == (Span(8, 10, "PER") if found else None)


def test_equal_length_is_not_enough_where_two_stretches_have_moved() -> None:
    old, new = "a b c d e\n", "a x c d e\n"
    anchors = Anchors(LineAnchors([old]), LineAnchors([new]))
    assert [anchors.offset(offset) for offset in range(10)] == [0, 1, None, 3, 4, 5, 6, 7, 8, 9]
    assert anchors.offset(10) is None
    assert anchors.span(Span(0, 5, "X")) is None
    assert anchors.span(Span(4, 9, "X")) == Span(4, 9, "X")
    assert Anchors(LineAnchors([""]), LineAnchors(["x"])).offset(0) is None

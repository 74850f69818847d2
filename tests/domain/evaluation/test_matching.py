"""Matching: every span is paired once at the most, with the best there is on the other side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.evaluation.matching import Match, match_spans
from ner_tui.domain.schemes import TagSpan


@st.composite
def disjoint_spans(draw: st.DrawFn) -> list[TagSpan]:
    spans: list[TagSpan] = []
    at = 0
    for gap, length, label in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from("AB")), max_size=6)
    ):
        spans.append(TagSpan(at + gap, at + gap + length, label))
        at += gap + length
    return spans


@given(disjoint_spans(), disjoint_spans())
def test_every_span_is_in_one_match_and_only_spans_that_overlap_are_paired(
    gold: list[TagSpan], predicted: list[TagSpan]
) -> None:
    found = match_spans(gold, predicted)
    assert sorted(match.gold for match in found if match.gold) == gold
    assert sorted(match.predicted for match in found if match.predicted) == predicted
    assert [match.start for match in found] == sorted(match.start for match in found)
    for ours, theirs in found:
        if ours and theirs:
            assert ours.start < theirs.end
            assert theirs.start < ours.end


@given(disjoint_spans(), disjoint_spans())
def test_the_other_way_round_it_is_the_same(gold: list[TagSpan], predicted: list[TagSpan]) -> None:
    there = {match for match in match_spans(gold, predicted) if match.kind == "correct"}
    back = {Match(*reversed(match)) for match in match_spans(predicted, gold) if match.kind == "correct"}
    assert there == back


@pytest.mark.parametrize(
    ("predicted", "kind", "edges"),
    [
        (TagSpan(3, 6, "A"), "correct", ("same", "same")),
        (TagSpan(3, 6, "B"), "label", ("same", "same")),
        (TagSpan(2, 6, "A"), "boundaries", ("too long", "same")),
        (TagSpan(4, 8, "A"), "boundaries", ("too short", "too long")),
        (TagSpan(3, 4, "B"), "both", ("same", "too short")),
    ],
)
def test_a_pair_is_of_one_kind(predicted: TagSpan, kind: str, edges: tuple[str, str]) -> None:
    (match,) = match_spans([TagSpan(3, 6, "A")], [predicted])
    assert (match.kind, match.edges) == (kind, edges)


def test_the_same_label_goes_before_the_longer_overlap() -> None:
    gold = [TagSpan(0, 6, "A")]
    predicted = [TagSpan(0, 4, "B"), TagSpan(4, 6, "A")]
    assert match_spans(gold, predicted) == [Match(None, predicted[0]), Match(gold[0], predicted[1])]


def test_of_two_with_the_same_label_the_longer_overlap_is_paired() -> None:
    gold = [TagSpan(0, 6, "A")]
    predicted = [TagSpan(0, 2, "A"), TagSpan(2, 6, "A")]
    assert match_spans(gold, predicted) == [Match(None, predicted[0]), Match(gold[0], predicted[1])]


def test_the_same_place_goes_before_the_same_label() -> None:
    gold, predicted = [TagSpan(0, 2, "A"), TagSpan(2, 4, "B")], [TagSpan(0, 2, "B"), TagSpan(2, 3, "B")]
    assert match_spans(gold, predicted) == [Match(gold[0], predicted[0]), Match(gold[1], predicted[1])]


def test_a_pair_goes_from_the_first_word_of_either_to_the_last() -> None:
    match = Match(TagSpan(3, 6, "A"), TagSpan(2, 5, "A"))
    assert (match.start, match.end) == (2, 6)
    alone = Match(None, TagSpan(2, 5, "A"))
    assert (alone.start, alone.end, alone.edges) == (2, 5, ("same", "same"))


def test_spans_that_merely_touch_are_no_pair() -> None:
    gold, predicted = TagSpan(0, 2, "A"), TagSpan(2, 4, "A")
    assert match_spans([gold], [predicted]) == [Match(gold, None), Match(None, predicted)]
    assert match_spans([predicted], [gold]) == [Match(None, gold), Match(predicted, None)]


def test_equal_spans_are_paired_once_each() -> None:
    span = TagSpan(0, 2, "A")
    assert match_spans([span, span], [span]) == [Match(span, span), Match(span, None)]
    assert match_spans([span], [span, span, TagSpan(1, 3, "A")])[0] == Match(span, span)

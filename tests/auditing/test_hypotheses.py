"""Which hypotheses of error there are about a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from ner_tui.auditing.hypotheses import Hypothesis, Suggested, hypotheses
from ner_tui.learning.lessons import WordSpan

PER, LOC = (0, 2, "PER"), (0, 2, "LOC")


def found(span: WordSpan, score: float, *others: tuple[WordSpan | None, float]) -> Suggested:
    return Suggested(span, score, others)


def about(given: list[WordSpan], *suggested: Suggested) -> list[Hypothesis]:
    return list(hypotheses(given, suggested, 0.5))


@pytest.mark.parametrize(
    ("given", "proposed", "kind"),
    [
        ([], [PER], "missing"),
        ([PER], [], "spurious"),
        ([PER], [LOC], "label"),
        ([PER], [(0, 1, "PER")], "boundary"),
        ([PER], [(0, 1, "PER"), (1, 2, "PER")], "split"),
        ([(0, 1, "PER"), (1, 2, "PER")], [PER], "merged"),
    ],
)
def test_each_way_to_be_wrong_has_a_name(given: list[WordSpan], proposed: list[WordSpan], kind: str) -> None:
    assert Hypothesis(0, 2, tuple(given), tuple(proposed)).kind == kind


def test_where_the_model_finds_something_else_that_is_the_hypothesis() -> None:
    assert about([PER], found(LOC, 0.9)) == [Hypothesis(0, 2, (PER,), (LOC,))]
    assert about([], found(LOC, 0.9)) == [Hypothesis(0, 2, (), (LOC,))]


def test_a_span_that_the_model_does_not_find_may_not_be_one() -> None:
    assert about([PER]) == [Hypothesis(0, 2, (PER,), ())]


def test_where_model_and_annotation_agree_the_second_reading_is_the_hypothesis() -> None:
    assert about([PER], found(PER, 0.6, (LOC, 0.3), (None, 0.1))) == [Hypothesis(0, 2, (PER,), (LOC,))]
    assert about([PER], found(PER, 0.6, (None, 0.4))) == [Hypothesis(0, 2, (PER,), ())]
    assert about([PER], found(PER, 1.0)) == []


def test_a_span_that_is_hardly_likely_is_a_hypothesis_where_nothing_is_annotated() -> None:
    assert about([], found(PER, 0.1)) == [Hypothesis(0, 2, (), (PER,))]


def test_of_a_long_span_that_is_likelier_than_none_its_parts_are_merged() -> None:
    parts, longer = [(0, 2, "PER"), (2, 6, "PER")], (0, 6, "PER")
    assert about(parts, found(longer, 0.4, (None, 0.1))) == [Hypothesis(0, 6, tuple(parts), (longer,))]
    assert about(parts, found(longer, 0.4, (None, 0.45))) == [Hypothesis(0, 6, tuple(parts), ())]
    assert about([longer], found(longer, 0.4, ((0, 2, "PER"), 0.3))) == [Hypothesis(0, 6, (longer,), ((0, 2, "PER"),))]


def test_spans_that_overlap_are_one_place_and_others_are_places_of_their_own() -> None:
    longer, away = (1, 4, "ORG"), (6, 7, "LOC")
    assert about([PER, away], found(longer, 0.9)) == [
        Hypothesis(0, 4, (PER,), (longer,)),
        Hypothesis(6, 7, (away,), ()),
    ]


@st.composite
def disjoint(draw: st.DrawFn) -> list[WordSpan]:
    ends = sorted(draw(st.sets(st.integers(0, 12), max_size=8)))
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    return [(first, end, draw(st.sampled_from("XY"))) for first, end in pairs]


@settings(max_examples=examples(200))
@given(disjoint(), disjoint(), st.data())
def test_a_hypothesis_changes_its_place_and_every_difference_is_in_one(
    given: list[WordSpan], best: list[WordSpan], data: st.DataObject
) -> None:
    scores = [data.draw(st.sampled_from([0.1, 0.9])) for _ in best]
    said = [found(span, score, (None, 0.95 - score)) for span, score in zip(best, scores, strict=True)]
    places = about(given, *said)
    for each in places:
        assert each.given != each.proposed
        assert set(each.given) == {span for span in given if span[0] < each.end and each.first < span[1]}
    sure = {one.span for one in said if one.score >= 0.5}
    changed = {span for each in places for span in (*each.given, *each.proposed)}
    assert sure ^ set(given) <= changed

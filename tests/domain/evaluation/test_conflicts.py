"""Conflicts: the groups of overlapping spans that readers have in different ways are those that brute force finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.evaluation.conflicts import is_conflict, span_groups
from ner_tui.domain.schemes import TagSpan

WORDS = 12


@st.composite
def readings(draw: st.DrawFn) -> list[TagSpan]:
    edges = sorted(draw(st.sets(st.integers(0, WORDS), max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [TagSpan(start, end, draw(st.sampled_from(["PER", "LOC"]))) for start, end in pairs]


def by_brute_force(readers: list[list[TagSpan]]) -> set[frozenset[tuple[int, TagSpan]]]:
    """Join groups as long as two of them have spans that share a word."""
    groups = [frozenset([(reader, span)]) for reader, spans in enumerate(readers) for span in spans]
    while True:
        for one, other in combinations(groups, 2):
            if any(a.start < b.end and b.start < a.end for _, a in one for _, b in other):
                groups = [each for each in groups if each not in (one, other)] + [one | other]
                break
        else:
            return set(groups)


@given(st.lists(readings(), min_size=2, max_size=4))
def test_groups_are_those_of_brute_force_and_no_span_is_lost(readers: list[list[TagSpan]]) -> None:
    found = list(span_groups(readers))
    assert {
        frozenset((reader, span) for reader, spans in enumerate(group) for span in spans) for group in found
    } == by_brute_force(readers)
    for reader, spans in enumerate(readers):
        assert [span for group in found for span in group[reader]] == spans


@given(readings())
def test_what_all_read_alike_is_no_conflict(spans: list[TagSpan]) -> None:
    groups = list(span_groups([spans, spans, spans]))
    assert not any(map(is_conflict, groups))
    assert len(groups) == len(spans)


def test_a_span_that_one_lacks_another_label_and_another_edge_are_conflicts() -> None:
    one = [TagSpan(0, 1, "PER"), TagSpan(3, 5, "LOC"), TagSpan(7, 9, "ORG")]
    other = [TagSpan(3, 5, "ORG"), TagSpan(8, 9, "ORG")]
    assert [is_conflict(group) for group in span_groups([one, other])] == [True, True, True]


def test_a_chain_of_overlaps_is_one_conflict() -> None:
    one, other = [TagSpan(0, 2, "PER"), TagSpan(3, 5, "PER")], [TagSpan(1, 4, "PER")]
    assert list(span_groups([one, other])) == [((one[0], one[1]), (other[0],))]

"""Pairing whole texts at once: the same pairs as of single sentences, and distances by their definition."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from ner_tui.domain.evaluation.matching import match_spans
from ner_tui.domain.evaluation.pairing import NOBODY, Numbers, pair_spans
from ner_tui.domain.evaluation.unitising import distances
from ner_tui.domain.schemes import TagSpan


@st.composite
def side(draw: st.DrawFn) -> Numbers:
    """Disjoint spans, ascending, with one of two labels."""
    edges, at = [], 0
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=8)):
        edges.append((at + gap, at + gap + length, draw(st.integers(0, 1))))
        at += gap + length
    return np.array(edges, np.int64).reshape(-1, 3)


@given(side(), side())
@example(np.array([(1, 3, 1), (4, 6, 1), (6, 10, 0)]), np.array([(1, 3, 1), (5, 7, 0), (8, 9, 1)]))
@example(np.array([(2, 4, 1), (4, 6, 1)]), np.array([(0, 1, 0), (1, 3, 0), (3, 6, 1)]))
@example(np.array([(0, 1, 1), (1, 2, 1), (4, 7, 1)]), np.array([(1, 4, 1), (4, 7, 0)]))
@example(np.array([(0, 4, 1), (4, 7, 1)]), np.array([(2, 6, 1)]))
def test_the_pairs_are_those_that_are_made_of_sentences(ours: Numbers, theirs: Numbers) -> None:
    found = pair_spans(ours, theirs)
    one, other = ([TagSpan(start, end, str(label)) for start, end, label in spans.tolist()] for spans in (ours, theirs))
    made = [
        (one[left] if left != NOBODY else None, other[right] if right != NOBODY else None)
        for left, right in found.matches.tolist()
    ]
    made += [(span, span) for span, same in zip(one, found.same, strict=True) if same]
    assert sorted(made, key=str) == sorted(map(tuple, match_spans(one, other)), key=str)
    assert [span for span, same in zip(other, found.of_theirs, strict=True) if same] == sorted({*one} & {*other})
    places = {span[:2] for span in one} & {span[:2] for span in other}
    for spans, placed in zip((one, other), found.placed, strict=True):
        assert [span[:2] in places for span in spans] == placed.tolist()


@given(side(), side())
def test_distances_are_of_all_spans_of_a_label_that_overlap_and_of_those_that_none_does(
    ours: Numbers, theirs: Numbers
) -> None:
    found = np.zeros(2)
    np.add.at(found, *distances(ours, theirs, pair_spans(ours, theirs))[1:])
    for label in (0, 1):
        one, other = ([row[:2] for row in spans.tolist() if row[2] == label] for spans in (ours, theirs))
        wanted = 0
        for mine, yours in ((one, other), (other, one)):
            for start, end in mine:
                met = [each for each in yours if each[0] < end and start < each[1]]
                wanted += 2 * (end - start) ** 2 if not met else 0
                wanted += sum((start - each[0]) ** 2 + (end - each[1]) ** 2 for each in met)
        assert 2 * found[label] == wanted


def test_of_two_with_the_same_label_the_longer_overlap_is_chosen_and_not_the_one_that_ends_later() -> None:
    found = pair_spans(np.array([[0, 6, 0]]), np.array([[0, 4, 0], [4, 6, 0]]))
    assert [0, 0] in found.matches.tolist()

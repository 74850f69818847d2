"""Agreement: every suggestion and every decision of a sentence is counted once, as the plainest thing it can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.evaluation.agreement import OUTCOMES, Agreement, compare, outcome
from ner_tui.domain.spans import Span

ADA = Span(0, 11, "PER")


@pytest.mark.parametrize(
    ("suggested", "decided", "came"),
    [
        ([ADA], [ADA], ["equal"]),
        ([ADA], [Span(0, 11, "ORG")], ["relabelled"]),
        ([ADA], [Span(0, 3, "PER")], ["re-bounded"]),
        ([ADA], [Span(0, 3, "ORG")], ["re-bounded"]),
        ([ADA], [], ["removed"]),
        ([], [ADA], ["added"]),
        ([ADA], [Span(20, 24, "PER")], ["removed", "added"]),
        ([ADA], [Span(0, 3, "PER"), Span(4, 11, "PER")], ["re-bounded", "added"]),
        ([Span(0, 3, "PER"), Span(4, 11, "PER")], [ADA], ["re-bounded", "removed"]),
        ([Span(0, 8, "PER"), Span(9, 12, "ORG")], [Span(4, 12, "PER")], ["re-bounded", "removed"]),
        ([Span(0, 3, "PER"), ADA], [ADA], ["equal", "removed"]),
    ],
)
def test_what_became_of_suggestions(suggested: list[Span], decided: list[Span], came: list[str]) -> None:
    assert [outcome(pair) for pair in compare(suggested, decided)] == came


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Disjoint spans, ascending."""
    edges = sorted(draw(st.sets(st.integers(0, 30), max_size=12)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Span(start, end, draw(st.sampled_from(["PER", "ORG"]))) for start, end in pairs]


@given(spans(), spans())
def test_every_span_is_counted_once(suggested: list[Span], decided: list[Span]) -> None:
    pairs = list(compare(suggested, decided))
    assert sorted(one for one, _ in pairs if one) == suggested
    assert sorted(other for _, other in pairs if other) == decided
    found = Agreement()
    found.add(suggested, decided)
    assert sum(found.outcomes[kind] for kind in OUTCOMES if kind != "added") == len(suggested)
    assert sum(found.outcomes[kind] for kind in OUTCOMES if kind != "removed") == len(decided)
    assert found.outcomes["equal"] == len(set(suggested) & set(decided))


def test_shares_are_of_the_suggestions_and_of_the_decisions() -> None:
    found = Agreement()
    assert found.precision is None
    assert found.recall is None
    assert found.share == 0
    found.add([ADA, Span(20, 24, "ORG")], [ADA])
    found.add([], [Span(30, 34, "PER"), Span(40, 44, "PER"), Span(50, 54, "PER")])
    assert found.precision == 0.5
    assert found.recall == 0.25


def test_sentences_are_counted_and_labels_by_what_was_suggested_and_decided() -> None:
    found = Agreement()
    found.add([ADA, Span(20, 24, "ORG")], [Span(0, 11, "LOC"), Span(30, 34, "PER")])
    found.add([ADA], [ADA])
    assert found.sentences == 2
    assert found.confusion == {("PER", "LOC"): 1, ("ORG", None): 1, (None, "PER"): 1, ("PER", "PER"): 1}
    assert found.outcomes == {"relabelled": 1, "removed": 1, "added": 1, "equal": 1}


def test_a_decision_at_the_same_place_is_not_given_to_a_suggestion_that_merely_touches_it() -> None:
    first, second = Span(0, 5, "PER"), Span(0, 11, "LOC")
    assert list(compare([first, second], [ADA])) == [(second, ADA), (first, None)]

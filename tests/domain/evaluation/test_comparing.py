"""Comparing: agreement of two annotations, neither of them gold."""

from __future__ import annotations

import pytest

from ner_tui.domain.evaluation.comparing import Comparison, cohen_kappa
from ner_tui.domain.schemes import TagSpan

PER, LOC = TagSpan(0, 2, "PER"), TagSpan(4, 5, "LOC")


def compared(*sentences: tuple[list[TagSpan], list[TagSpan]]) -> Comparison:
    comparison = Comparison()
    for first, second in sentences:
        comparison.add(first, second, 10)
    return comparison


def test_kappa_is_that_of_the_textbook() -> None:
    """Two raters and fifty grant applications: 20 both yes, 15 both no, 5 and 10 apart."""
    assert cohen_kappa({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}) == pytest.approx(0.4)


@pytest.mark.parametrize("pairs", [{}, {("", ""): 7}])
def test_kappa_is_undefined_where_chance_cannot_be_beaten(pairs: dict[tuple[str, str], int]) -> None:
    assert cohen_kappa(pairs) is None


def test_full_agreement_is_1_in_every_figure() -> None:
    comparison = compared(([PER, LOC], [PER, LOC]), ([], []))
    assert comparison.differences == 0
    assert (comparison.f1, comparison.kappa, comparison.kappa_labelled) == (1, 1, 1)


def test_differences_are_returned_and_counted_by_kind() -> None:
    comparison = Comparison()
    found = comparison.add([PER, LOC], [TagSpan(0, 3, "PER"), LOC._replace(label="ORG"), TagSpan(8, 9, "PER")], 10)
    assert [match.kind for match in found] == ["boundaries", "label", "spurious"]
    assert comparison.differences == 3
    assert comparison.f1 == 0


def test_words_in_no_span_lift_kappa_and_are_left_out_of_the_second_one() -> None:
    comparison = compared(([PER], [PER]), ([LOC], []))
    assert comparison.kappa is not None
    assert comparison.kappa_labelled is not None
    assert comparison.kappa > comparison.kappa_labelled


def test_nothing_annotated_is_no_agreement_and_no_error() -> None:
    comparison = compared(([], []))
    assert (comparison.f1, comparison.kappa, comparison.kappa_labelled) == (None, None, None)

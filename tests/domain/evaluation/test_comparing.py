"""Comparing: agreement of two annotations, neither of them gold."""

from __future__ import annotations

import pytest

from ner_tui.domain.evaluation.comparing import Comparison, cohen_kappa, word_labels
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


def test_sentences_words_and_spans_are_counted() -> None:
    comparison = compared(([PER, LOC], [PER]), ([], [LOC]), ([], []))
    assert (comparison.sentences, comparison.words, comparison.spans) == (3, 30, (2, 2))
    assert comparison.pairs == {("PER", "PER"): 2, ("LOC", ""): 1, ("", "LOC"): 1, ("", ""): 26}
    assert comparison.kinds == {"correct": 1, "missed": 1, "spurious": 1}
    assert comparison.differences == 2
    assert comparison.f1 == 0.5


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ({("y", "n"): 5, ("n", "y"): 5}, -1),
        ({("y", "y"): 1, ("y", "n"): 1, ("n", "y"): 1, ("n", "n"): 1}, 0),
        ({("y", "y"): 3, ("n", "n"): 1}, 1),
        ({("y", "n"): 4}, 0),
        ({("y", "y"): 2, ("n", "n"): 1, ("y", "n"): 0, ("o", "y"): 1}, 5 / 9),
        ({("a", "a"): 45, ("a", "b"): 15, ("b", "a"): 25, ("b", "b"): 15}, 3 / 23),
    ],
)
def test_kappa_goes_from_minus_1_to_1_and_is_0_by_chance(pairs: dict[tuple[str, str], int], kappa: float) -> None:
    assert cohen_kappa(pairs) == pytest.approx(kappa)


def test_a_word_has_the_label_of_the_later_span_over_it_or_none() -> None:
    spans = [TagSpan(1, 4, "PER"), TagSpan(3, 5, "LOC")]
    assert word_labels(spans, 6) == ["", "PER", "PER", "LOC", "LOC", ""]


def test_spans_on_one_side_alone_are_no_agreement_at_all() -> None:
    assert compared(([PER], [])).f1 == compared(([], [PER])).f1 == 0

"""What a label is asked for with, and which labels are asked for together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.labels import Label
from ner_tui.predictors.gliner.prompts import LONGEST, MOST_LABELS, passes, prompts_of


@pytest.mark.parametrize(
    ("name", "description", "text"),
    [
        ("drug", "", "drug"),
        ("drug", "a medicine", "a medicine"),
        ("drug", "  two\n lines ", "two lines"),
        ("date_of_birth", "", "date of birth"),
        ("DATE_OF_BIRTH", "", "date of birth"),
        ("DISEASE", "", "disease"),
        ("DNA", "", "DNA"),
        ("Org", "", "Org"),
        ("PER", "", "person"),
        ("LOC", "", "location"),
        ("_", "", "_"),
        ("x", "word " * 100, "word " * (LONGEST // 5 - 1) + "word"),
    ],
)
def test_a_label_is_asked_for_with_its_description_or_its_name_in_words(name: str, description: str, text: str) -> None:
    (prompt,) = prompts_of([Label(name, "", 0, description)])
    assert (prompt.label, prompt.text) == (name, text)
    assert str(prompt) == (name if name == text else f"{name} as “{text}”")


@given(st.lists(st.integers(1, 60), max_size=80), st.integers(20, 200))
def test_passes_hold_all_labels_in_order_and_as_many_as_they_may(costs: list[int], room: int) -> None:
    found = passes(costs, room)
    assert [label for each in found for label in each] == list(range(len(costs)))
    assert all(1 <= len(each) <= MOST_LABELS for each in found)
    assert all(len(each) == 1 or sum(costs[at] for at in each) <= room for each in found)


def test_passes_are_of_about_as_many_labels() -> None:
    assert [len(each) for each in passes([2] * 26, 1000)] == [13, 13]
    assert [len(each) for each in passes([2] * 25, 1000)] == [25]
    assert passes([], 1000) == []

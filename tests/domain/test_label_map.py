from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.label_map import LabelMap, tag_labels
from ner_tui.errors import InputError

NAMES = st.text("ABCXYZ_", min_size=1, max_size=4)


def test_a_map_renames_drops_and_leaves_the_rest() -> None:
    label_map = LabelMap.parse("PERSON=PER, GPE=LOC,DATE=")
    assert [label_map.target(label) for label in ("PERSON", "GPE", "DATE", "ORG")] == ["PER", "LOC", None, "ORG"]


@pytest.mark.parametrize("text", ["", " ", ","])
def test_the_empty_map_changes_nothing(text: str) -> None:
    assert LabelMap.parse(text) == LabelMap()


@pytest.mark.parametrize("text", ["PERSON", "=PER", "A=B,C"])
def test_an_item_without_both_sides_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match="MODEL_LABEL=LABEL"):
        LabelMap.parse(text)


def test_a_label_mapped_twice_is_refused() -> None:
    with pytest.raises(InputError, match="GPE is mapped twice"):
        LabelMap.parse("GPE=LOC,GPE=ORG")


def test_unmapped_labels_are_those_the_project_does_not_have() -> None:
    label_map = LabelMap.parse("PERSON=PER,DATE=")
    assert label_map.unmapped(["PERSON", "GPE", "DATE", "ORG", "GPE"], ["PER", "ORG"]) == ("GPE",)


@pytest.mark.parametrize(
    ("tags", "labels"),
    [
        (("O", "B-PER", "I-PER", "I-LOC"), ("PER", "LOC")),
        (("O", "PER", "date-of-birth"), ("PER", "date-of-birth")),
        (("O", "B-O", "I-O", "S-ORG"), ("ORG",)),
    ],
)
def test_labels_of_tags_leave_out_outside(tags: tuple[str, ...], labels: tuple[str, ...]) -> None:
    assert tag_labels(tags) == labels


@given(st.dictionaries(NAMES, NAMES | st.just("")))
def test_a_map_written_and_read_is_the_same(pairs: dict[str, str]) -> None:
    label_map = LabelMap(tuple(pairs.items()))
    assert LabelMap.parse(str(label_map)) == label_map

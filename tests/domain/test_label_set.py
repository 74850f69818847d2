"""A project's labels: each keeps its key and its colour, whatever happens to the others."""

from __future__ import annotations

import pytest

from ner_tui.domain.labels import CODES, COLOUR_SLOTS, Label, LabelSet, label_name
from ner_tui.errors import EditRefused

LABELS = LabelSet.of(["PER", "ORG", "PER", "LOC"])


def test_labels_get_keys_and_colours_in_their_order_and_count_once() -> None:
    assert [(label.name, label.key, label.slot) for label in LABELS] == [
        ("PER", "1", 1),
        ("ORG", "2", 2),
        ("LOC", "3", 3),
    ]
    assert len(LABELS) == 3
    assert LABELS.names == ("PER", "ORG", "LOC")


def test_after_nine_labels_keys_are_two_and_colours_are_shared_in_turn() -> None:
    many = LabelSet.of([f"L{number}" for number in range(1, 21)])
    assert [label.key for label in many][8:12] == ["9", "0a", "0b", "0c"]
    assert [label.slot for label in many] == [*range(1, 13), *range(1, 9)]


def test_no_code_is_the_beginning_of_another_and_the_last_labels_have_none() -> None:
    assert len(CODES) == len(set(CODES)) == 9 + 62
    assert not any(one != other and other.startswith(one) for one in CODES for other in CODES)
    many = LabelSet.of([f"L{number}" for number in range(len(CODES) + 2)])
    assert [label.key for label in many][-3:] == [CODES[-1], "", ""]


def test_a_key_and_the_rarest_colour_become_free_when_a_label_goes() -> None:
    fewer = LABELS.without("ORG")
    assert fewer.names == ("PER", "LOC")
    added = fewer.with_names(["DATE", "TIME"])
    assert [(label.key, label.slot) for label in added][2:] == [("2", 2), ("4", 4)]
    crowded = LabelSet(tuple(Label(f"L{slot}", "", slot) for slot in (*range(1, COLOUR_SLOTS + 1), 1)))
    assert crowded.with_names(["DATE"]).labels[-1].slot == 2


@pytest.mark.parametrize(("at", "names"), [(0, "DATE PER ORG LOC"), (1, "PER DATE ORG LOC"), (9, "PER ORG LOC DATE")])
def test_a_label_is_put_at_its_place_with_its_own_key_and_colour(at: int, names: str) -> None:
    label = Label("DATE", "7", 5, "days")
    put = LABELS.with_label(label, at)
    assert put.names == tuple(names.split())
    assert put.find("DATE") == label


def test_a_label_that_comes_back_takes_another_key_only_if_its_own_is_taken() -> None:
    assert LABELS.with_label(Label("DATE", "2", 2), 3).find("DATE") == Label("DATE", "4", 2)
    assert LABELS.with_label(Label("ORG", "2", 6), 0).labels[0] == Label("ORG", "2", 6)
    assert LABELS.with_label(Label("ORG", "2", 6), 0).names == ("ORG", "PER", "LOC")


def test_descriptions_are_taken_over_where_there_are_none() -> None:
    ours = LabelSet((Label("PER", "1", 1, "people"), Label("ORG", "2", 2), Label("LOC", "3", 3)))
    theirs = LabelSet((Label("ORG", "8", 8, "firms"), Label("PER", "9", 9, "persons")))
    assert [label.description for label in ours.described_by(theirs)] == ["people", "firms", ""]
    assert [label.key for label in ours.described_by(theirs)] == ["1", "2", "3"]


def test_labels_are_found_by_name_by_key_and_by_place() -> None:
    per, org, loc = LABELS
    assert (LABELS.find("ORG"), LABELS.find("DATE")) == (org, None)
    assert (LABELS.with_key("3"), LABELS.with_key("4")) == (loc, None)
    assert [LABELS.place(name) for name in ("PER", "LOC", "DATE")] == [0, 2, 3]
    assert per.name == "PER"


@pytest.mark.parametrize("name", ["PER", "work-of-art", "Łódź", "o", "B-PER"])
def test_a_name_is_taken_without_the_white_space_around_it(name: str) -> None:
    assert label_name(f" {name}\n") == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("  ", "needs a name"),
        ("O", "no entity"),
        ("work of art", "no white space"),
        ("a\x1bb", "control characters"),
        ("a\u200bb", "control characters"),
        ("a,b", "no comma"),
        ("a=b", "equals sign"),
    ],
)
def test_what_files_or_options_could_not_hold_is_no_name(name: str, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        label_name(name)

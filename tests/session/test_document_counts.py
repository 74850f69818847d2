"""Counts of documents and labels, from the tallies that are kept."""

from __future__ import annotations

from ner_tui.domain.labels import LabelSet
from ner_tui.session.document_counts import DocumentRow, label_counts, row

TALLIES = {
    ("sentence", ""): 9,
    ("confirmed", ""): 4,
    ("in progress", ""): 3,
    ("decision", "PER"): 2,
    ("decision", "ORG"): 1,
    ("open", "PER"): 5,
    ("open", "OLD"): 0,
    ("rejection", "LOC"): 7,
}


def test_a_document_has_what_is_decided_and_suggested_of_all_its_labels() -> None:
    assert row(1, "a", TALLIES) == DocumentRow(1, "a", 9, 4, 3, 0, 3, 5, 0)


def test_labels_have_what_carries_them_the_listed_first_and_others_where_anything_does() -> None:
    counts = label_counts(LabelSet.of(["LOC", "PER"]), TALLIES)
    assert list(counts.items()) == [("LOC", 0), ("PER", 7), ("ORG", 1)]

"""Doubts: the reason of each in words, and which filter leaves room for places by chance."""

from __future__ import annotations

import pytest

from ner_tui.domain.annotation.doubts import KINDS, Doubt, DoubtFilter, Reason


@pytest.mark.parametrize(
    ("reason", "number", "why"),
    [
        ("conflict", 0.5, "annotators differ"),
        ("unsure", 0.625, "unsure .62"),
        ("denied", 0.97, "model: LOC .97, file: none"),
        ("below", 0.25, "perhaps LOC .25"),
        ("model", 0.9, "model: LOC .90"),
        ("model", 0.999, "model: LOC .99"),
        ("mixed", 12.0, "12 × ORG elsewhere"),
        ("source", 0.0, "ORG"),
        ("audit", 0.0, "audit: by chance"),
    ],
)
def test_the_reason_is_told_in_a_few_words(reason: Reason, number: float, why: str) -> None:
    assert Doubt(reason, 0.5, 1, 0, 3, "LOC", number, "ORG").why == why


def test_blind_mode_hides_the_doubts_that_are_about_suggestions() -> None:
    assert [reason for reason, kind in KINDS.items() if kind.is_suggestion] == [
        "conflict", "unsure", "model", "denied", "below", "error",
    ]  # fmt: skip


def test_what_few_want_is_wanted_only_where_it_is_asked_for() -> None:
    assert [reason for reason in KINDS if not DoubtFilter().wants(reason)] == ["below", "error", "unlike"]
    assert [reason for reason in KINDS if DoubtFilter(reason="below").wants(reason)] == ["below"]


@pytest.mark.parametrize(
    ("wanted", "has_room"),
    [
        (DoubtFilter(), True),
        (DoubtFilter(order="document"), True),
        (DoubtFilter(reason="audit"), True),
        (DoubtFilter(reason="unsure"), False),
        (DoubtFilter(status="decided"), False),
        (DoubtFilter(label="LOC"), False),
        (DoubtFilter(text="x"), False),
        (DoubtFilter(reason="audit", text="x"), False),
    ],
)
def test_places_by_chance_belong_where_neither_label_nor_words_nor_another_reason_are_asked_for(
    wanted: DoubtFilter, has_room: bool
) -> None:
    assert wanted.with_audit is has_room


@pytest.mark.parametrize(
    ("wanted", "is_plain"),
    [
        (DoubtFilter(), True),
        (DoubtFilter(order="learning"), True),
        (DoubtFilter(reason="audit"), False),
        (DoubtFilter(status="decided"), False),
        (DoubtFilter(label="LOC"), False),
        (DoubtFilter(text="x"), False),
    ],
)
def test_all_doubts_are_wanted_in_any_order_unless_something_of_them_is_asked_for(
    wanted: DoubtFilter, is_plain: bool
) -> None:
    assert wanted.is_plain is is_plain


@pytest.mark.parametrize(("note", "why"), [("LOC → ORG", "90% LOC → ORG"), ("PER → PER", "90% PER, other words")])
def test_a_possible_error_is_told_by_what_is_there_and_what_should_be(note: str, why: str) -> None:
    assert Doubt("error", 0.9, 1, 0, 3, None, 0.9, note).why == why

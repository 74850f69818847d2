"""The journal's values: each kind of item comes back as it was, and what is none is refused."""

from __future__ import annotations

import json

import pytest

from ner_tui.domain.annotation.edits import (
    Alias,
    Decision,
    Item,
    LabelEntry,
    LabelRename,
    Note,
    Rejection,
    SentenceBoundary,
    SentenceState,
    TokenBoundary,
)
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Span
from ner_tui.store.codec import dump_alternatives, dump_items, load_alternatives, load_items

SPAN = Span(3, 9, "Łódź")
OTHERS = (Alternative(2, 9, None, 0.25), Alternative(3, 7, "PER", 0.125))
ITEMS: list[tuple[Item, list[object]]] = [
    (Decision(SPAN, "file"), ["decision", 3, 9, "Łódź", "file"]),
    (Rejection(SPAN), ["rejection", 3, 9, "Łódź"]),
    (SentenceState(4, "in progress", True), ["sentence_state", 4, "in progress", True]),
    (SentenceBoundary(5), ["sentence_boundary", 5]),
    (TokenBoundary(6), ["token_boundary", 6]),
    (Note(1, 2, "why?"), ["note", 1, 2, "why?"]),
    (LabelEntry(Label("PER", "1", 2, "people"), 3), ["label_entry", "PER", "1", 2, "people", 3]),
    (Alias("PERSON", "PER"), ["alias", "PERSON", "PER"]),
    (LabelRename("PER", "HUMAN"), ["label_rename", "PER", "HUMAN"]),
    (
        Suggestion(SPAN, 0.75, 0.5, OTHERS, 7, (8, 9)),
        ["suggestion", 3, 9, "Łódź", 0.75, 0.5, [[2, 9, None, 0.25], [3, 7, "PER", 0.125]], 7, 8, 9],
    ),
]


@pytest.mark.parametrize(("item", "row"), ITEMS, ids=[str(row[0]) for _, row in ITEMS])
def test_an_item_is_written_as_a_row_that_never_changes_and_read_from_it(item: Item, row: list[object]) -> None:
    assert json.loads(dump_items([item])) == [row]
    assert load_items(json.dumps([row])) == (item,)


def test_the_items_of_an_edit_keep_their_order() -> None:
    items = tuple(item for item, _ in ITEMS)
    assert load_items(dump_items(items)) == items
    assert load_items(dump_items(())) == ()


@pytest.mark.parametrize(
    "row", [["blessing", 1], ["decision", 3, 9, "PER"], ["note", "1", 2, "x"], ["sentence_state", 4, "odd", True]]
)
def test_what_is_no_item_is_refused(row: list[object]) -> None:
    with pytest.raises(ValueError, match=f"unknown item '{row[0]}'"):
        load_items(json.dumps([row]))


def test_alternatives_come_back_with_six_digits() -> None:
    text = dump_alternatives((*OTHERS, Alternative(0, 1, "X", 0.12345678)))
    assert text == '[[2,9,null,0.25],[3,7,"PER",0.125],[0,1,"X",0.123457]]'
    assert load_alternatives(text) == (*OTHERS, Alternative(0, 1, "X", 0.123457))
    assert load_alternatives(dump_alternatives(())) == ()

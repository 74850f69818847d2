"""Items of edits: what each is about."""

from __future__ import annotations

import pytest

from ner_tui.domain.annotation.edits import (
    Alias,
    Decision,
    Edit,
    Item,
    LabelEntry,
    LabelRename,
    Note,
    Rejection,
    SentenceBoundary,
    SentenceState,
    TokenBoundary,
    place_of,
)
from ner_tui.domain.annotation.suggestions import Suggestion, is_doubtful
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Span

SPAN = Span(3, 9, "PER")


@pytest.mark.parametrize(
    ("item", "place"),
    [
        (Decision(SPAN), (3, 9)),
        (Rejection(SPAN), (3, 9)),
        (Suggestion(SPAN, 0.9, 0.9), (3, 9)),
        (Note(3, 9, "?"), (3, 9)),
        # A sentence is named by its first character, a boundary between tokens is about the two around it.
        (SentenceState(3, "confirmed"), (3, 4)),
        (SentenceBoundary(3), (3, 4)),
        (TokenBoundary(3), (2, 4)),
        (LabelEntry(Label("PER", "1", 1), 5), (0, 0)),
        (Alias("PERSON", "PER"), (0, 0)),
        (LabelRename("PER", "HUMAN"), (0, 0)),
    ],
)
def test_an_item_is_about_a_place_or_about_the_project(item: Item, place: tuple[int, int]) -> None:
    assert place_of(item) == place


def test_the_inverse_of_an_edit_keeps_who_did_what_where() -> None:
    edit = Edit(Verb.LABEL, (Rejection(SPAN),), (Decision(SPAN),), 7, "trimmed")
    assert edit.inverse == Edit(Verb.LABEL, (Decision(SPAN),), (Rejection(SPAN),), 7, "trimmed")


@pytest.mark.parametrize(
    ("score", "words", "below", "doubtful"),
    [
        (0.39, 1, True, True),
        (0.4, 1, False, True),
        (0.86, 1, False, True),
        (0.87, 1, False, False),
        (0.75, 2, False, True),
        (0.76, 2, False, False),
        (0.65, 3, False, True),
        (0.66, 3, False, False),
        (0.87, 0, False, False),
    ],
)
def test_a_suggestion_is_below_the_threshold_by_its_score_and_doubtful_by_its_score_per_word(
    score: float, words: int, below: bool, doubtful: bool
) -> None:
    assert (Suggestion(SPAN, score, 0.9).below_threshold, is_doubtful(score, words)) == (below, doubtful)


def test_of_the_runs_that_spoke_the_one_whose_word_it_is_comes_first() -> None:
    assert Suggestion(SPAN, 0.9, 0.9, run=4, also=(2, 7)).origins == (4, 2, 7)

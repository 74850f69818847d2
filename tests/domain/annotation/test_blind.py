"""Blind mode: what a model says of a sentence that nobody has touched is hidden."""

from __future__ import annotations

import pytest
from neighbourhoods import NEXT, TEXT, context, guess, place

from ner_tui.domain.annotation import blind
from ner_tui.domain.annotation.edits import Rejection, SentenceState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.document import Status

ADA, CITY, BATH = guess("Ada Lovelace", "PER"), guess("New York City", "LOC"), guess("Bath", "LOC")
SUGGESTED = (ADA, CITY, BATH)


@pytest.mark.parametrize("status", ["in progress", "confirmed"])
def test_suggestions_are_seen_where_a_person_has_begun_and_hidden_elsewhere(status: Status) -> None:
    before = context(suggestions=SUGGESTED, states=(SentenceState(0, status),))
    assert blind.cover(before).suggestions == (ADA, CITY)
    assert [blind.is_covered(before, each.span.start) for each in SUGGESTED] == [False, False, True]


def test_a_flag_alone_shows_nothing() -> None:
    before = context(suggestions=SUGGESTED, states=(SentenceState(0, "untouched", flagged=True),))
    assert blind.cover(before).suggestions == ()


def test_where_all_is_touched_nothing_is_hidden() -> None:
    states = (SentenceState(0, "in progress"), SentenceState(len(TEXT), "in progress"))
    before = context(suggestions=SUGGESTED, states=states)
    assert blind.cover(before) == before
    assert not blind.hides_something(before, 0, len(TEXT + NEXT))


def test_something_is_hidden_where_a_suggestion_begins_that_would_be_seen() -> None:
    before = context(suggestions=SUGGESTED)
    start, end = place("New York City")
    assert blind.hides_something(before, start, start + 1)
    assert blind.hides_something(before, start - 2, end)
    assert not blind.hides_something(before, start + 1, end)
    assert not blind.hides_something(before, start - 2, start)


def test_a_suggestion_that_is_answered_is_not_hidden() -> None:
    before = context(suggestions=(BATH,), rejections=(Rejection(BATH.span),))
    assert not blind.hides_something(before, 0, len(TEXT + NEXT))


def test_to_show_what_is_hidden_decides_nothing_and_begins_the_sentence() -> None:
    before = context(suggestions=SUGGESTED)
    edit = blind.show(before, BATH.span.start, cursor=3)
    assert (edit.verb, edit.removed, edit.cursor) == (Verb.SHOW_SUGGESTIONS, (), 3)
    assert edit.added == (SentenceState(len(TEXT), "in progress"),)
    assert "nothing decided" in edit.notice
    assert blind.cover(before.after(edit)).suggestions == (BATH,)

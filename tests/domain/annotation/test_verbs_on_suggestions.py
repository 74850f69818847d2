"""What verbs do to suggestions: decide, retire, reject and confirm them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from neighbourhoods import NEXT, TEXT, context, decided, guess, place, span

from ner_tui.domain.annotation import verbs
from ner_tui.domain.annotation.edits import Decision, Edit, Rejection, SentenceState
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Alternative, Suggestion, SuggestionState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.errors import EditRefused


def apply(before: Neighbourhood, edit: Edit) -> Neighbourhood:
    """Carry out an edit that moves no boundary."""
    kept: dict[str, list[Any]] = {
        "decisions": [i for i in before.decisions if i not in edit.removed],
        "suggestions": [i for i in before.suggestions if i not in edit.removed],
        "rejections": [i for i in before.rejections if i not in edit.removed],
        "states": [i for i in before.states if i not in edit.removed],
    }
    kinds = {Decision: "decisions", Suggestion: "suggestions", Rejection: "rejections", SentenceState: "states"}
    for item in edit.added:
        kept[kinds[type(item)]].append(item)
    order: Any = {"decisions": lambda i: i.span, "suggestions": lambda i: i.span, "rejections": lambda i: i.span}
    after: Any = {k: tuple(sorted(v, key=order.get(k, lambda i: i.start))) for k, v in kept.items()}
    return replace(before, **after)


def test_relabelling_a_suggestion_with_its_own_label_accepts_it() -> None:
    city = guess("New York City", "LOC")
    edit = verbs.relabel(context(suggestions=(city,)), city.span.start, "LOC", cursor=0)
    assert edit.verb is Verb.ACCEPT
    assert edit.removed == (city,)
    assert decided(edit) == [city.span]


@pytest.mark.parametrize("words", ["New", "York", "City", "New York", "in New"])
def test_a_decision_retires_a_suggestion_that_it_overlaps_whole(words: str) -> None:
    city = guess("New York City", "LOC")
    before = context(suggestions=(city,))
    edit = verbs.label(before, *place(words), "ORG", cursor=0)
    assert edit.removed == (city,)
    assert not any(isinstance(item, Suggestion) for item in edit.added)
    assert edit.notice == "replaced LOC “New York City”"
    assert apply(apply(before, edit), edit.inverse) == before


def test_a_smaller_reading_of_a_suggestion_leaves_nothing_of_it() -> None:
    city = guess("New York City", "LOC")
    before = context(suggestions=(city,))
    for edit in (
        verbs.resize(before, city.span.start, right=-1, cursor=0),
        verbs.take(before, Alternative(*place("New York"), "LOC", 0.1), cursor=0),
    ):
        after = apply(before, edit)
        assert (after.suggestions, decided(edit)) == ((), [span("New York", "LOC")])


def test_of_suggestions_that_overlap_the_likeliest_is_accepted_by_confirming() -> None:
    city, york, ada = guess("New York City", "LOC", score=0.7), guess("York", "ORG"), guess("Ada", "PER")
    before = context(suggestions=(ada, city, york))
    edit = verbs.confirm(before, 0, cursor=0)
    assert decided(edit) == [ada.span, york.span]
    assert apply(before, edit).suggestions == ()


def test_removing_a_suggestion_or_a_decision_leaves_a_rejection() -> None:
    city = guess("New York City", "LOC")
    edit = verbs.remove(context(suggestions=(city,)), city.span.start, cursor=0)
    assert (edit.verb, Rejection(city.span) in edit.added) == (Verb.REJECT, True)
    decision = Decision(span("Ada", "PER"))
    edit = verbs.remove(context(decisions=(decision,)), 0, cursor=0)
    assert (edit.verb, edit.removed, Rejection(decision.span) in edit.added) == (Verb.DELETE, (decision,), True)


def test_a_rejected_suggestion_is_not_heard_again() -> None:
    city = guess("New York City", "LOC")
    assert context(suggestions=(city,), rejections=(Rejection(city.span),)).open_suggestions == ()


def test_a_faint_span_is_no_suggestion_but_can_be_taken_up() -> None:
    faint = Suggestion(span("Bath", "LOC"), 0.2, -0.5)
    before = context(suggestions=(faint,))
    assert before.open_suggestions == ()
    start = faint.span.start
    with pytest.raises(EditRefused, match="confirmed already"):
        verbs.confirm(apply(before, verbs.confirm(before, start, cursor=start)), start, cursor=start)
    assert decided(verbs.confirm(before, start, cursor=start)) == []
    assert decided(verbs.accept(before, start, cursor=start)) == [faint.span]


def test_confirming_accepts_the_rest_of_the_sentence_only() -> None:
    city, bath = guess("New York City", "LOC"), guess("Bath", "LOC")
    edit = verbs.confirm(context(suggestions=(city, bath)), 0, cursor=0)
    assert decided(edit) == [city.span]
    assert SentenceState(0, "confirmed") in edit.added


def test_what_is_accepted_with_others_is_told_from_what_a_person_said_of_a_place() -> None:
    city = guess("New York City", "LOC")
    before = context(suggestions=(city,))
    assert Decision(city.span, "sweep") in verbs.confirm(before, 0, cursor=0).added
    assert Decision(city.span, "person") in verbs.accept(before, city.span.start, cursor=0).added


def test_confirming_what_is_in_sight_is_one_edit_over_whole_sentences_only() -> None:
    city, bath = guess("New York City", "LOC"), guess("Bath", "LOC")
    before = context(suggestions=(city, bath))
    both = verbs.confirm(before, 0, cursor=0, end=len(TEXT + NEXT))
    assert decided(both) == [city.span, bath.span]
    assert decided(verbs.confirm(before, 0, cursor=0, end=len(TEXT + NEXT) - 1)) == [city.span]


def test_another_reading_takes_the_place_of_the_suggestion() -> None:
    city = guess("New York City", "LOC")
    start, end = place("New York")
    edit = verbs.take(context(suggestions=(city,)), Alternative(start, end, "ORG", 0.1), cursor=0)
    assert (edit.removed, decided(edit)) == ((city,), [span("New York", "ORG")])


def test_the_reading_that_nothing_is_there_rejects_the_suggestion() -> None:
    city = guess("New York City", "LOC")
    edit = verbs.take(context(suggestions=(city,)), Alternative(*place("New York City"), None, 0.1), cursor=0)
    assert (edit.removed, Rejection(city.span) in edit.added) == ((city,), True)


def test_a_suggestion_at_odds_with_a_decision_is_not_accepted_by_confirming() -> None:
    before = context(
        decisions=(Decision(span("New York", "ORG"), "file"),), suggestions=(guess("New York City", "LOC"),)
    )
    assert before.suggestion_state(before.suggestions[0]) is SuggestionState.CONFLICT
    assert decided(verbs.confirm(before, 0, cursor=0)) == []


def test_accepting_a_dissent_puts_it_in_place_of_the_decision() -> None:
    conflict = guess("New York City", "LOC")
    before = context(decisions=(Decision(span("New York", "ORG"), "file"),), suggestions=(conflict,))
    after = apply(before, verbs.accept(before, conflict.span.start, cursor=0))
    assert [d.span for d in after.decisions] == [conflict.span]


def test_flagging_twice_is_the_way_back() -> None:
    before = context()
    once = verbs.flag(before, 0, cursor=0)
    twice = verbs.flag(apply(before, once), 0, cursor=0)
    assert (once.added, twice.removed, twice.added) == ((SentenceState(0, "untouched", True),), once.added, ())

"""Settling: what a person says of a possible error is a decision or a rejection, whichever reading it is for."""

from __future__ import annotations

from neighbourhoods import context, guess, span

from ner_tui.domain.annotation import verbs
from ner_tui.domain.annotation.edits import Decision, Rejection, SentenceState
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.annotation.verb_table import Verb

GIVEN, PROPOSED = span("New York", "ORG"), span("New York City", "LOC")
ERROR = PossibleError(1, GIVEN.start, PROPOSED.end, (GIVEN,), (PROPOSED,), 0.9)
BEFORE = context(decisions=(Decision(GIVEN, "file"),))


def test_what_is_annotated_is_kept_as_a_persons_own_word() -> None:
    edit = verbs.settle(BEFORE, ERROR, right=True, cursor=0)
    assert (edit.verb, edit.removed) == (Verb.KEEP, (Decision(GIVEN, "file"),))
    assert edit.added == (SentenceState(0, "in progress"), Decision(GIVEN))


def test_what_is_proposed_takes_the_place_of_what_is_annotated() -> None:
    edit = verbs.settle(BEFORE, ERROR, right=False, cursor=0)
    assert (edit.verb, edit.removed) == (Verb.TAKE_ALTERNATIVE, (Decision(GIVEN, "file"),))
    assert edit.added == (SentenceState(0, "in progress"), Decision(PROPOSED))


def test_that_there_is_no_entity_leaves_a_rejection_of_what_was_annotated() -> None:
    nothing = PossibleError(1, GIVEN.start, GIVEN.end, (GIVEN,), (), 0.9)
    edit = verbs.settle(BEFORE, nothing, right=False, cursor=0)
    assert edit.added == (SentenceState(0, "in progress"), Rejection(GIVEN))


def test_where_nothing_is_annotated_rightly_what_was_proposed_is_rejected() -> None:
    missing = PossibleError(1, PROPOSED.start, PROPOSED.end, (), (PROPOSED,), 0.9)
    edit = verbs.settle(context(), missing, right=True, cursor=0)
    assert (edit.verb, edit.added) == (Verb.KEEP, (SentenceState(0, "in progress"), Rejection(PROPOSED)))


def test_what_was_suggested_there_is_gone_with_either_answer_and_what_stands_beside_stays() -> None:
    inside, beside = guess("York", "PER"), guess("Babbage", "PER")
    before = context(decisions=(Decision(GIVEN, "file"),), suggestions=(beside, inside))
    for right in (True, False):
        assert set(verbs.settle(before, ERROR, right=right, cursor=0).removed) == {inside, Decision(GIVEN, "file")}


def test_what_was_rejected_and_is_decided_now_is_rejected_no_more() -> None:
    refused, other = Rejection(PROPOSED), Rejection(span("Ada", "PER"))
    edit = verbs.settle(context(rejections=(other, refused)), ERROR, right=False, cursor=0)
    assert edit.removed == (refused,)

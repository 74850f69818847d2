"""The correcting verbs, each as one sentence of behaviour on one neighbourhood."""

from __future__ import annotations

from typing import Any

import pytest
from neighbourhoods import TEXT, context, decided, guess, place, span

from ner_tui.domain.annotation import verbs
from ner_tui.domain.annotation.edits import Decision, Rejection, SentenceBoundary, SentenceState
from ner_tui.domain.annotation.suggestions import Alternative
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.errors import EditRefused


def test_labelling_words_decides_a_span_and_puts_the_sentence_in_progress() -> None:
    edit = verbs.label(context(), 0, 12, "PER", cursor=0)
    assert edit.added == (SentenceState(0, "in progress"), Decision(Span(0, 12, "PER")))
    assert edit.removed == ()


@pytest.mark.parametrize(("start", "end"), [(1, 12), (0, 11), (3, 4)])
def test_what_does_not_begin_and_end_with_a_token_is_no_entity(start: int, end: int) -> None:
    with pytest.raises(EditRefused, match="begins and ends with a token"):
        verbs.label(context(), start, end, "PER", cursor=0)


def test_relabelling_a_decision_with_its_own_label_is_refused() -> None:
    with pytest.raises(EditRefused, match="PER already"):
        verbs.relabel(context(decisions=(Decision(span("Ada", "PER")),)), 0, "PER", cursor=0)


@pytest.mark.parametrize(
    ("left", "right", "after"),
    [
        (0, 1, "York City"),
        (-1, 0, "New York"),
        (0, 0, "York"),
        (-1, 1, "New York City"),
    ],
)
def test_edges_move_by_whole_tokens(left: int, right: int, after: str) -> None:
    before = context(decisions=(Decision(span("York", "LOC")),))
    edit = verbs.resize(before, span("York", "LOC").start, left=left, right=right, cursor=0)
    assert decided(edit) == [span(after, "LOC")]


def test_a_span_of_one_token_cannot_shrink() -> None:
    with pytest.raises(EditRefused, match="one token"):
        verbs.resize(context(decisions=(Decision(span("Ada", "PER")),)), 0, right=-1, cursor=0)


def test_extending_over_another_span_trims_it_and_says_so() -> None:
    before = context(decisions=(Decision(span("Mr", "PER")), Decision(span("Babbage in", "ORG"))))
    edit = verbs.resize(before, span("Mr", "PER").start, right=1, cursor=0)
    assert decided(edit) == [span("in", "ORG"), span("Mr Babbage", "PER")]
    assert edit.notice == "trimmed ORG “Babbage in”"


def test_a_span_that_nothing_is_left_of_is_removed() -> None:
    before = context(decisions=(Decision(span("Mr", "PER")), Decision(span("Babbage", "ORG"))))
    edit = verbs.resize(before, span("Mr", "PER").start, right=1, cursor=0)
    assert decided(edit) == [span("Mr Babbage", "PER")]
    assert edit.notice == "removed ORG “Babbage”"


def test_what_a_decision_was_laid_over_does_not_come_forth_when_it_shrinks() -> None:
    whole, rest = Decision(span("New York City", "LOC")), guess("City", "ORG")
    edit = verbs.resize(context(decisions=(whole,), suggestions=(rest,)), whole.span.start, right=-1, cursor=0)
    assert set(edit.removed) == {whole, rest}


def test_crossing_a_sentence_boundary_of_raw_text_asks_first_and_then_joins() -> None:
    before = context(decisions=(Decision(span("City", "LOC")),))
    start = span("City", "LOC").start
    with pytest.raises(verbs.NeedsJoin):
        verbs.resize(before, start, right=2, cursor=0)
    edit = verbs.resize(before, start, right=2, cursor=0, join=True)
    assert SentenceBoundary(len(TEXT)) in edit.removed
    assert "joined" in edit.notice


def test_crossing_a_sentence_boundary_of_a_token_format_is_refused() -> None:
    before = context(origin="tokens", decisions=(Decision(span("City", "LOC")),))
    with pytest.raises(EditRefused, match="its own"):
        verbs.resize(before, span("City", "LOC").start, right=2, cursor=0, join=True)


def test_the_inverse_of_an_edit_swaps_its_sides() -> None:
    edit = verbs.label(context(suggestions=(guess("Ada", "PER"),)), 0, 12, "PER", cursor=3)
    assert edit.inverse.inverse == edit
    assert (edit.inverse.removed, edit.inverse.added) == (edit.added, edit.removed)


@pytest.mark.parametrize(
    ("left", "right", "verb"),
    [
        (-1, 0, Verb.EXTEND_LEFT),
        (1, 0, Verb.SHRINK_LEFT),
        (0, 1, Verb.EXTEND_RIGHT),
        (0, -1, Verb.SHRINK_RIGHT),
    ],
)
def test_moving_an_edge_is_told_by_its_side_and_direction(left: int, right: int, verb: Verb) -> None:
    before = context(decisions=(Decision(span("New York", "LOC")),))
    edit = verbs.resize(before, place("New York")[0], left=left, right=right, cursor=33)
    assert (edit.verb, edit.cursor, edit.removed) == (verb, 33, before.decisions)


@pytest.mark.parametrize(("word", "left", "right"), [("Ada", -1, 0), ("Bath .", 0, 1)])
def test_an_edge_stays_in_the_document(word: str, left: int, right: int) -> None:
    before = context(decisions=(Decision(span(word, "X")),))
    with pytest.raises(EditRefused, match="the document ends here"):
        verbs.resize(before, place(word)[0], left=left, right=right, cursor=0)


def test_every_verb_remembers_where_the_cursor_stood() -> None:
    before = context(suggestions=(guess("New York City", "LOC"),), decisions=(Decision(span("Ada", "PER")),))
    start, end = place("New York City")
    edits = [
        verbs.label(before, 0, 12, "ORG", cursor=5),
        verbs.relabel(before, 0, "ORG", cursor=5),
        verbs.accept(before, start, cursor=5),
        verbs.remove(before, start, cursor=5),
        verbs.confirm(before, start, cursor=5),
        verbs.take(before, Alternative(start, end, "ORG", 0.1), cursor=5),
        verbs.take(before, Alternative(start, end, None, 0.1), cursor=5),
        verbs.flag(before, start, cursor=5),
    ]
    assert {edit.cursor for edit in edits} == {5}
    assert [edit.verb.stored for edit in edits] == [
        "label", "relabel", "accept", "reject", "confirm", "take reading", "take reading", "flag",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        (lambda before: verbs.accept(before, 0, cursor=0), "no suggestion here to accept"),
        (lambda before: verbs.remove(before, 0, cursor=0), "no entity here to remove"),
        (lambda before: verbs.relabel(before, 0, "PER", cursor=0), "no entity here"),
        (lambda before: verbs.take(before, Alternative(0, 3, None, 0.1), cursor=0), "nothing is there already"),
        (lambda before: verbs.confirm(before, 1, cursor=0, end=len(TEXT)), "no sentence is in sight"),
    ],
)
def test_where_there_is_nothing_the_reason_is_told(verb: Any, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        verb(context())


def test_another_reading_across_a_boundary_has_to_be_asked_for_first() -> None:
    start, end = place("City")[0], place("She")[1]
    with pytest.raises(verbs.NeedsJoin):
        verbs.take(context(), Alternative(start, end, "ORG", 0.1), cursor=0)


def test_the_reading_that_nothing_is_there_takes_away_the_decision_too_but_no_conflict() -> None:
    decision, conflict = Decision(span("New York", "ORG")), guess("New York City", "LOC")
    edit = verbs.take(
        context(decisions=(decision,), suggestions=(conflict,)), Alternative(*place("New York"), None, 0.1), cursor=0
    )
    assert (edit.removed, edit.added) == (
        (decision,),
        (Rejection(decision.span), SentenceState(0, "in progress")),
    )


def test_a_rejection_is_put_once_and_taken_away_by_deciding_the_same() -> None:
    city = guess("New York City", "LOC")
    rejected = context(decisions=(Decision(city.span),), rejections=(Rejection(city.span),))
    assert Rejection(city.span) not in verbs.remove(rejected, city.span.start, cursor=0).added
    again = verbs.label(context(rejections=(Rejection(city.span),)), *place("New York City"), "LOC", cursor=0)
    assert again.removed == (Rejection(city.span),)
    other = verbs.label(context(rejections=(Rejection(city.span),)), *place("New York City"), "ORG", cursor=0)
    assert other.removed == ()


def test_a_conflict_is_answered_by_a_decision_over_it() -> None:
    before = context(decisions=(Decision(span("New York", "ORG")),), suggestions=(guess("New York City", "LOC"),))
    edit = verbs.relabel(before, place("New York")[0], "PER", cursor=0)
    assert set(edit.removed) == {*before.decisions, *before.suggestions}
    assert edit.notice == ""


def test_a_long_entity_is_named_by_its_beginning() -> None:
    before = context(decisions=(Decision(span("Ada Lovelace met Mr Babbage in New York City", "PER")),))
    edit = verbs.label(before, *place("City"), "ORG", cursor=0)
    assert edit.notice == "trimmed PER “Ada Lovelace met Mr Babbage in New York…”"
    shorter = context(decisions=(Decision(span("Ada Lovelace met Mr Babbage in New York", "PER")),))
    edit = verbs.label(shorter, *place("York"), "ORG", cursor=0)
    assert edit.notice == "trimmed PER “Ada Lovelace met Mr Babbage in New York”"


def test_a_suggestion_that_a_decision_covers_exactly_goes_without_a_word() -> None:
    before = context(suggestions=(guess("New York City", "LOC"),))
    edit = verbs.label(before, *place("New York City"), "ORG", cursor=0)
    assert (edit.removed, edit.notice) == (before.suggestions, "")
    over = verbs.label(context(suggestions=(guess("York", "LOC"),)), *place("New York City"), "ORG", cursor=0)
    assert over.notice == "replaced LOC “York”"


def test_a_sentence_that_was_touched_is_not_touched_again() -> None:
    for state in (SentenceState(0, "in progress"), SentenceState(0, "confirmed")):
        assert verbs.label(context(states=(state,)), 0, 3, "PER", cursor=0).added == (Decision(Span(0, 3, "PER")),)
    flagged = SentenceState(0, "untouched", flagged=True)
    edit = verbs.label(context(states=(flagged,)), 0, 3, "PER", cursor=0)
    assert (edit.removed, edit.added[0]) == ((flagged,), SentenceState(0, "in progress", flagged=True))


def test_confirming_keeps_the_flag_and_is_refused_where_nothing_is_left_to_do() -> None:
    before = context(states=(SentenceState(0, "in progress", flagged=True),))
    assert verbs.confirm(before, 0, cursor=0).added == (SentenceState(0, "confirmed", flagged=True),)
    with pytest.raises(EditRefused, match="confirmed already"):
        verbs.confirm(context(states=(SentenceState(0, "confirmed"),)), 0, cursor=0)


def test_joining_sentences_puts_the_whole_in_progress() -> None:
    start, end = place("City")[0], place("She")[1]
    before = context(states=(SentenceState(len(TEXT), "confirmed", flagged=True),))
    edit = verbs.label(before, start, end, "ORG", cursor=0, join=True)
    assert edit.removed == (SentenceBoundary(len(TEXT)), SentenceState(len(TEXT), "confirmed", flagged=True))
    assert edit.added == (SentenceState(0, "in progress", flagged=True), Decision(Span(start, end, "ORG")))
    assert edit.notice == "joined the sentences"


def test_what_a_span_is_laid_over_keeps_all_of_its_other_words() -> None:
    before = context(decisions=(Decision(span("New York City", "LOC")),))
    edit = verbs.label(before, *place("New"), "ORG", cursor=0)
    assert decided(edit) == [span("York City", "LOC"), span("New", "ORG")]
    edit = verbs.label(before, *place("City"), "ORG", cursor=0)
    assert decided(edit) == [span("New York", "LOC"), span("City", "ORG")]

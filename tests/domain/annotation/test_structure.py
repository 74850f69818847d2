"""Structure: tokens and sentences of raw text cut anew, notes, and what either is refused for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from neighbourhoods import NEXT, TEXT, context, guess, place, span

from ner_tui.domain.annotation import structure
from ner_tui.domain.annotation.edits import Decision, Item, Note, Rejection, SentenceBoundary, SentenceState
from ner_tui.domain.annotation.edits import TokenBoundary as Between
from ner_tui.domain.annotation.neighbourhood import Neighbourhood
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.errors import EditRefused

SECOND = len(TEXT)
"""Where the second sentence starts."""
# "do|n't stop| now": the last two tokens are apart, and a second sentence follows without white space.
TOUCHING = (
    Sentence(0, "don't stop", (Token(0, 2), Token(2, 5), Token(6, 10))),
    Sentence(10, "now", (Token(10, 13),)),
)


@pytest.mark.parametrize("offset", [1, 2])
def test_a_token_is_split_inside_and_its_sentence_is_in_progress(offset: int) -> None:
    edit = structure.split_token(context(), offset, cursor=0)
    assert (edit.verb, edit.removed) == (Verb.SPLIT_TOKEN, ())
    assert edit.added == (Between(offset), SentenceState(0, "in progress"))


@pytest.mark.parametrize("offset", [0, 3, 4, 12])
def test_there_is_nothing_to_split_at_the_edge_of_a_token(offset: int) -> None:
    with pytest.raises(EditRefused, match="no token to split"):
        structure.split_token(context(), offset, cursor=0)


@pytest.mark.parametrize("offset", [0, 1])
def test_a_token_is_merged_with_the_next_one(offset: int) -> None:
    edit = structure.merge_tokens(Neighbourhood("text", TOUCHING), offset, cursor=offset)
    assert (edit.verb, edit.removed, edit.cursor) == (Verb.MERGE_TOKENS, (Between(2),), offset)
    assert edit.added == (SentenceState(0, "in progress"),)


@pytest.mark.parametrize(
    ("offset", "reason"),
    [
        (2, "white space stands between"),
        (5, "no token here"),
        (6, "a sentence begins between them"),
        (10, "no token after this one"),
        (13, "no token here"),
    ],
)
def test_tokens_that_cannot_be_one_are_told_apart_by_the_reason(offset: int, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        structure.merge_tokens(Neighbourhood("text", TOUCHING), offset, cursor=0)


@pytest.mark.parametrize("edges", [(0, 2), (2, 5)])
@pytest.mark.parametrize("kind", [Decision, lambda span: Suggestion(span, 0.9, 0.9)])
def test_tokens_between_which_an_entity_begins_or_ends_are_not_merged(edges: tuple[int, int], kind: type) -> None:
    item = kind(Span(*edges, "PER"))
    items = {f"{type(item).__name__.lower()}s": (item,)}
    before = replace(Neighbourhood("text", TOUCHING), **items)  # type: ignore[arg-type]
    with pytest.raises(EditRefused, match="an entity begins or ends between them"):
        structure.merge_tokens(before, 0, cursor=0)


@pytest.mark.parametrize("edges", [(0, 2), (2, 5)])
@pytest.mark.parametrize("kind", [Rejection, lambda span: Suggestion(span, -0.6, 0.2)])
def test_what_nobody_sees_is_no_reason_against_a_merge_and_goes(edges: tuple[int, int], kind: type) -> None:
    hidden, beside = kind(Span(*edges, "PER")), kind(Span(0, 5, "PER"))
    items = {f"{type(hidden).__name__.lower()}s": (hidden, beside)}
    edit = structure.merge_tokens(replace(Neighbourhood("text", TOUCHING), **items), 0, cursor=0)  # type: ignore[arg-type]
    assert edit.removed == (Between(2), hidden)


def test_tokens_inside_one_entity_are_merged() -> None:
    before = Neighbourhood("text", TOUCHING, decisions=(Decision(Span(0, 5, "PER")),))
    assert structure.merge_tokens(before, 0, cursor=0).removed == (Between(2),)


def test_a_sentence_is_cut_before_a_token_and_both_parts_are_in_progress() -> None:
    start, _ = place("met")
    edit = structure.move_boundary(context(), start + 1, cursor=7)
    assert (edit.verb, edit.removed, edit.cursor) == (Verb.SPLIT_SENTENCE, (), 7)
    assert set(edit.added) == {
        SentenceBoundary(start),
        SentenceState(0, "in progress"),
        SentenceState(start, "in progress"),
    }


def test_of_a_flagged_sentence_that_is_cut_the_first_part_keeps_the_flag() -> None:
    state = SentenceState(0, "confirmed", flagged=True)
    start, _ = place("met")
    edit = structure.move_boundary(context(states=(state,)), start, cursor=0)
    assert edit.removed == (state,)
    assert [item for item in edit.added if isinstance(item, SentenceState)] == [
        SentenceState(0, "in progress", flagged=True),
        SentenceState(start, "in progress"),
    ]


@pytest.mark.parametrize(
    "items", [{"decisions": (Decision(span("Mr Babbage", "PER")),)}, {"suggestions": (guess("Mr Babbage", "PER"),)}]
)
def test_a_sentence_is_not_cut_through_an_entity_but_before_and_after_it(items: dict[str, Any]) -> None:
    before = context(**items)
    with pytest.raises(EditRefused, match="an entity would lie across"):
        structure.move_boundary(before, place("Babbage")[0], cursor=0)
    for word in ("Mr", "in New"):
        assert structure.move_boundary(before, place(word)[0], cursor=0).verb is Verb.SPLIT_SENTENCE


@pytest.mark.parametrize("through", [True, False])
@pytest.mark.parametrize("kind", ["rejections", "suggestions"])
def test_what_nobody_sees_is_no_reason_against_a_cut_and_goes_if_it_would_lie_across(kind: str, through: bool) -> None:
    hidden = Rejection(span("Mr Babbage", "PER")) if kind == "rejections" else guess("Mr Babbage", "PER", -0.6, 0.2)
    start, _ = place("Babbage" if through else "Mr")
    items: dict[str, Any] = {kind: (hidden,)}
    edit = structure.move_boundary(context(**items), start, cursor=0)
    assert edit.verb is Verb.SPLIT_SENTENCE
    assert edit.removed == ((hidden,) if through else ())


@pytest.mark.parametrize("kind", ["decisions", "rejections"])
def test_a_sentence_is_cut_right_behind_a_span_that_the_next_token_touches_and_the_span_stays(kind: str) -> None:
    item = Decision(Span(0, 2, "PER")) if kind == "decisions" else Rejection(Span(0, 2, "PER"))
    before = replace(Neighbourhood("text", TOUCHING), **{kind: (item,)})  # type: ignore[arg-type]
    edit = structure.move_boundary(before, 2, cursor=0)
    assert (edit.verb, edit.removed) == (Verb.SPLIT_SENTENCE, ())


@pytest.mark.parametrize(
    ("states", "removed", "added"),
    [
        ((), (), (SentenceState(0, "in progress"),)),
        ((SentenceState(0, "in progress"),), (), ()),
        (
            (SentenceState(0, "confirmed"), SentenceState(SECOND, "confirmed")),
            (SentenceState(SECOND, "confirmed"), SentenceState(0, "confirmed")),
            (SentenceState(0, "in progress"),),
        ),
        (
            (SentenceState(0, "in progress"), SentenceState(SECOND, "untouched", flagged=True)),
            (SentenceState(SECOND, "untouched", flagged=True), SentenceState(0, "in progress")),
            (SentenceState(0, "in progress", flagged=True),),
        ),
    ],
)
def test_a_sentence_that_is_joined_to_the_one_before_gives_up_its_state_and_hands_on_its_flag(
    states: tuple[SentenceState, ...], removed: tuple[Item, ...], added: tuple[Item, ...]
) -> None:
    edit = structure.move_boundary(context(states=states), SECOND, cursor=SECOND)
    assert (edit.verb, edit.cursor) == (Verb.JOIN_SENTENCES, SECOND)
    assert edit.removed == (SentenceBoundary(SECOND), *removed)
    assert edit.added == added


def test_a_sentence_is_joined_to_the_one_right_before_it() -> None:
    *others, last = sentences = [Sentence(4 * at, "Ada ", (Token(4 * at, 4 * at + 3),)) for at in range(3)]
    flags = tuple(SentenceState(each.start, "in progress", flagged=True) for each in others[:1])
    edit = structure.move_boundary(Neighbourhood("text", tuple(sentences), states=flags), last.start, cursor=0)
    assert edit.removed == (SentenceBoundary(8),)
    assert edit.added == (SentenceState(4, "in progress"),)


def test_the_first_sentence_is_joined_to_nothing() -> None:
    with pytest.raises(EditRefused, match="first sentence"):
        structure.move_boundary(context(), 1, cursor=0)


def test_the_tokens_and_sentences_of_a_token_format_are_its_own() -> None:
    before = context(origin="tokens")
    for change in (structure.split_token, structure.merge_tokens, structure.move_boundary):
        with pytest.raises(EditRefused, match="of a CoNLL file are its own"):
            change(before, 1, cursor=0)


def test_a_note_is_put_changed_and_taken_away() -> None:
    other, old, new = Note(0, 12, "elsewhere"), Note(0, 3, "who?"), Note(0, 3, "the countess")
    put = structure.note(context(notes=(other,)), 0, 3, "who?", cursor=2)
    assert (put.verb, put.removed, put.added, put.cursor) == (Verb.NOTE, (), (old,), 2)
    changed = structure.note(context(notes=(other, old)), 0, 3, "the countess", cursor=0)
    assert (changed.verb, changed.removed, changed.added) == (Verb.NOTE, (old,), (new,))
    gone = structure.note(context(notes=(other, old)), 0, 3, " ", cursor=0)
    assert (gone.verb, gone.removed, gone.added) == (Verb.REMOVE_NOTE, (old,), ())


@pytest.mark.parametrize(("text", "reason"), [("who?", "as it was"), ("", "no note here")])
def test_a_note_that_changes_nothing_is_refused(text: str, reason: str) -> None:
    there = (Note(0, 3, "who?"),) if text else (Note(0, 12, "elsewhere"),)
    with pytest.raises(EditRefused, match=re.escape(reason)):
        structure.note(context(notes=there), 0, 3, text, cursor=0)


def test_the_second_sentence_is_the_one_that_starts_after_the_first() -> None:
    assert context().sentence_at(SECOND).text == NEXT

"""A neighbourhood: what stands where, and what a suggestion is to a reviewer given all the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from neighbourhoods import NEXT, TEXT, context, guess, place, span

from ner_tui.domain.annotation.edits import Decision, Edit, Note, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import SuggestionState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.document import Sentence, Status
from ner_tui.domain.spans import Span, Token

ADA, CITY = Decision(span("Ada Lovelace", "PER")), Decision(span("New York City", "LOC"))
START, END = place("New York City")


def test_it_goes_from_the_first_sentence_to_the_end_of_the_last() -> None:
    both = context()
    later = replace(both, sentences=both.sentences[1:])
    assert (both.start, both.end) == (0, len(TEXT + NEXT))
    assert (later.start, later.end) == (len(TEXT), len(TEXT + NEXT))
    assert later.text(*place("liked Bath")) == "liked Bath"


def test_its_tokens_are_those_of_all_sentences_or_those_that_are_near() -> None:
    assert [context().text(*token) for token in context().tokens] == (TEXT + NEXT).split()
    near = replace(context(), near=(place("City")[0], place("She")[1]))
    assert [near.text(*token) for token in near.tokens] == ["City", ".", "She"]


@pytest.mark.parametrize(
    ("offset", "start"),
    [
        (0, 0),
        (len(TEXT) - 1, 0),
        (len(TEXT), len(TEXT)),
        (len(TEXT + NEXT), len(TEXT)),
        (len(TEXT + NEXT) + 9, len(TEXT)),
    ],
)
def test_a_character_belongs_to_the_sentence_that_starts_last_before_it(offset: int, start: int) -> None:
    assert context().sentence_at(offset).start == start


def test_what_lies_before_the_first_sentence_is_counted_to_it() -> None:
    later = replace(context(), sentences=context().sentences[1:])
    assert later.sentence_at(0).start == len(TEXT)


def test_a_sentence_without_a_stored_state_is_untouched() -> None:
    stored = SentenceState(0, "confirmed", flagged=True)
    known = context(states=(stored,))
    first, second = known.sentences
    assert (known.sentence_state(first), known.has_state(first)) == (stored, True)
    assert (known.sentence_state(second), known.has_state(second)) == (SentenceState(len(TEXT), "untouched"), False)


@pytest.mark.parametrize(
    ("start", "end", "over"),
    [
        (0, 1, [ADA]),
        (11, 12, [ADA]),
        (12, START, []),
        (11, START + 1, [ADA, CITY]),
        (START - 1, START, []),
        (END - 1, END + 5, [CITY]),
        (END, END + 5, []),
        (0, END, [ADA, CITY]),
    ],
)
def test_decisions_over_a_stretch_share_a_character_with_it(start: int, end: int, over: list[Decision]) -> None:
    known = context(decisions=(ADA, CITY))
    assert list(known.decisions_over(start, end)) == over
    assert known.decision_at(start) == (over[0] if over and over[0].span.start <= start else None)


@pytest.mark.parametrize(
    ("score", "margin", "items", "state"),
    [
        (0.9, 0.5, {}, SuggestionState.OPEN),
        (0.66, 0.1, {}, SuggestionState.OPEN),
        (0.65, 0.5, {}, SuggestionState.DOUBTFUL),
        (0.4, 0.5, {}, SuggestionState.DOUBTFUL),
        (0.99, 0.9, {"labelled": True}, SuggestionState.DENIED),
        (0.4, 0.1, {"labelled": True}, SuggestionState.DENIED),
        (0.2, 0.1, {"labelled": True}, SuggestionState.BELOW_THRESHOLD),
        (0.9, 0.9, {"labelled": True, "decisions": (CITY,)}, SuggestionState.ANSWERED),
        (0.9, 0.9, {"labelled": True, "states": (SentenceState(0, "confirmed"),)}, SuggestionState.SETTLED),
        (0.39, -0.2, {}, SuggestionState.BELOW_THRESHOLD),
        (0.9, 0.9, {"decisions": (CITY,)}, SuggestionState.ANSWERED),
        (0.2, 0.1, {"decisions": (CITY,)}, SuggestionState.ANSWERED),
        (0.9, 0.9, {"rejections": (Rejection(CITY.span),)}, SuggestionState.ANSWERED),
        (0.9, 0.9, {"rejections": (Rejection(span("New York City", "ORG")),)}, SuggestionState.ANSWERED),
        (0.9, 0.9, {"rejections": (Rejection(span("in New", "LOC")),)}, SuggestionState.ANSWERED),
        (0.2, 0.1, {"rejections": (Rejection(span("York", "LOC")),)}, SuggestionState.ANSWERED),
        (0.9, 0.9, {"rejections": (Rejection(span("in", "LOC")),)}, SuggestionState.OPEN),
        (0.9, 0.9, {"decisions": (Decision(span("York", "LOC"), "file"),)}, SuggestionState.CONFLICT),
        (0.9, 0.9, {"decisions": (Decision(span("York", "LOC")),)}, SuggestionState.SETTLED),
        (
            0.9,
            0.9,
            {"decisions": (Decision(span("New", "LOC"), "file"), Decision(span("York", "LOC")))},
            SuggestionState.SETTLED,
        ),
        (0.9, 0.9, {"decisions": (ADA,)}, SuggestionState.OPEN),
        (0.2, 0.1, {"decisions": (Decision(span("York", "LOC")),)}, SuggestionState.ANSWERED),
        (0.9, 0.9, {"states": (SentenceState(0, "confirmed"),)}, SuggestionState.SETTLED),
        (0.9, 0.9, {"states": (SentenceState(0, "in progress"),)}, SuggestionState.OPEN),
        (0.9, 0.9, {"states": (SentenceState(len(TEXT), "confirmed"),)}, SuggestionState.OPEN),
        (0.2, 0.1, {"states": (SentenceState(0, "confirmed"),)}, SuggestionState.ANSWERED),
    ],
)
def test_what_a_suggestion_is_to_a_reviewer(
    score: float, margin: float, items: dict[str, Any], state: SuggestionState
) -> None:
    said = guess("New York City", "LOC", margin, score)
    assert context(suggestions=(said,), **items).suggestion_state(said) is state


@pytest.mark.parametrize(
    ("status", "state"), [("confirmed", SuggestionState.SETTLED), ("untouched", SuggestionState.OPEN)]
)
def test_a_suggestion_is_settled_by_the_state_of_its_own_sentence(status: Status, state: SuggestionState) -> None:
    said = guess("She", "PER")
    assert context(suggestions=(said,), states=(SentenceState(len(TEXT), status),)).suggestion_state(said) is state


def test_of_several_suggestions_at_a_place_those_to_answer_go_first_then_conflicts_then_the_faint() -> None:
    faint, conflict = guess("New York City", "ORG", score=0.2), guess("New York", "PER")
    doubtful, answered = guess("City", "LOC", margin=0.1), guess("New", "MISC")
    known = context(
        suggestions=(answered, faint, conflict, doubtful),
        decisions=(Decision(span("New", "MISC"), "file"),),
    )
    assert known.suggestion_state(faint) is SuggestionState.ANSWERED
    assert known.suggestions_over(START, END) == [doubtful, conflict]
    assert known.suggestion_at(START) == conflict
    assert known.open_suggestions == (doubtful,)
    free = replace(known, decisions=())
    assert free.suggestions_over(START, END) == [answered, conflict, doubtful, faint]
    assert free.suggestion_at(START) == answered
    assert free.suggestion_at(END) is None
    assert free.suggestion_at(START - 1) is None


def test_after_an_edit_its_items_are_there_and_gone_in_their_order() -> None:
    said, bath = guess("New York City", "LOC"), guess("Bath", "LOC")
    before = context(decisions=(CITY,), suggestions=(bath,), states=(SentenceState(len(TEXT), "confirmed"),))
    touched, rejection = SentenceState(0, "in progress"), Rejection(CITY.span)
    edit = Edit(Verb.OTHER, (CITY,), (ADA, said, rejection, touched, Note(0, 3, "?")))
    after = before.after(edit)
    assert after.decisions == (ADA,)
    assert after.suggestions == (said, bath)
    assert after.rejections == (rejection,)
    assert after.states == (touched, SentenceState(len(TEXT), "confirmed"))
    assert after.after(edit.inverse) == before
    absent = Edit(Verb.OTHER, (Decision(span("Bath", "ORG")),), ())
    assert before.after(absent) == before


def test_a_sentence_knows_its_words_its_end_and_the_tokens_that_touch_a_stretch() -> None:
    sentence = Sentence(10, "Ada met Bo. ", (Token(10, 13), Token(14, 17), Token(18, 20), Token(20, 21)))
    assert sentence.end == 22
    assert sentence.words == ["Ada", "met", "Bo", "."]
    assert sentence.tokens_touching(13, 18) == (Token(14, 17),)
    assert sentence.tokens_touching(12, 19) == (Token(10, 13), Token(14, 17), Token(18, 20))
    assert sentence.tokens_touching(17, 18) == ()


def test_a_decision_is_found_by_the_characters_it_covers_alone() -> None:
    known = context(decisions=(Decision(Span(4, 8, "PER")),))
    assert [offset for offset in range(12) if known.decision_at(offset)] == [4, 5, 6, 7]

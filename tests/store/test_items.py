"""Items by place: what touches a stretch, what a person sees next, and what is known around a key press."""

from __future__ import annotations

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import (
    Decision,
    Item,
    Note,
    Rejection,
    SentenceBoundary,
    SentenceState,
    TokenBoundary,
)
from ner_tui.domain.annotation.suggestions import Suggestion, SuggestionState
from ner_tui.domain.spans import Span
from ner_tui.store import items as items_module
from ner_tui.store.project import Project

TEXTS = ("Ada met Bo. ", "Eve left Rome. ", "Bo sat.")
ADA, BO, EVE, ROME, LAST = (
    Span(0, 3, "PER"),
    Span(8, 10, "PER"),
    Span(12, 15, "PER"),
    Span(21, 25, "LOC"),
    Span(27, 29, "PER"),
)


def project(*items: Item) -> Project:
    made = project_of(TEXTS, ["Zoe ran."])
    for item in items:
        made.items.put(1, item)
    return made


@pytest.mark.parametrize(
    "item",
    [
        Decision(ADA, "file"),
        Rejection(ADA),
        SentenceState(12, "confirmed", True),
        Note(0, 3, "who?"),
    ],
)
def test_an_item_is_there_until_it_is_taken(item: Item) -> None:
    made = project(item)
    known = made.items.known(1, 0, 34)
    assert [*known.decisions, *known.rejections, *known.states, *known.notes] == [item]
    assert not any(made.items.known(2, 0, 34))
    made.items.take(1, item)
    assert not any(made.items.known(1, 0, 34))


def test_only_the_rejection_and_the_note_of_exactly_that_place_are_taken() -> None:
    others = [Rejection(Span(0, 3, "ORG")), Rejection(Span(0, 10, "PER"))]
    made = project(Rejection(ADA), *others, Note(0, 3, "a"), Note(0, 10, "b"))
    made.items.take(1, Rejection(ADA))
    made.items.take(1, Note(0, 3, ""))
    known = made.items.known(1, 0, 34)
    assert (known.rejections, known.notes) == (others, [Note(0, 10, "b")])


def test_boundaries_cut_the_text_anew_and_make_predictions_stale() -> None:
    made = project()
    made.items.take(1, SentenceBoundary(12))
    made.items.put(1, TokenBoundary(2))
    assert [sentence.start for sentence in made.content.sentences(1)] == [0, 27]
    first = made.content.sentence_at(1, 0)
    assert first
    assert first.words[:2] == ["Ad", "a"]
    made.items.take(1, TokenBoundary(2))
    made.items.put(1, SentenceBoundary(12))
    assert [sentence.start for sentence in made.content.sentences(1)] == [0, 12, 27]
    assert [made.content.document(document).revision for document in (1, 2)] == [4, 0]


@pytest.mark.parametrize(
    ("start", "end", "spans"),
    [
        (0, 34, [ADA, BO, ROME]),
        (2, 3, [ADA]),
        (3, 8, []),
        (2, 9, [ADA, BO]),
        (9, 10, [BO]),
        (10, 21, []),
        (24, 34, [ROME]),
    ],
)
def test_decisions_and_suggestions_are_known_where_they_share_a_character(
    start: int, end: int, spans: list[Span]
) -> None:
    decided = project(*map(Decision, (ADA, BO, ROME)))
    assert [each.span for each in decided.items.known(1, start, end).decisions] == spans
    predicted = project()
    predict(predicted, 1, ADA, BO, ROME)
    assert [each.span for each, _ in predicted.items.suggestions(1, start, end)] == spans
    assert [each.span for each, _ in predicted.items.known(1, start, end).suggestions] == spans
    assert predicted.items.known(1, start, end, suggestions=False).suggestions == []


def test_rejections_notes_and_states_are_known_where_they_begin() -> None:
    made = project(Rejection(BO), Note(8, 10, "?"), SentenceState(0, "confirmed"), SentenceState(12, "in progress"))
    inside, behind = made.items.known(1, 8, 9), made.items.known(1, 9, 12)
    assert (len(inside.rejections), len(inside.notes), len(inside.states)) == (1, 1, 0)
    assert not any(behind)
    assert made.items.known(1, 8, 9, 0, 12).states == [SentenceState(0, "confirmed")]
    assert made.items.known(1, 8, 9, 0, 13).states == [SentenceState(0, "confirmed"), SentenceState(12, "in progress")]
    assert (made.items.status_at(1, 0), made.items.status_at(1, 12), made.items.status_at(1, 27)) == (
        "confirmed",
        "in progress",
        "untouched",
    )


def test_all_notes_are_told_with_their_documents() -> None:
    made = project(Note(8, 10, "b"), Note(0, 3, "a"))
    made.items.put(2, Note(0, 3, "c"))
    assert list(made.items.all_notes()) == [(1, Note(0, 3, "a")), (1, Note(8, 10, "b")), (2, Note(0, 3, "c"))]


def test_everything_that_carries_a_label_is_found() -> None:
    made = project(Decision(ADA, "file"), Decision(BO), Decision(ROME), Rejection(EVE), Rejection(Span(0, 3, "ORG")))
    predict(made, 1, Span(27, 29, "ORG"), EVE)
    decisions, rejections, suggestions = made.items.carrying(1, ["PER", "ORG"])
    assert decisions == [Decision(ADA, "file"), Decision(BO)]
    assert rejections == [Rejection(Span(0, 3, "ORG")), Rejection(EVE)]
    assert [each.span for each in suggestions] == [EVE, Span(27, 29, "ORG")]
    assert made.items.carrying(2, ["PER"]) == ([], [], [])


def test_a_neighbourhood_has_the_sentences_around_with_all_that_is_known_of_them() -> None:
    made = project(Decision(ADA), Rejection(EVE), SentenceState(27, "confirmed"), Note(12, 15, "?"))
    predict(made, 1, ROME)
    hood = made.items.neighbourhood(1, 13, 14)
    assert [each.start for each in hood.sentences] == [0, 12, 27]
    assert (hood.origin, hood.near) == ("text", None)
    assert (hood.decisions, hood.rejections) == ((Decision(ADA),), (Rejection(EVE),))
    assert (hood.states, hood.notes) == ((SentenceState(27, "confirmed"),), (Note(12, 15, "?"),))
    assert [each.span for each in hood.suggestions] == [ROME]
    alone = made.items.neighbourhood(1, 13, 14, 0)
    assert ([each.start for each in alone.sentences], alone.decisions, alone.states) == ([12], (), ())


def test_of_long_sentences_a_neighbourhood_has_what_is_near_and_spans_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items_module, "NEAR", 5)
    made = project_of(["w" * 9 + " word" * 20])
    for start, end in ((0, 9), (25, 34), (40, 44), (50, 64), (70, 74)):
        made.items.put(1, Decision(Span(start, end, "X")))
    hood = made.items.neighbourhood(1, 42, 43)
    assert project_of(["word word "]).items.neighbourhood(1, 5, 6).near is None
    assert project_of(["word word, "]).items.neighbourhood(1, 0, 1).near == (0, 6)
    # From 40 to 44 is the span at the place, five more on either side touch nothing else.
    assert hood.near == (35, 49)
    assert [each.span.start for each in hood.decisions] == [40]
    assert made.items.neighbourhood(1, 46, 47).near == (40, 64)
    assert made.items.neighbourhood(1, 37, 38).near == (25, 44)
    assert made.items.neighbourhood(1, 2, 3).near == (0, 14)


@pytest.mark.parametrize(
    ("offset", "step", "blind", "start"),
    [
        (-1, 1, False, 0),
        (0, 1, False, 12),
        (12, 1, False, 27),
        (27, 1, False, None),
        (40, -1, False, 27),
        (27, -1, False, 12),
        (12, -1, False, 0),
        (0, -1, False, None),
        (0, 1, True, 12),
        (12, 1, True, None),
        (40, -1, True, 12),
    ],
)
def test_the_next_span_is_a_decision_or_a_suggestion_that_is_shown(
    offset: int, step: int, blind: bool, start: int | None
) -> None:
    made = project(Decision(ADA), SentenceState(12, "in progress"), Rejection(ROME))
    predict(made, 1, EVE, ROME, LAST)
    assert made.items.next_start(1, offset, step, blind=blind) == start


@pytest.mark.parametrize(
    ("document", "offset", "place"),
    [(1, -1, (1, 0)), (1, 0, (1, 27)), (1, 12, (1, 27)), (1, 27, (2, 0)), (2, 0, None)],
)
def test_the_next_sentence_that_is_not_confirmed_may_stand_in_the_next_document(
    document: int, offset: int, place: tuple[int, int] | None
) -> None:
    made = project(SentenceState(12, "confirmed"), SentenceState(27, "in progress"))
    assert made.items.next_unconfirmed(document, offset) == place


def test_the_stored_states_of_suggestions_follow_what_is_decided_around_them() -> None:
    made = project()
    predict(made, 1, ADA, EVE, ROME)
    made.items.put(1, Decision(Span(0, 10, "PER"), "file"))
    made.items.put(1, Rejection(EVE))
    made.items.restate(1, 0, 12)
    states = {each.span: state for each, state in made.items.suggestions(1, 0, 34)}
    assert states == {ADA: SuggestionState.CONFLICT, EVE: SuggestionState.OPEN, ROME: SuggestionState.OPEN}
    made.items.restate(1, 12, 13)
    made.items.put(1, SentenceState(12, "confirmed"))
    made.items.restate_within(1, [(0, 3), (21, 22)], made.items.neighbourhood(1, 0, 34))
    states = {each.span: state for each, state in made.items.suggestions(1, 0, 34)}
    assert states == {ADA: SuggestionState.CONFLICT, EVE: SuggestionState.ANSWERED, ROME: SuggestionState.SETTLED}


def test_a_sentence_has_its_range_and_an_empty_document_none() -> None:
    made = project()
    assert made.items.sentence_range(1, 13) == (12, 27)
    assert made.items.sentence_range(9, 13) == (13, 13)


def test_a_suggestion_is_put_back_and_taken() -> None:
    made = project()
    run = predict(made, 1, ADA)
    ((said, _),) = made.items.suggestions(1, 0, 34)
    made.items.take(1, said)
    assert made.items.suggestions(1, 0, 34) == []
    made.items.put(1, said)
    assert [each for each, _ in made.items.suggestions(1, 0, 34)] == [Suggestion(ADA, 0.9, 0.9, (), run)]

"""Finding: the places that may answer a query, in order and in both directions, however far apart they are."""

from __future__ import annotations

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, Note, SentenceState
from ner_tui.domain.annotation.query import parse
from ner_tui.domain.spans import Span
from ner_tui.store import finder
from ner_tui.store.finder import Candidate
from ner_tui.store.project import Project

TEXTS = ("Ada met Bo. ", "Eve left Rome. ", "Bo sat.")


@pytest.fixture
def project() -> Project:
    made = project_of(TEXTS, ["Bo ran."])
    made.items.put(1, Decision(Span(0, 3, "PER")))
    made.items.put(1, Decision(Span(21, 25, "LOC")))
    made.items.put(2, Decision(Span(0, 2, "PER")))
    for start, status in ((0, "confirmed"), (12, "in progress")):
        made.items.put(1, SentenceState(start, status, start == 12))  # type: ignore[arg-type]
    made.items.put(2, SentenceState(0, "confirmed", True))
    made.items.put(1, Note(12, 15, "?"))
    predict(made, 1, Span(8, 10, "PER"), Span(27, 29, "PER"), score=0.9)
    return made


def found(project: Project, query: str, place: tuple[int, int], step: int) -> list[tuple[int, int]]:
    return [(each.document, each.start) for each in project.finder.candidates(parse(query), *place, step) if each.real]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("bo", [(1, 0), (1, 27), (2, 0)]),
        ("/./", [(1, 0), (1, 12), (1, 27), (2, 0)]),
        # What is suggested in a sentence that was confirmed is settled.
        ("label:per", [(1, 0), (1, 27), (2, 0)]),
        ("is:decided", [(1, 0), (1, 21), (2, 0)]),
        ("is:suggested", [(1, 27)]),
        ("score:>0.95", []),
        ("score:0.9 label:PER", [(1, 27)]),
        ("is:confirmed", [(1, 0), (2, 0)]),
        ("is:flagged", [(1, 12), (2, 0)]),
        ("is:noted", [(1, 12)]),
    ],
)
def test_places_are_found_in_order_from_the_beginning_and_from_the_end(
    project: Project, query: str, places: list[tuple[int, int]]
) -> None:
    assert found(project, query, (0, -1), 1) == places
    assert found(project, query, (3, 0), -1) == places[::-1]


@pytest.mark.parametrize(
    ("place", "step", "places"),
    [((1, 0), 1, [(1, 27), (2, 0)]), ((1, 27), 1, [(2, 0)]), ((1, 27), -1, [(1, 0)]), ((1, 0), -1, [])],
)
def test_what_stands_at_the_place_itself_is_left_out(
    project: Project, place: tuple[int, int], step: int, places: list[tuple[int, int]]
) -> None:
    assert found(project, "bo", place, step) == places


def test_sentences_come_with_their_text(project: Project) -> None:
    every = list(project.finder.candidates(parse("bo"), 1, 0, 1))
    assert every == [Candidate(1, 27, True, "Bo sat."), Candidate(2, 0, True, "Bo ran.")]


@pytest.mark.parametrize("step", [1, -1])
def test_where_much_is_looked_through_it_is_told_how_far_it_got(
    project: Project, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "ROWS", 2)
    place = (0, -1) if step > 0 else (3, 0)
    every = list(project.finder.candidates(parse("is:decided"), *place, step))
    decided = [(1, 0), (1, 21), (2, 0)][::step]
    assert [(each.document, each.start) for each in every if each.real] == decided
    assert [(each.document, each.start) for each in every if not each.real] == [decided[1]]


def test_signs_of_a_pattern_are_words_like_others() -> None:
    made = project_of(["100% of a_b. ", "100 of axb. "])
    assert found(made, "0%", (0, -1), 1) == found(made, "a_b", (0, -1), 1) == [(1, 0)]


def test_flagged_sentences_are_told_in_order(project: Project) -> None:
    assert list(project.finder.flagged()) == [(1, 12), (2, 0)]

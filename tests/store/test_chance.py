"""Sentences by chance: which are drawn, when one still waits, and what the drawn ones tell."""

from __future__ import annotations

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, Edit, Item, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.evaluation.auditing import chance_rank
from ner_tui.domain.spans import Span
from ner_tui.store.audits import SEED, SHARE, Audited
from ner_tui.store.project import Project

TEXTS = [f"Ada met {at:03}. " for at in range(60)]
SIZE = len(TEXTS[0])
STARTS = [SIZE * at for at in range(len(TEXTS))]
DRAWN = sorted(
    (start for start in STARTS if chance_rank(SEED, 1, start) % SHARE == 0),
    key=lambda start: chance_rank(SEED, 1, start),
)


@pytest.fixture
def project() -> Project:
    made = project_of(TEXTS)
    made.audits.add(1, STARTS)
    return made


def edit(project: Project, start: int, *added: Item) -> None:
    project.journal.apply(1, Edit(Verb.OTHER, (), added, start), time=0.0, annotator="ada")


def test_one_in_so_many_sentences_waits_in_the_order_of_chance(project: Project) -> None:
    assert 3 <= len(DRAWN) <= 20
    assert list(project.audits.waiting()) == [(1, start) for start in DRAWN]
    assert all(project.audits.holds(1, start) is (start in DRAWN) for start in STARTS)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_all_wait_however_they_fill_the_batches_that_they_are_asked_for_in(
    project: Project, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    monkeypatch.setattr("ner_tui.store.audits.BATCH", len(DRAWN) // 2 + more)
    assert list(project.audits.waiting()) == [(1, start) for start in DRAWN]


def test_a_sentence_that_is_confirmed_or_corrected_waits_no_more(project: Project) -> None:
    first, second, third, *rest = DRAWN
    edit(project, first, SentenceState(first, "confirmed"))
    edit(project, second, Decision(Span(second, second + 3, "PER")))
    edit(project, third, SentenceState(third, "in progress"))
    assert list(project.audits.waiting()) == [(1, start) for start in (third, *rest)]
    assert [project.audits.holds(1, start) for start in DRAWN[:3]] == [False, False, True]


def test_a_correction_of_the_next_sentence_is_none_of_this_one(project: Project) -> None:
    first = DRAWN[0]
    edit(project, first + SIZE, Decision(Span(first + SIZE, first + SIZE + 3, "PER")))
    assert project.audits.holds(1, first)
    edit(project, first + SIZE - 1, Decision(Span(first + 4, first + 7, "PER")))
    assert not project.audits.holds(1, first)
    project.journal.undo(time=0.0, annotator="ada")
    assert project.audits.holds(1, first)


def test_what_a_prediction_doubts_is_drawn_no_more_and_where_one_predicted_it_has_to_have_looked(
    project: Project,
) -> None:
    first, second = DRAWN[:2]
    predict(project, 1, Span(first, first + 3, "PER"), score=0.6)
    assert list(project.audits.waiting()) == [(1, start) for start in DRAWN[1:]]
    predict(project, 1, Span(second, second + 3, "PER"), margin=0.9)
    assert list(project.audits.waiting()) == [(1, start) for start in DRAWN]


def test_until_it_is_predicted_nothing_is_drawn_where_something_else_is(project: Project) -> None:
    other = project.content.add_document(1, "d2", "text")
    project.audits.add(other, STARTS)
    assert {document for document, _ in project.audits.waiting()} == {1, other}
    predict(project, 1)
    assert {document for document, _ in project.audits.waiting()} == {1}


def test_a_problem_of_the_source_is_no_matter_of_chance(project: Project) -> None:
    first = DRAWN[0]
    project.bulk_insert.add_problems(
        1, [(first + SIZE - 1, first + SIZE, "odd"), (DRAWN[1] + SIZE, DRAWN[1] + SIZE + 1, "x")]
    )
    assert (1, first) not in list(project.audits.waiting())
    assert (1, DRAWN[1]) in list(project.audits.waiting())


def test_the_drawn_ones_tell_how_many_were_wrong(project: Project) -> None:
    right, wrong, both, unseen = DRAWN[:4]
    for start in (right, wrong, both, unseen):
        project.audits.draw(1, start)
    assert project.audits.audited() == Audited(0, 0)
    edit(project, right, SentenceState(right, "confirmed"))
    edit(project, wrong, Decision(Span(wrong, wrong + 3, "PER")))
    edit(project, both, SentenceState(both, "confirmed"), Decision(Span(both, both + 3, "PER")))
    # Not drawn: somebody came there otherwise.
    edit(project, DRAWN[4], Decision(Span(DRAWN[4], DRAWN[4] + 3, "PER")))
    assert project.audits.audited() == Audited(3, 2, added=2)


def test_left_are_the_sentences_without_a_doubt_that_nobody_confirmed(project: Project) -> None:
    assert project.audits.left() == 60
    edit(project, 0, SentenceState(0, "confirmed"))
    assert project.audits.left() == 59
    predict(
        project,
        1,
        Span(SIZE, SIZE + 3, "PER"),
        Span(SIZE + 4, SIZE + 7, "PER"),
        Span(2 * SIZE, 2 * SIZE + 3, "X"),
        score=0.6,
    )
    assert project.audits.left() == 57
    edit(project, 5 * SIZE, Rejection(Span(5 * SIZE, 5 * SIZE + 3, "PER")))
    assert project.audits.left() == 57


def test_a_sample_is_as_many_sentences_as_asked_for_the_same_for_the_same_seed(project: Project) -> None:
    name = project.samples.draw(5, 7)
    places = {start for _, start in walk(project, name)}
    assert len(places) == 5
    assert places == set(sorted(STARTS, key=lambda start: chance_rank(7, 1, start))[:5])
    assert project.samples.draw(5, 7) == name
    assert project.samples.progress(name) == (0, 5)
    other = project.samples.draw(5, 8)
    assert {start for _, start in walk(project, other)} != places
    project.samples.forget()
    assert project.samples.progress(name) == (0, 0)


def walk(project: Project, name: str) -> list[tuple[int, int]]:
    found, place = [], project.samples.next(name, (0, -1), 1)
    while place is not None:
        found.append(place)
        place = project.samples.next(name, place, 1)
    return found


def test_a_sample_is_walked_in_both_directions_and_past_what_is_confirmed(project: Project) -> None:
    name = project.samples.draw(4, 7)
    one, two, three, four = walk(project, name)
    assert project.samples.next(name, four, 1) is None
    assert project.samples.next(name, three, -1) == two
    assert project.samples.next(name, one, -1) is None
    edit(project, two[1], SentenceState(two[1], "confirmed"))
    edit(project, three[1], SentenceState(three[1], "in progress"))
    assert project.samples.next(name, one, 1, unconfirmed=True) == three
    assert project.samples.next(name, three, -1, unconfirmed=True) == one
    assert project.samples.next(name, one, 1) == two
    assert project.samples.progress(name) == (1, 4)


def test_a_sample_has_sentences_with_words_alone() -> None:
    blank = project_of([" "], ["Ada."])
    assert walk(blank, blank.samples.draw(5, 0)) == [(2, 0)]


def test_what_a_file_suggests_and_doubts_is_drawn_no_more(project: Project) -> None:
    first = DRAWN[0]
    said = [Suggestion(Span(first, first + 3, "PER"), 0.6, 0.1)]
    project.predictions.add_given(1, 0, STARTS[-1] + SIZE, said, "a.json", time=0.0)
    assert list(project.audits.waiting()) == [(1, start) for start in DRAWN[1:]]

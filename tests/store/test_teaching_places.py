"""What an order of most to learn is made from: places that are alike, rejected words, and sentences to choose from."""

from __future__ import annotations

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, Edit, Rejection, SentenceState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.store import teaching
from ner_tui.store.project import Project

LENGTH = 8
MANY = ["Bo ran. "] * 100


def starts(project: Project) -> list[tuple[int, int]]:
    found = [(document, sentence.start // LENGTH) for document, sentence in project.teaching.candidates()]
    assert len(found) == len(set(found)), "each once"
    return found


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sentences at the beginning and behind the last edit, and one at each of three places."""
    for name, number in (("NEAR", 2), ("PROBES", 3), ("PROBED", 1)):
        monkeypatch.setattr(teaching, name, number)


@pytest.mark.usefixtures("few")
def test_sentences_are_chosen_at_the_beginning_and_all_over_the_project() -> None:
    found = starts(project_of(MANY))
    assert found[:2] == [(1, 0), (1, 1)]
    assert len(found) == 5
    assert max(at for _, at in found) > 50
    assert starts(project_of(MANY)) == found, "the same each time"
    assert {document for document, _ in starts(project_of(MANY[:5], MANY[:5], MANY[:5]))} == {1, 2, 3}


@pytest.mark.usefixtures("few")
def test_those_behind_the_last_edit_come_first_and_confirmed_ones_not_at_all() -> None:
    project = project_of(MANY)
    span = Span(40 * LENGTH, 40 * LENGTH + 2, "PER")
    project.journal.apply(1, Edit(Verb.LABEL, (), (Decision(span),), span.start), time=0.0, annotator="")
    for at in (0, 41):
        project.items.put(1, SentenceState(at * LENGTH, "confirmed"))
    assert starts(project)[:4] == [(1, 40), (1, 42), (1, 1), (1, 2)]
    assert [project.teaching.is_open(1, at * LENGTH) for at in (40, 41)] == [True, False]


def test_of_nothing_there_is_nothing_to_choose() -> None:
    assert starts(Project.scratch()) == []


def test_places_are_alike_where_their_words_are_suggested_and_not_decided() -> None:
    project = project_of(MANY[:3], ["Al ran."])
    predict(project, 1, *(Span(at * LENGTH, at * LENGTH + 2, "PER") for at in range(3)))
    project.items.put(2, Decision(Span(0, 2, "PER")))
    assert project.teaching.text(1, LENGTH, LENGTH + 2) == "Bo"
    assert [project.teaching.alike(text) for text in ("Bo", "Al", "Eve")] == [3, 0, 0]


def test_words_that_were_rejected_so_often_are_told_with_how_often_they_were_decided() -> None:
    project = project_of(MANY[:4], ["Al ran."])
    for at in range(3):
        project.items.put(1, Rejection(Span(at * LENGTH, at * LENGTH + 2, "PER")))
    project.items.put(1, Decision(Span(3 * LENGTH, 3 * LENGTH + 2, "PER")))
    project.items.put(2, Rejection(Span(0, 2, "PER")))
    assert project.teaching.rejected_strings(1) == [("Al", "PER", 1, 0), ("Bo", "PER", 3, 1)]
    assert project.teaching.rejected_strings(3) == [("Bo", "PER", 3, 1)]
    assert project.teaching.rejected_strings(4) == []

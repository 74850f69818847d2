"""Outcomes: what statistics are made of, the same in batches of any size."""

from __future__ import annotations

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, Edit, Item, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.spans import Span
from ner_tui.store import outcomes as outcomes_module
from ner_tui.store.project import Project

TEXTS = [f"Ada met {at}. " for at in range(6)]
SIZE = len(TEXTS[0])


@pytest.fixture(params=[1, 2, 200])
def project(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(outcomes_module, "BATCH", request.param)
    monkeypatch.setattr(outcomes_module, "STEPS", request.param)
    return project_of(TEXTS, ["Eve sat."], ["Zoe ran."])


def do(project: Project, verb: Verb, cursor: int, removed: tuple[Item, ...] = (), added: tuple[Item, ...] = ()) -> None:
    project.journal.apply(1, Edit(verb, removed, added, cursor), time=float(cursor), annotator="ada")


def test_counts_are_told_by_document_in_order(project: Project) -> None:
    project.items.put(1, Decision(Span(0, 3, "PER")))
    project.items.put(1, Decision(Span(4, 7, "ORG")))
    project.items.put(3, SentenceState(0, "confirmed", True))
    assert list(project.outcomes.tallies()) == [
        (1, "d1", {"sentence": 6, "decision": 2}),
        (2, "d2", {"sentence": 1}),
        (3, "d3", {"sentence": 1, "confirmed": 1, "flagged": 1}),
    ]


def test_edits_in_force_are_counted_by_verb_and_the_whole_journal_is_told_in_order(project: Project) -> None:
    for start in (0, SIZE, 2 * SIZE):
        do(project, Verb.LABEL, start, (), (Decision(Span(start, start + 3, "PER")),))
    project.journal.undo(time=50.0, annotator="eve")
    assert project.outcomes.entries_since(0) == {Verb.LABEL: 2}
    assert project.outcomes.entries_since(1) == {Verb.LABEL: 1}
    steps = [step for batch in project.outcomes.steps() for step in batch]
    assert steps == [
        (0.0, "ada", Verb.LABEL),
        (float(SIZE), "ada", Verb.LABEL),
        (float(2 * SIZE), "ada", Verb.LABEL),
        (50.0, "eve", Verb.UNDO),
    ]


def test_confirmed_sentences_are_told_with_their_ends(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in (0, 1, 5):
        project.items.put(1, SentenceState(SIZE * at, "confirmed"))
    project.items.put(1, SentenceState(SIZE * 3, "in progress"))
    monkeypatch.setattr(outcomes_module, "_GAP", SIZE)
    batches = list(project.outcomes.confirmed(1))
    every = [sentence for batch in batches for sentence in batch]
    assert [start for start, _ in every] == [0, SIZE, 5 * SIZE]
    assert [end for _, end in every][:2] == [SIZE, 2 * SIZE]
    assert every[2][1] > 5 * SIZE
    assert batches[-1] == every[2:]
    assert list(project.outcomes.confirmed(2)) == []


@pytest.mark.parametrize(("gap", "batches"), [(SIZE - 1, [[0, 1, 2, 3], [5]]), (SIZE, [[0, 1, 2, 3, 5]])])
def test_a_batch_of_confirmed_sentences_ends_where_the_next_one_is_far_from_the_last(
    gap: int, batches: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes_module, "_GAP", gap)
    project = project_of(TEXTS)
    for at in (0, 1, 2, 3, 5):
        project.items.put(1, SentenceState(SIZE * at, "confirmed"))
    found = [[start // SIZE for start, _ in batch] for batch in project.outcomes.confirmed(1)]
    assert found == batches


def test_decisions_and_suggestions_are_told_by_where_they_begin(project: Project) -> None:
    project.items.put(1, Decision(Span(0, 3, "PER")))
    project.items.put(1, Decision(Span(SIZE, SIZE + 3, "PER")))
    predict(project, 1, Span(4, 7, "ORG"))
    assert project.outcomes.decided(1, 0, SIZE) == [Span(0, 3, "PER")]
    assert project.outcomes.decided(1, 1, SIZE + 1) == [Span(SIZE, SIZE + 3, "PER")]
    assert project.outcomes.suggested(1, 0, SIZE) == [Span(4, 7, "ORG")]
    assert project.outcomes.suggested(1, 5, SIZE) == []
    predict(project, 1, Span(4, 7, "ORG"), score=0.39)
    assert project.outcomes.suggested(1, 0, SIZE) == []


def test_predicted_is_what_a_model_has_seen(project: Project) -> None:
    end = project.content.length(1)
    assert project.outcomes.predicted(1, 0, end) == []
    predict(project, 1)
    assert project.outcomes.predicted(1, 3, 4) == [(0, end)]
    assert project.outcomes.predicted(1, end, end + 1) == []


def test_suggestions_that_were_answered_are_told_and_what_is_left_of_a_trimmed_one_is_not(project: Project) -> None:
    said = Suggestion(Span(0, 7, "PER"), 0.9, 0.8)
    rest = Suggestion(Span(0, 3, "PER"), 0.9, 0.0)
    faint = Suggestion(Span(SIZE, SIZE + 3, "PER"), 0.2, -0.6)
    project.suggestions.add(1, [said, faint])
    do(project, Verb.LABEL, 0, (said,), (rest, Decision(Span(4, 7, "ORG"))))
    do(project, Verb.ACCEPT, SIZE, (faint,), (Decision(faint.span),))
    do(project, Verb.REJECT, 0, (rest,), (Rejection(rest.span),))
    later = Suggestion(Span(2 * SIZE, 2 * SIZE + 3, "PER"), 0.9, 0.8)
    do(project, Verb.ACCEPT, 2 * SIZE, (later,), (Decision(later.span),))
    assert [span for batch in project.outcomes.answered(1) for span in batch] == [said.span, later.span]
    assert list(project.outcomes.answered(2)) == []

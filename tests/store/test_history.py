"""The journal's own doings: batches, histories of a place, steps, and what ends undo."""

from __future__ import annotations

import pytest
from store.made import predict, project_of

from ner_tui.domain.annotation.edits import Decision, Edit, Item, LabelEntry, Note, Rejection, SentenceState
from ner_tui.domain.annotation.suggestions import LEARNING, Suggestion, SuggestionState
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.labels import Label
from ner_tui.domain.spans import Span
from ner_tui.store import journal as journal_module
from ner_tui.store.predictions import PredictionRun
from ner_tui.store.project import Project

TEXTS = ("Ada met Bo. ", "Eve left Rome. ", "Bo sat.")
ADA, BO, EVE, ROME = Span(0, 3, "PER"), Span(8, 10, "PER"), Span(12, 15, "PER"), Span(21, 25, "LOC")


@pytest.fixture
def project() -> Project:
    return project_of(TEXTS, ["Zoe ran."])


def decide(project: Project, span: Span, document: int = 1, verb: Verb = Verb.LABEL, cursor: int | None = None) -> None:
    edit = Edit(verb, (), (Decision(span),), span.start if cursor is None else cursor)
    project.journal.apply(document, edit, time=1.5, annotator="ada")


def decided(project: Project, document: int = 1) -> list[Span]:
    return [each.span for each in project.items.known(document, 0, 99).decisions]


def test_edits_of_one_change_are_taken_back_and_carried_out_together(project: Project) -> None:
    decide(project, EVE)
    edits = [
        (1, lambda: Edit(Verb.FIX_ALL, (), (Decision(ADA),), 3)),
        (1, lambda: None),
        (2, lambda: Edit(Verb.FIX_ALL, (), (Decision(ADA),), 3)),
    ]
    done = project.journal.apply_all(edits, time=2.0, annotator="eve")
    assert [document for document, _ in done] == [1, 2]
    undone = project.journal.undo(time=3.0, annotator="eve")
    assert [(entry.document, entry.edit.verb, entry.time, entry.annotator) for entry in undone] == [
        (1, Verb.FIX_ALL, 2.0, "eve"),
        (2, Verb.FIX_ALL, 2.0, "eve"),
    ]
    assert (decided(project), decided(project, 2)) == ([EVE], [])
    assert len(project.journal.redo(time=4.0, annotator="eve")) == 2
    assert (decided(project), decided(project, 2)) == ([ADA, EVE], [ADA])
    for _ in range(2):
        project.journal.undo(time=5.0, annotator="eve")
    assert decided(project) == []
    assert project.journal.undo(time=5.0, annotator="eve") == []
    assert [entry.edit.added for entry in project.journal.redo(time=6.0, annotator="eve")] == [(Decision(EVE),)]


def test_the_latest_entry_has_the_highest_number(project: Project) -> None:
    assert project.journal.last() == 0
    decide(project, ADA)
    project.journal.undo(time=2.0, annotator="ada")
    assert project.journal.last() == 2


def test_steps_tell_what_each_entry_did_to_the_state(project: Project) -> None:
    decide(project, ADA)
    project.journal.undo(time=2.0, annotator="ada")
    project.journal.redo(time=3.0, annotator="ada")
    decide(project, BO)
    steps = [(entry.id, entry.edit.verb, entry.edit.removed, entry.edit.added) for entry in project.journal.steps(0, 3)]
    ada: tuple[Item, ...] = (Decision(ADA),)
    assert steps == [(1, Verb.LABEL, (), ada), (2, Verb.UNDO, ada, ()), (3, Verb.REDO, (), ada)]
    assert [entry.id for entry in project.journal.steps(1, 4)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("start", "end", "verbs"),
    [
        (0, 3, ["relabel", "label"]),
        (2, 9, ["accept", "relabel", "label"]),
        (3, 8, []),
        (8, 10, ["accept"]),
        (10, 12, []),
        (0, 12, ["accept", "relabel", "label"]),
    ],
)
def test_the_history_of_a_place_is_what_touched_it_the_latest_first(
    project: Project, start: int, end: int, verbs: list[str]
) -> None:
    decide(project, ADA)
    relabelled = Edit(Verb.RELABEL, (Decision(ADA),), (Decision(Span(0, 3, "ORG")),), 0)
    project.journal.apply(1, relabelled, time=2.0, annotator="ada")
    decide(project, BO, verb=Verb.ACCEPT)
    decide(project, EVE)
    project.journal.undo(time=2.0, annotator="ada")
    decide(project, ADA, document=2)
    assert [entry.edit.verb.stored for entry in project.journal.history(1, start, end)] == verbs


def test_a_history_has_as_many_entries_as_are_asked_for_and_the_mark_of_its_sentence(project: Project) -> None:
    for number in range(4):
        note = Edit(Verb.NOTE, (), (Note(number, number + 1, "?"),), number)
        project.journal.apply(1, note, time=float(number), annotator="ada")
    confirmed = Edit(Verb.CONFIRM, (), (SentenceState(0, "confirmed"),), 5)
    project.journal.apply(1, confirmed, time=9.0, annotator="ada")
    assert [entry.time for entry in project.journal.history(1, 1, 4, most=2)] == [3.0, 2.0]
    assert [entry.time for entry in project.journal.history(1, 1, 4)] == [3.0, 2.0, 1.0]
    assert [entry.time for entry in project.journal.history(1, 1, 4, sentence=0)] == [9.0, 3.0, 2.0, 1.0]
    assert [entry.time for entry in project.journal.history(1, 1, 4, sentence=12)] == [3.0, 2.0, 1.0]


def test_a_history_finds_edits_by_a_cursor_that_is_near_or_a_screenful_away_if_it_confirmed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_NEAR", 5)
    monkeypatch.setattr(journal_module, "_SCREENFUL", 20)
    decide(project, ROME, cursor=16)
    assert len(project.journal.history(1, 21, 25)) == 1
    project.journal.undo(time=2.0, annotator="ada")
    decide(project, ROME, cursor=15)
    assert len(project.journal.history(1, 21, 25)) == 0
    project.journal.undo(time=2.0, annotator="ada")
    decide(project, ROME, cursor=1, verb=Verb.CONFIRM)
    assert len(project.journal.history(1, 21, 25)) == 1
    project.journal.undo(time=2.0, annotator="ada")
    decide(project, ROME, cursor=0, verb=Verb.CONFIRM)
    assert len(project.journal.history(1, 21, 25)) == 0
    project.journal.undo(time=2.0, annotator="ada")
    decide(project, ROME, cursor=29)
    assert len(project.journal.history(1, 21, 25)) == 1
    project.journal.undo(time=2.0, annotator="ada")
    decide(project, ROME, cursor=30)
    assert len(project.journal.history(1, 21, 25)) == 0


def test_what_is_about_a_whole_document_is_history_everywhere(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_NEAR", 5)
    monkeypatch.setattr(journal_module, "_SCREENFUL", 5)
    decide(project, ROME, cursor=0, verb=Verb.MERGE_LABELS)
    assert len(project.journal.history(1, 21, 25)) == 1


def test_a_text_that_was_read_anew_ends_undo_for_its_document_alone(project: Project) -> None:
    decide(project, ADA)
    decide(project, ADA, document=2)
    lost = Edit(Verb.REREAD, (Decision(BO),), (), 4)
    project.journal.close_history(1, lost, time=7.0, annotator="ada")
    assert decided(project) == [ADA]
    assert [entry.document for entry in project.journal.undo(time=8.0, annotator="ada")] == [2]
    assert project.journal.undo(time=8.0, annotator="ada") == []
    (entry,) = [entry for entry in project.journal.steps(0, 99) if entry.edit.verb is Verb.REREAD]
    assert (entry.edit.removed, entry.edit.cursor, entry.time) == ((Decision(BO),), 4, 7.0)


def test_what_was_taken_back_cannot_be_redone_once_its_text_was_read_anew(project: Project) -> None:
    decide(project, ADA)
    project.journal.undo(time=2.0, annotator="ada")
    project.journal.close_history(1, Edit(Verb.REREAD, (), ()), time=3.0, annotator="ada")
    assert project.journal.redo(time=4.0, annotator="ada") == []


def test_items_of_an_edit_are_carried_out_without_a_word(project: Project) -> None:
    edit = Edit(Verb.LABEL, (), (Decision(ADA), Decision(BO)), 0)
    project.journal.carry_out(1, [Decision(BO), Decision(EVE)], edit)
    assert decided(project) == [BO]
    assert project.journal.last() == 0


def test_items_about_the_project_go_to_its_labels(project: Project) -> None:
    entry = LabelEntry(Label("DATE", "1", 1), 0)
    project.journal.apply(0, Edit(Verb.ADD_LABEL, (), (entry,)), time=1.0, annotator="ada")
    assert project.labels.names == ("DATE",)
    project.journal.undo(time=2.0, annotator="ada")
    assert len(project.labels) == 0


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("ranges", [1, 64])
def test_suggestions_follow_an_edit_whether_what_is_around_is_known_or_read(
    project: Project, is_known: bool, ranges: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_RANGES", ranges)
    predict(project, 1, ADA, BO, EVE, ROME)

    def do(*added: Item, removed: tuple[Item, ...] = ()) -> list[SuggestionState]:
        known = project.items.neighbourhood(1, 0, 30) if is_known else None
        edit = Edit(Verb.OTHER, removed, added, 0)
        project.journal.apply(1, edit, time=1.0, annotator="ada", known=known)
        return [state for _, state in project.items.suggestions(1, 0, 99)]

    wait, conflict, answered = SuggestionState.OPEN, SuggestionState.CONFLICT, SuggestionState.ANSWERED
    settled = SuggestionState.SETTLED
    assert do(Decision(Span(0, 10, "ORG"), "file"), Rejection(ROME)) == [conflict, conflict, wait, answered]
    confirmed = SentenceState(12, "confirmed")
    assert do(confirmed) == [conflict, conflict, settled, answered]
    assert do(SentenceState(12, "in progress"), removed=(confirmed,)) == [conflict, conflict, wait, answered]
    assert do(removed=(Decision(Span(0, 10, "ORG"), "file"),)) == [wait, wait, wait, answered]


def test_what_was_learnt_from_a_decision_is_suggested_in_its_place_no_more_when_it_is_undone(project: Project) -> None:
    decide(project, ADA)
    run = project.predictions.begin(PredictionRun("m", "m", "", LEARNING), time=0.0)
    block = project.predictions.block_at(1, 0)
    assert block is not None
    assert project.predictions.save(block, 0, run, [Suggestion(each, 0.9, 0.8, (), run) for each in (ADA, BO)])
    project.journal.undo(time=1.0, annotator="ada")
    assert [each.span for each, _ in project.items.suggestions(1, 0, 12)] == [BO]

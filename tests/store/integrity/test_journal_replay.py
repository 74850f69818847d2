"""Rebuilding: the journal carried out again on documents that were read again gives the state that is there."""

from __future__ import annotations

import pytest
from store.made import project_of, sentences

from ner_tui.domain.annotation.edits import Decision, Edit, Item, LabelRename, Note, SentenceState
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.spans import Span
from ner_tui.store.integrity import journal_replay
from ner_tui.store.integrity.journal_replay import Rebuilding
from ner_tui.store.project import Project

TEXTS = [("Ada met Bo. ", "Eve left."), ("Zoe ran.",)]
ADA, BO, EVE = Span(0, 3, "PER"), Span(8, 10, "PER"), Span(12, 15, "PER")


@pytest.fixture
def project() -> Project:
    made = project_of(*TEXTS)
    made.labels = LabelSet.of(["PER"])
    return made


def do(project: Project, document: int, *added: Item, removed: tuple[Item, ...] = (), verb: Verb = Verb.LABEL) -> None:
    project.journal.apply(document, Edit(verb, removed, added), time=1.0, annotator="ada")


def begun(project: Project) -> tuple[Rebuilding, Project]:
    """Begin to make a project again, with all documents read and nothing of the journal done."""
    new = Project.scratch()
    rebuilding = project.rebuild_into(new)
    rebuilding.begin()
    for document, texts in enumerate(TEXTS, 1):
        new.content.add_sentences(document, sentences(*texts))
        rebuilding.was_read(document, 0)
    return rebuilding, new


def decided(project: Project, document: int = 1) -> list[Span]:
    return [each.span for each in project.items.known(document, 0, 99).decisions]


def test_what_was_done_and_taken_back_comes_out_as_it_is(project: Project) -> None:
    do(project, 1, Decision(ADA), SentenceState(0, "confirmed"), Note(0, 3, "?"))
    do(project, 2, Decision(ADA))
    do(project, 1, Decision(BO))
    project.journal.undo(time=2.0, annotator="ada")
    project.content.set_cursor(2, 5)
    rebuilding, new = begun(project)
    assert list(rebuilding.carry_out()) == []
    rebuilding.finish()
    assert list(rebuilding.differences()) == []
    assert (decided(new), decided(new, 2)) == ([ADA], [ADA])
    assert (new.labels, new.journal.last()) == (project.labels, project.journal.last())
    assert [each.cursor for each in new.content.documents()] == [0, 5]


def test_the_journal_is_carried_out_in_parts(project: Project) -> None:
    for span in (ADA, BO, EVE):
        do(project, 1, Decision(span))
    rebuilding, new = begun(project)
    assert list(rebuilding.carry_out(1)) == []
    assert decided(new) == [ADA]
    assert list(rebuilding.carry_out(2)) == []
    assert decided(new) == [ADA, BO]
    assert list(rebuilding.carry_out()) == []
    assert decided(new) == [ADA, BO, EVE]


def test_of_a_document_that_was_read_anew_only_what_came_after_is_done(project: Project) -> None:
    do(project, 1, Decision(ADA))
    project.journal.close_history(1, Edit(Verb.REREAD, (), (Decision(ADA),)), time=1.0, annotator="ada")
    do(project, 1, Decision(BO))
    rebuilding, new = begun(project)
    closing, kept = rebuilding.placed(1)
    assert (closing, kept) == (2, (Decision(ADA),))
    assert rebuilding.placed(2) == (0, None)
    for item in kept or ():
        new.items.put(1, item)
    rebuilding.was_read(1, closing)
    assert list(rebuilding.carry_out()) == []
    assert list(rebuilding.differences()) == []


def test_a_document_that_was_not_read_is_taken_as_it_is(project: Project) -> None:
    do(project, 1, Decision(ADA))
    new = Project.scratch()
    rebuilding = project.rebuild_into(new)
    rebuilding.begin()
    for document in (1, 2):
        rebuilding.copy_document(document)
    assert list(rebuilding.carry_out()) == []
    assert decided(new) == []
    rebuilding.finish()
    assert list(rebuilding.differences()) == []
    assert [(each.words, each.revision) for each in new.content.documents()] == [
        (each.words, each.revision) for each in project.content.documents()
    ]
    assert new.predictions.words() == project.predictions.words()


def test_labels_are_copied_and_only_what_a_renaming_did_to_items_is_done(project: Project) -> None:
    do(project, 1, Decision(ADA))
    do(project, 0, LabelRename("PER", "HUMAN"), verb=Verb.RENAME_LABEL)
    rebuilding, new = begun(project)
    assert list(rebuilding.carry_out()) == []
    assert decided(new) == [Span(0, 3, "HUMAN")]


def test_suggestions_are_left_to_the_model(project: Project) -> None:
    said = Suggestion(ADA, 0.9, 0.8)
    project.suggestions.add(1, [said])
    do(project, 1, Decision(ADA), removed=(said,), verb=Verb.ACCEPT)
    project.journal.undo(time=1.0, annotator="ada")
    rebuilding, new = begun(project)
    assert list(rebuilding.carry_out()) == []
    assert new.items.suggestions(1, 0, 99) == []


def test_what_cannot_be_done_again_is_told_and_the_rest_is_done(project: Project) -> None:
    do(project, 1, Decision(ADA))
    do(project, 1, Decision(BO))
    project._database.execute(
        "UPDATE journal SET added = replace(added, '[\"decision\",0', '[\"decision\",8') WHERE id = 1"
    )
    project._database.execute("UPDATE journal SET added = replace(added, ',3,', ',10,') WHERE id = 1")
    rebuilding, new = begun(project)
    (fault,) = rebuilding.carry_out()
    assert (fault.kind, fault.where) == ("journal", "journal entry 2 (label)")
    assert "cannot be carried out again" in fault.what
    assert decided(new) == [BO]


def test_rows_that_only_one_of_both_has_are_told(project: Project) -> None:
    do(project, 1, Decision(ADA))
    do(project, 1, Decision(BO))
    rebuilding, _ = begun(project)
    assert list(rebuilding.carry_out()) == []
    project.items.take(1, Decision(ADA))
    project.items.put(1, Decision(EVE))
    told = [(fault.kind, "and is not" in fault.what) for fault in rebuilding.differences()]
    assert told == [("state", True), ("state", False)]


@pytest.mark.parametrize(
    ("shown", "told"),
    [(3, ["decision", "decision"]), (2, ["decision", "decision"]), (1, ["decision", "1 differences"])],
)
def test_of_many_differences_the_first_are_told_and_how_many_are_left(
    project: Project, shown: int, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_replay, "_SHOWN", shown)
    for span in (ADA, BO):
        project.items.put(1, Decision(span))
    rebuilding, _ = begun(project)
    assert list(rebuilding.carry_out()) == []
    rebuilding.finish()
    found = [fault.what for fault in rebuilding.differences() if "tally" not in fault.what]
    assert [what[: len(begin)] for what, begin in zip(found, told, strict=True)] == told

"""What is decided makes suggestions better, and nothing else does."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from app.fakes import Gazetteer
from session.learning.sittings import ALONE, LEARNT, TEXT, Encoder, Sitting, learning_of

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.domain.spans import Span, Token
from ner_tui.predictors.suggesting import ModelSource
from ner_tui.session.learning import Learning
from ner_tui.session.prediction import AllPredicted, BlockResult, Learnt
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.project import Project


def test_a_new_label_is_suggested_after_a_few_sentences(sitting: Sitting) -> None:
    assert sitting.suggested() == ALONE
    sitting.teach(4)
    sitting.run()
    assert sitting.suggested() == LEARNT
    assert [event.sentences for event in sitting.events if isinstance(event, Learnt)] == [4]
    assert AllPredicted() in sitting.events


def test_sentences_of_one_document_are_learnt_from_wherever_they_stand(tmp_path: Path) -> None:
    sitting = Sitting(
        tmp_path, text="She took aspirin daily. " + "Nobody came back that day. " * 2000 + "No codeine left."
    )
    starts = sitting.session.document.sentence_starts(0, len(sitting.text))
    for start in (starts[0], starts[1000], starts[-1]):
        sitting.session.corrections.confirm(start)
    project = Project.open(sitting.path, read_only=True)
    ranges = {project.predictions.block_at(1, start) for start in (starts[0], starts[1000], starts[-1])}
    assert len(ranges) == 3
    learning = learning_of(project)
    while not learning.has_looked:
        learning.refresh(lambda: False)
    assert learning.lessons == 3
    project.close()


def test_a_model_is_closed_with_what_learns_beside_it(sitting: Sitting) -> None:
    closed: list[str] = []

    class Closing(Encoder):
        def close(self) -> None:
            closed.append("closed")

    project = Project.open(sitting.path, read_only=True)
    model = ModelSource(Closing(), LabelMap(), "document")
    learning = Learning(project, Encoder(), model, LabelMap(), "document")
    block = list(project.content.sentences(1))[:1]
    assert [said for _, said in learning.suggest(block)] == [said for _, said in model.suggest(block)]
    learning.close()
    assert closed
    project.close()


def test_undone_is_as_if_never_learnt(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    while sitting.session.corrections.undo():
        pass
    sitting.run()
    assert sitting.suggested() == ALONE
    assert list(check_project(sitting.path, [])) == []


def test_what_is_undone_is_not_suggested_in_its_place_before_it_is_unlearnt(tmp_path: Path) -> None:
    """Else the next key could confirm what a person has just taken back."""
    sitting = Sitting(tmp_path, model="none")
    at = TEXT.index("Ada Okonkwo")
    sitting.session.corrections.label(at, at + 11, "PER", cursor=at)
    sitting.run()
    project = Project.open(sitting.path)
    block = project.predictions.block_at(1, at)
    assert block is not None
    (run,) = project.predictions.runs_of(block)
    said = project.suggestions.of_runs(1, at, at + 11, {run: ""}, tuple)
    assert [each.span.label for each in said] == ["PER"], "learnt from the decision that covers it"
    learnt = project.decided_version()

    sitting.session.corrections.undo()
    assert sitting.suggested() == {}
    assert not project.predictions.save(block, 0, run, said, learnt=learnt), "found before it was undone"
    assert sitting.suggested() == {}
    assert list(project.faults()) == []
    project.close()
    sitting.run()
    assert sitting.suggested() == {}
    sitting.session.close()


def test_what_a_decision_was_made_of_is_back_when_it_is_undone(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    at = TEXT.index("insulin")
    edits = sitting.session.corrections
    for change in (partial(edits.accept, at), partial(edits.relabel, at, "LOC")):
        change()
        sitting.run()
        sitting.session.corrections.undo()
        assert sitting.suggested() == LEARNT


def test_what_the_model_said_before_it_learnt_is_back_at_once_when_a_sentence_is_undone(sitting: Sitting) -> None:
    """Else the next key could confirm the sentence without it."""
    sitting.run()
    edits = sitting.session.corrections
    edits.confirm(TEXT.index("Ada"))
    sitting.run()
    assert sitting.session.row().confirmed == 1
    edits.undo()
    assert sitting.suggested() == ALONE
    sitting.run()
    assert sitting.suggested() == ALONE
    assert list(check_project(sitting.path, [])) == []


def test_a_rejection_is_never_suggested_again(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.corrections.remove(TEXT.index("insulin"))
    sitting.run()
    assert "insulin" not in sitting.suggested()


def test_what_was_learnt_is_there_when_one_comes_back(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.close()
    again = Sitting(tmp_path)
    assert again.suggested() == LEARNT
    again.run()
    assert again.suggested() == LEARNT
    again.session.close()


def test_a_model_without_states_remembers_strings(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, Gazetteer)
    bare.run()
    bare.teach(2)
    bare.run()
    assert bare.suggested() == {**ALONE, "aspirin": "DRUG", "codeine": "DRUG"}
    bare.session.close()


def test_without_a_model_strings_are_remembered_and_nothing_is_read_before_there_are_any(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, model="none")
    bare.run()
    assert [each for each in bare.events if isinstance(each, BlockResult)] == []
    bare.teach(2)
    bare.run()
    assert bare.suggested() == {"aspirin": "DRUG", "codeine": "DRUG"}
    bare.session.learning.switch()
    bare.run()
    assert bare.suggested() == {}
    bare.session.close()


def test_renamed_labels_are_suggested_by_their_names(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    for old, new in (("DRUG", "MEDICINE"), ("LOC", "PLACE"), ("PER", "LOC")):
        sitting.session.label_editing.rename(old, new)
    sitting.run()
    expected = {"Ada Okonkwo": "LOC", "Paris": "PLACE", "warfarin": "MEDICINE", "insulin": "MEDICINE"}
    assert sitting.suggested() == expected
    assert list(check_project(sitting.path, [])) == []


def test_a_renamed_label_is_still_one_that_the_model_knows(sitting: Sitting) -> None:
    sitting.session.label_editing.rename("PER", "PERSON")
    at = TEXT.index("Ada")
    sitting.session.corrections.accept(at)
    sitting.session.corrections.confirm(at)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    learning.refresh(lambda: False)
    assert learning.learner is not None
    assert {"PERSON", "LOC"} <= learning.learner.prior.known
    assert "PER" not in learning.learner.table.labels
    project.close()


def test_what_was_learnt_since_is_not_covered_by_undo(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    at = TEXT.index("insulin")
    sitting.session.corrections.accept(at)
    sitting.run()
    while sitting.session.corrections.undo():
        said = Project.open(sitting.path)
        assert not list(said.faults())
        said.close()
    sitting.run()
    assert sitting.suggested() == ALONE


def test_a_project_without_words_has_nothing_to_learn_from(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "e.ner", create=True)
    learning = learning_of(project)
    assert not learning.refresh(lambda: False)
    assert learning.has_looked
    assert project.predictions.first_blocks(100) == []
    assert learning._find_projection(Encoder()).own(np.ones((1, 8), np.float16)).shape[0] == 1
    project.close()


def test_undo_puts_back_nothing_over_what_was_said_since(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    at = TEXT.index("Ada Okonkwo")
    sitting.session.corrections.remove(at)
    project = Project.open(sitting.path)
    block = project.predictions.block_at(1, at)
    assert block is not None
    (run,) = project.predictions.runs_of(block)
    new = Suggestion(Span(at + 4, at + 16, "PER"), 0.9, 0.8, (), run)
    assert project.predictions.save(block, 0, run, [new])
    sitting.session.corrections.undo()
    assert sitting.suggested() == {"Okonkwo left": "PER"}
    assert list(project.faults()) == []
    project.close()


def test_a_sentence_without_words_is_passed_over_by_what_was_learnt(sitting: Sitting) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    assert learning.refresh(lambda: False)
    blank, drug = Sentence(0, "  ", ()), Sentence(2, "insulin", (Token(2, 9),))
    ((_, said),) = learning.suggest([blank, drug])
    assert [[each.span for each in some] for some in said] == [[], [Span(2, 9, "DRUG")]]
    project.close()

"""Learning can be switched off, and is as if it had never been."""

from __future__ import annotations

from pathlib import Path

from session.learning.sittings import ALONE, LEARNT, TEXT, Sitting, learning_of

from ner_tui.session.prediction import Learnt
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.project import Project


def test_without_learning_nothing_changes(tmp_path: Path) -> None:
    still = Sitting(tmp_path, learn=False)
    still.run()
    still.teach(4)
    still.run()
    assert still.suggested() == ALONE
    still.session.close()


def test_switched_off_the_model_alone_suggests_until_it_is_on_again(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    switch, edits = sitting.session.learning, sitting.session.corrections
    assert not switch.switch()
    assert switch.is_left_out
    sitting.run()
    assert sitting.suggested() == ALONE
    edits.accept(TEXT.index("Paris"))
    edits.undo()
    sitting.session.close()
    again = Sitting(tmp_path)
    assert again.session.learning.is_left_out, "remembered"
    again.run()
    assert again.suggested() == ALONE
    again.session.learning.switch()
    assert Learnt(4) in again.new_events()
    assert again.suggested() == LEARNT
    assert list(check_project(again.path, [])) == []
    again.session.close()


def test_what_was_learnt_is_forgotten_once_when_it_is_switched_off(sitting: Sitting) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    is_on = [True]
    learning = learning_of(project, learns=lambda: is_on[0])
    told = []
    for is_on[0] in (True, False, False, True, True):
        told.append((learning.refresh(lambda: False), learning.lessons))
        assert learning.has_looked
    assert told == [(True, 4), (True, 0), (False, 0), (True, 4), (False, 4)]
    project.close()


def test_left_out_in_one_session_what_was_learnt_before_goes(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.learning.switch()
    sitting.session.close()
    again = Sitting(tmp_path)
    assert again.suggested() == LEARNT
    again.run()
    assert again.suggested() == ALONE
    again.session.close()


def test_without_learning_the_model_has_its_word_back(tmp_path: Path, sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.close()
    again = Sitting(tmp_path, learn=False)
    again.run()
    assert again.suggested() == ALONE
    assert list(check_project(again.path, [])) == []
    again.session.close()

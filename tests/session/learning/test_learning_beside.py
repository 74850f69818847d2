"""When it is learnt beside the prediction, and that nothing is read or stored again without a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from app.fakes import Gazetteer
from session.learning.sittings import TEXT, Encoder, Sitting, learning_of

from ner_tui.domain.document import Sentence
from ner_tui.domain.label_map import LabelMap
from ner_tui.errors import EditRefused, ModelError
from ner_tui.predictors.base import Context, WordProbabilities
from ner_tui.session import Place, PredictionOptions, ProjectPrediction, SessionOptions, open_session
from ner_tui.session.learning import QUIET
from ner_tui.session.prediction import BlockResult, Learnt
from ner_tui.session.transfer.rebuild import check_project
from ner_tui.store.project import Project


def test_nothing_is_read_again_while_nothing_is_decided(sitting: Sitting) -> None:
    before = len(sitting.events)
    sitting.run()
    assert [type(event).__name__ for event in sitting.events[before:]] == ["ModelReady", "AllPredicted"]


def test_a_run_that_comes_back_has_predicted_what_it_predicted(sitting: Sitting) -> None:
    sitting.teach(4)
    sitting.run()
    sitting.session.corrections.confirm(TEXT.index("Ada"))
    (last,) = [event for event in sitting.new_events() if isinstance(event, BlockResult)][-1:]
    assert last.done_words == last.total_words


def test_suggestions_that_stay_are_not_stored_again(tmp_path: Path) -> None:
    bare = Sitting(tmp_path, Gazetteer)
    bare.run()
    bare.teach(3)
    bare.run()
    bare.session.corrections.confirm(TEXT.index("well."))
    told = [type(event) for event in bare.new_events()]
    assert Learnt in told
    assert BlockResult not in told
    bare.session.close()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c.split_token(TEXT.index("warfarin"), TEXT.index("warfarin") + 3), id="a token cut"),
        pytest.param(lambda c: c.split_token(TEXT.index("aspirin"), TEXT.index("aspirin") + 3), id="a decided one cut"),
        pytest.param(lambda c: c.merge_tokens(TEXT.index("daily")), id="tokens joined"),
        pytest.param(lambda c: c.move_boundary(TEXT.index("was tried")), id="a sentence cut"),
        pytest.param(lambda c: c.move_boundary(TEXT.index("well.")), id="sentences joined"),
    ],
)
def test_a_text_that_is_cut_otherwise_is_read_again(
    sitting: Sitting, change: Callable[[object], object], tmp_path: Path
) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    assert learning.refresh(lambda: False)
    place = (1, 0, len(TEXT))
    list(learning.suggest(list(project.content.sentences(*place))))
    change(sitting.session.corrections)
    for start in sitting.session.document.sentence_starts(0, len(TEXT)):
        with suppress(EditRefused):
            sitting.session.corrections.confirm(start)
    assert learning.refresh(lambda: False)
    sentences = list(project.content.sentences(*place))
    ((_, found),) = learning.suggest(sentences)
    assert len(found) == len(sentences)
    assert learning.lessons == len([sentence for sentence in sentences if sentence.tokens])
    project.close()
    sitting.run()
    assert list(check_project(sitting.path, [])) == []


def test_it_waits_until_nothing_is_decided_for_a_moment_or_a_sentence_is_confirmed(sitting: Sitting) -> None:
    now = [0.0]
    project = Project.open(sitting.path)
    learning = learning_of(project, lambda: now[0])
    edits = sitting.session.corrections

    def learns() -> bool:
        return learning.refresh(lambda: False)

    assert not learns()
    at = TEXT.index("aspirin")
    edits.label(at, at + 7, "DRUG", cursor=at)
    assert not learns()
    now[0] += QUIET / 2
    at = TEXT.index("codeine")
    edits.label(at, at + 7, "DRUG", cursor=at)
    assert not learns()
    now[0] += QUIET * 0.9
    assert not learns(), "something was decided since"
    now[0] += QUIET
    assert learns()
    assert not learns()
    edits.confirm(at)
    assert learns(), "at once"
    edits.undo()
    assert learns(), "at once"
    edits.redo()
    assert learns(), "at once"
    edits.note(0, 3, "why?", cursor=0)
    now[0] += 2 * QUIET
    assert not learns(), "nothing else is decided"
    project.close()


def test_a_fit_that_nobody_waits_for_is_given_up(sitting: Sitting) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    learning = learning_of(project)
    asked = iter([False, False, True])
    assert not learning.refresh(lambda: next(asked))
    assert not learning.lessons
    assert learning.refresh(lambda: False)
    project.close()


def test_a_sentence_that_changes_while_it_is_read_is_learnt_from_at_the_next_look(sitting: Sitting) -> None:
    sitting.teach(4)
    project = Project.open(sitting.path)
    now = [0.0]
    learning = learning_of(project, lambda: now[0])
    waiting = [TEXT.index("well.")]

    def merged_meanwhile() -> bool:
        while waiting:
            sitting.session.corrections.merge_tokens(waiting.pop())
        return False

    assert learning.refresh(merged_meanwhile)
    assert learning.lessons == 3
    assert not learning.refresh(lambda: False)
    now[0] += QUIET
    assert learning.refresh(lambda: False)
    assert learning.lessons == 4
    project.close()


def test_a_model_that_fails_while_it_is_learnt_from_fails(tmp_path: Path, sitting: Sitting) -> None:
    class Broken(Encoder):
        def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
            raise ModelError("gazetteer: broken")

    sitting.teach(4)
    options = PredictionOptions(Broken, LabelMap(), "document", learn=True)
    with pytest.raises(ModelError, match="broken"):
        list(ProjectPrediction(sitting.path, options, lambda: Place(1, 0)).run(lambda: False))


def test_what_is_decided_far_apart_is_read_a_little_at_a_call(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for path in paths:
        path.write_text(TEXT)
    session = open_session([str(path) for path in paths], SessionOptions(project=str(tmp_path / "three.ner")))
    for document in (1, 2, 3):
        session.open(document)
        session.corrections.confirm(0)
    project = Project.open(tmp_path / "three.ner")
    seconds = iter(range(100))
    learning = learning_of(project, lambda: float(next(seconds)))
    calls = [(learning.refresh(lambda: False), learning.is_reading, learning.has_looked) for _ in range(3)]
    assert calls == [(False, True, False), (False, True, False), (True, False, True)]
    assert learning.lessons == 3
    project.close()
    session.close()

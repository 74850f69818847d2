"""A project is a model: what was decided there is suggested in other texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from app.fakes import Gazetteer
from session.learning.sittings import DRUGS, TEXT, Encoder

from ner_tui.domain.document import Sentence
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.errors import ModelError
from ner_tui.predictors import NO_MODEL
from ner_tui.predictors.base import Predictor, PromptedModel, StatePredictor
from ner_tui.predictors.suggesting import suggest
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.project_model import ProjectModel, with_projects

NEW = "Then insulin came. Ada Okonkwo took warfarin. Nothing else was there.\n"


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., str]:
    """Return what makes a project in which sentences are confirmed, with their drugs."""

    def make(confirmed: int = 5, name: str = "my.ner", model: str | None = None) -> str:
        path = tmp_path / name
        (tmp_path / "text.txt").write_text(TEXT)
        options = SessionOptions(
            project=str(path), labels=LabelSet.of(["PER", "LOC", "DRUG"]), model=model, load=lambda _: Encoder()
        )
        session = open_session([str(tmp_path / "text.txt")], options)
        for start in session.document.sentence_starts(0, len(TEXT))[:confirmed]:
            end = session.document.sentence_range(start)[1]
            for drug in DRUGS:
                if (at := TEXT.find(drug, start, end)) >= 0:
                    session.corrections.label(at, at + len(drug), "DRUG", cursor=at)
            session.corrections.confirm(start)
        session.close()
        return str(path)

    return make


def load(spec: str, predictor: Callable[[], Predictor | PromptedModel] = Encoder) -> Predictor | PromptedModel:
    return with_projects(lambda _: predictor())(spec)


def found(model: Predictor | PromptedModel, text: str = NEW) -> dict[str, str]:
    assert isinstance(model, ProjectModel)
    sentences = sentences_of(text)
    return {text[s.span.start : s.span.end]: s.span.label for some in suggest(model, sentences) for s in some}


def test_what_was_decided_is_found_in_another_text_beside_what_the_model_knows(project: Callable[..., str]) -> None:
    assert found(load(project())) == {"insulin": "DRUG", "warfarin": "DRUG", "Ada Okonkwo": "PER"}


def test_the_same_decisions_make_the_same_model(project: Callable[..., str]) -> None:
    one, other = load(project()), load(project(name="again.ner"))
    more = load(project(confirmed=4, name="less.ner"))
    assert one.info.file_hash == other.info.file_hash != more.info.file_hash
    assert one.info.tags == ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-DRUG", "I-DRUG")
    assert one.info.name.endswith("my.ner")


def test_it_can_be_learnt_on(project: Callable[..., str]) -> None:
    model = load(project())
    assert isinstance(model, StatePredictor)
    assert model.channels == Encoder.channels
    (words,) = model.predict_with_states(sentences_of("Some insulin.\n"), "document")
    assert words.states is not None
    assert words.probabilities.shape == (3, len(model.info.tags))


def test_a_model_without_states_has_the_strings_alone(project: Callable[..., str]) -> None:
    assert found(load(project(), Gazetteer), "More aspirin and insulin for Ada Okonkwo\n") == {
        "aspirin": "DRUG",
        "Ada Okonkwo": "PER",
    }


def test_a_project_without_a_model_is_learnt_beside_the_bundled_one(project: Callable[..., str]) -> None:
    asked = []

    def bundled(spec: str) -> Predictor:
        asked.append(spec)
        return Encoder()

    with_projects(bundled)(project(model=NO_MODEL))
    assert asked == ["bundled"]


def test_a_project_in_which_nothing_is_decided_is_no_model_yet(project: Callable[..., str]) -> None:
    with pytest.raises(ModelError, match=r"my\.ner: nothing is decided in it yet .*: review it first"):
        load(project(confirmed=0))


def test_a_project_in_which_only_sentences_too_long_to_learn_from_are_decided_is_no_model(
    project: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ner_tui.session.learning.MOST_WORDS", 1)
    with pytest.raises(ModelError, match=r"my\.ner: nothing is decided in it yet that could be learnt from"):
        load(project())


def test_a_model_that_is_gone_is_named_with_the_project(project: Callable[..., str]) -> None:
    def gone() -> Predictor:
        raise ModelError("./there: there is no such folder")

    with pytest.raises(ModelError, match=r"my\.ner: the model .* cannot be used: \./there: there is no such folder"):
        load(project(), gone)


def test_a_model_that_the_person_never_chose_is_not_loaded(project: Callable[..., str]) -> None:
    from ner_tui.store.project import Project

    path = project()
    opened = Project.open(Path(path))
    opened.set_setting("model", "somebody/model")
    opened.close()
    with pytest.raises(ModelError, match="which you have not chosen"):
        load(path)


def test_projects_that_are_each_others_model_are_refused(
    project: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ner_tui.session import project_model
    from ner_tui.store.project import Project

    monkeypatch.setattr(project_model, "is_chosen", lambda _: True)
    path = project()
    opened = Project.open(Path(path))
    opened.set_setting("model", path)
    opened.close()
    with pytest.raises(ModelError, match="its model is this project itself"):
        load(path)


def sentences_of(text: str) -> list[Sentence]:
    return list(segment(text))


def test_a_model_that_is_asked_for_labels_is_not_learnt_beside(project: Callable[..., str]) -> None:
    from ner_tui.predictors import load_model

    gliner = Path(__file__).parents[1] / "predictors" / "gliner" / "models" / "span"
    with pytest.raises(ModelError, match="which is asked for labels: give that one"):
        load(project(), lambda: load_model(str(gliner)))


def test_the_command_predicts_with_a_project(
    project: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ner_tui import predictors
    from ner_tui.cli import main

    monkeypatch.setattr(predictors, "load_model", lambda *_, **__: Encoder())
    path, new = project(), tmp_path / "new.txt"
    new.write_text("Then insulin came.\n")
    assert main(["predict", str(new), "--model", path]) == 0
    assert "insulin B-DRUG" in capsys.readouterr().out
    assert main(["predict", str(new), "--model", path, "--labels", "PLANT"]) == 2
    assert "does not find PLANT: its labels are PER, LOC, DRUG" in capsys.readouterr().err
    assert main(["predict", str(new), "--model", project(confirmed=0, name="none.ner")]) == 2
    assert "nothing is decided in it yet" in capsys.readouterr().err

"""A project that names a model: it is used once the person has chosen it, and then without asking."""

from __future__ import annotations

from pathlib import Path

import pytest
from app.fakes import Gazetteer

from ner_tui.errors import ModelError
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.prediction import BlockResult
from ner_tui.store.project import Project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that names a model of somebody else's."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Ada Okonkwo left Paris.\n")
    open_session(["a.txt"], SessionOptions(project="p.ner")).close()
    project = Project.open(Path("p.ner"))
    project.set_setting("model", "theirs/model")
    project.close()


def sit() -> Session:
    return open_session(["a.txt"], SessionOptions(project="p.ner", load=lambda _: Gazetteer(), learn=False))


def predicted(session: Session) -> list[object]:
    prediction = session.prediction(lambda: Place(1, 0))
    assert prediction is not None
    return list(prediction.run(lambda: False))


def test_a_model_is_used_when_it_is_chosen_and_from_then_on() -> None:
    session = sit()
    assert session.unchosen_model == "theirs/model"
    with pytest.raises(ModelError, match="you have not chosen it"):
        predicted(session)
    session.choose_model()
    assert session.unchosen_model == ""
    assert any(isinstance(event, BlockResult) for event in predicted(session))
    session.choose_model()
    session.close()
    again = sit()
    assert again.unchosen_model == ""
    again.close()


def test_where_no_model_is_wanted_none_is_chosen() -> None:
    session = open_session(["a.txt"], SessionOptions(project="p.ner"))
    session.choose_model()
    assert (session.unchosen_model, session.prediction(lambda: Place(1, 0))) == ("", None)
    session.close()
    session = sit()
    assert session.unchosen_model == "theirs/model"
    session.close()

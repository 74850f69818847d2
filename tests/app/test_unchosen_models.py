"""A model that a project names and the person never chose: asked about first, and not looked for before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from app.conftest import NEWS, Opened
from app.fakes import Gazetteer
from ner_tui.app import prediction_controller
from ner_tui.app.app import NerApp
from ner_tui.app.prediction_controller import Phase
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.errors import ModelError
from ner_tui.predictors import NO_MODEL
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.chosen import choose, is_chosen
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.place import Place
from ner_tui.store.project import Project

MODEL = "somebody/model"
Sitting = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction_controller, "SETTLED", 0.0)


@pytest.fixture
def loaded() -> list[str | None]:
    """What was loaded."""
    return []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as a stranger sent it."""
    text, path = tmp_path / "a.txt", tmp_path / "p.ner"
    text.write_text(NEWS, encoding="utf-8")
    open_session([str(text)], SessionOptions(project=str(path), annotator="stranger")).close()
    name_model(path, MODEL)
    return path


def name_model(path: Path, model: str) -> None:
    project = Project.open(path)
    project.set_setting("model", model)
    project.close()


@pytest.fixture
def session(project: Path, loaded: list[str | None]) -> Callable[..., Session]:
    def opening(model: str | None = None) -> Session:
        def load(spec: str | None) -> Predictor:
            loaded.append(spec)
            return Gazetteer()

        return open_session([], SessionOptions(project=str(project), annotator="me", model=model, load=load))

    return opening


@pytest.fixture
def sitting(session: Callable[..., Session]) -> Sitting:
    @asynccontextmanager
    async def running(model: str | None = None, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Opened]:
        opened = session(model)
        async with NerApp(opened).run_test(size=size) as pilot:
            await pilot.pause()
            screen = pilot.app.screen
            assert isinstance(screen, ReviewScreen)
            yield Opened(pilot, opened, screen)
        opened.close()

    return running


async def test_it_is_asked_about_and_not_loaded_before_the_answer(sitting: Sitting, loaded: list[str | None]) -> None:
    async with sitting() as app:
        await app.until(lambda: f"load the model {MODEL}? y / n: the project names it" in app.told)
        await app.press("j", "w", "tab")
        assert loaded == []
        await app.press("y")
        await app.reach(Phase.COMPLETE)
        assert loaded == [MODEL]
        assert app.session.row().suggestions > 0
        assert "load the model" not in app.told


async def test_what_was_chosen_once_is_not_asked_about_again(sitting: Sitting, loaded: list[str | None]) -> None:
    async with sitting() as app:
        await app.press("y")
        await app.reach(Phase.COMPLETE)
    async with sitting() as app:
        await app.reach(Phase.COMPLETE)
    assert loaded == [MODEL, MODEL]


async def test_no_loads_nothing_and_the_key_of_the_model_asks_again(sitting: Sitting, loaded: list[str | None]) -> None:
    async with sitting() as app:
        await app.press("n")
        await app.until(lambda: "no model predicts; z p asks again" in app.told)
        await app.pilot.pause(0.1)
        assert loaded == []
        assert not is_chosen(MODEL)
        await app.press("z", "p")
        await app.until(lambda: "y / n" in app.told)
        await app.press("y")
        await app.reach(Phase.COMPLETE)
    assert loaded == [MODEL]


async def test_y_and_n_mean_nothing_else_than_the_answer(sitting: Sitting) -> None:
    async with sitting() as app:
        await app.press("n")
        assert app.session.row().confirmed == 0
        assert app.spans() == []


async def test_keys_that_come_with_the_question_are_no_answer(
    sitting: Sitting, loaded: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_controller, "SETTLED", 60.0)
    async with sitting() as app:
        await app.press("y")
        await app.pilot.pause(0.1)
    assert loaded == []
    assert not is_chosen(MODEL)


@pytest.mark.parametrize("model", [MODEL, "other/model"])
async def test_who_names_a_model_has_chosen_it(model: str, sitting: Sitting, loaded: list[str | None]) -> None:
    async with sitting(model) as app:
        await app.reach(Phase.COMPLETE)
    async with sitting() as app:
        await app.reach(Phase.COMPLETE)
    assert loaded == [model, model]


@pytest.mark.parametrize("model", ["", "bundled", "fast", NO_MODEL])
async def test_what_comes_along_is_not_asked_about(
    model: str, project: Path, sitting: Sitting, loaded: list[str | None]
) -> None:
    name_model(project, model)
    async with sitting() as app:
        await app.reach(Phase.NONE if model == NO_MODEL else Phase.COMPLETE)
    assert loaded == ([] if model == NO_MODEL else [model])


async def test_the_words_of_a_place_are_not_asked_of_it_either(sitting: Sitting, loaded: list[str | None]) -> None:
    async with sitting(size=(100, 30)) as app:
        await app.press("n", "z", "d", "M")
        await app.until(lambda: any("you have not chosen it" in line for line in app.lines()))
    assert loaded == []


async def test_an_endless_name_leaves_the_question_in_sight(project: Path, sitting: Sitting) -> None:
    name_model(project, "/net/" + "x" * 100_000)
    async with sitting() as app:
        await app.until(lambda: "x…? y / n" in app.told)


def test_without_the_app_it_is_refused_in_one_sentence(
    session: Callable[..., Session], loaded: list[str | None]
) -> None:
    sitting = session()
    prediction = sitting.prediction(lambda: Place(1, 0))
    assert prediction is not None
    sentence = f"{MODEL} is named by the project, and you have not chosen it: choose it with --model"
    with pytest.raises(ModelError) as refused:
        list(prediction.run(lambda: False))
    assert str(refused.value) == sentence
    sitting.close()
    assert loaded == []
    choose(MODEL)
    sitting = session()
    prediction = sitting.prediction(lambda: Place(1, 0))
    assert prediction is not None
    list(prediction.run(lambda: False))
    sitting.close()
    assert loaded == [MODEL]

"""Whatever becomes of a model, the person goes on, is told in one sentence, and can try again; nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event
from time import monotonic

import numpy as np
import pytest
from patience import HANGS

from app.conftest import NEWS, Opened
from app.fakes import Gazetteer
from ner_tui.app import jobs as background
from ner_tui.app import prediction_controller
from ner_tui.app.app import NerApp
from ner_tui.app.prediction_controller import Phase
from ner_tui.domain.document import Sentence
from ner_tui.predictors.base import Context, WordProbabilities
from ner_tui.session import Session


class Failing(Gazetteer):
    """Fails the first time it is asked, in a way of its own, and then no more."""

    def __init__(self, fail: Callable[[], object]) -> None:
        super().__init__()
        self._fail = fail
        self.asked = self.closed = 0

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        self.asked += 1
        if self.asked == 1:
            self._fail()
        return super().predict(block, context)

    def close(self) -> None:
        self.closed += 1


class Damaged(Gazetteer):
    """Says what is no number."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self._number = number

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        for words in super().predict(block, context):
            yield replace(words, probabilities=np.full_like(words.probabilities, self._number))


class Panic(BaseException):
    """What extensions written in Rust raise: no ``Exception``."""


def out_of_memory() -> None:
    np.empty(1 << 60, dtype=np.uint8)


def panic() -> None:
    raise Panic("index out of bounds")


def leave() -> None:
    raise SystemExit(3)


async def opened(new_session: Callable[..., Session], model: Gazetteer, check: Callable[[Opened], object]) -> None:
    session = new_session(model, a=NEWS, b=NEWS)
    app = NerApp(session)
    async with app.run_test(size=(150, 30)) as pilot:
        await pilot.pause()
        await check(Opened(pilot, session, app.screen))  # type: ignore[misc, arg-type]
        before = monotonic()
        await pilot.press("q")
    assert monotonic() - before < HANGS
    assert not app.is_running


@pytest.mark.parametrize(
    ("fail", "said"),
    [(out_of_memory, "out of memory"), (panic, "Panic: index out of bounds"), (leave, "SystemExit: 3")],
)
async def test_a_model_that_fails_is_told_and_can_be_tried_again(
    new_session: Callable[..., Session], fail: Callable[[], None], said: str
) -> None:
    model = Failing(fail)

    async def check(app: Opened) -> None:
        await app.reach(Phase.FAILED)
        assert f"the model failed: {said}" in app.told
        assert "z p tries again" in app.told
        assert model.closed == 1
        await app.press("1", "l")
        assert len(app.spans()) == 1
        await app.press("z", "p")
        await app.reach(Phase.COMPLETE)
        assert "failed" not in app.told
        assert app.session.row().suggestions > 0

    await opened(new_session, model, check)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
async def test_values_that_are_no_numbers_are_never_suggestions(
    new_session: Callable[..., Session], number: float
) -> None:
    async def check(app: Opened) -> None:
        await app.reach(Phase.FAILED)
        assert "values that are not numbers; it may be damaged" in app.told
        assert app.session.row().suggestions == 0

    await opened(new_session, Damaged(number), check)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction_controller, "SILENT", 0.05)
    monkeypatch.setattr(prediction_controller, "LOOK", 0.05)
    monkeypatch.setattr(background, "TIME_LIMIT", 0.1)


@pytest.mark.usefixtures("hasty")
async def test_a_model_that_hangs_can_be_given_up_and_tried_again(new_session: Callable[..., Session]) -> None:
    forever = Event()
    model = Failing(lambda: forever.wait())

    async def check(app: Opened) -> None:
        await app.until(lambda: app.screen.predictions.state.silent)
        await app.until(lambda: "no word of the model for" in app.told)
        assert "z p gives it up" in app.told
        await app.press("1", "l", "2")
        assert len(app.spans()) == 2
        await app.press("z", "p")
        assert "the model was given up; z p tries again" in app.told
        await app.until(lambda: model.closed > 0)
        await app.press("z", "p")
        await app.reach(Phase.COMPLETE)
        before = app.session.row().suggestions
        forever.set()
        await app.pilot.pause(0.1)
        assert app.session.row().suggestions == before
        await app.until(lambda: "all predicted" in app.lines()[0])

    await opened(new_session, model, check)


@pytest.mark.usefixtures("hasty")
async def test_a_model_that_hangs_for_long_is_given_up_by_itself(
    new_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_controller, "HOPELESS", 0.2)
    forever = Event()

    async def check(app: Opened) -> None:
        await app.reach(Phase.FAILED)
        assert "said nothing for" in app.told

    await opened(new_session, Failing(lambda: forever.wait()), check)
    forever.set()


@pytest.mark.usefixtures("hasty")
async def test_leaving_waits_for_no_model(new_session: Callable[..., Session]) -> None:
    forever = Event()
    model = Failing(lambda: forever.wait())

    async def check(app: Opened) -> None:
        await app.until(lambda: model.asked == 1)

    await opened(new_session, model, check)
    assert model.closed == 1
    forever.set()


async def test_a_question_that_failed_can_be_asked_again(new_session: Callable[..., Session]) -> None:
    model = Gazetteer()
    session = new_session(model, a=NEWS)
    async with NerApp(session).run_test(size=(120, 40)) as pilot:
        app = Opened(pilot, session, pilot.app.screen)  # type: ignore[arg-type]
        await app.reach(Phase.COMPLETE)
        model.predict = Failing(panic).predict  # type: ignore[method-assign]
        await app.press("z", "d")
        await app.press("M")
        await app.until(lambda: "the model failed: Panic" in "".join(app.lines()))
        await app.press("M")
        await app.until(lambda: "as gazetteer" in "".join(app.lines()))

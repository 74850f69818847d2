"""A prediction of more than ten minutes is asked for once; meanwhile what is near the cursor is predicted."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep

import pytest

from app.conftest import NEWS, Opened
from app.fakes import Gazetteer
from ner_tui.app import prediction_controller, prediction_state
from ner_tui.app.app import NerApp
from ner_tui.app.prediction_controller import Offer, Phase
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.session import Session
from ner_tui.session import prediction_pass as prediction


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure no time at all, find everything long, and think of two screens as far away."""
    monkeypatch.setattr(prediction, "MEASURED", 0.0)
    monkeypatch.setattr(prediction, "LONG", -1.0)
    monkeypatch.setattr(prediction, "NEAR", 10)
    monkeypatch.setattr(prediction, "NAP", 0.01)
    monkeypatch.setattr(prediction_controller, "SETTLED", 0.0)


async def _opened(new_session: Callable[..., Session], check: Callable[[Opened], object]) -> None:
    session = new_session(Gazetteer(wait=lambda: sleep(0.2)), a=NEWS, b=NEWS, c=NEWS, d=NEWS)
    async with NerApp(session).run_test(size=(110, 30)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReviewScreen)
        app = Opened(pilot, session, screen)
        await app.until(lambda: screen.predictions.offer is Offer.OPEN)
        await pilot.pause()
        assert "predicting the rest takes about" in app.told
        await check(app)  # type: ignore[misc]


def _predicted(app: Opened) -> list[bool]:
    return [row.suggestions > 0 for row in app.session.rows()]


async def test_until_it_is_answered_only_what_is_near_is_predicted(new_session: Callable[..., Session]) -> None:
    async def check(app: Opened) -> None:
        await app.until(lambda: _predicted(app) == [True, True, False, False])
        await app.pilot.pause(0.1)
        assert _predicted(app) == [True, True, False, False]
        assert "only near you" in app.lines()[0]

    await _opened(new_session, check)


async def test_yes_predicts_the_rest_and_confirms_nothing(new_session: Callable[..., Session]) -> None:
    async def check(app: Opened) -> None:
        await app.press("y")
        await app.until(lambda: all(_predicted(app)))
        await app.reach(Phase.COMPLETE)
        assert app.session.row().confirmed == 0
        assert "takes about" not in app.told

    await _opened(new_session, check)


async def test_no_predicts_where_the_person_goes_and_can_be_taken_back(new_session: Callable[..., Session]) -> None:
    async def check(app: Opened) -> None:
        await app.press("n")
        assert "only near the cursor" in app.told
        await app.press("z", "D", "z", "D")
        await app.until(lambda: _predicted(app) == [True, True, True, True])

    await _opened(new_session, check)


async def test_the_answer_can_be_changed_later(new_session: Callable[..., Session]) -> None:
    async def check(app: Opened) -> None:
        await app.press("n")
        await app.press("z", "p")
        await app.reach(Phase.COMPLETE)
        await app.press("z", "p")
        assert "nothing left to predict" in app.told

    await _opened(new_session, check)


async def test_other_keys_do_what_they_always_do(new_session: Callable[..., Session]) -> None:
    async def check(app: Opened) -> None:
        await app.press("1")
        assert app.spans()
        await app.press("l")
        assert "takes about" in app.told

    await _opened(new_session, check)


async def test_a_key_that_was_on_its_way_when_the_question_came_up_is_no_answer(
    new_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_controller, "SETTLED", 60.0)

    async def check(app: Opened) -> None:
        await app.press("n")
        assert "takes about" in app.told
        assert app.under_cursor() != "Hugging"

    await _opened(new_session, check)


@pytest.mark.parametrize(
    ("seconds", "said"), [(660, "11 min"), (12_000, "3 h 20 min"), (3600, "1 h 0 min"), (36_000, "10 h")]
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert prediction_state.in_words(seconds) == said


def test_nobody_is_asked_before_enough_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction, "MEASURED", 3.0)
    monkeypatch.setattr(prediction, "LONG", 600.0)

    def after(seconds: float, words_per_second: float) -> bool:
        return prediction.BlockResult(1, 0, 1, 100, 100_000, words_per_second, seconds).takes_long

    assert not after(1.0, 10.0)
    assert after(4.0, 10.0)
    assert not after(4.0, 1000.0)

"""The prediction controller: its states, and when it asks, tells and gives up; without a screen and without wording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from textual.message_pump import MessagePump

from app.fakes import Gazetteer
from app.prediction_fakes import Host, Job
from ner_tui.app import prediction_controller
from ner_tui.app.messages import Messages, Topic
from ner_tui.app.prediction_controller import Offer, Phase, PredictionController, describe
from ner_tui.session import BlockResult, ModelReady, ProjectPrediction, Session
from ner_tui.session.learning import Learning

LONG = BlockResult(1, 0, 1, 100, 1_000_000, 10.0, 60.0)
SHORT = BlockResult(1, 0, 1, 100, 200, 1000.0, 60.0)
LAST = BlockResult(1, 0, 1, 200, 200, 1000.0, 60.0)


@pytest.fixture(autouse=True)
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction_controller, "PredictionJob", Job)
    monkeypatch.setattr(prediction_controller, "SETTLED", 0.0)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def controller(new_session: Callable[..., Session], host: Host) -> PredictionController:
    session = new_session(Gazetteer())
    messages = Messages(lambda: None)
    return PredictionController(
        session, messages, cast(MessagePump, host), key="z p", changed=lambda: None, importing=lambda: False
    )


def job(controller: PredictionController) -> Job:
    found = controller._job
    assert isinstance(found, Job)
    return found


def messages_of(controller: PredictionController) -> Messages:
    return controller._messages


def test_it_goes_from_loading_over_running_to_complete(controller: PredictionController, host: Host) -> None:
    phases = [controller.state.phase]
    controller.start()
    phases.append(controller.state.phase)
    controller.ready(ModelReady("small", ("PER",), ()))
    phases.append(controller.state.phase)
    controller.advance(SHORT)
    phases.append(controller.state.phase)
    assert not controller.state.complete
    controller.advance(LAST)
    assert controller.state.complete
    controller.end("")
    assert [*phases, controller.state.phase] == [
        Phase.OFF, Phase.LOADING, Phase.READY, Phase.RUNNING, Phase.COMPLETE
    ]  # fmt: skip
    assert host.timer.stopped
    assert messages_of(controller).standing == []


@pytest.mark.parametrize("learns", [True, False])
def test_what_is_read_later_is_predicted_by_one_that_goes_on_or_else_by_another(
    controller: PredictionController, monkeypatch: pytest.MonkeyPatch, learns: bool
) -> None:
    monkeypatch.setattr(ProjectPrediction, "goes_on", learns)
    controller.start()
    first = job(controller)
    controller.advance(LAST)
    controller.take_in()
    assert (job(controller) is first) is learns
    controller.end("")
    first = job(controller)
    controller.take_in()
    assert job(controller) is not first


def test_how_much_was_learnt_from_is_told(controller: PredictionController) -> None:
    controller.start()
    controller.advance(SHORT)
    assert describe(controller.state, everywhere=False) == "50% predicted, only near you"
    controller.learnt(1_200)
    assert describe(controller.state, everywhere=False) == "50% predicted, learned from 1,200"
    controller.complete()
    assert describe(controller.state, everywhere=True) == "learned from 1,200 sentences"
    controller.learnt(0)
    assert describe(controller.state, everywhere=True) == "all predicted"


def test_why_little_is_suggested_for_a_new_label_is_told_until_it_is_learnt(
    controller: PredictionController, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller.start()
    learning = controller._session.learning
    learning.can = True
    controller.ready(ModelReady("m", ("PER", "ORG", "LOC", "MISC"), ()))
    assert controller.beginning == ""
    controller._session.label_editing.add("DRUG")
    # Without hidden states nothing but strings is learnt, however much is confirmed.
    for has_states, expected in ((False, ""), (True, "same words only until 3 confirmed")):
        learning.source = cast(Learning, SimpleNamespace(has_states=has_states))
        assert expected in controller.beginning
        assert bool(expected) is bool(controller.beginning)
    assert controller.beginning.startswith("new labels: same words only until 3 confirmed")
    controller.complete()
    assert controller.words == "learns from 3 confirmed on"
    # The memory of strings has begun, and nothing else.
    controller.learnt(1)
    assert controller.words == "learns from 3 confirmed on"
    now = controller._session.row()
    monkeypatch.setattr(controller._session, "row", lambda: replace(now, confirmed=3))
    controller.learnt(3)
    assert controller.words == "learned from 3 sentences"
    assert controller.beginning == ""
    controller.ready(ModelReady("patterns", ("DRUG",), ()))
    assert controller.beginning == ""


def test_learning_is_switched_off_and_on(controller: PredictionController) -> None:
    controller.start()
    controller.switch_learning()
    assert "--no-learning" in messages_of(controller).notice
    controller._session.learning.can = True
    controller.complete()
    controller.learnt(3)
    controller.switch_learning()
    assert "learning is off" in messages_of(controller).notice
    is_off = controller._session.learning.is_left_out
    assert describe(controller.state, everywhere=True, left_alone=is_off) == "learning off"
    controller.advance(SHORT)
    controller.state = replace(controller.state, phase=Phase.RUNNING)
    assert describe(controller.state, everywhere=False, left_alone=is_off) == "50% predicted, learning off"
    controller.switch_learning()
    assert messages_of(controller).notice == "learning again"
    assert not controller._session.learning.is_left_out


def test_without_a_model_it_is_said_why_nothing_is_suggested(
    controller: PredictionController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller._session, "_options", None)
    controller.start()
    assert describe(controller.state, everywhere=True) == "no model suggests"
    for switch in (controller.switch, controller.switch_learning):
        messages_of(controller).end_notice()
        switch()
        assert messages_of(controller).notice == prediction_controller.NO_MODEL_HERE


def test_before_anything_was_measured_no_time_is_told(controller: PredictionController) -> None:
    controller.start()
    controller.advance(replace(SHORT, words_per_second=0.0))
    assert describe(controller.state, everywhere=True) == "50% predicted"


def test_a_long_prediction_is_offered_once_and_runs_near_the_cursor_until_then(
    controller: PredictionController,
) -> None:
    controller.start()
    controller.advance(LONG)
    assert (controller.offer, controller.everywhere) == (Offer.OPEN, False)
    assert messages_of(controller).stands(Topic.LONG_PREDICTION)
    assert not controller.take_key("x")
    assert controller.take_key("n")
    assert (controller.offer, controller.everywhere) == (Offer.ANSWERED, False)
    assert not messages_of(controller).stands(Topic.LONG_PREDICTION)
    controller.advance(LONG)
    assert controller.offer is Offer.ANSWERED
    assert not controller.take_key("y")
    controller.switch()
    assert controller.everywhere


def test_a_key_on_its_way_when_the_offer_came_up_is_no_answer(
    controller: PredictionController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_controller, "SETTLED", 60.0)
    controller.start()
    controller.advance(LONG)
    assert not controller.take_key("y")
    assert controller.offer is Offer.OPEN


def test_a_model_that_failed_is_told_and_started_again_by_the_same_key(controller: PredictionController) -> None:
    controller.start()
    controller.end("the model failed")
    phases = [controller.state.phase]
    assert messages_of(controller).stands(Topic.MODEL)
    controller.saved_again()
    phases.append(controller.state.phase)
    controller.switch()
    assert [*phases, controller.state.phase] == [Phase.FAILED, Phase.FAILED, Phase.LOADING]
    assert not messages_of(controller).stands(Topic.MODEL)


def test_what_ended_for_a_full_disk_goes_on_when_that_takes_edits_again(controller: PredictionController) -> None:
    controller.start()
    controller.end("whatever the disk said", unsaved=True)
    controller.saved_again()
    assert controller.state.phase is Phase.LOADING


def test_a_silent_model_is_told_and_that_is_withdrawn_when_it_answers(
    controller: PredictionController, host: Host
) -> None:
    controller.start()
    job(controller).silent = prediction_controller.SILENT
    host.watch()
    assert controller.state.silent
    controller.ready(ModelReady("small", (), ()))
    job(controller).silent = 0.0
    host.watch()
    assert not controller.state.silent
    assert not messages_of(controller).stands(Topic.MODEL)


@pytest.mark.parametrize(("loaded", "given_up"), [(False, False), (True, True)])
def test_a_model_silent_for_long_is_given_up_once_it_was_loaded(
    controller: PredictionController, host: Host, loaded: bool, given_up: bool
) -> None:
    controller.start()
    if loaded:
        controller.ready(ModelReady("small", (), ()))
    job(controller).silent = prediction_controller.HOPELESS
    host.watch()
    assert job(controller).given_up == given_up
    assert (controller.state.phase is Phase.FAILED) == given_up


def test_a_silent_model_is_given_up_by_the_key(controller: PredictionController, host: Host) -> None:
    controller.start()
    job(controller).silent = prediction_controller.SILENT
    controller.switch()
    assert job(controller).given_up
    assert controller.state.phase is Phase.FAILED
    assert host.timer.stopped


def test_there_is_a_description_of_every_phase_with_a_model(controller: PredictionController) -> None:
    assert describe(controller.state, everywhere=True) == ""
    seen = set()
    controller.start()
    seen.add(describe(controller.state, everywhere=True))
    controller.ready(ModelReady("small", (), ()))
    seen.add(describe(controller.state, everywhere=True))
    controller.advance(SHORT)
    seen |= {describe(controller.state, everywhere=True), describe(controller.state, everywhere=False)}
    controller.end("failed")
    seen.add(describe(controller.state, everywhere=True))
    controller.start()
    controller.end("")
    seen.add(describe(controller.state, everywhere=True))
    assert len(seen) == 6
    assert "" not in seen

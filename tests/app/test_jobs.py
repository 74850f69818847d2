"""Threads beside the screen: how they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event
from typing import cast

import pytest
from textual.message import Message

from ner_tui.app import jobs
from ner_tui.app.jobs import Job, PredictionJob, wait_for_the_last
from ner_tui.session import ProjectPrediction


def test_a_thread_that_does_not_end_in_a_moment_is_waited_for_when_nothing_is_left_to_draw() -> None:
    """It may have the project open, whose log would stay beside it."""
    begun, answers, ended = Event(), Event(), Event()

    def messages(is_over: Callable[[], bool]) -> Iterator[Message]:
        begun.set()
        while not is_over():
            yield Message()
        # A model that reads a long block asks no more often.
        answers.wait()
        Event().wait(0.2)
        ended.set()

    job = Job("slow", lambda _: None, messages, lambda *_: Message(), "it failed")
    job.start()
    assert begun.wait(60)
    job.stop()
    assert not ended.is_set(), "the screen does not wait for it"
    answers.set()
    wait_for_the_last()
    assert ended.is_set()


def test_a_prediction_makes_way_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    now, rests, pressed, ended = 100.0, list[float](), Event(), Event()
    monkeypatch.setattr(jobs, "monotonic", lambda: now)
    monkeypatch.setattr(jobs, "sleep", rests.append)

    class Asking:
        def run(self, cancelled: Callable[[], bool]) -> Iterator[object]:
            pressed.wait(60)
            for later in (0.01, 0.02, 10):
                nonlocal now
                now += later
                cancelled()
            yield "done"

    job = PredictionJob(cast(ProjectPrediction, Asking()), lambda _: ended.set())
    job.start()
    job.make_way()
    pressed.set()
    assert ended.wait(60)
    job.stop()
    assert rests[:3] == pytest.approx([jobs.KEY - 0.01, jobs.KEY - 0.03, 0])

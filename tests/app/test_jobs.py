"""Threads beside the screen: how they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

from textual.message import Message

from ner_tui.app.jobs import Job, wait_for_the_last


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

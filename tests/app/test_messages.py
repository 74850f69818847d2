"""Messages: what stands, what is over with the next key, and who gets that key."""

from __future__ import annotations

import pytest

from ner_tui.app.messages import Messages, Topic
from ner_tui.errors import ProjectError


class CountedMessages(Messages):
    """Counts how often something else is to be shown."""

    def __init__(self) -> None:
        self.changes = 0
        super().__init__(self._count, ["opened"])

    def _count(self) -> None:
        self.changes += 1


@pytest.fixture
def messages() -> CountedMessages:
    return CountedMessages()


def test_a_notice_is_over_with_the_next_key_and_stays_in_the_log(messages: CountedMessages) -> None:
    messages.tell("accepted")
    assert messages.notice == "accepted"
    messages.end_notice()
    assert messages.notice == ""
    assert messages.log == ["opened", "accepted"]
    assert messages.changes == 2
    messages.end_notice()
    assert messages.changes == 2


def test_a_notice_that_nobody_asked_for_waits_for_the_answer_to_a_key(messages: CountedMessages) -> None:
    messages.tell("accepted")
    messages.tell_later("the model is ready")
    assert (messages.notice, messages.waiting) == ("accepted", ["the model is ready"])
    messages.end_notice()
    assert (messages.notice, messages.waiting) == ("", ["the model is ready"])
    messages.tell("rejected")
    messages.end_notice()
    messages.end_notice()
    assert messages.waiting == []
    assert messages.log == ["opened", "accepted", "the model is ready", "rejected"]


def test_a_standing_notice_is_replaced_by_one_on_the_same_only(messages: CountedMessages) -> None:
    messages.keep(Topic.IMPORT, "a.txt is damaged", "a.txt")
    messages.keep(Topic.IMPORT, "b.txt is damaged", "b.txt")
    messages.keep(Topic.IMPORT, "a.txt is gone", "a.txt")
    messages.end_notice()
    assert messages.standing == ["a.txt is gone", "b.txt is damaged"]
    assert not messages.stands(Topic.IMPORT)
    messages.withdraw(Topic.IMPORT, "a.txt")
    assert messages.standing == ["b.txt is damaged"]


def test_the_same_notice_is_logged_once_as_long_as_it_stands(messages: CountedMessages) -> None:
    for _ in range(3):
        messages.keep(Topic.SAVING, "1 edit NOT SAVED")
    assert messages.log == ["opened", "1 edit NOT SAVED"]


def test_a_notice_knows_whether_it_still_stands(messages: CountedMessages) -> None:
    first = messages.keep(Topic.SAVING, "not saved")
    assert messages.shows(first)
    second = messages.keep(Topic.SAVING, "not saved")
    assert not messages.shows(first)
    messages.withdraw(Topic.SAVING)
    assert not messages.shows(second)


def test_a_key_answers_a_question_whatever_it_is(messages: CountedMessages) -> None:
    answers: list[str] = []
    for key in ("y", "n", "x", "Y"):
        messages.ask("join? y / n", lambda key=key: answers.append(key))  # type: ignore[misc]
        assert messages.take_key(key)
        assert messages.question is None
    assert answers == ["y", "Y"]
    assert not messages.take_key("y")


def test_a_key_that_is_waited_for_goes_to_who_waits_before_any_question(messages: CountedMessages) -> None:
    taken: list[str] = []
    messages.ask("join? y / n", lambda: taken.append("joined"))
    messages.wait_for_key("label: ", taken.append, choices=[("a", "a  PER")])
    assert messages.prompt is not None
    assert messages.take_key("y")
    assert taken == ["y"]
    assert messages.prompt is None
    assert messages.question is not None


def test_escape_gives_up_what_waits_for_a_key(messages: CountedMessages) -> None:
    taken: list[str] = []
    messages.wait_for_key("go to: ", taken.append, lambda: taken.append("given up"))
    assert messages.take_key("escape")
    assert taken == ["given up"]


def test_who_waits_may_wait_for_another_key(messages: CountedMessages) -> None:
    taken: list[str] = []
    messages.wait_for_key("first", lambda key: messages.wait_for_key(f"second after {key}", taken.append))
    messages.take_key("a")
    assert messages.prompt is not None
    assert messages.prompt.text == "second after a"
    messages.take_key("b")
    assert taken == ["b"]


def test_a_fault_stands_until_its_action_works_and_leaves_a_trace(messages: CountedMessages) -> None:
    messages.tell_fault(ProjectError("p.ner is damaged"), "accept")
    messages.tell_fault(ValueError("odd"), "label(1)")
    assert len(messages.standing) == 2
    assert any("ValueError: odd" in each and "Traceback" not in each for each in messages.standing)
    messages.withdraw_fault("accept")
    assert len(messages.standing) == 1
    assert messages.log[1] == "p.ner is damaged"

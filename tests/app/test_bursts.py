"""Keys that arrive together do what they do one by one: each waits for the screen that the one before it asked for."""

from __future__ import annotations

import pytest
from textual import events

from app.conftest import Open
from ner_tui.app.screens.dialog import Dialog
from ner_tui.app.screens.note import NoteScreen
from ner_tui.app.screens.text_page import messages_screen


@pytest.mark.thorough
@pytest.mark.parametrize(
    "keys",
    [
        "N a b c enter enter", "z l P E R enter enter", "z t enter enter", "F enter tab", "F a b c enter F d enter tab",
        "F escape F escape F", "z X M enter enter", "z X A Q enter enter enter", "o enter escape escape",
        "question_mark question_mark question_mark",
        "z M escape z M", "z P escape z P escape", "ctrl+p ctrl+p escape ctrl+p", "d enter d enter", "z I enter",
        "m 1 enter enter", "z O q z O q", "z d M escape", "z w n z w n",
        "z D z D z B z B N x enter z B",
    ],
)  # fmt: skip
async def test_no_burst_raises_anything(review: Open, keys: str) -> None:
    async with review() as app:
        await app.burst(keys)
        await app.burst("escape " * 8)
        for _ in range(40):
            if app.pilot.app.screen is app.screen:
                break
            # An export that is under way takes escapes until it has ended.
            await app.pilot.pause(0.05)
            await app.burst("escape")
        assert app.pilot.app.screen is app.screen
        assert app.screen.view.has_focus
        assert app.app._faults == 0, app.screen.messages.log


async def test_a_note_is_written_and_the_key_after_it_is_for_the_text(review: Open) -> None:
    async with review() as app:
        await app.burst("1 N a b c enter l 2")
        assert [note.text for note in app.session.document.notes(0, 20)] == ["abc"]
        assert app.spans() == [("Hugging", "PER"), ("Face", "ORG")]


async def test_a_label_that_was_chosen_is_given_before_the_next_key(review: Open) -> None:
    async with review() as app:
        await app.burst("z l O R G enter l 1 u")
        assert app.spans() == [("Hugging", "ORG")]


async def test_what_is_pasted_goes_to_the_dialog_that_the_key_before_opens(review: Open) -> None:
    async with review() as app:
        app.pilot.app.post_message(events.Key("N", "N"))
        app.pilot.app.post_message(events.Paste("from elsewhere"))
        await app.burst("enter")
        assert [note.text for note in app.session.document.notes(0, 60)] == ["from elsewhere"]


async def test_a_dialog_answers_once_and_when_nothing_lies_over_it(review: Open) -> None:
    answers: list[str | None] = []
    async with review() as app:
        dialog = NoteScreen("Note", "")
        assert isinstance(dialog, Dialog)
        await app.pilot.app.push_screen(dialog, answers.append)
        page = messages_screen(["over it"])
        await app.pilot.app.push_screen(page)
        dialog.dismiss("first")
        dialog.dismiss("second")
        await app.pilot.pause()
        assert app.pilot.app.screen is page
        await app.press("escape")
        await app.until(lambda: app.pilot.app.screen is app.screen)
        assert answers == ["first"]


@pytest.mark.parametrize("keys", ["ctrl+p", "z t"])
async def test_a_list_without_room_for_a_line_takes_keys(review: Open, keys: str) -> None:
    async with review(size=(12, 3)) as app:
        await app.burst(f"{keys} pagedown pageup end pagedown home down up")
        await app.burst("escape escape escape")
        assert app.pilot.app.screen is app.screen
        assert app.app._faults == 0, app.screen.messages.log

"""Whatever of the toolkit fails, it is told and the sitting goes on, or it ends and says why; no message pump stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual.widget import Widget

from app.conftest import Open
from app.fakes import Gazetteer
from ner_tui.app import steady_app
from ner_tui.app.app import NerApp
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.app.widgets.text_line import TextLine


def fail() -> None:
    raise ZeroDivisionError("odd")


async def fail_later() -> None:
    await asyncio.sleep(0)
    fail()


async def until_over(app: NerApp) -> None:
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if not app.is_running:
            return
    raise AssertionError("it goes on")


WAYS: dict[str, Callable[[NerApp, Widget], object]] = {
    "a timer of the app": lambda app, _: app.set_timer(0.001, fail),
    "a timer of a widget": lambda _, widget: widget.set_timer(0.001, fail),
    "a timer of the screen": lambda app, _: app.screen.set_interval(0.001, fail, repeat=1),
    "a message to the app": lambda app, _: app.call_later(fail),
    "a message to a widget": lambda _, widget: widget.call_later(fail),
    "a message to the screen": lambda app, _: app.screen.call_later(fail),
    "what the app does next": lambda app, _: app.call_next(fail),
    "what a widget does next": lambda _, widget: widget.call_next(fail),
    "what comes after a drawing": lambda _, widget: widget.call_after_refresh(fail),
    "a worker": lambda app, _: app.run_worker(fail_later()),
    "a worker in a thread": lambda app, _: app.run_worker(fail, thread=True),
    "the loop": lambda _, __: asyncio.get_running_loop().call_soon(fail),
}


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
async def test_what_fails_is_told_and_everything_goes_on(review: Open, way: str) -> None:
    async with review(Gazetteer(), size=(120, 30)) as app:
        await app.burst("1")
        WAYS[way](app.app, app.screen.view)
        await app.until(lambda: any("odd" in each for each in app.screen.messages.standing))
        # The same again: nothing that heard the first has stopped.
        before = app.app._faults
        WAYS[way](app.app, app.screen.view)
        await app.until(lambda: app.app._faults > before)
        await app.burst("l 2 z v z v N x enter")
        assert app.spans() == [("Hugging Face", "ORG")]
        assert app.pilot.app.screen is app.screen
        await app.burst("q")
        assert app.app.crash is None


async def test_a_handler_of_a_line_to_type_in_that_fails_takes_the_next_key_all_the_same(
    review: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with review(Gazetteer(), size=(120, 30)) as app:
        await app.burst("N a")
        usual = TextLine.insert_text_at_cursor
        monkeypatch.setattr(TextLine, "insert_text_at_cursor", lambda *_: fail())
        await app.burst("b")
        monkeypatch.setattr(TextLine, "insert_text_at_cursor", usual)
        await app.burst("c enter")
        assert [note.text for note in app.session.document.notes(0, 60)] == ["ac"]
        assert any("odd" in each for each in app.screen.messages.standing)


async def test_a_text_that_cannot_be_clicked_can_be_gone_through(review: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def clicked(_: DocumentView, __: events.MouseDown) -> None:
        fail()

    monkeypatch.setattr(DocumentView, "on_mouse_down", clicked)
    async with review(Gazetteer(), size=(80, 24)) as app:
        await app.pilot.click(DocumentView, offset=(3, 3))
        await app.burst("l 1")
        assert len(app.spans()) == 1
        assert app.app._faults == 1


async def test_what_fails_again_and_again_ends_the_sitting_with_the_reason(
    review: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady_app, "MAX_FAULTS", 3)
    seen: list[NerApp] = []

    async def sit() -> None:
        async with review(Gazetteer()) as app:
            seen.append(app.app)
            for _ in range(3):
                app.app.call_later(fail)
            await until_over(app.app)

    # The pilot raises what ended an app.
    with pytest.raises(ZeroDivisionError):
        await sit()
    assert isinstance(seen[0].crash, ZeroDivisionError)


async def test_an_app_that_ends_by_itself_says_so(review: Open) -> None:
    async with review() as app:
        app.app._close_messages_no_wait()
        await until_over(app.app)
    assert "ended by itself" in str(app.app.crash)

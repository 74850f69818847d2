"""The text is on the screen before the session is open, and stays where it is when it is."""

from __future__ import annotations

import re
from asyncio import sleep
from collections.abc import Callable

import pytest
from textual import events
from textual.app import App

from ner_tui.app.app import NerApp
from ner_tui.app.prediction_controller import PredictionController
from ner_tui.app.screens.review.base import REST
from ner_tui.app.screens.startup import StartupState
from ner_tui.errors import InputError
from ner_tui.session import Session

LONG = "".join(
    f"Line {number}: Ada Okonkwo met Bo in Łódź, and both of them left for Paris.\n\n" for number in range(60)
)


def _rows(app: App[None]) -> list[str]:
    strips = app.screen._compositor.render_strips()
    return ["".join(strip.text for strip in row).rstrip() for row in strips]


def _lines(rows: list[str]) -> list[tuple[int, int, str]]:
    """Return the numbered lines of the text, each with the row and the column where it stands."""
    found = [(y, match) for y, row in enumerate(rows) if (match := re.search(r"Line \d+: Ada Okonkwo", row))]
    return [(y, match.start(), match[0]) for y, match in found]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50), (40, 10)])
@pytest.mark.parametrize("word", ["Line 0", "Line 31"])
async def test_the_text_stands_where_the_review_has_it(
    new_session: Callable[..., Session], size: tuple[int, int], word: str
) -> None:
    session = new_session(news=LONG)
    cursor = LONG.index(word)
    session.remember_cursor(cursor)
    session.open(1)
    before: list[str] = []

    def open_it() -> Session:
        before.extend(_rows(app))
        return session

    app = NerApp(StartupState(LONG, cursor, "", open_it))
    async with app.run_test(size=size) as pilot:
        while app.review is None:
            await pilot.pause()
        await pilot.pause()
        after = _rows(app)
    assert _lines(before)
    assert _lines(before) == _lines(after)


async def test_keys_that_come_too_early_are_not_lost(new_session: Callable[..., Session]) -> None:
    session = new_session()
    app = NerApp(StartupState("Hugging Face", 0, "", lambda: session))
    async with app.run_test() as pilot:
        await pilot.press("l", "1")
        while app.review is None:
            await pilot.pause()
        await pilot.pause()
        assert [(mark.span.start, mark.span.end) for mark in session.document.spans(0, 20)] == [(8, 12)]


@pytest.mark.parametrize("ready", [False, True], ids=["while it opens", "later"])
@pytest.mark.parametrize("way_out", ["q", "ctrl+q"])
async def test_keys_after_the_one_that_leaves_change_nothing(
    new_session: Callable[..., Session], way_out: str, ready: bool
) -> None:
    session = new_session()
    session.open(1)
    app = NerApp(StartupState("Hugging Face", 0, "", lambda: session))
    async with app.run_test() as pilot:
        while ready and app.review is None:
            await pilot.pause()
        # As a terminal brings what is typed ahead: all at once.
        for key in ("l", "1", way_out, "2", "3"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        while app.is_running:
            await sleep(0.01)
    spans = [(mark.span.start, mark.span.end, mark.span.label) for mark in session.document.spans(0, 20)]
    assert spans == [(8, 12, "PER")]


async def test_a_session_that_cannot_be_opened_ends_the_app_with_the_reason() -> None:
    def open_it() -> Session:
        raise InputError("no")

    app = NerApp(StartupState("text", 0, "", open_it))
    async with app.run_test() as pilot:
        while app.refused is None:
            await pilot.pause()
    assert str(app.refused) == "no"


@pytest.mark.parametrize("opens_later", [True, False], ids=["while the text is shown", "at once"])
async def test_a_session_that_goes_on_tells_of_the_place_where_it_stopped(
    new_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch, opens_later: bool
) -> None:
    session = new_session(news=LONG)
    cursor = LONG.index("Okonkwo", LONG.index("Line 31"))
    session.remember_cursor(cursor)
    session.open(1)
    near: list[int] = []

    def note_place(_: PredictionController, document: int, offset: int) -> None:
        assert document == 1
        near.append(offset)

    monkeypatch.setattr(PredictionController, "note_place", note_place)
    app = NerApp(StartupState(LONG, cursor, "", lambda: session) if opens_later else session)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.review is None:
            await pilot.pause()
        await pilot.pause(2 * REST)
        assert "sentence 32/" in app.review.status.text
        assert any(row.startswith(" Okonkwo") for row in _rows(app))
    assert set(near) == {cursor}

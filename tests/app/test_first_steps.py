"""The first five minutes: a card at the first start of a project, the help, and what is kept of a person's choices."""

from __future__ import annotations

import json
from asyncio import sleep
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import MouseDown

from app.conftest import NEWS, Opened
from ner_tui.app.app import NerApp
from ner_tui.app.input_queue import is_in_place
from ner_tui.app.keymap import EVERY
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.widgets.first_card import FirstCard, card
from ner_tui.session import Session
from ner_tui.session.kept_view import KeptView

New = Callable[..., Session]


@asynccontextmanager
async def started(session: Session, kept: KeptView, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Opened]:
    """Run the app for a person of whom something is kept."""
    async with NerApp(session, None, kept).run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(pilot.app.screen, ReviewScreen)
        yield Opened(pilot, session, pilot.app.screen)


@pytest.mark.parametrize(
    ("first", "told"),
    [("left out: a.txt", " left out: a.txt (and 1 more: z M)"), ("a" * 90, f" 2 messages: z M · {'a' * 50}")],
)
async def test_where_further_notices_are_stands_in_sight_however_long_the_first_is(
    new_session: New, first: str, told: str
) -> None:
    session = new_session(None, news=NEWS)
    session.notices[:] = [first, "b.txt: read as raw text"]
    async with started(session, KeptView()) as app:
        assert app.lines()[-2].startswith(told)


async def test_the_first_start_in_a_project_shows_signs_and_keys_until_a_key_comes(new_session: New) -> None:
    session = new_session(None, news=NEWS)
    async with started(session, KeptView()) as app:
        lines = "\n".join(app.lines())
        for shown in ("○ ◐ ●", "??", "undo", "export", "press any key"):
            assert shown in lines
        # All of it, and the keys below.
        assert app.lines()[-1].startswith(" ? keys u undo")
        await app.press("enter")
        assert not app.screen.query(FirstCard)
        assert session.row().confirmed == 0
        await app.press("enter")
        assert session.row().confirmed == 1
    async with started(session, KeptView()) as app:
        assert not app.screen.query(FirstCard)


async def test_a_key_that_is_not_for_closing_does_what_it_is_for(new_session: New) -> None:
    session = new_session(None, news=NEWS)
    async with started(session, KeptView()) as app:
        await app.press("1")
        assert app.spans() == [("Hugging", "PER")]
        assert not app.screen.query(FirstCard)


async def test_a_press_on_what_was_taken_away_waits_until_it_is_drawn_no_more(new_session: New) -> None:
    session = new_session(None, news=NEWS)
    async with started(session, KeptView()) as app:
        gone = app.screen.query_one(FirstCard)
        at = gone.content_region.offset
        pressed = MouseDown(None, at.x, at.y, 0, 0, 1, False, False, False, at.x, at.y)
        assert is_in_place(app.screen, pressed)
        with app.app.batch_update():
            await gone.remove()
            assert not is_in_place(app.screen, pressed)
            app.app._driver.send_message(pressed)  # type: ignore[union-attr]
            for _ in range(100):
                await sleep(0)
            assert not app.app.all_taken
        app.screen.refresh(layout=True)
        await app.taken()
        assert is_in_place(app.screen, pressed)
        assert app.screen.messages.standing == []


def test_the_card_fits_a_screen_of_80_by_24() -> None:
    lines = card(EVERY).plain.split("\n")
    assert len(lines) <= 19
    assert max(map(len, lines)) <= 67


async def test_the_help_begins_with_the_card_and_is_gone_through_and_searched(new_session: New) -> None:
    async with started(new_session(None, news=NEWS), KeptView()) as app:
        await app.press("question_mark")
        assert "What you see" in app.lines()[2]
        assert not any("Decide" in line for line in app.lines())
        await app.press("G")
        assert any("mouse" in line for line in app.lines())
        await app.press("g", "slash", *"repeat", "backspace", *"t a", "enter")
        await app.press("g", "slash", *["backspace"] * 20, *"redo", "enter")
        assert any("redo" in line for line in app.lines())
        await app.press("q")
        assert app.app.screen is app.screen


async def test_layout_panes_and_theme_are_kept_for_windows_of_the_same_kind(
    new_session: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, session = tmp_path / "state" / "view.json", new_session(None, news=NEWS)
    async with started(session, KeptView(kept)) as app:
        await app.press("z", "k", "z", "v")
        assert json.loads(kept.read_text()) == {"panes, small window": "on", "roomy, small window": "on"}
    again = KeptView(kept, json.loads(kept.read_text()))
    async with started(session, again) as app:
        assert app.screen.has_class("-panes")
        assert app.screen.view._row_layout.roomy
    async with started(session, again, (110, 40)) as app:
        await app.press("z", "v")
        assert again.panes(wide=True) is False
        assert again.panes(wide=False) is True
    again.theme = "nord"
    # A terminal of few colours, as here, has its own.
    monkeypatch.setattr("ner_tui.app.app.fitting", lambda colours, background: None)
    assert NerApp(session, None, again).theme == "nord"
    session.theme = "gruvbox"
    assert NerApp(session, None, again).theme == "gruvbox"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"theme": 3, "panes": null}', "\x00"])
def test_a_file_of_choices_that_cannot_be_read_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "ner-tui").mkdir()
    (tmp_path / "ner-tui" / "view.json").write_text(content)
    kept = KeptView.of_person()
    assert (kept.theme, kept.panes(wide=True)) == ("", None)
    kept.theme = "nord"
    assert KeptView.of_person().theme == "nord"

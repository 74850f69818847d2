"""The mouse alone is enough for a day's work; for those who work with keys its menu is not there."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown

from app.conftest import TAGGED, Open, Opened
from app.drawn import on_screen
from app.fakes import Gazetteer
from app.test_theme import SOME, illegible
from ner_tui.app.widgets.place_menu import PlaceMenu


async def click(app: Opened, words: str, *, times: int = 1, button: int = 1) -> None:
    await app.pilot.click(offset=on_screen(app.lines(), words), times=times, button=button)
    await app.until(lambda: app.app.all_taken)
    await app.pilot.pause()


def menu(app: Opened) -> list[str]:
    """Return the rows of the menu at a place; none where there is none."""
    found = list(app.screen.query(PlaceMenu))
    return ["".join(text for text, _ in found[0].line(at, 40)) for at in range(len(found[0].rows))] if found else []


async def test_an_entity_that_is_clicked_has_a_menu_that_answers_it(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        assert any("accept ORG" in row for row in menu(app))
        await click(app, "accept ORG")
        assert menu(app) == []
        assert app.spans() == [("Hugging Face", "ORG")]
        await click(app, "Hugging Face opened")
        await click(app, "delete ORG")
        assert app.spans() == []


async def test_another_label_is_a_click_in_the_menu(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        await click(app, " 4  MISC")
        assert app.spans() == [("Hugging Face", "MISC")]


async def test_a_double_click_shows_the_labels_for_what_it_selects(review: Open) -> None:
    """So does a drag, which the sitting on a real terminal makes: without one the toolkit takes no drag for a click."""
    async with review() as app:
        await click(app, "New York City", times=2)
        await app.until(lambda: bool(menu(app)))
        await click(app, " 3  LOC")
        await app.until(lambda: app.spans() == [("New", "LOC")])


async def test_the_right_button_shows_the_menu_at_any_word(review: Open) -> None:
    async with review() as app:
        await click(app, "Hugging Face opened", button=3)
        await click(app, " 1  PER")
        assert app.spans() == [("Hugging", "PER")]


@pytest.mark.parametrize("key", ["escape", "l", "u", "question_mark"])
async def test_the_menu_takes_no_key_that_the_text_would_have(review: Open, key: str) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        before, cursor = app.lines(), app.screen.view.cursor
        await app.press(key)
        assert menu(app) == []
        moved = app.screen.view.cursor != cursor
        assert moved is (key == "l")
        assert (app.app.screen is not app.screen) is (key == "question_mark")
        assert app.lines() != before


async def test_a_click_elsewhere_takes_the_menu_away(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        await click(app, "opened")
        assert menu(app) == []
        assert app.under_cursor() == "opened"


async def test_the_wheel_takes_the_menu_away(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 12), news="Hugging Face opened.\n" + "One sat.\n" * 40) as app:
        await click(app, "Hugging Face opened")
        assert menu(app)
        app.screen.view.post_message(
            MouseScrollDown(app.screen.view, 2, 8, 0, 1, 0, shift=False, meta=False, ctrl=False)
        )
        await app.until(lambda: menu(app) == [])


async def test_what_a_page_offers_can_be_clicked(review: Open) -> None:
    async with review(news="Paris slept.\nParis sat.\n") as app:
        await app.press("3", "m")
        await app.until(lambda: any("all found" in line for line in app.lines()))
        await click(app, "⏎ apply")
        assert app.spans() == [("Paris", "LOC"), ("Paris", "LOC")]
        await app.press("u")
        assert app.spans() == [("Paris", "LOC")]


async def test_a_click_on_the_same_entity_takes_the_menu_away(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        await app.pilot.pause(0.6)
        await click(app, "Hugging Face opened")
        assert menu(app) == []


async def test_where_the_model_and_the_file_differ_both_are_in_the_menu_and_in_the_line_below(review: Open) -> None:
    async with review(Gazetteer(), tagged=TAGGED) as app:
        await click(app, "Paris .")
        assert [row[:18].strip() for row in menu(app)[:2]] == ["a   accept LOC", "x   keep ORG"]
        await app.press("escape")
        await click(app, "takes LOC")
        assert ("Paris", "LOC") in app.spans()


async def test_the_menu_can_be_read_in_themes_of_all_kinds(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 36)) as app:
        await click(app, "Hugging Face opened")
        assert menu(app)
        for name in SOME:
            app.pilot.app.theme = name
            await app.pilot.pause()
            assert list(illegible(app)) == [], name


async def test_every_key_of_the_line_below_can_be_clicked(review: Open) -> None:
    async with review(Gazetteer(), size=(130, 30)) as app:
        await click(app, "a accept")
        assert app.spans() == [("Hugging Face", "ORG")]
        await click(app, "u undo")
        assert app.spans() == []
        await click(app, "1 PER")
        assert app.spans() == [("Hugging Face", "PER")]
        await click(app, "x remove")
        assert app.spans() == []
        await click(app, "⏎ confirm")
        assert app.session.row().confirmed == 1
        await click(app, "n next")
        assert app.session.document.span_at(app.screen.view.cursor) is not None
        await click(app, "o export")
        assert type(app.app.screen).__name__ == "ExportScreen"
        await click(app, "Cancel")
        await click(app, "? keys")
        assert type(app.app.screen).__name__ == "TextPageScreen"
        await click(app, "esc closes")
        assert app.app.screen is app.screen


@pytest.mark.parametrize("width", [80, 120])
async def test_what_a_day_needs_is_in_the_line_below_at_any_width(review: Open, width: int) -> None:
    async with review(size=(width, 24)) as app:
        line = app.screen.hints.text
        for words in ("? keys", "u undo", "1 PER", "4 MISC", "⏎ confirm", "a accept", "x remove", "n next", "z …"):
            assert words in line
        assert len(line) <= width


async def test_keys_of_two_strokes_are_clicked_one_after_the_other(review: Open) -> None:
    async with review() as app:
        await click(app, "z …")
        await click(app, "l  label by name")
        assert type(app.app.screen).__name__ == "ChooseLabelScreen"


async def test_a_question_is_answered_by_the_mouse(review: Open) -> None:
    async with review() as app:
        await app.stand_on("spring")
        await app.press("v", "l", "l", "l", "1")
        assert app.screen.messages.question is not None
        await click(app, "y   n")
        assert len(app.spans()) == 1


async def test_other_words_than_the_answer_are_no_answer(review: Open) -> None:
    async with review() as app:
        await app.press("r")
        assert app.screen.messages.prompt is not None
        await click(app, "esc")
        assert app.screen.messages.prompt is None

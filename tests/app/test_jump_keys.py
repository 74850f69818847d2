"""Going to words by their first letters, and marking them on the way."""

from __future__ import annotations

import pytest
from textual.geometry import Offset

from app.conftest import NEWS, Open
from ner_tui.app.screens.summary import SummaryScreen
from ner_tui.app.widgets.jump_codes import LETTERS, assign, first_key
from ner_tui.app.widgets.row_layout import GUTTER

CJK = "小明は東京で働く。 Tokyo slept.\n"


@pytest.mark.parametrize(
    ("word", "key"),
    [("Paris", "p"), ("élan", "e"), ("Ångström", "a"), *((other, "space") for other in ("東京", "1996", "Łódź", ""))],
)
def test_the_key_of_a_word_is_its_first_letter_without_accents(word: str, key: str) -> None:
    assert first_key(word) == key


def test_codes_tell_all_words_apart_and_the_nearest_has_the_easiest() -> None:
    few, many = assign(range(0, 100, 10), 51), assign(range(60), 0)
    assert few[LETTERS[0]] == 50
    assert sorted(few.values()) == list(range(0, 100, 10))
    assert len(many) == 60
    assert {len(code) for code in many} == {2}


async def test_a_word_whose_letter_no_other_has_is_two_keys_away(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r")
        assert "go to a word" in app.told
        await app.press("y")
        assert app.under_cursor() == "York"
        assert app.screen.messages.prompt is None


async def test_words_that_begin_alike_are_told_apart_by_codes_on_them_alone(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "o")
        drawn = app.screen.view._codes
        assert {NEWS[offset] for offset in drawn} <= {"o", "O"}
        await app.press(drawn[NEWS.index("Okonkwo")])
        assert app.under_cursor() == "Okonkwo"
        assert app.screen.view._codes == {}


async def test_a_capital_letter_goes_to_a_word_with_a_capital_and_passes_the_others_over(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "O")
        assert app.under_cursor() == "Okonkwo"
        await app.press("r", "W")
        assert "no other word in sight begins with W" in app.told


async def test_escape_and_a_key_that_is_no_code_take_the_codes_away(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        for key in ("escape", "f9"):
            await app.press("r", "o", key)
            assert app.screen.view._codes == {}
            assert app.under_cursor() == "Hugging"


async def test_words_of_other_scripts_are_reached_by_the_space_bar(review: Open) -> None:
    async with review(a=CJK) as app:
        await app.stand_on("Tokyo")
        await app.press("r", "space")
        codes = app.screen.view._codes
        await app.press(*codes[CJK.index("東京")])
        assert app.under_cursor().startswith("東")


async def test_a_selection_goes_along_to_the_word(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.stand_on("New")
        await app.press("v", "r", "c", "2")
        assert app.spans() == [("New York City", "ORG")]


async def test_words_are_marked_with_a_label_that_was_chosen_once(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "2", "h", "F")
        assert "mark ORG" in app.told
        assert app.spans() == []
        await app.press("3", "n", "C", "enter")
        assert app.spans() == [("Hugging Face", "LOC"), ("New York City", "LOC")]
        assert app.session.row().confirmed == 1


async def test_a_labels_key_is_for_what_is_selected_and_for_what_comes(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "1", "h", "F", "2", "y", "escape")
        assert app.spans() == [("Hugging Face", "ORG")]
        await app.press("u")
        assert app.spans() == []


async def test_tab_goes_to_the_next_word_that_begins_so_and_marks_nothing(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.stand_on("Its")
        await app.press("r", "1", "o")
        assert app.under_cursor() == "of"
        await app.press("tab", "enter")
        assert app.spans() == [("Okonkwo", "PER")]


async def test_backspace_lets_go_of_what_is_selected_and_then_undoes(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "2", "h", "n", "backspace", "backspace", "escape")
        assert app.spans() == []
        await app.press("U")
        assert app.spans() == [("Hugging", "ORG")]


async def test_an_entity_that_stands_is_passed_over(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "2", "h", "h")
        assert app.spans() == [("Hugging", "ORG")]
        assert app.under_cursor() == "head"


async def test_what_the_mouse_selects_is_marked_too(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "3")
        view = app.screen.view
        start = NEWS.index("New York")
        row = view._text_rows.row_of(start)
        y = view._row_layout.top(row)
        left = GUTTER + view._text_rows.row(row).column(start) + 1
        await app.pilot.mouse_down(view, Offset(left, y))
        await app.pilot.hover(view, Offset(left + 9, y))
        await app.pilot.mouse_up(view, Offset(left + 9, y))
        await app.press("enter")
        assert app.spans() == [("New York City", "LOC")]


async def test_a_mark_over_two_sentences_is_asked_about_and_ends_the_marking(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "2", "s", "H", "enter")
        assert "joins two sentences" in app.told
        await app.press("n")
        assert app.spans() == []
        assert app.screen.messages.prompt is None


async def test_the_marking_ends_with_the_last_sentence(review: Open) -> None:
    async with review(a="Oslo sleeps.\n") as app:
        await app.press("r", "3", "o", "enter")
        assert isinstance(app.app.screen, SummaryScreen)
        await app.press("escape")
        assert app.spans() == [("Oslo", "LOC")]
        assert app.screen.messages.prompt is None


async def test_a_label_that_nothing_has_is_told(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("r", "9")
        assert "no label has the key 9" in app.told


async def test_every_motion_takes_a_selection_along_and_the_screen_says_that_one_is_made(review: Open) -> None:
    async with review(a="The MCF-7 cells grew. They (still) grow.\n") as app:
        await app.stand_on("MCF")
        await app.press("v")
        assert "SELECT 1 token" in app.told
        await app.press("z", "o")
        assert "SELECT 3 tokens" in app.told
        await app.press("z", "o", "z", "h")
        assert app.under_cursor() == "MCF"
        await app.press("z", "j")
        assert app.under_cursor() == "."
        assert app.screen.view.selection == (4, 21)
        await app.press("slash", *"grow.", "enter")
        assert app.screen.view.selection == (4, 39)


async def test_sentences_are_walked_by_their_ends_and_starts(review: Open) -> None:
    async with review(a="One sat. Two ran! Three.\n\nFour.\n") as app:
        seen = []
        for key in "jjjjjuu":
            await app.press("z", key)
            seen.append(app.screen.view.cursor)
        assert seen == [7, 16, 23, 30, 30, 26, 18]

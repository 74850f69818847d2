"""What can follow the first of two keys: listed over the text, every one of them, until the second comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.conftest import Open
from app.fakes import Gazetteer
from app.test_theme import SOME, illegible
from ner_tui.app.keymap import sequences
from ner_tui.app.widgets.key_menu import columns, first_clause


async def test_the_second_keys_are_listed_until_one_is_pressed(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        before = app.lines()
        await app.press("z")
        assert all(
            f"{keys[2:]}  {each.description[:6]}" in "\n".join(app.lines()) for keys, each in sequences().items()
        )
        assert app.lines()[:5] == before[:5]
        await app.press("escape")
        assert app.lines()[:-2] == before[:-2]


@pytest.mark.thorough
async def test_the_list_can_be_read_in_themes_of_all_kinds(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 36)) as app:
        await app.press("z")
        for name in SOME:
            app.pilot.app.theme = name
            await app.pilot.pause()
            assert list(illegible(app)) == [], name


@given(
    st.lists(st.text("ab東 ", min_size=1, max_size=60), min_size=1, max_size=62),
    st.integers(20, 200),
    st.integers(4, 30),
)
def test_columns_fit_and_hold_every_text(texts: list[str], width: int, height: int) -> None:
    listed = [f"{number} {text}" for number, text in enumerate(texts)]
    found, cells = columns(listed, width, height)
    assert all(any(f" {number} " in row for row in found) for number in range(len(texts)))
    # Rows that are not in sight are the price of whole words, and paid for nothing else.
    if len(found) > height:
        room = (width - 1) // -(-len(texts) // height) - 2
        assert any(cell_len(first_clause(text, room)) > room for text in listed)
    if cells < width - 1:
        assert not any("…" in row for row in found)


def test_where_there_is_little_room_whole_clauses_are_kept() -> None:
    text = "s  split the token (raw text), or not"
    assert [first_clause(text, width) for width in (40, 30, 20, 8)] == [
        text, "s  split the token (raw text)", "s  split the token", text
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (59, 24), (40, 12), (30, 8)])
async def test_every_key_of_the_list_says_in_whole_words_what_it_does(review: Open, size: tuple[int, int]) -> None:
    async with review(size=size) as app:
        await app.press("z")
        assert not [row for row in app.screen.key_menu.rows if "…" in row]


@pytest.mark.parametrize("size", [(50, 12), (30, 8)])
async def test_in_a_small_window_the_arrows_bring_every_key_into_sight(review: Open, size: tuple[int, int]) -> None:
    async with review(size=size) as app:
        await app.press("z")
        assert "↓ ↑ more" in "\n".join(app.lines())
        seen = set(app.lines())
        for _ in range(60):
            await app.press("down")
            seen |= set(app.lines())
        menu = app.screen.key_menu
        assert {row.strip() for row in menu.rows} <= {line.strip() for line in seen}
        await app.press("pageup", "up")
        assert menu.display
        await app.press("end")
        assert not menu.display
        assert "nothing is bound" in app.told
        # The list begins at its beginning the next time, and the second key does what it says.
        await app.press("z")
        assert "↓ ↑ more" in "\n".join(app.lines())
        await app.press("D")
        assert not menu.display


async def test_where_all_is_in_sight_an_arrow_is_a_second_key_like_others(review: Open) -> None:
    async with review(size=(80, 24)) as app:
        await app.press("z", "down")
        assert "nothing is bound" in app.told

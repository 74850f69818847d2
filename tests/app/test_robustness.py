"""A project file that can no longer be read or written is told; the text stays, and the way out is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.conftest import NEWS, Open
from app.fakes import Gazetteer


async def test_reads_that_fail_are_told_and_the_text_stays_in_sight(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 16), news=NEWS * 20) as app:
        app.session.close()
        await app.press("J", "J")
        assert "something went wrong" in app.told
        assert any("Ada Okonkwo, told reporters" in line for line in app.lines())
        before = len(app.screen.messages.log)
        await app.press("z", "O", "z", "d", "1", "enter", "u")
        assert app.pilot.app.screen is app.screen
        assert len(app.screen.messages.log) - before < 20
        await app.press("z", "M")
        assert app.pilot.app.screen is not app.screen
        await app.press("escape", "q")
        assert app.pilot.app.return_code == 0


async def test_a_project_file_that_was_moved_away_is_told_and_nothing_is_called_saved(
    review: Open, tmp_path: Path
) -> None:
    async with review(Gazetteer(), size=(120, 30)) as app:
        (tmp_path / "work.ner").rename(tmp_path / "elsewhere.ner")
        await app.press("a")
        assert "NOT SAVED" in app.lines()[0]
        assert "work.ner was removed or replaced" in app.told
        assert app.spans() == []
        (tmp_path / "elsewhere.ner").rename(tmp_path / "work.ner")
        await app.press("a")
        assert "NOT SAVED" not in app.lines()[0]
        assert app.spans() == [("Hugging Face", "ORG")]


async def test_a_screen_that_fails_while_it_is_made_is_taken_away_again(
    review: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ner_tui.app.screens.statistics import StatisticsScreen

    def failing(screen: StatisticsScreen) -> None:
        raise ValueError("rows that are none")

    monkeypatch.setattr(StatisticsScreen, "on_mount", failing)
    async with review(Gazetteer(), size=(80, 16)) as app:
        await app.press("z", "O")
        assert app.pilot.app.screen is app.screen
        assert "something went wrong: ValueError: rows that are none" in app.told
        await app.press("a")
        assert app.spans() == [("Hugging Face", "ORG")]
        await app.press("q")
        assert app.pilot.app.return_code == 0


@pytest.mark.parametrize("size", [(12, 4), (20, 5)])
async def test_where_panes_leave_no_room_for_the_text_a_label_is_still_for_the_word_under_the_cursor(
    review: Open, size: tuple[int, int]
) -> None:
    async with review(size=size) as app:
        await app.press("l", "l", "z", "v")
        assert app.screen.view.size.width == 0
        await app.press("z", "D", "L", "2")
        first, last, *_ = app.session.document.tokens.starts, app.session.document.tokens.ends
        (drawn,) = app.session.document.spans(0, app.session.document.length)
        assert (drawn.span.start in first, drawn.span.end in last) == (True, True)
        await app.press("z", "v", "z", "B", "1")
        assert app.screen.view.size.width > 0
        assert app.under_cursor() in dict(app.spans())

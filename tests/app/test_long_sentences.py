"""Sentences longer than the screen are edited like any other, and at no more cost."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from app.conftest import Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.widgets.painter import Marked

LONG = "Nadia B-PER\nlives O\n\n" + "".join(f"{word} O\n" for word in "word Paris and Ada Okonkwo".split() * 400)


def cells(app: Opened) -> list[list[tuple[str, str]]]:
    """What stands on the screen where the text is, with its colours."""
    x, y, width, height = app.screen.view.region
    rows = app.pilot.app.screen._compositor.render_strips()[y : y + height]
    return [[(segment.text, str(segment.style)) for segment in row.crop(x, x + width)] for row in rows]


@pytest.mark.thorough
@pytest.mark.parametrize("blind", [False, True])
async def test_what_an_edit_draws_is_what_is_drawn_anew(review: Open, blind: bool) -> None:
    async with review(Gazetteer(), notes=LONG) as app:
        await app.stand_on("Paris")
        await app.press("j", "j")
        if blind:
            await app.press("z", "i")
        for key in "1u1xuufuacuc1u":
            await app.press(key)
            drawn = cells(app)
            app.screen.view.repaint(0, app.session.document.length)
            await app.pilot.pause()
            assert cells(app) == drawn, key


async def test_a_label_draws_the_rows_around_it(review: Open) -> None:
    """And not all that are in sight, though the sentence is in progress from then on."""
    async with review(Gazetteer(), size=(100, 40), notes=LONG) as app:
        for _ in range(3):
            await app.press("J")
        drawn: list[int] = []
        view, paint = app.screen.view, app.screen.view._paint

        def painting(at: int, labels: bool, marked: Marked) -> Strip:
            drawn.append(at)
            return paint(at, labels, marked)

        view._paint = painting  # type: ignore[method-assign]
        await app.press("1")
        assert 1 <= len(set(drawn)) <= 3

"""The end: what was done, what is left to be done, and sentences that are read once more by chance."""

from __future__ import annotations

from app.conftest import NEWS, Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.screens.export import ExportScreen
from ner_tui.app.screens.summary import SummaryScreen


def shown(app: Opened) -> str:
    """What the page says, in one line."""
    return " ".join(word for word in " ".join(app.lines()).replace("│", " ").split() if word not in "●▌")


async def test_when_all_is_confirmed_a_page_says_what_was_done_and_what_can_be_done(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24), news=NEWS) as app:
        await app.press("x", "enter", "enter", "a", "enter")
        assert not isinstance(app.app.screen, SummaryScreen)
        await app.press("enter")
        assert isinstance(app.app.screen, SummaryScreen)
        said = shown(app)
        assert f"confirmed 4 sentences with {app.session.row().spans} entities" in said
        assert "corrections 1 correction: 1 reject " in said
        assert "errors left not estimated" in said
        assert "n read 4 sentences of 4 again, drawn by chance" in said
        await app.until(lambda: "a sentence" in shown(app))
        await app.press("o")
        assert isinstance(app.app.screen, ExportScreen)


async def test_sentences_are_read_once_more_and_say_how_well_the_others_were(review: Open) -> None:
    async with review(None, size=(80, 24), news="Ada sings. Nobody came.\n" * 30) as app:
        app.session.enough = 14
        for _ in range(60):
            app.session.corrections.confirm(app.screen.view.cursor)
            place = app.session.next_places.open_sentence(app.screen.view.cursor)
            if place is not None:
                app.screen.go_to(place)
        await app.press("enter", "n")
        assert " second reading 1/20 · " in app.screen.status.text
        await app.press("1")
        # A correction does not end the reading of its sentence.
        assert " second reading 1/20 · " in app.screen.status.text
        await app.press("enter")
        assert " second reading 2/20 · " in app.screen.status.text
        await app.press(*["enter"] * 19)
        assert isinstance(app.app.screen, SummaryScreen)
        await app.until(lambda: "1 of 20 sentences drawn by chance needed a correction" in shown(app))
        assert "the other 40 were read no better, about 2 of them still do (0 to 14)" in shown(app)
        assert "you may stop: at most 14 sentences with errors, with 95%" in shown(app)
        await app.press("escape")
        assert "second reading" not in app.screen.status.text


async def test_an_export_says_with_numbers_what_it_would_write_and_enter_does_it_anywhere(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 40), news=NEWS) as app:
        await app.press("a", "o")
        assert "enter writes 1 decided entity, and leaves out 4 open suggestions" in shown(app)
        await app.press("tab", "down", "space")
        assert "enter writes 1 decided entity and, as if decided too, 4 open suggestions" in shown(app)
        await app.press("enter")
        await app.until(lambda: "exported 1 decision and 4 open suggestions" in app.told)

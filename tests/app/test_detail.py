"""The details of a place: what the readings say of each word, which model said so, and who decided what."""

from __future__ import annotations

import pytest

from app.conftest import Open, Opened
from app.fakes import Gazetteer
from ner_tui.app.prediction_controller import Phase, PredictionState
from ner_tui.errors import ModelError
from ner_tui.learning.learner import Votes
from ner_tui.session.voices import DecidedPlace, Voices


def page(app: Opened) -> str:
    rows = app.pilot.app.screen._compositor.render_strips()
    lines = ("".join(strip.text for strip in row) for row in rows)
    return "\n".join(line.partition("│")[2].rpartition("│")[0].strip() for line in lines if "│" in line)


async def test_each_word_of_a_suggestion_has_a_bar_for_each_label(review: Open) -> None:
    async with review(Gazetteer(), size=(110, 40)) as app:
        await app.stand_on("Łódź")
        await app.press("z", "d")
        shown = page(app)
        assert "Łódź           LOC      █████████████▎           .55" in shown
        assert "nothing  ██████████▊              .45" in shown
        assert "gazetteer (fp32) says" in shown


async def test_what_was_done_is_told_with_the_name_of_who_did_it_the_latest_first(review: Open) -> None:
    async with review(Gazetteer(), size=(110, 40)) as app:
        await app.stand_on("Łódź")
        await app.press("1", "e", "z", "d")
        shown = page(app)
        assert "PER, decided by a person" in shown
        assert shown.index("tester  extend right: PER “Łódź that”") < shown.index("tester  relabel: PER “Łódź”")
        assert "gazetteer (fp32) said, before it was answered" in shown


async def test_an_entity_of_the_file_says_so(review: Open) -> None:
    async with review(tagged="Nadia B-PER\nlives O\nin O\nParis B-ORG\n. O\n") as app:
        await app.press("z", "d")
        assert "PER, decided by the file" in page(app)
        assert "nobody has touched it" in page(app)


async def test_a_word_without_an_entity_can_be_looked_at(review: Open) -> None:
    async with review(news="Nobody came.\n") as app:
        await app.press("z", "d")
        assert "no entity, and none is suggested" in page(app)


async def test_blind_mode_hides_what_the_model_says_until_a_decision(review: Open) -> None:
    async with review(Gazetteer(), size=(110, 40)) as app:
        app.session.blind_mode.switch()
        await app.stand_on("Łódź")
        await app.press("z", "d")
        assert "hidden until you decide" in page(app)
        assert ".55" not in page(app)
        await app.press("escape", "1", "z", "d")
        assert ".55" in page(app)


async def test_foreign_text_is_only_text(review: Open) -> None:
    async with review(news="[bold]Paris[/bold] \x1b[31mred\n", size=(110, 40)) as app:
        await app.stand_on("\x1b[31m")
        await app.press("1", "z", "d")
        assert "\x1b" not in page(app)
        assert "PER, decided by a person" in page(app)


async def test_the_model_can_be_asked_for_all_it_says_of_each_word(review: Open) -> None:
    async with review(Gazetteer(), size=(110, 40)) as app:
        await app.stand_on("Okonkwo")
        await app.press("z", "d", "M")
        await app.until(lambda: "as gazetteer (fp32) says now" in page(app))
        assert "Ada            PER      ███████████████████████▊ .99" in page(app)
        assert "(other)" not in page(app)


async def test_a_model_that_cannot_be_asked_says_why(review: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with review(Gazetteer(), size=(110, 40)) as app:
        app.screen.predictions.state = PredictionState(Phase.LOADING)
        await app.press("z", "d", "M")
        assert "can be asked when all is predicted" in page(app)
        await app.press("escape")
        app.screen.predictions.state = PredictionState(Phase.COMPLETE)

        def fail(*_: object) -> None:
            raise ModelError("the weights are gone")

        monkeypatch.setattr(Gazetteer, "predict", fail)
        await app.press("z", "d", "M")
        await app.until(lambda: "the weights are gone" in page(app))


async def test_without_a_model_nobody_is_asked(review: Open) -> None:
    async with review(size=(110, 40)) as app:
        await app.press("z", "d", "M")
        assert "asks the model" not in page(app)
        assert "asking" not in page(app)


@pytest.mark.parametrize("remembered", [True, False])
async def test_who_speaks_for_a_suggestion_is_said_with_the_places(review: Open, remembered: bool) -> None:
    memory = (3, 4) if remembered else None
    places = (DecidedPlace(1, 1, "Łódź that\n"),) if remembered else ()
    said = Voices("LOC", Votes(0.55, 0.9, memory), 5, True, places)

    class Source:
        def voices(self, *_: object) -> Voices:
            return said

    async with review(Gazetteer(), size=(110, 50)) as app:
        app.session.learning.source = Source()  # type: ignore[assignment]
        await app.stand_on("Łódź")
        await app.press("z", "d")
        shown = page(app)
        assert "the model      LOC      █████████████▎           .55" in shown
        assert "the head       LOC      █████████████████████▋   .90" in shown
        if remembered:
            assert "the memory     LOC      ██████████████████       .75  decided so 3 of 4 times" in shown
            assert "news.txt, line 1: Łódź that" in shown
        else:
            assert "the memory     is silent: no decided place speaks for it" in shown

"""The review screen: suggestions are accepted, rejected, swept and walked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.conftest import NEWS, Open
from app.fakes import Gazetteer
from ner_tui.app.app import NerApp
from ner_tui.session import Session


async def test_suggestions_appear_and_are_accepted_or_rejected(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("w")
        assert app.under_cursor() == "New"
        await app.press("a", "w", "x")
        assert app.spans() == [("New York City", "LOC")]
        assert app.session.document.span_at(NEWS.index("Ada")) is None


async def test_enter_accepts_the_rest_of_the_sentence_and_goes_on(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("enter")
        assert app.spans() == [("Hugging Face", "ORG"), ("New York City", "LOC")]
        assert app.session.document.sentence_state(0).status == "confirmed"
        assert app.under_cursor() == "Ada"
        await app.press("c")
        assert app.under_cursor() == "Łódź"
        assert "2 accepted, 1 doubtful left · u takes it back" in app.told
        assert app.session.document.sentence_state(NEWS.index("Ada")).status == "in progress"
        await app.press("enter", "enter")
        assert app.under_cursor() == "Łódź"
        assert "1 doubtful left" in app.told
        assert "takes it back" not in app.told
        await app.press("a")
        assert app.session.document.sentence_state(NEWS.index("Ada")).status == "confirmed"
        assert app.under_cursor() == "Nobody"
        await app.press("enter", "enter")
        assert app.session.document.name.endswith("notes.txt")
        await app.press("u", "u", "u", "u", "u")
        assert app.session.row().confirmed == 0


async def test_next_doubtful_goes_across_documents_and_undo_comes_back(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await app.press("z", "D")
        assert app.session.document.name.endswith("notes.txt")
        await app.press("z", "B", "n")
        assert app.under_cursor() == "Łódź"
        await app.press("a", "z", "D", "u")
        assert app.session.document.name.endswith("news.txt")
        assert app.under_cursor() == "Łódź"
        assert app.spans() == []
        await app.press("U")
        assert app.spans() == [("Łódź", "LOC")]


async def test_a_model_that_fails_is_said_and_annotating_goes_on(
    review: Open, new_session: Callable[..., Session]
) -> None:
    def fail() -> None:
        raise RuntimeError("out of memory")

    session = new_session(Gazetteer(wait=fail))
    async with NerApp(session).run_test(size=(100, 30)) as pilot:
        for _ in range(100):
            await pilot.pause(0.02)
            if pilot.app.screen.messages.standing:  # type: ignore[attr-defined]
                break
        await pilot.press("1")
        await pilot.pause()
        said = "".join(strip.text for strip in pilot.app.screen._compositor.render_strips()[-2])
        assert "out of memory" in said
        assert session.document.span_at(0) is not None


async def test_space_leaves_what_is_doubtful_and_each_answer_goes_on_to_the_next(review: Open) -> None:
    news = f"{NEWS}Mr Smith left. Łódź woke.\n"
    async with review(Gazetteer(), size=(80, 24), news=news) as app:
        await app.press("space")
        assert app.under_cursor() == "Łódź"
        assert "4 confirmed, 2 doubtful left · u takes it back" in app.told
        await app.press("x")
        assert app.session.document.sentence_state(NEWS.index("Ada")).status == "confirmed"
        assert app.screen.view.cursor == news.rindex("Łódź")
        await app.press("a")
        assert app.session.row().confirmed == app.session.row().sentences == 6
        assert "every sentence is confirmed" in app.told
        assert [text for text, _ in app.spans()].count("Łódź") == 1
        await app.press("escape", "u", "u")
        assert app.session.row().confirmed == 4
        await app.press("u")
        assert (app.session.row().confirmed, app.spans()) == (0, [])


async def test_another_label_answers_what_a_sweep_has_left_and_goes_on(review: Open) -> None:
    news = f"{NEWS}Mr Smith left. Łódź woke.\n"
    async with review(Gazetteer(), size=(80, 24), news=news) as app:
        await app.press("space", "1")
        assert app.session.document.sentence_state(NEWS.index("Ada")).status == "confirmed"
        assert app.screen.view.cursor == news.rindex("Łódź")
        await app.press("3")
        assert app.session.row().confirmed == 6
        assert {label for text, label in app.spans() if text == "Łódź"} == {"PER", "LOC"}


@pytest.mark.parametrize("sweep", ["enter", "space"])
async def test_what_a_sweep_left_confirms_nothing_once_the_sweep_is_undone(review: Open, sweep: str) -> None:
    ada = NEWS.index("Ada")
    async with review(Gazetteer(), size=(80, 24)) as app:
        await app.stand_on("Łódź")
        await app.press(sweep, "u")
        await app.stand_on("Łódź")
        await app.press("1")
        assert app.under_cursor() == "Łódź"
        assert app.spans() == [("Łódź", "PER")]
        assert app.session.document.sentence_state(ada).status == "in progress"


async def test_what_a_sweep_left_is_gone_through_when_an_answer_to_it_is_undone(review: Open) -> None:
    news = f"{NEWS}Mr Smith left. Łódź woke.\n"
    async with review(Gazetteer(), size=(80, 24), news=news) as app:
        await app.press("space", "1", "u", "3")
        assert app.screen.view.cursor == news.rindex("Łódź")
        assert app.session.document.sentence_state(NEWS.index("Ada")).status == "confirmed"


async def test_suggestions_below_the_threshold_show_where_they_are_asked_for(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24)) as app:
        bridge = NEWS.index("Manhattan")
        await app.press("J", "b")
        assert app.screen.view.cursor < bridge
        await app.stand_on("Manhattan")
        await app.press("a")
        assert app.spans() == []
        assert "no suggestion here" in app.told
        await app.press("z", "f")
        assert app.session.row().doubts == 1
        await app.press("a")
        assert app.spans() == [("Manhattan Bridge", "LOC")]
        await app.press("u", "z", "f")
        assert app.session.document.span_at(bridge) is None


async def test_space_accepts_what_is_in_sight_whole_as_one_change_and_shows_what_follows(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 24)) as app:
        app.session.accepts_doubtful = True
        await app.press("space")
        whole = app.session.row(app.session.document.id)
        assert whole.confirmed == 0
        assert app.session.document.name.endswith("notes.txt")
        await app.press("u")
        assert app.session.document.name.endswith("news.txt")
        assert app.session.row().confirmed == 0
        assert app.spans() == []

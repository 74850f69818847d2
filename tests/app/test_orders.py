"""The orders that places are gone through in: one counter, and the same keys, in all of them."""

from __future__ import annotations

from app.conftest import NEWS, TAGGED, Open
from app.fakes import Gazetteer
from app.test_queue import listed


async def test_the_document_order_says_which_sentence_it_is_and_how_far_it_is(review: Open) -> None:
    async with review(Gazetteer(), size=(90, 24), news=NEWS) as app:
        await app.until(lambda: " sentence 1/4 · 0 of 2 decided " in app.screen.status.text)
        await app.press("a")
        assert " sentence 1/4 · 1 of 2 decided " in app.screen.status.text
        await app.press("enter")
        assert " sentence 2/4 · 0 of 3 decided · 1 doubtful " in app.screen.status.text
        assert [line[:1] for line in app.lines()[1:4]] == [" ", "▌", ""]


async def test_deciding_goes_on_in_the_queue_and_undoing_comes_back(review: Open) -> None:
    async with review(Gazetteer(), news=NEWS, more=NEWS) as app:
        await app.press("d")
        await app.until(lambda: len(listed(app)) >= 2)
        assert app.lines()[1].startswith("│  2 doubtful · ")
        await app.press("enter")
        first = (app.session.document.name, app.screen.view.cursor)
        assert " doubt 1/2 · sentence 2/4 " in app.screen.status.text
        await app.press("a")
        assert " doubt 1/1 · " in app.screen.status.text
        assert "· 1 doubtful " in app.screen.top.text
        assert (app.session.document.name, app.screen.view.cursor) != first
        await app.press("u")
        assert (app.session.document.name, app.screen.view.cursor) == first
        assert " doubt 1/2 · " in app.screen.status.text
        # What is doubtful has to be answered; then the whole sentence is confirmed, and the next doubt is in another.
        await app.press("enter")
        assert "1 doubtful left" in app.told
        assert (app.session.document.name, app.screen.view.cursor) == first
        await app.press("a")
        assert app.session.row().confirmed == 1
        assert " doubt 1/1 · " in app.screen.status.text
        await app.press("escape")
        assert "doubt 1/1" not in app.screen.status.text


async def test_where_a_model_and_the_file_differ_both_answers_and_their_keys_are_named(review: Open) -> None:
    async with review(Gazetteer(), tagged=TAGGED) as app:
        await app.stand_on("Paris")
        await app.press("h", "l")
        assert "≠ the model: LOC .95 · a takes LOC, x keeps ORG" in app.told
        await app.press("x")
        assert ("Paris", "ORG") in app.spans()
        assert "the model" not in app.told
        await app.press("u", "a")
        assert ("Paris", "LOC") in app.spans()


async def test_hits_are_gone_through_with_the_same_keys_and_counted(review: Open) -> None:
    async with review(None, news=NEWS, more=NEWS) as app:
        await app.press("slash", *"Paris", "enter")
        await app.until(lambda: " hit 1/2 · sentence 2/4 " in app.screen.status.text)
        # Deciding on a hit goes on to the next.
        await app.press("3")
        assert app.session.document.name.endswith("more.txt")
        assert " hit 2/2 · " in app.screen.status.text
        await app.press("p")
        assert app.session.document.name.endswith("news.txt")
        assert app.spans() == [("Paris", "LOC")]
        await app.press("enter")
        assert app.session.row().confirmed == 1
        assert app.session.document.name.endswith("more.txt")
        await app.press("escape")
        assert "hit" not in app.screen.status.text


async def test_a_notice_never_covers_the_keys(review: Open) -> None:
    async with review(None, size=(80, 24), news=NEWS) as app:
        await app.press("8")
        keys, notice = app.lines()[-1], app.lines()[-2]
        assert keys == " ? keys u undo 1 PER 2 ORG 3 LOC 4 MISC ⏎ confirm a accept x remove n next z …"
        assert "no label has the key 8" in notice

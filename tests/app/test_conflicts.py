"""Conflicts on the screen: from one to the next by the digit of a reading, and what stands below the text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from app.conftest import Opened
from ner_tui.app.app import NerApp
from ner_tui.app.queue_walk import MORE
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.screens.startup import StartupState
from ner_tui.app.widgets.document_view import DocumentView
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.kept_view import KeptView
from ner_tui.session.team.adjudicating import adjudicate
from ner_tui.session.team.sides import SideOptions

WORDS = "Ada left Oslo . | Bob saw Acme . | Cy met Dee ."
TAGS = {
    "ana": "B-PER O B-LOC O | B-PER O B-ORG O | B-PER O B-PER O",
    "bo": "B-PER O B-LOC O | B-PER O B-LOC O | B-PER O O O",
    "cy": "B-PER O B-ORG O | B-PER O B-ORG O | B-PER O O O",
}
Judge = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    @asynccontextmanager
    async def running(
        size: tuple[int, int] = (100, 30),
        *,
        blind: bool = False,
        kept: KeptView | None = None,
        words: str = WORDS,
        tags: Mapping[str, str] = TAGS,
    ) -> AsyncIterator[Opened]:
        target = tmp_path / "gold.ner"
        if not target.exists():
            for name, own in tags.items():
                pairs = zip(words.split(), own.split(), strict=True)
                rows = [f"{word} {tag}" if word != "|" else "" for word, tag in pairs]
                (tmp_path / f"{name}.conll").write_text("\n".join(rows) + "\n\n")
            adjudicate([str(tmp_path / f"{name}.conll") for name in tags], SideOptions(), target, blind=blind)
        session = open_session([], SessionOptions(str(target), annotator="judge"))
        try:
            async with NerApp(session, kept=kept).run_test(size=size) as pilot:
                await pilot.pause()
                screen = pilot.app.screen
                assert isinstance(screen, ReviewScreen)
                opened = Opened(pilot, session, screen)
                await opened.until(lambda: screen.walk.is_on)
                await pilot.pause()
                yield opened
        finally:
            session.close()

    return running


async def test_it_begins_at_the_first_conflict_with_its_readings_below_the_text(judge: Judge) -> None:
    async with judge() as opened:
        assert opened.under_cursor() == "Oslo"
        shown = "\n".join(opened.lines())
        assert " 1  ana, bo: Ada left [Oslo LOC] ." in shown
        assert " 2  cy: Ada left [Oslo ORG] ." in shown
        assert "conflicts of annotators 1/3" in shown


async def test_of_a_long_sentence_whole_words_are_shown_around_a_reading(judge: Judge) -> None:
    words = "Yesterday evening Ada Okonkwo left Oslo by train and afterwards by a boat ."
    tags = {"ana": "O O O O O B-LOC O O O O O O O O", "bo": "O O O O O O O O O O O O O O"}
    async with judge(words=words, tags=tags) as opened:
        shown = "\n".join(opened.lines())
        assert " ana: … Ada Okonkwo left [Oslo LOC] by train and afterwards …" in shown


async def test_a_key_that_closes_the_card_over_a_conflict_answers_nothing(judge: Judge) -> None:
    async with judge(kept=KeptView()) as opened:
        assert "1 … 9           take a reading where annotators differ, 0 none" in "\n".join(opened.lines())
        await opened.press("2")
        assert "conflicts of annotators 1/3" in "\n".join(opened.lines())
        await opened.press("2")
        assert ("Oslo", "ORG") in opened.spans()


async def test_a_cursor_that_is_sent_somewhere_before_the_text_is_laid_out_gets_there(judge: Judge) -> None:
    async with judge() as opened:
        view, at = DocumentView(opened.session.document, opened.session.labels), opened.screen.view.cursor

        class Early(App[None]):
            def compose(self) -> ComposeResult:
                yield view

            def on_mount(self) -> None:
                assert not view.ready.is_set()
                view.move_to(at)

        async with Early().run_test() as pilot:
            await view.ready.wait()
            await pilot.pause()
            assert view.cursor == at > 0


async def test_a_digit_that_is_typed_before_the_first_conflict_is_shown_answers_it(
    judge: Judge, tmp_path: Path
) -> None:
    async with judge():
        pass
    session = open_session([], SessionOptions(str(tmp_path / "gold.ner"), annotator="judge"))
    app = NerApp(StartupState(session.document.text, 0, "", lambda: session))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("2")
        while app.review is None:
            await pilot.pause()
        await pilot.pause()
        assert [mark.span.label for mark in session.document.spans(0, 14)] == ["PER", "ORG"]
    session.close()


async def test_a_digit_takes_a_reading_and_goes_on_and_the_last_leaves_everything_confirmed(judge: Judge) -> None:
    async with judge() as opened:
        await opened.press("1")
        assert opened.under_cursor() == "Acme"
        await opened.press("2")
        assert opened.under_cursor() == "Dee"
        assert not any(" 1 PER 2 " in line for line in opened.lines()), "digits give no labels here"
        await opened.press("0")
        assert any("the last conflict is settled" in line for line in opened.lines())
        assert any(" 1 PER 2 " in line for line in opened.lines())
        spans = dict(opened.spans())
        assert (spans["Oslo"], spans["Acme"], "Dee" in spans) == ("LOC", "LOC", False)
        row = opened.session.row()
        assert (row.confirmed, row.sentences, row.doubts) == (3, 3, 0)


async def test_undo_goes_back_to_the_conflict_and_shows_it_again(judge: Judge) -> None:
    async with judge() as opened:
        await opened.press("1", "2", "u")
        assert opened.under_cursor() == "Acme"
        assert any("[Acme ORG]" in line for line in opened.lines())
        await opened.press("1")
        assert dict(opened.spans())["Acme"] == "ORG"
        assert opened.under_cursor() == "Dee"


async def test_the_usual_keys_edit_and_a_selection_takes_a_label(judge: Judge) -> None:
    async with judge() as opened:
        await opened.press("x")
        assert opened.under_cursor() == "Acme"
        await opened.press("H", "1")
        assert ("saw Acme", "PER") in opened.spans()


async def test_a_digit_without_a_reading_says_how_many_there_are(judge: Judge) -> None:
    async with judge() as opened:
        await opened.press("7")
        assert "there are 2 readings" in opened.told
        assert opened.under_cursor() == "Oslo"


async def test_blind_nobody_is_named_and_a_session_goes_on_where_it_was(judge: Judge) -> None:
    async with judge(blind=True) as opened:
        shown = "\n".join(opened.lines())
        assert "[Oslo LOC]" in shown
        assert "ana" not in shown.replace("ana.conll", "")
        await opened.press("1")
    async with judge(size=(80, 24)) as opened:
        assert opened.under_cursor() == "Acme"
        assert any("[Acme ORG]" in line for line in opened.lines())
        assert any("gold.ner" in line for line in opened.lines()[:1]), "the bars stay in sight"


async def test_a_reading_is_taken_by_a_click_on_its_line(judge: Judge) -> None:
    async with judge() as opened:
        await opened.pilot.click(opened.screen.key_menu, offset=(12, 2))
        await opened.pilot.pause()
        assert dict(opened.spans())["Oslo"] == "ORG"
        await opened.pilot.click(opened.screen.key_menu, offset=(3, 3))
        await opened.pilot.pause()
        assert "Acme" not in dict(opened.spans())


async def test_enter_leaves_conflicts_alone_and_digits_then_go_through_those_of_the_sentence(judge: Judge) -> None:
    tags = {"ana": "B-PER B-PER B-PER O | B-PER O", "bo": "O O O O | O O"}
    async with judge(words="Ada Bob Cy left | Dee left", tags=tags) as opened:
        await opened.press("n", "enter")
        assert opened.under_cursor() == "Bob", "it stays where a conflict is"
        assert "3 doubtful left" in opened.told
        await opened.press("1")
        assert opened.under_cursor() == "Cy"
        await opened.press("1")
        assert opened.under_cursor() == "Ada", "the one before them waits, too"
        await opened.press("1")
        assert opened.under_cursor() == "Dee"
        assert opened.spans() == [("Ada", "PER"), ("Bob", "PER"), ("Cy", "PER")]


async def test_after_an_answer_elsewhere_the_conflict_that_the_order_had_come_to_is_next(judge: Judge) -> None:
    async with judge() as opened:
        opened.screen.view.move_to(opened.session.document.text.index("Dee"))
        await opened.press("1")
        assert opened.under_cursor() == "Oslo"
        await opened.press("2")
        assert opened.under_cursor() == "Acme"
        spans = dict(opened.spans())
        assert (spans["Oslo"], spans["Dee"]) == ("ORG", "PER")


async def test_all_conflicts_are_counted_however_many_there_are(judge: Judge) -> None:
    number = MORE + 30
    tags = {"ana": " | ".join(["B-PER O"] * number), "bo": " | ".join(["B-ORG O"] * number)}
    async with judge(words=" | ".join(f"w{at} ." for at in range(number)), tags=tags) as opened:
        assert f"conflicts of annotators 1/{number}" in "\n".join(opened.lines())
        await opened.press(*"1" * 3)
        assert f"conflicts of annotators 1/{number - 3}" in "\n".join(opened.lines())
        for _ in range(number - 4):
            opened.screen.step(1)
        await opened.pilot.pause()
        assert f"conflicts of annotators {number - 3}/{number - 3}" in "\n".join(opened.lines())
        await opened.press("p", "p", "1", "p")
        assert f"conflicts of annotators {number - 6}/{number - 4}" in "\n".join(opened.lines())

"""Possible errors of labels on the screen: looked for, gone through, one key an answer, and saved into the file."""

from __future__ import annotations

import difflib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from app.conftest import Opened
from app.fakes import Gazetteer
from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.domain.annotation.possible_errors import PossibleError
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session

GOLD = """Ada O
Okonkwo O
met O
Nobody B-PER
in O
Paris B-ORG
. O

New B-LOC
York B-LOC
City B-LOC
fell O
. O

The B-LOC
Łódź I-LOC
rose O
. O
"""
PLACES = {
    "missing": ("Ada Okonkwo", 0.9, [], [("Ada Okonkwo", "PER")]),
    "spurious": ("Nobody", 0.8, [("Nobody", "PER")], []),
    "label": ("Paris", 0.7, [("Paris", "ORG")], [("Paris", "LOC")]),
    "merged": (
        "New York City", 0.6, [("New", "LOC"), ("York", "LOC"), ("City", "LOC")], [("New York City", "LOC")],
    ),
    "boundary": ("The Łódź", 0.5, [("The Łódź", "LOC")], [("Łódź", "LOC")]),
}  # fmt: skip
Sitting = Callable[..., AbstractAsyncContextManager[Opened]]


def keep_errors(session: Session) -> None:
    """Keep one possible error of each kind in the project."""
    text = session.document.text

    def spans(said: list[tuple[str, str]]) -> tuple[Span, ...]:
        return tuple(Span(text.index(words), text.index(words) + len(words), label) for words, label in said)

    def errors() -> Iterator[PossibleError]:
        for words, probability, given, proposed in PLACES.values():
            start = text.index(words)
            yield PossibleError(
                1, start, start + len(words), spans(given), spans(proposed), probability, ("a reason",), (1.0,)
            )

    with session._project.transaction():
        session._project.possible_errors.replace(errors())


@pytest.fixture
def sitting(tmp_path: Path) -> Sitting:
    (tmp_path / "gold.conll").write_text(GOLD)

    @asynccontextmanager
    async def running(
        size: tuple[int, int] = (100, 30), *, errors: bool = True, model: Gazetteer | None = None
    ) -> AsyncIterator[Opened]:
        load = (lambda spec: model) if model else None
        options = SessionOptions(project=str(tmp_path / "p.ner"), annotator="ada", load=load)
        session = open_session([str(tmp_path / "gold.conll")], options)
        try:
            if errors and not session.possible_errors.is_any_left:
                keep_errors(session)
            async with NerApp(session).run_test(size=size) as pilot:
                await pilot.pause()
                assert isinstance(pilot.app.screen, ReviewScreen)
                yield Opened(pilot, session, pilot.app.screen)
        finally:
            session.close()

    return running


def changed(folder: Path) -> list[str]:
    """Return the lines that a save has changed, as ``git diff`` shows them."""
    lines = difflib.unified_diff(GOLD.splitlines(), (folder / "gold.conll").read_text().splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


async def test_one_key_takes_what_is_proposed_whatever_is_wrong_and_the_save_changes_those_labels_alone(
    sitting: Sitting, tmp_path: Path
) -> None:
    async with sitting() as opened:
        await opened.press("z", "q")
        assert opened.under_cursor() == "Ada"
        shown = "\n".join(opened.lines())
        assert "90% wrong: a reason" in shown
        assert "should be: [Ada Okonkwo PER] met" in shown
        assert "is right:  [Ada Okonkwo: no entity] met" in shown
        assert "possible errors 1/5" in shown
        seen = []
        for _ in PLACES:
            seen.append(opened.under_cursor())
            await opened.press("a")
        assert seen == ["Ada", "Nobody", "Paris", "New", "The"]
        assert opened.spans() == [("Ada Okonkwo", "PER"), ("Paris", "LOC"), ("New York City", "LOC"), ("Łódź", "LOC")]
        assert not opened.session.possible_errors.is_any_left
        await opened.press("z", "w", "y")
        await opened.until(lambda: "saved" in opened.told)
    assert changed(tmp_path) == [
        "-Ada O", "-Okonkwo O", "+Ada B-PER", "+Okonkwo I-PER", "-Nobody B-PER", "+Nobody O", "-Paris B-ORG",
        "+Paris B-LOC", "-York B-LOC", "-City B-LOC", "+York I-LOC", "+City I-LOC", "-The B-LOC", "-Łódź I-LOC",
        "+The O", "+Łódź B-LOC",
    ]  # fmt: skip


async def test_one_key_says_that_gold_is_right_and_is_never_asked_again(sitting: Sitting, tmp_path: Path) -> None:
    async with sitting() as opened:
        before = opened.spans()
        await opened.press("z", "q", *"xxxxx")
        assert opened.spans() == before
        assert not opened.session.possible_errors.is_any_left
        assert opened.session.statistics.corrections() == 0
        await opened.press("z", "w", "y")
        await opened.until(lambda: "saved" in opened.told)
        # Another audit that finds the same asks nothing.
        keep_errors(opened.session)
        await opened.press("z", "q")
        assert "look for errors in what is labelled" in opened.told
    assert changed(tmp_path) == []


async def test_undo_goes_back_to_the_place_and_asks_again(sitting: Sitting) -> None:
    async with sitting() as opened:
        await opened.press("z", "q", "x", "x", "u")
        assert opened.under_cursor() == "Nobody"
        assert any("80% wrong" in line for line in opened.lines())
        await opened.press("a")
        assert "Nobody" not in dict(opened.spans())
        assert opened.under_cursor() == "Paris"


async def test_any_other_correction_of_the_place_answers_it_and_outside_of_it_keys_mean_what_they_do(
    sitting: Sitting,
) -> None:
    async with sitting() as opened:
        await opened.press("z", "q", "n", "n")
        assert opened.under_cursor() == "Paris"
        await opened.press("4")
        assert dict(opened.spans())["Paris"] == "MISC"
        assert opened.under_cursor() == "New"
        await opened.press("l", "l", "l")
        assert opened.under_cursor() == "fell"
        assert all("wrong" not in line for line in opened.lines())
        await opened.press("1", "x")
        assert "fell" not in dict(opened.spans())


async def test_a_place_that_may_be_wrong_says_so_where_all_that_is_known_of_it_is_shown(sitting: Sitting) -> None:
    async with sitting(size=(100, 40)) as opened:
        await opened.stand_on("Paris")
        await opened.press("z", "d")
        shown = "\n".join(opened.lines())
        assert "May be wrong" in shown
        for words in ("stands there   ORG Paris", "proposed       LOC Paris", "probability    70%", "a reason"):
            assert words in shown


async def test_a_reading_is_taken_by_a_click_on_its_line(sitting: Sitting) -> None:
    async with sitting(size=(80, 24)) as opened:
        await opened.press("z", "q")
        await opened.pilot.click(opened.screen.key_menu, offset=(12, 1))
        await opened.pilot.pause()
        assert ("Ada Okonkwo", "PER") in opened.spans()


async def test_blind_what_is_proposed_is_hidden_until_something_is_decided_in_the_sentence(sitting: Sitting) -> None:
    async with sitting() as opened:
        await opened.press("z", "i", "z", "q")
        assert all("should be" not in line for line in opened.lines())


async def test_a_model_looks_for_errors_beside_the_work_and_says_how_many(sitting: Sitting) -> None:
    async with sitting(errors=False, model=Gazetteer()) as opened:
        await opened.press("z", "q")
        assert "a model reads 3 sentences" in opened.told
        await opened.press("y")
        await opened.until(lambda: "may be wrong" in opened.told)
        assert "z q goes through them" in opened.told
        await opened.press("z", "q")
        assert opened.screen.walk.is_on
        assert any("the model reads it as" in line for line in opened.lines())


async def test_without_a_model_nobody_looks(sitting: Sitting) -> None:
    async with sitting(errors=False) as opened:
        await opened.press("z", "q", "y")
        assert "no model looks for errors" in opened.told

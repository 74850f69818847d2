"""What a key costs: each fact is read once, each line drawn once, and one key stays within a number of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from textual.strip import Strip

from app.conftest import Open, Opened
from app.cost import Cost, counted
from app.fakes import Gazetteer
from ner_tui.app.app import NerApp
from ner_tui.app.screens.review import base
from ner_tui.app.widgets.painter import Marked
from ner_tui.session import Session

KEYS = {
    "l": (0, 218), "w": (1, 245), "n": (1, 244), "p": (1, 101), "2": (27, 452), "a": (27, 425), "x": (24, 401),
    "u": (1, 64), "e": (27, 471), "enter": (40, 638),
}  # fmt: skip
"""The commonest, with the statements and calls that they take at the most."""


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the cursor from coming to rest, which costs something of its own later."""
    monkeypatch.setattr(base, "REST", 3600.0)
    monkeypatch.setattr(base, "COUNTERS_AFTER", 3600.0)


async def press(app: Opened, key: str) -> Cost:
    """Press a key where the screen is at rest, on a suggestion that was decided and undone once."""
    await app.stand_on("Ada")
    await app.press("a", "u", "h", "l")
    app.screen.draw()
    with counted(app.screen) as cost:
        # It asks the app nothing meanwhile.
        await app.pilot.press(key)
        await app.pilot.pause()
    return cost


async def test_a_key_reads_each_fact_once_and_draws_each_line_once(review: Open) -> None:
    async with review(Gazetteer()) as app:
        for key, (statements, calls) in KEYS.items():
            cost = await press(app, key)
            assert cost.calls
            assert (len(cost.statements) <= statements, sum(cost.calls.values()) <= calls) == (True, True), key
            assert cost.read_again == [], key
            assert [line for line, times in cost.drawn.items() if times > 1] == [], key
            await back(app, key)


async def back(app: Opened, key: str) -> None:
    """Undo what a key decided, if it decided something."""
    if key in ("a", "enter", "2", "x", "e"):
        await app.press("u")


async def test_a_label_on_a_suggestion_is_drawn_by_few_statements(review: Open) -> None:
    async with review(Gazetteer()) as app:
        cost = await press(app, "2")
        assert app.spans() == [("Ada Okonkwo", "ORG")]
        after = cost.statements[cost.statements.index("COMMIT") + 1 :]
        # What is drawn: the labels, two counts, and of the cursor's row the items and problems.
        assert len(after) <= 5


async def test_a_move_reads_nothing_that_is_known(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await press(app, "l")
        await app.press("h")
        with counted(app.screen) as cost:
            await app.pilot.press("l")
        assert cost.statements == []


async def test_a_key_paints_each_row_of_the_text_and_of_the_list_once(review: Open) -> None:
    async with review(Gazetteer()) as app:
        painted = painting(app)
        for key in (*KEYS, "z D", "z i", "z X", "J"):
            await app.stand_on("Ada")
            await app.press("a", "u", "h", "l")
            painted.clear()
            await app.press(*key.split(" "))
            assert {row for row, times in painted.items() if times > 1} == set(), key
            await back(app, key)


async def test_what_is_painted_is_counted(review: Open) -> None:
    async with review(Gazetteer()) as app:
        painted = painting(app)
        await app.press("z", "D")
        assert painted["documents", 0] == painted["documents", 1] == painted["text", 0] == 1


def painting(app: Opened) -> Counter[tuple[str, object]]:
    """Count from now on how often each row of the text, with its labels, and each line of the list is painted."""
    painted: Counter[tuple[str, object]] = Counter()
    view, documents = app.screen.view, app.screen.documents
    paint, line = view._paint, documents.line

    def count_row(at: int, labels: bool, marked: Marked) -> Strip:
        painted["labels" if labels else "text", at] += 1
        return paint(at, labels, marked)

    def count_line(at: int, width: int) -> list[tuple[str, str]]:
        painted["documents", at] += 1
        return line(at, width)

    view._paint, documents.line = count_row, count_line  # type: ignore[method-assign]
    return painted


async def test_what_a_key_changes_is_drawn_with_the_key(
    new_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn by a message of its own, it would be on the screen a frame later than the text."""
    app = NerApp(new_session())
    async with app.run_test(size=(120, 40)) as pilot:
        # The first key ends the notice of the start.
        await pilot.press("l")
        await pilot.pause()
        screen, later = app.review, list[object]()
        assert screen is not None
        call_later = screen.call_later

        def recorded(callback: Callable[[], object], *arguments: object) -> bool:
            later.append(callback)
            return call_later(callback, *arguments)

        monkeypatch.setattr(screen, "call_later", recorded)
        for key in ("l", "1", "u", "J"):
            await pilot.press(key)
        assert screen.draw not in later

"""Windows too small for anything: a session begins in one, lives, and is all there when the window has grown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ner_tui.app.app import NerApp
from ner_tui.app.screens.startup import StartupState
from ner_tui.session import Session, SessionOptions, open_session

SIZES = ((1, 1), (3, 24), (4, 3), (80, 1))
TEXT = "Ada Okonkwo left for Paris."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    session = open_session([str(path)], SessionOptions(project=str(tmp_path / "p.ner"), annotator="a"))
    yield session
    session.close()


def _shown(app: NerApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(strip.text for strip in row) for row in strips)


@pytest.mark.thorough
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("previewed", [True, False])
async def test_a_session_that_begins_in_a_tiny_window_is_there_when_that_grows(
    size: tuple[int, int], previewed: bool, session: Session
) -> None:
    begin: Session | StartupState = StartupState(TEXT, 0, "", lambda: session) if previewed else session
    app = NerApp(begin)
    async with app.run_test(size=size) as pilot:
        await _until(pilot.pause, lambda: app.review is not None)
        await pilot.press("l", "1")
        await pilot.resize_terminal(80, 24)
        await _until(pilot.pause, lambda: "Okonkwo" in _shown(app))
        await pilot.resize_terminal(*size)
        await pilot.press("l", "2")
        await pilot.resize_terminal(80, 24)
        await _until(pilot.pause, lambda: "Okonkwo" in _shown(app))
        assert app.refused is None
        assert app._faults == 0
        assert session.row().spans == 2


async def _until(pause: Callable[[], object], holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        await pause()  # type: ignore[misc]
    raise AssertionError("it never came")

"""A disk that fills up under a session: edits go on, are drawn as not saved, and are saved when there is space."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.conftest import Open, Opened
from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.session import Session, SessionOptions, open_session

resource = pytest.importorskip("resource", reason="limits on the size of files are set in the POSIX way")


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """Let no file grow beyond what the write-ahead log has grown to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    (log,) = folder.glob("*.ner-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_no_edit_is_drawn_before_it_is_called_unsaved(
    review: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with review() as opened:
        await opened.press("1", "l", "l")
        screen, drawn = opened.screen, list[set[object]]()
        update = screen._compositor.update_widgets

        def noting(dirty: set[Any]) -> None:
            drawn.append(set(dirty))
            update(dirty)

        with full_disk(tmp_path), monkeypatch.context() as patch:
            patch.setattr(screen._compositor, "update_widgets", noting)
            for label in ("2", "3"):
                # The cursor was moved a moment ago, and the drawing of that comes right after the edit.
                screen._dirty_widgets.add(screen.view)
                await screen.run_action(f"label({int(label)})")
                screen._on_timer_update()
                assert drawn == []
                await opened.pilot.pause()
                assert any({screen.top, screen.view} <= dirty for dirty in drawn[:1])
                assert f"{int(label) - 1} NOT SAVED" in opened.lines()[0]
                drawn.clear()
                await opened.press("l")
                drawn.clear()
        opened.screen.saving.retry()
        await opened.pilot.pause()


async def test_edits_go_on_are_called_unsaved_and_are_saved_when_there_is_space(review: Open, tmp_path: Path) -> None:
    async with review() as opened:
        await opened.press("1")
        assert "NOT SAVED" not in opened.lines()[0]
        with full_disk(tmp_path):
            await opened.press("l", "l", "l", "2", "l", "3")
            assert opened.session.unsaved == 2
            assert "2 NOT SAVED" in opened.lines()[0]
            assert "edits NOT SAVED yet (" in opened.told
            assert len(opened.spans()) == 3
            await opened.press("u")
            assert len(opened.spans()) == 2
            await opened.press("q")
            assert "leave and lose 3 edits" in opened.told
            await opened.press("n")
            assert opened.pilot.app.is_running
            await opened.press("o")
            assert "would leave out what is not" in opened.told
        opened.screen.saving.retry()
        await opened.pilot.pause()
        assert "NOT SAVED" not in "".join(opened.lines())
        assert opened.session.unsaved == 0
        assert len(opened.spans()) == 2


async def test_a_read_only_session_says_so_and_refuses_what_changes_something(
    new_session: Callable[..., Session], tmp_path: Path
) -> None:
    new_session()
    options = SessionOptions(project=str(tmp_path / "work.ner"), annotator="eve", read_only=True)
    session = open_session([], options)
    app = NerApp(session)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        opened = Opened(pilot, session, screen)
        assert "read-only" in opened.lines()[0]
        for key in ("1", "enter", "u", "f", "space", "ctrl+r"):
            await opened.press(key)
            assert opened.spans() == []
        await opened.press("1")
        assert "read-only: nothing can be changed" in opened.told
        for keys in (("l", "n", *"zDzB"), ("z", "O", "escape"), ("d", "escape"), ("?", "escape"), ("z", "d", "escape")):
            await opened.press(*keys)
        assert screen.is_active
        assert not [said for said in screen.messages.log if "Traceback" in said]
        await opened.press("q")
    assert not app.is_running
    session.close()

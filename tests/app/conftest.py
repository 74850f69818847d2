"""A session on a few short texts, and the app on it."""

from __future__ import annotations

import unicodedata
from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from patience import HANGS
from textual import _wait
from textual import screen as toolkit_screen
from textual._styles_cache import StylesCache
from textual.events import Key
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from app.fakes import Gazetteer
from ner_tui.app.app import NerApp
from ner_tui.app.prediction_controller import Phase
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.session import Session, SessionOptions, open_session

# Between two keys the toolkit waits until the process has been idle for so long, which has to be longer than a frame
# takes to be drawn; its own 20 ms and 60 frames a second are half of all the time that these tests take.
toolkit_screen.UPDATE_PERIOD = 0.001  # type: ignore[misc]
_wait.SLEEP_GRANULARITY = 0.005
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 20

NEWS = """Hugging Face opened an office in New York City last spring.
Its head of research, Ada Okonkwo, told reporters in Łódź that Paris had to wait.

Nobody saw the Manhattan Bridge. Kestrel Labs did.
"""
NOTES = "Ada Okonkwo wrote to Kestrel Labs.\nThe end.\n"
TAGGED = "Nadia B-PER\nlives O\nin O\nParis B-ORG\n. O\n\nShe O\nsings O\n. O\n"


@dataclass
class Opened:
    """An app that runs without a terminal."""

    pilot: Pilot[None]
    session: Session
    screen: ReviewScreen

    async def press(self, *keys: str) -> None:
        """Press keys, each when the app is done with the last one; what goes on in threads is not waited for."""
        for key in keys:
            await self.pilot._wait_for_screen()
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            event = Key(name, character(name))
            event.set_sender(self.app)
            self.app._driver.send_message(event)  # type: ignore[union-attr]
            await self.taken()
        await self.pilot._wait_for_screen()
        self.pilot.app.screen._on_timer_update()

    async def taken(self) -> None:
        """Wait until all keys that came are taken."""
        for _ in range(10_000):
            await sleep(0.002)
            if self.app.all_taken or not self.app.is_running:
                return
        raise AssertionError("not all was taken")

    @property
    def app(self) -> NerApp:
        app = self.pilot.app
        assert isinstance(app, NerApp)
        return app

    async def burst(self, keys: str) -> None:
        """Have keys, separated by blanks, arrive at once, and wait until all of them were taken."""
        for key in keys.split():
            self.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.taken()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        end = monotonic() + HANGS
        while monotonic() < end:
            if holds():
                return
            await self.pilot.pause(0.02)
        raise AssertionError("it never came to hold")

    async def reach(self, phase: Phase) -> None:
        """Wait until the prediction is in this phase, and drawn so."""
        await self.until(lambda: self.screen.predictions.state.phase is phase)
        await self.pilot.pause()

    def spans(self) -> list[tuple[str, str]]:
        """What is decided in the open document: (text, label)."""
        document = self.session.document
        marks = document.spans(0, len(document.text))
        return [(document.text[m.span.start : m.span.end], m.span.label) for m in marks if m.kind == "decided"]

    def under_cursor(self) -> str:
        token = self.screen.view.token
        return "" if token is None else self.session.document.text[slice(*token)]

    def lines(self) -> list[str]:
        """What stands on the screen, line by line, without colours."""
        rows = self.pilot.app.screen._compositor.render_strips()
        return ["".join(strip.text for strip in row).rstrip() for row in rows]

    @property
    def told(self) -> str:
        """What the line of notices says, and the one that asks or else has the keys."""
        return f"{self.screen.notice.text}\n{self.screen.hints.text}"

    async def stand_on(self, words: str) -> None:
        self.screen.view.stand_on(self.session.document.text.index(words))
        await self.pilot.pause()


def character(key: str) -> str | None:
    """Return what a key types, by its name; None if it types nothing."""
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        return key if len(key) == 1 else None


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Drop the lines that were drawn: the toolkit keeps them of a thousand widgets, and the collector looks at all."""
    yield
    StylesCache.get_inner_outer.cache_clear()


Open = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def new_session(tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Open a session on files of the given contents; ``model`` is None for a session without one."""
    sessions: list[Session] = []

    def opening(model: Gazetteer | None = None, **files: str) -> Session:
        paths = []
        for name, content in (files or {"news": NEWS, "notes": NOTES}).items():
            path = tmp_path / f"{name}.{'conll' if content.startswith('Nadia B-') else 'txt'}"
            if not path.exists():
                path.write_text(content, encoding="utf-8", newline="")
            paths.append(str(path))
        load = (lambda spec: model) if model else None
        options = SessionOptions(project=str(tmp_path / "work.ner"), annotator="tester", load=load)
        sessions.append(open_session(paths, options))
        return sessions[-1]

    yield opening
    for session in sessions:
        session.close()


@pytest.fixture
def review(new_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Run the app on a session; everything is predicted when it is handed over, if there is a model."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    @asynccontextmanager
    async def running(
        model: Gazetteer | None = None, size: tuple[int, int] = (100, 30), **files: str
    ) -> AsyncIterator[Opened]:
        session = new_session(model, **files)
        app = NerApp(session)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, ReviewScreen)
            opened = Opened(pilot, session, screen)
            if model is not None:
                await opened.reach(Phase.COMPLETE)
            yield opened

    return running

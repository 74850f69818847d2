"""Every screen on hostile text: what is written to the terminal, byte for byte as a driver gets it."""

from __future__ import annotations

import base64
import fcntl
import os
import pkgutil
import pty
import re
import select
import struct
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from time import monotonic
from typing import Any, ClassVar

import pytest
from textual.content import Content
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

import ner_tui.app.screens
from hostile.conftest import HostileModel, Scene, text
from hostile.payloads import CANARY, WORDS, obeyed, taken_for_markup
from ner_tui.app.app import NerApp
from ner_tui.app.prediction_controller import Phase, PredictionState
from ner_tui.app.screens.dialog import Dialog
from ner_tui.app.screens.found_places import FoundPlaces
from ner_tui.app.screens.place_list import PlaceList
from ner_tui.app.screens.review.base import ScreenPart
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.screens.startup import StartupScreen, StartupState
from ner_tui.app.settings import AppSettings
from ner_tui.session import SessionOptions, open_session

SIZE = (110, 34)
WAYS = {
    "ReviewScreen": [["J"], ["g", "z", "k", "n", "v", "L"], ["r"], ["z", "s"], ["0"], ["z", "D", "n"]],
    "ChooseLabelScreen": [["z", "l"], ["z", "X", "M"]],
    "DetailScreen": [["n", "z", "d", "M"]],
    "ExportScreen": [["o"]],
    "FixAllScreen": [["n", "m", "l"]],
    "SearchResultsScreen": [["F", "K", "A", "tab"]],
    "RemarkScreen": [["z", "I", "j", "j"]],
    "GuidelinesScreen": [["z", "g"], ["z", "g", "G"]],
    "LabelsScreen": [["z", "X", "j", "R"], ["z", "X", "D"]],
    "NoteScreen": [["g", "N"]],
    "QueueScreen": [["d", "2", "2"]],
    "TextPageScreen": [["question_mark"], ["z", "M"]],
    "SaveScreen": [[*"zBzBzBzD1zwy"]],
    "StatisticsScreen": [["z", "O"]],
    "SummaryScreen": [["enter"] * 40],
    "ThemeScreen": [["z", "t"]],
    "Palette": [["z", "P", "l", "a"], ["z", "P", "o", "p"]],
}
"""How to come to each screen, and what to do there, so that all it shows of the project is seen."""
WITHOUT = {"ThemeScreen", "StatisticsScreen", "SummaryScreen"}
"""Screens that show names of labels at the most."""
PASSING = {"SaveScreen"}
"""Screens that are there only as long as something is written: what they drew is looked at, and they are gone."""
HANDSHAKE = re.compile(
    r"\x1b\[(?:\?\d+(?:;\d+)*[hl]|\?\d+\$p|\d* q|[<>=?]\d*u|>\d+;\d*m|>?\d*[cJKn])|\x1bP\+q[0-9a-f;]*\x1b\\|\x1b[=>]"
)
"""What the driver says to the terminal at the beginning and at the end: modes, and questions about them."""


class Terminal(HeadlessDriver):
    """A driver that keeps what it is given to write; a class for each app, which makes the driver itself."""

    sent: ClassVar[list[str]]

    def write(self, data: str) -> None:
        """Keep it."""
        # Nothing is drawn that cannot be encoded, such as half of a surrogate pair.
        self.sent.append(data.encode().decode())

    @property
    def is_headless(self) -> bool:
        return False


@dataclass
class Seen:
    """The app while it draws on such a terminal."""

    pilot: Pilot[None]
    app: NerApp
    sent: list[str]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def take(self) -> str:
        """Return what was sent since the last time."""
        sent = "".join(self.sent)
        self.sent.clear()
        return sent

    def rows(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(strip.text for strip in row) for row in strips)


def screens() -> set[str]:
    """Return the names of all screens that there are, but for those that are only parts or forms of others."""
    for module in pkgutil.walk_packages(ner_tui.app.screens.__path__, "ner_tui.app.screens."):
        import_module(module.name)
    found: set[str] = set()
    todo: list[type[Screen[Any]]] = [Screen]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            part = (
                kind in (Dialog, PlaceList, FoundPlaces)
                or kind in ReviewScreen.__mro__[1:]
                or ReviewScreen in kind.__mro__[1:]
            )
            if kind.__module__.startswith("ner_tui.") and not part:
                found.add(kind.__name__)
    return found


@asynccontextmanager
async def drawing(scene: Scene, *, net: bool = False) -> AsyncIterator[Seen]:
    options = SessionOptions(project=str(scene.project), annotator="x", load=lambda _: HostileModel())
    session = open_session([], options)
    app = NerApp(session, AppSettings(accept_doubtful=True))
    sent: list[str] = []
    app.driver_class = type("Terminal", (Terminal,), {"sent": sent})
    app._control_filter.enabled = net
    try:
        async with app.run_test(headless=False, size=SIZE) as pilot:
            yield Seen(pilot, app, sent)
    finally:
        session.close()


def copied(sent: str) -> list[str]:
    """Return what was given to the clipboard."""
    found = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", sent)
    assert found, "nothing was copied"
    return [base64.b64decode(each).decode() for each in found]


@pytest.mark.thorough
async def test_no_screen_sends_anything_of_the_text_that_a_terminal_would_obey(scene: Scene) -> None:
    """Without the net under the screens, which would hide what one of them forgets."""
    assert {*WAYS, "StartupScreen"} == screens()
    wrong = []
    async with drawing(scene) as seen:
        review = seen.app.screen
        assert isinstance(review, ReviewScreen)
        # What is there for a moment only, on a fast machine.
        review.predictions.state = PredictionState(Phase.READY, scene.project.stem)
        review.invalidate(ScreenPart.TOP)
        await seen.press()
        wrong += [f"what the model does: sent {what}" for what in set(obeyed(seen.take(), screen=True))]
        for name, ways in WAYS.items():
            shown = ""
            for keys in ways:
                seen.take()
                await seen.press(*keys)
                place = f"{name} {' '.join(keys)}"
                if type(seen.app.screen).__name__ != name and name not in PASSING:
                    wrong.append(f"{place}: came to {type(seen.app.screen).__name__}")
                rows, sent = seen.rows(), seen.take()
                shown += rows
                wrong += [f"{place}: sent {what}" for what in set(obeyed(sent, screen=True))]
                wrong += [f"{place}: markup in {line!r}" for line in taken_for_markup(rows)]
                for _ in range(4):
                    if not review.is_active or review.messages.prompt:
                        await seen.press("escape")
                assert review.is_active, place
            if name not in WITHOUT and CANARY not in shown:
                wrong.append(f"{name}: shows nothing that could be obeyed")
        seen.take()
        await seen.press("g", "n", "z", "c")
        wrong += [f"copied {found!r}" for found in copied(seen.take()) if not set(found).isdisjoint("\x1b\x9b\x07\r")]
        opening = StartupState(text(), 0, "", lambda: review.session)
        await seen.app.push_screen(StartupScreen(opening, lambda: None))
        await seen.press()
        wrong += [f"OpeningScreen: sent {what}" for what in set(obeyed(seen.take(), screen=True))]
        wrong += [said for said in review.messages.log if "went wrong" in said or "Traceback" in said]
    assert wrong == [], "\n".join(wrong)


async def test_what_a_widget_forgets_falls_into_the_net(scene: Scene) -> None:
    class Careless(Static):
        """Draws text as it comes."""

        def render(self) -> Content:
            return Content("".join(["x\x1b[2J", *WORDS.values()]))

    async with drawing(scene, net=True) as seen:
        seen.take()
        await seen.app.screen.mount(Careless(), before=0)
        await seen.press()
        sent = seen.take()
        assert CANARY in sent
        assert obeyed(sent, screen=True) == []


@pytest.mark.thorough
def test_a_whole_sitting_on_a_pseudo_terminal_sends_nothing_of_the_text(scene: Scene) -> None:
    """From the first byte to the last, with the driver that people have."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", XDG_CACHE_HOME=str(scene.folder))
        os.execv(sys.executable, [sys.executable, "-m", "ner_tui", "review", "--project", str(scene.project)])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    sent = b""
    keys = iter([b"j", b"zd", b"\x1b", b"zI", b"\x1b", b"q"])
    deadline = monotonic() + 60
    while monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.4)
        try:
            if ready:
                sent += os.read(terminal, 1 << 16)
            elif CANARY.encode() in sent:
                os.write(terminal, next(keys, b""))
        except OSError:
            break
    os.close(terminal)
    text = sent.decode()
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, text
    assert CANARY in text
    assert "saved in" in text
    assert obeyed(HANDSHAKE.sub("", text), screen=True) == []

"""Every screen on hostile text: what is written to the terminal, byte for byte as a driver gets it."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.screen import Screen

import ner_tui.app.screens
from hostile.conftest import HostileModel, Scene, text
from hostile.payloads import CANARY, LABELS, WORDS, obeyed, taken_for_markup
from ner_tui.app.app import NerApp
from ner_tui.app.screens.opening import Opening, OpeningScreen
from ner_tui.app.screens.review import ReviewScreen
from ner_tui.session import Session, SittingOptions, open_sitting

SIZE = (110, 34)
WAYS = {
    "ReviewScreen": [["J"], ["g", "i", "n", "v", "L"], ["r"], ["z", "s"], ["0"], ["D", "n"]],
    "ChooseLabelScreen": [["z", "l"], ["X", "m"]],
    "DetailScreen": [["n", "z", "d", "w"]],
    "ExportScreen": [["o"]],
    "FixAllScreen": [["n", "A", "l"]],
    "FoundScreen": [["F", "K", "A", "tab"]],
    "RemarkScreen": [["I", "j", "j"]],
    "GuidelinesScreen": [["z", "g"], ["z", "g", "G"]],
    "LabelsScreen": [["X", "j", "r"], ["X", "d"]],
    "NoteScreen": [["g", "N"]],
    "QueueScreen": [["d", "l", "l"]],
    "ReadingScreen": [["M"], ["m"]],
    "SaveScreen": [["D", "1", "z", "w", "y"]],
    "StatisticsScreen": [["O"]],
    "ThemeScreen": [["z", "t"]],
    "CommandPalette": [["P", "l", "a"], ["P", "o", "p"]],
}
"""How to come to each screen, and what to do there, so that all it shows of the project is seen."""
WITHOUT = {"ThemeScreen", "ExportScreen", "StatisticsScreen"}


BASES = {
    *("Frame", "ReviewBase", "Correcting", "Finding", "Labelling", "Moving", "Noting", "Predicting", "Queueing"),
    *("Saying", "Seeing", "PlaceList", "Remapped"),
}
"""Screens that are only parts of others."""


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
    """Return the names of all screens that there are."""
    for module in pkgutil.walk_packages(ner_tui.app.screens.__path__, "ner_tui.app.screens."):
        import_module(module.name)
    found: set[str] = set()
    todo: list[type[Screen[Any]]] = [Screen]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if kind.__module__.startswith("ner_tui."):
                found.add(kind.__name__)
    return found - BASES


@asynccontextmanager
async def drawing(scene: Scene, *, net: bool = False) -> AsyncIterator[Seen]:
    options = SittingOptions(project=str(scene.project), annotator="x", load=lambda _: HostileModel())
    session = open_sitting([], options)
    app = NerApp(session)
    sent: list[str] = []
    app.driver_class = type("Terminal", (Terminal,), {"sent": sent})
    app._net.enabled = net
    try:
        async with app.run_test(headless=False, size=SIZE) as pilot:
            yield Seen(pilot, app, sent)
    finally:
        session.close()


async def test_no_screen_sends_anything_of_the_text_that_a_terminal_would_obey(scene: Scene) -> None:
    """Without the net under the screens, which would hide what one of them forgets."""
    assert {*WAYS, "OpeningScreen"} - {"CommandPalette"} == screens()
    wrong = []
    async with drawing(scene) as seen:
        review = seen.app.screen
        assert isinstance(review, ReviewScreen)
        for name, ways in WAYS.items():
            shown = ""
            for keys in ways:
                seen.take()
                await seen.press(*keys)
                place = f"{name} {' '.join(keys)}"
                if type(seen.app.screen).__name__ != name:
                    wrong.append(f"{place}: came to {type(seen.app.screen).__name__}")
                rows, sent = seen.rows(), seen.take()
                shown += rows
                wrong += [f"{place}: sent {what}" for what in set(obeyed(sent, screen=True))]
                wrong += [f"{place}: markup in {line!r}" for line in taken_for_markup(rows)]
                for _ in range(4):
                    if seen.app.screen is not review or review.waiting:
                        await seen.press("escape")
                assert seen.app.screen is review, place
            if name not in WITHOUT and CANARY not in shown:
                wrong.append(f"{name}: shows nothing that could be obeyed")
        seen.take()
        opening = Opening(text(), 0, "", lambda: review.session)
        await seen.app.push_screen(OpeningScreen(opening, lambda: None))
        await seen.press()
        wrong += [f"OpeningScreen: sent {what}" for what in set(obeyed(seen.take(), screen=True))]
        if CANARY not in seen.rows(): wrong.append(seen.rows())
        wrong += [said for said in review.said if "went wrong" in said or "Traceback" in said]
    assert wrong == [], "\n".join(wrong)

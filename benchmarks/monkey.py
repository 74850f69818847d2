"""Press keys at random on every screen, in bursts as a terminal brings what was typed ahead, and look for faults.

    python -m benchmarks.monkey --keys N --seed S

Sittings of 2,000 keys follow each other, each on new files and with the next seed: one that went wrong is had again by
its own seed with ``--keys 2000``. The real app runs on a real project, without a terminal, with a model that knows
nothing. A fault is whatever was raised, also if it was told and the sitting went on, a project in which ``ner-tui
check`` would find something, or an app that ended though no key asked for it. A hang is a sitting that does not come
to rest, or that is at rest and no longer gets from wherever it is back to the text by Escape, and answers a key there;
a sitting that is busy, because a file is written or a model reads, is waited for.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from pathlib import Path
from time import monotonic
from traceback import format_exception

from textual import events
from textual.message import Message
from textual.pilot import Pilot

from benchmarks.monkey_session import session_in
from ner_tui.app.app import NerApp
from ner_tui.app.keymap import COMMANDS, LABEL_KEYS
from ner_tui.session import Session
from ner_tui.session.transfer.rebuild import check_project

SITTING = 2_000
"""Keys of a sitting."""
LONGEST = 50
"""Keys of a burst at the most."""
STILL, BUSY = 30.0, 300.0
"""Seconds that a sitting may be away from rest: where nothing happens, and where something does, if slowly."""
JOBS = ("export", "predict", "ask", "reading")
"""Names of the threads in which an app works."""
MOST_ESCAPES = 20
"""Presses of Escape that lead back to the text from anywhere."""
MOST_TROUBLE = 20
"""Sittings that go wrong before it is time to look at them."""
LAST = 120
"""Keys that are told of what went wrong."""
SIZES = ((100, 30), (80, 24), (40, 10), (140, 50), (12, 4))
WAYS = (
    "N", "N a b c enter", "z l", "z l P E R enter", "z t", "z t enter", "F", "F P a enter", "F enter", "F a tab",
    "z Y", "z V", "d", "d enter", "d R T 1", "d slash a enter", "m", "m 1 enter", "m space V", "z I", "z I enter",
    "z X", "z X A Q enter", "z X R", "z X M", "z X M enter", "z X D", "z X enter", "o", "o enter", "o ctrl+s", "z w",
    "z w y", "z w D", "z q", "z q y", "z q a", "z q x", "z d", "z d M", "z g", "z g n", "z O", "question_mark", "z M",
    "z P", "z P a enter", "z P enter",
    "ctrl+p", "ctrl+p d o enter", "r", "r a a", "z s", "z s l enter", "z m", "z b", "z i", "z p", "z c", "z r", "0",
    "0 a", "v L L 1", "z R", "u u U", "z D", "z B", "space", "enter", "z Z",
)  # fmt: skip
"""The ways to every screen and prompt, and something to do there."""
_RARE = ("q", "ctrl+q")
"""Keys that leave the app; in most pages the first only closes them."""


# A slash or a tilde at the beginning of a path would lead out of the folder.
_TYPED = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-_!?'()[]{}<>=+*&%$#@|\"\\éß中🙂\u0301\u200b"
)
_MOVES = (
    "enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown",
    "backspace", "delete", "space", "ctrl+u", "ctrl+k", "ctrl+w", "ctrl+c", "ctrl+v", "ctrl+x", "f1", "f9",
)  # fmt: skip
_BOUND = tuple(key for each in COMMANDS for key in each.keys.split(",") if " " not in key and key not in _RARE)


@dataclass
class Result:
    """What came of the sittings."""

    keys: int = 0
    bursts: int = 0
    sittings: int = 0
    faults: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.keys:,} keys in {self.bursts:,} bursts and {self.sittings:,} sittings: "
            f"{len(self.faults)} faults, {len(self.hangs)} hangs"
        )


class Trouble(Exception):
    """What went wrong in a sitting."""


class Fault(Trouble):
    """Something was raised, or the project is not sound."""


class Hang(Trouble):
    """The sitting does not answer."""


class Monkey:
    """One sitting, or several at the same project where the keys leave one."""

    def __init__(self, folder: Path, seed: int, result: Result) -> None:
        self._folder = folder
        self._dice = random.Random(seed)
        self._result = result
        self._last: deque[str] = deque(maxlen=LAST)
        self._happened = monotonic()
        """When a message was handled for the last time."""

    async def press(self, keys: int, until: float) -> None:
        """Press so many keys, or as many as there is time for.

        Raises:
            Trouble: with the last keys.
        """
        end = self._result.keys + keys
        try:
            while self._result.keys < end and monotonic() < until:
                session = session_in(self._folder)
                try:
                    await self._sit(session, end, until)
                finally:
                    session.close()
                self._check()
        except Trouble as trouble:
            raise type(trouble)(f"{trouble}\n  last keys: {' '.join(self._last)}") from trouble

    async def _sit(self, session: Session, end: int, until: float) -> None:
        app = NerApp(session)
        async with app.run_test(size=SIZES[0], message_hook=self._something_happens) as pilot:
            while self._result.keys < end and monotonic() < until and app.is_running:
                self._burst(app, self._dice.randint(2, LONGEST) if self._dice.random() < 0.9 else 1)
                await self._come_to_rest(app)
                if self._dice.random() < 0.03:
                    await pilot.resize_terminal(*self._dice.choice(SIZES))
                if self._dice.random() < 0.05 and app.is_running:
                    await self._answers(app, pilot)
                    self._check()

    def _burst(self, app: NerApp, length: int) -> None:
        keys: list[str] = []
        while len(keys) < length:
            dice = self._dice.random()
            if dice < 0.35:
                keys += self._dice.choice(WAYS).split(" ")
            elif dice < 0.55:
                keys.append(self._dice.choice(_MOVES))
            elif dice < 0.75:
                keys.append(self._dice.choice((*_BOUND, *LABEL_KEYS)))
            elif dice < 0.752:
                keys.append(self._dice.choice(_RARE))
            elif dice < 0.76:
                keys.append("paste")
            elif dice < 0.8:
                keys += [self._dice.choice(("enter", "escape", "tab", "y", "n"))] * self._dice.randint(2, 4)
            else:
                keys.append(self._dice.choice(_TYPED))
        self._last += [*keys, "|"]
        self._result.keys += len(keys)
        self._result.bursts += 1
        for key in keys:
            # A space is a key with a name, as other signs are; of a sign that has none the character is one.
            name = "space" if key == " " else key
            character = " " if name == "space" else key if len(key) == 1 else None
            event = events.Paste("pasted words\nand more") if key == "paste" else events.Key(name, character)
            app.post_message(event)

    def _something_happens(self, _: Message) -> None:
        self._happened = monotonic()

    async def _come_to_rest(self, app: NerApp) -> None:
        begun = self._happened = monotonic()
        while app.is_running and not app.all_taken:
            await asyncio.sleep(0.001)
            self._give_up_after(begun, app, "keys are not taken any more")
        self._look_for_faults(app)

    def _give_up_after(self, begun: float, app: NerApp, what: str) -> None:
        now, working = monotonic(), _working()
        idle = now - self._happened > STILL and not working
        if idle or now - begun > BUSY:
            state = "idle" if idle else f"busy {working}"
            raise Hang(f"{state} on {type(app.screen).__name__}: {what}")

    def _look_for_faults(self, app: NerApp) -> None:
        review = app.review
        told = [line for line in (review.messages.log if review is not None else ()) if "Traceback" in line]
        if app._faults or told or app._exception is not None:
            fault = app._fault or app._exception
            raise Fault("\n".join([*told, *(format_exception(fault) if fault else ())]))
        if not app.is_running and app.crash is not None:
            raise Fault(f"it ended by itself: {app.crash!r}")

    async def _answers(self, app: NerApp, pilot: Pilot[None]) -> None:
        """Go back to the text, and press a key there that can be seen to do something and harms nothing."""
        review = app.review
        assert review is not None
        begun, tries = monotonic(), 0
        while app.is_running and (app.screen is not review or review.focused is not review.view):
            await self._one(app, "escape")
            # What is being written takes Escapes until it has stopped, and one more closes what began it.
            tries = 0 if _working() else tries + 1
            if tries > MOST_ESCAPES:
                raise Hang(f"idle on {type(app.screen).__name__}: Escape does not lead back to the text")
            self._give_up_after(begun, app, "Escape does not lead back to the text")
        for _ in range(3):
            # What waits for a key, and a question.
            await self._one(app, "escape")
        for _ in range(2):
            before = review.has_class("-panes")
            await self._one(app, "z")
            await self._one(app, "v")
            if app.is_running and review.has_class("-panes") == before:
                raise Hang(f"idle, busy with {_working()}: the text is there, but keys do nothing")

    async def _one(self, app: NerApp, key: str) -> None:
        self._last.append(key)
        app.post_message(events.Key(key, key if len(key) == 1 else None))
        # What is posted is in the queue at once.
        await self._come_to_rest(app)

    def _check(self) -> None:
        found = [str(each) for each in check_project(self._folder / "p.ner", [])]
        if found:
            raise Fault("\n".join(["the project is not sound:", *found[:5]]))


def _working() -> list[str]:
    """Return the names of the threads that are at work."""
    return [each.name for each in threading.enumerate() if each.name.startswith(JOBS)]


def run(keys: int, seed: int, seconds: float = inf, tell: Callable[[str], object] = lambda _: None) -> Result:
    """Press keys in one sitting after the other, until too many went wrong, and ``tell`` what did."""
    result, until = Result(), monotonic() + seconds
    before, home = Path.cwd(), os.environ.get("HOME", "")
    for number in count(seed):
        if result.keys >= keys or monotonic() > until or len(result.faults) + len(result.hangs) >= MOST_TROUBLE:
            return result
        result.sittings += 1
        if result.sittings % 50 == 0:
            tell(str(result))
        with tempfile.TemporaryDirectory() as name:
            os.chdir(name)
            os.environ["HOME"] = name
            try:
                asyncio.run(Monkey(Path(name), number, result).press(min(SITTING, keys - result.keys), until))
            except Exception as trouble:
                kept = result.hangs if isinstance(trouble, Hang) else result.faults
                kept.append(f"seed {number}: {trouble if isinstance(trouble, Trouble) else repr(trouble)}")
                tell(kept[-1])
            finally:
                os.chdir(before)
                os.environ["HOME"] = home
    raise AssertionError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=100_000, help="(default: 100,000)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="(default: another each time)")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    result = run(arguments.keys, arguments.seed, tell=lambda trouble: print(trouble, flush=True))
    print(result)
    return 1 if result.faults or result.hangs else 0


if __name__ == "__main__":
    sys.exit(main())

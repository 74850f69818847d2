"""The mouse alone is enough for a day's work; for those who work with keys its menu is not there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from textual.events import MouseScrollDown

from app.conftest import TAGGED, Open, Opened
from app.fakes import Gazetteer
from app.test_theme import SOME, illegible
from ner_tui.app.widgets.place_menu import PlaceMenu
from ner_tui.session import SessionOptions, open_session

SEQUENCE = re.compile(r"\x1b\[([\d;?<>=]*)[ $]?([A-Za-z@])|\x1b[P\]][^\x1b\x07]*(?:\x1b\\|\x07)|\x1b[=>]")
"""What the driver says to a terminal: where to go on, which groups tell, and how things look."""
RAW = "Nadia met Bo in Rome. Bo left."


def on_screen(rows: list[str], words: str, after: str = "") -> tuple[int, int]:
    """Return the cell in which the second character of ``words`` is drawn, in the lowest row that has them."""
    for y in range(len(rows) - 1, -1, -1):
        if after in rows[y] and words in rows[y]:
            return rows[y].index(words, rows[y].index(after)) + min(1, len(words) - 1), y
    raise AssertionError(f"{words} is not on the screen:\n" + "\n".join(rows))


async def click(app: Opened, words: str, *, times: int = 1, button: int = 1) -> None:
    await app.pilot.click(offset=on_screen(app.lines(), words), times=times, button=button)
    await app.until(lambda: app.app.all_taken)
    await app.pilot.pause()


def menu(app: Opened) -> list[str]:
    """Return the rows of the menu at a place; none where there is none."""
    found = list(app.screen.query(PlaceMenu))
    return ["".join(text for text, _ in found[0].line(at, 40)) for at in range(len(found[0].rows))] if found else []


async def test_an_entity_that_is_clicked_has_a_menu_that_answers_it(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        assert any("accept ORG" in row for row in menu(app))
        await click(app, "accept ORG")
        assert menu(app) == []
        assert app.spans() == [("Hugging Face", "ORG")]
        await click(app, "Hugging Face opened")
        await click(app, "delete ORG")
        assert app.spans() == []


async def test_another_label_is_a_click_in_the_menu(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        await click(app, " 4  MISC")
        assert app.spans() == [("Hugging Face", "MISC")]


async def test_a_double_click_shows_the_labels_for_what_it_selects(review: Open) -> None:
    """So does a drag, which the sitting on a real terminal makes: without one the toolkit takes no drag for a click."""
    async with review() as app:
        await click(app, "New York City", times=2)
        await app.until(lambda: bool(menu(app)))
        await click(app, " 3  LOC")
        await app.until(lambda: app.spans() == [("New", "LOC")])


async def test_the_right_button_shows_the_menu_at_any_word(review: Open) -> None:
    async with review() as app:
        await click(app, "Hugging Face opened", button=3)
        await click(app, " 1  PER")
        assert app.spans() == [("Hugging", "PER")]


@pytest.mark.parametrize("key", ["escape", "l", "u", "question_mark"])
async def test_the_menu_takes_no_key_that_the_text_would_have(review: Open, key: str) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        before, cursor = app.lines(), app.screen.view.cursor
        await app.press(key)
        assert menu(app) == []
        moved = app.screen.view.cursor != cursor
        assert moved is (key == "l")
        assert (app.app.screen is not app.screen) is (key == "question_mark")
        assert app.lines() != before


async def test_a_click_elsewhere_takes_the_menu_away(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        await click(app, "opened")
        assert menu(app) == []
        assert app.under_cursor() == "opened"


async def test_the_wheel_takes_the_menu_away(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 12), news="Hugging Face opened.\n" + "One sat.\n" * 40) as app:
        await click(app, "Hugging Face opened")
        assert menu(app)
        app.screen.view.post_message(
            MouseScrollDown(app.screen.view, 2, 8, 0, 1, 0, shift=False, meta=False, ctrl=False)
        )
        await app.until(lambda: menu(app) == [])


async def test_what_a_page_offers_can_be_clicked(review: Open) -> None:
    async with review(news="Paris slept.\nParis sat.\n") as app:
        await app.press("3", "m")
        await app.until(lambda: any("all found" in line for line in app.lines()))
        await click(app, "⏎ apply")
        assert app.spans() == [("Paris", "LOC"), ("Paris", "LOC")]
        await app.press("u")
        assert app.spans() == [("Paris", "LOC")]


async def test_a_click_on_the_same_entity_takes_the_menu_away(review: Open) -> None:
    async with review(Gazetteer()) as app:
        await click(app, "Hugging Face opened")
        await app.pilot.pause(0.6)
        await click(app, "Hugging Face opened")
        assert menu(app) == []


async def test_where_the_model_and_the_file_differ_both_are_in_the_menu_and_in_the_line_below(review: Open) -> None:
    async with review(Gazetteer(), tagged=TAGGED) as app:
        await click(app, "Paris .")
        assert [row[:18].strip() for row in menu(app)[:2]] == ["a   accept LOC", "x   keep ORG"]
        await app.press("escape")
        await click(app, "takes LOC")
        assert ("Paris", "LOC") in app.spans()


async def test_the_menu_can_be_read_in_themes_of_all_kinds(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 36)) as app:
        await click(app, "Hugging Face opened")
        assert menu(app)
        for name in SOME:
            app.pilot.app.theme = name
            await app.pilot.pause()
            assert list(illegible(app)) == [], name


async def test_every_key_of_the_line_below_can_be_clicked(review: Open) -> None:
    async with review(Gazetteer(), size=(130, 30)) as app:
        await click(app, "a accept")
        assert app.spans() == [("Hugging Face", "ORG")]
        await click(app, "u undo")
        assert app.spans() == []
        await click(app, "1 PER")
        assert app.spans() == [("Hugging Face", "PER")]
        await click(app, "x remove")
        assert app.spans() == []
        await click(app, "⏎ confirm")
        assert app.session.row().confirmed == 1
        await click(app, "n next")
        assert app.session.document.span_at(app.screen.view.cursor) is not None
        await click(app, "o export")
        assert type(app.app.screen).__name__ == "ExportScreen"
        await click(app, "Cancel")
        await click(app, "? keys")
        assert type(app.app.screen).__name__ == "TextPageScreen"
        await click(app, "esc closes")
        assert app.app.screen is app.screen


@pytest.mark.parametrize("width", [80, 120])
async def test_what_a_day_needs_is_in_the_line_below_at_any_width(review: Open, width: int) -> None:
    async with review(size=(width, 24)) as app:
        line = app.screen.hints.text
        for words in ("? keys", "u undo", "1 PER", "4 MISC", "⏎ confirm", "a accept", "x remove", "n next", "z …"):
            assert words in line
        assert len(line) <= width


async def test_keys_of_two_strokes_are_clicked_one_after_the_other(review: Open) -> None:
    async with review() as app:
        await click(app, "z …")
        await click(app, "l  label by name")
        assert type(app.app.screen).__name__ == "ChooseLabelScreen"


async def test_a_question_is_answered_by_the_mouse(review: Open) -> None:
    async with review() as app:
        await app.stand_on("spring")
        await app.press("v", "l", "l", "l", "1")
        assert app.screen.messages.question is not None
        await click(app, "y   n")
        assert len(app.spans()) == 1


async def test_other_words_than_the_answer_are_no_answer(review: Open) -> None:
    async with review() as app:
        await app.press("r")
        assert app.screen.messages.prompt is not None
        await click(app, "esc")
        assert app.screen.messages.prompt is None


class Screen:
    """What a terminal shows that obeys the few things the driver says to it."""

    def __init__(self, rows: int, columns: int) -> None:
        self._cells = [[" "] * columns for _ in range(rows)]
        self._y = self._x = 0
        self._rest = ""

    def take(self, sent: str) -> None:
        sent = self._rest + sent
        at = 0
        for found in SEQUENCE.finditer(sent):
            self._put(sent[at : found.start()])
            at = found.end()
            if found[2] in ("H", "f"):
                y, _, x = (found[1] or "1;1").partition(";")
                self._y, self._x = int(y) - 1, int(x or 1) - 1
        cut = sent.rfind("\x1b", at)
        self._put(sent[at : cut if cut >= 0 else len(sent)])
        self._rest = sent[cut:] if cut >= 0 else ""

    def _put(self, text: str) -> None:
        for character in text:
            if character == "\n":
                self._y += 1
            elif character == "\r":
                self._x = 0
            elif self._y < len(self._cells) and self._x < len(self._cells[0]):
                self._cells[self._y][self._x] = character
                self._x += 1

    @property
    def rows(self) -> list[str]:
        return ["".join(row).rstrip() for row in self._cells]


class Sitting:
    """The program in a pseudo-terminal, worked at with the mouse."""

    def __init__(self, *arguments: str) -> None:
        self._screen = Screen(24, 80)
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(sys.executable, [sys.executable, "-m", "ner_tui", "review", "--model", "none", *arguments])
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def until(self, holds: Callable[[list[str]], bool]) -> None:
        end = monotonic() + 60
        while not holds(self._screen.rows):
            assert monotonic() < end, "\n".join(self._screen.rows)
            if select.select([self._terminal], [], [], 0.1)[0]:
                self._screen.take(os.read(self._terminal, 1 << 16).decode(errors="replace"))

    def shows(self, words: str) -> None:
        self.until(lambda rows: any(words in row for row in rows))

    def hides(self, words: str) -> None:
        self.until(lambda rows: not any(words in row for row in rows))

    def click(self, words: str, times: int = 1) -> None:
        self.shows(words)
        x, y = on_screen(self._screen.rows, words)
        for _ in range(times):
            os.write(self._terminal, f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m".encode())

    def drag(self, first: str, last: str) -> None:
        (x, y), (to_x, to_y) = on_screen(self._screen.rows, first), on_screen(self._screen.rows, last)
        for code, column, row, end in ((0, x, y, "M"), (32, to_x, to_y, "M"), (0, to_x, to_y, "m")):
            os.write(self._terminal, f"\x1b[<{code};{column + 1};{row + 1}{end}".encode())

    def end(self) -> None:
        os.kill(self._process, signal.SIGTERM)
        while True:
            try:
                if not os.read(self._terminal, 1 << 16):
                    break
            except OSError:
                break
        os.close(self._terminal)
        os.waitpid(self._process, 0)


@pytest.mark.thorough
@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_sitting_by_mouse_alone_on_a_real_terminal(tmp_path: Path) -> None:
    """Label by double click and by drag, relabel, undo, confirm, export: everything by the bytes that a mouse sends."""
    text, project, out = tmp_path / "t.txt", tmp_path / "p.ner", tmp_path / "p.conll"
    text.write_text(RAW, encoding="utf-8")
    sitting = Sitting(str(text), "--project", str(project), "--labels", "PER,LOC")
    try:
        sitting.shows("press any key")
        sitting.click("What you press")
        sitting.shows("? keys")
        sitting.hides("press any key")
        sitting.click("Nadia met", times=2)
        sitting.shows("1  PER")
        sitting.click(" 1  PER")
        sitting.shows("Nadia PER decided")
        sitting.hides(" 1  PER")
        sitting.drag("in Rome", "Rome.")
        sitting.shows("SELECT 2 tokens")
        sitting.shows(" 2  LOC")
        sitting.click(" 2  LOC")
        sitting.shows("in Rome LOC decided")
        sitting.hides(" 2  LOC")
        sitting.click("u undo")
        sitting.shows("undo: label")
        sitting.hides("in Rome LOC")
        sitting.click("⏎ confirm")
        sitting.shows("1/2 confirmed")
        sitting.click("⏎ confirm")
        sitting.shows("Every sentence is confirmed")
        sitting.click("export 1 entity")
        sitting.shows("enter exports")
        sitting.click("enter exports")
        sitting.shows("exported")
    finally:
        sitting.end()
    assert out.read_text(encoding="utf-8").split("\n")[:2] == ["Nadia B-PER", "met O"]
    session = open_session([], SessionOptions(project=str(project)))
    spans = session.document.spans(0, len(RAW))
    assert [(RAW[each.span.start : each.span.end], each.span.label) for each in spans] == [("Nadia", "PER")]
    session.close()

from __future__ import annotations

from collections import Counter

import pytest

from app.conftest import Open
from ner_tui.app.keymap import COMMANDS, EVERY, LABEL_COMMANDS, LABEL_KEYS, SOUGHT, YIELDING, bindings, sequences
from ner_tui.app.screens.detail import DetailScreen
from ner_tui.app.screens.export import ExportScreen
from ner_tui.app.screens.fix_all import FixAllScreen
from ner_tui.app.screens.found_places import RemarkScreen, SearchResultsScreen
from ner_tui.app.screens.guidelines import GuidelinesScreen
from ner_tui.app.screens.labels import LabelsScreen
from ner_tui.app.screens.queue import QueueScreen
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.screens.statistics import StatisticsScreen
from ner_tui.app.screens.summary import SummaryScreen
from ner_tui.app.screens.text_page import TextPageScreen
from ner_tui.app.screens.theme import ThemeScreen

SAME = {
    "a": {"all"}, "c": {"visit", "apply"}, "enter": {"visit", "apply", "take", "close", "dismiss", "screen.export"},
    "f": {"flags"}, "g": {"edge"}, "G": {"edge"}, "h": {"step_label"}, "l": {"step_label"},
    "j": {"move", "scroll", "step"}, "k": {"move", "scroll", "step"}, "J": {"page"}, "K": {"page"},
    "m": {"label_all"}, "n": {"next", "turn", "want"}, "p": {"next", "turn"}, "o": {"want"},
    "q": {"close", "cancel", "dismiss", "want"}, "u": {"turn"}, "U": {"turn"},
    "x": {"all", "clear", "delete", "stop"}, "z": {"want"}, "F": {"narrow"},
}  # fmt: skip
"""What letters of the text do on other screens: the same with what these list, such as accepting all of it."""


def keys() -> list[str]:
    return [key for command in COMMANDS for key in command.keys.split(",")]


def test_no_key_does_two_things() -> None:
    assert [key for key, times in Counter([*keys(), *LABEL_KEYS]).items() if times > 1] == []


def test_every_action_has_a_letter_or_digit() -> None:
    for command in COMMANDS:
        assert any(all(len(part) == 1 and part.isalnum() for part in key.split()) for key in command.keys.split(","))


def test_no_key_is_a_chord_that_terminals_cannot_tell_apart() -> None:
    told_apart = {"shift+left", "shift+right", "shift+tab", "ctrl+home", "ctrl+end"}
    for key in keys():
        if "+" in key and key not in told_apart:
            modifier, _, letter = key.partition("+")
            assert modifier == "ctrl"
            assert letter.isalpha()
            assert letter not in "him"  # backspace, tab, enter


def test_every_binding_has_an_id_of_its_own_and_a_tooltip() -> None:
    found = bindings()
    assert len({binding.id for binding in found}) == len(found)
    assert all(binding.tooltip for binding in found)


def test_every_action_exists() -> None:
    for command in COMMANDS:
        name = command.action.partition("(")[0]
        assert name.startswith("app.") or hasattr(ReviewScreen, f"action_{name}"), command.id


def test_there_are_forty_keys_in_the_text_and_the_rest_is_behind_one_of_them() -> None:
    """A kind is a command, whatever other keys it has; the ten digits are one kind: each gives its label.

    The key that the rest begins with is counted, too.
    """
    single = [each for each in EVERY if any(" " not in key for key in each.keys.split(","))]
    digits = [each for each in single if each.id == "label.code" or each in LABEL_COMMANDS]
    assert len(digits) == 10
    prefixes = {keys.split(" ")[0] for keys in sequences()}
    assert len(single) - len(digits) + 1 + len(prefixes) <= 40


def test_capitals_reverse_the_small_letter_or_go_further_with_it() -> None:
    """``N`` and ``F`` alone are letters of their own."""
    reverse = {"E": "e", "S": "s", "U": "u", "G": "g", "W": "w", "H": "L"}
    further = {"J": "j", "K": "k", "L": "l"}
    capitals = {key for key in keys() if len(key) == 1 and key.isupper()}
    assert capitals == {*reverse, *further, "N", "F"}


@pytest.mark.parametrize(
    "screen",
    [DetailScreen, ExportScreen, FixAllScreen, RemarkScreen, SearchResultsScreen, GuidelinesScreen, LabelsScreen,
     QueueScreen, StatisticsScreen, SummaryScreen, TextPageScreen, ThemeScreen],
)  # fmt: skip
def test_a_letter_means_the_same_on_every_screen(screen: type) -> None:
    letters = {key for key in keys() if len(key) == 1 and key.isalpha()} | {"z"}
    for kind in screen.__mro__:
        for binding in kind.__dict__.get("BINDINGS", ()):
            for key in binding.key.split(","):
                if key in letters:
                    assert binding.action.partition("(")[0] in SAME[key], f"{screen.__name__}: {key} {binding.action}"


def test_the_keys_that_are_sought_in_vain_have_a_command_and_do_nothing() -> None:
    assert not {*SOUGHT} & {*keys()}
    assert {*SOUGHT.values()} <= {each.id for each in COMMANDS}


def test_keys_that_give_way_are_keys() -> None:
    assert {*keys()} >= YIELDING


async def test_the_toolkit_puts_no_note_of_its_own_over_the_text(review: Open) -> None:
    async with review() as app:
        await app.press("ctrl+c")
        assert "q quits; everything is saved" in app.told
        assert not app.app._notifications


async def test_the_palette_has_none_of_the_toolkits_commands(review: Open) -> None:
    async with review() as app:
        await app.press("ctrl+p", *"notes and")
        await app.until(lambda: any("Notes and flags" in line for line in app.lines()))
        await app.press(*["backspace"] * 9, *"maximize")
        await app.until(lambda: any("No matches found" in line for line in app.lines()))


def test_an_answer_that_comes_late_does_nothing_in_the_text() -> None:
    """``n`` and ``N`` go on to a place and ask for a note: neither changes anything."""
    changing = [each.keys.split(",") for each in COMMANDS if each.action not in ("move_doubt(1)", "note")]
    assert not {"y", "Y", "n", "N"} & {key for keys in changing for key in keys}

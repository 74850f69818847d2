from __future__ import annotations

from collections import Counter

from ner_tui.app.keymap import COMMANDS, LABEL_KEYS, bindings
from ner_tui.app.screens.review.screen import ReviewScreen


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


def test_an_answer_that_comes_late_does_nothing_in_the_text() -> None:
    assert not any(command.keys == "y" or "y" in command.keys.split(",") for command in COMMANDS)

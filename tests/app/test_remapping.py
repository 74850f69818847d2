"""A person's own keys: in place of the usual ones, never two meanings for a key, every refusal with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.conftest import Opened
from ner_tui.app.app import NerApp
from ner_tui.app.keymap import COMMANDS, EVERY
from ner_tui.app.remapping import gave_way, remapped
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.settings import AppSettings, settings_of
from ner_tui.config.user import KeyChange, ThemeChoice, UserConfig
from ner_tui.errors import InputError
from ner_tui.session import Session

NewSession = Callable[..., Session]


def keys_of(**changes: str | list[str]) -> dict[str, str]:
    """Return the keys by command; ``span_accept="y"`` stands for ``span.accept``."""
    return {each.id: each.keys for each in remapped(_changes(changes))}


def refusal(**changes: str | list[str]) -> str:
    with pytest.raises(InputError) as refused:
        remapped(_changes(changes))
    return str(refused.value)


def _changes(changes: dict[str, str | list[str]]) -> list[KeyChange]:
    listed = {name: [keys] if isinstance(keys, str) else keys for name, keys in changes.items()}
    return [
        KeyChange(name.replace("_", "."), tuple(keys), "c.toml", line)
        for line, (name, keys) in enumerate(listed.items(), 1)
    ]


def test_without_changes_the_keys_are_the_usual_ones() -> None:
    assert remapped([]) == EVERY


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("f2", "f2"),
        ("&", "ampersand"),
        ("ampersand", "ampersand"),
        ("percent_sign", "percent_sign"),
        ("+", "plus"),
        ("-", "minus"),
        ("ctrl+-", "ctrl+minus"),
        ("Ctrl+N", "ctrl+n"),
        ("shift+ctrl+f5", "ctrl+shift+f5"),
        ("é", "é"),
        ("Esc", "escape"),
        ("z &", "z ampersand"),
        ("& x", "ampersand x"),
    ],
)
def test_keys_are_written_as_characters_or_by_name(typed: str, key: str) -> None:
    away: dict[str, str | list[str]] = {"select_clear": "C"} if key == "escape" else {}
    assert keys_of(**away, view_spacing=typed)["view.spacing"] == key


def test_two_commands_may_swap_their_keys() -> None:
    found = keys_of(span_accept="x", span_remove=["a", "delete"])
    assert (found["span.accept"], found["span.remove"]) == ("x", "a,delete")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"span_acept": "y"}, "c.toml:1: there is no command 'span.acept': do you mean span.accept"),
        ({"span_accept": "x"}, "x is a key of span.remove already (reject the suggestion or delete the entity)"),
        ({"span_accept": "x"}, 'write a line "span.remove" = […] without x'),
        ({"span_accept": "f2", "span_remove": "f2"}, "c.toml:2: f2 is a key of span.accept already"),
        ({"span_accept": ["f2", "f2"]}, "f2 is given to span.accept twice"),
        ({"span_accept": "5"}, "5 is a key of label.5 already"),
        ({"span_accept": "z"}, "z alone cannot be a key of span.accept: z "),
        ({"span_remove": "a b"}, "a b cannot be a key of span.remove: a alone is one of span.accept"),
        ({"span_accept": "z a"}, "z a is a key of move.line-start already"),
        ({"span_accept": "page_down"}, "do you mean pagedown?"),
        ({"span_accept": "etner"}, "there is no key 'etner': do you mean enter?"),
        ({"span_accept": "ctlr+n"}, "'ctlr' is none of ctrl"),
        ({"span_accept": "shift+a"}, "write A"),
        ({"span_accept": "ctrl+i"}, "terminals send 'ctrl+i' as tab"),
        ({"span_accept": "ctrl+q"}, "ctrl+q cannot be given away"),
        ({"span_accept": "ctrl+c"}, "ctrl+c cannot be given away"),
        ({"span_accept": "\x1b"}, "no key that can be pressed"),
        ({"span_accept": "z x c"}, "more than one key after another"),
        ({"span_accept": "z escape"}, "escape alone gives up"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(changes: dict[str, str | list[str]], words: str) -> None:
    assert words in refusal(**changes)


def test_a_theme_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"c\.toml:3: there is no theme 'mord'; themes are: .*nord"):
        settings_of(UserConfig(theme=ThemeChoice("mord", "c.toml", 3)))


def test_any_command_can_be_given_a_key_of_its_own() -> None:
    for command in COMMANDS:
        found = remapped([KeyChange(command.id, ("f9",), "c.toml", 1)])
        assert next(each for each in found if each.id == command.id).keys == "f9"


async def test_the_screen_is_used_with_the_new_keys_and_says_them(new_session: NewSession, tmp_path: Path) -> None:
    changes = _changes(
        {"span_accept": "f2", "select_start": ["& v"], "view_messages": [], "view_theme": "v", "label_1": "ä"}
    )
    session = new_session()
    app = NerApp(session, AppSettings(remapped(changes), "nord"))
    async with app.run_test(size=(112, 50)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        screen = app.screen
        opened = Opened(pilot, session, screen)
        assert app.theme == "nord"
        await opened.press("1")
        assert opened.spans() == []
        await opened.until(lambda: "ä PER" in screen.hints.text and " f2 accept x remove" in screen.hints.text)
        await opened.press("ä")
        assert opened.spans() == [("Hugging", "PER")]
        assert any("ä  PER" in line for line in opened.lines())
        await opened.press("ampersand")
        assert " v  start or stop selecting" in opened.lines()
        await opened.press("v", "l", "2")
        assert opened.spans() == [("Hugging Face", "ORG")]
        await opened.press("v")
        assert type(app.screen).__name__ == "ThemeScreen"
        await opened.press("escape", "question_mark")
        assert "& v  " in str(app.screen.query_one("Static").render())


def test_a_persons_own_keys_go_before_those_that_came_later() -> None:
    changes = _changes({"view_panes": "t", "view_theme": "z k"})
    found = {each.id: each.keys for each in remapped(changes)}
    assert (found["view.panes"], found["reading.first"]) == ("t", "z 1")
    assert (found["view.theme"], found["view.spacing"]) == ("z k", "")


def test_what_gave_way_is_told_in_one_line() -> None:
    commands = remapped(_changes({"view_panes": "t", "view_theme": "z k"}))
    (line,) = gave_way(commands)
    assert "t is your key of view.panes: reading.first has z 1" in line
    assert "z k is your key of view.theme: view.spacing has no key" in line
    assert gave_way(EVERY) == []


async def test_a_key_that_does_nothing_says_which_one_does_what_it_is_pressed_for(new_session: NewSession) -> None:
    app = NerApp(new_session())
    async with app.run_test() as pilot:
        await pilot.press("A")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        assert "A does nothing here: m is for label all alike: every other occurrence" in app.screen.notice.text


async def test_the_projects_theme_goes_before_the_configured_one(new_session: NewSession) -> None:
    session = new_session()
    session.theme = "gruvbox"
    app = NerApp(session, AppSettings(theme="nord"))
    async with app.run_test():
        assert app.theme == "gruvbox"

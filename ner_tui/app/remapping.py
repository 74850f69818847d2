"""The keys of a person's configuration in place of the usual ones, and everything that speaks against it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from ner_tui.app.keymap import EVERY, YIELDING, Command, first_key, key_name

if TYPE_CHECKING:
    from ner_tui.config.user import KeyChange

_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_SAME = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}
"""Chords that most terminals send as another key."""
_FIXED = {"ctrl+q": "app.quit", "ctrl+p": "view.palette"}
"""Keys that do the same on every screen: nothing else can have them."""
_NAMED = {key.value for key in Keys if "+" not in key.value and key.value[0] != "<"} - {"ctrl-at", "return"}
_OTHERS = {
    "return": "enter",
    "esc": "escape",
    "del": "delete",
    "bksp": "backspace",
    "pgup": "pageup",
    "pgdn": "pagedown",
}
"""What people call some keys."""


def remapped(changes: Iterable[KeyChange], commands: Iterable[Command] = EVERY) -> tuple[Command, ...]:
    """Return ``commands`` with the keys of ``changes``.

    Raises:
        InputError: there is no such command or key, or a key would do two things; with the line of the change.
    """
    changed = {change.command: change for change in changes}
    found: dict[str, Command] = {each.id: each for each in commands}
    for change in changed.values():
        if change.command not in found:
            close = get_close_matches(change.command, found, 3)
            say = f"do you mean {' or '.join(close)}?" if close else f"commands are: {', '.join(found)}"
            raise change.refused(f"there is no command {change.command!r}: {say}")
        keys = ",".join(_spelled(key, change) for key in change.keys)
        found[change.command] = replace(found[change.command], keys=keys)
    taken = {key for each in changed for key in found[each].keys.split(",")} & YIELDING
    for each in found.values():
        if each.id not in changed:
            kept = [key for key in each.keys.split(",") if key not in taken]
            found[each.id] = replace(each, keys=",".join(kept))
    _check_clashes(tuple(found.values()), changed)
    return tuple(found.values())


def gave_way(commands: Iterable[Command], usual: Iterable[Command] = EVERY) -> list[str]:
    """Return in a line what keys moved for those that a person gave to other commands."""
    now = {each.id: each for each in commands}
    owners = {key: each.id for each in now.values() for key in each.keys.split(",")}
    lines = []
    for each in usual:
        for key in each.keys.split(","):
            owner = owners.get(key, each.id)
            if key in YIELDING and owner != each.id:
                rest = first_key(now.values(), each.id)
                lines.append(f"{key_name(key)} is your key of {owner}: {each.id} has {rest or 'no key'}")
    return ["; ".join(lines)] if lines else []


def _check_clashes(commands: tuple[Command, ...], changed: dict[str, KeyChange]) -> None:
    owners: dict[str, Command] = {}
    firsts: dict[str, str] = {}
    # Those that were changed come last, so that what is wrong is said of a line that a person wrote.
    for command in sorted(commands, key=lambda each: each.id in changed):
        for key in filter(None, command.keys.split(",")):
            if command.id in changed:
                _check(key, changed[command.id], owners, firsts)
            owners[key] = command
            if " " in key:
                firsts[key.split(" ")[0]] = key


def _check(key: str, change: KeyChange, owners: dict[str, Command], firsts: dict[str, str]) -> None:
    """Refuse ``key`` if one of those that are given out already stands in its way.

    Args:
        firsts: by the first key of two, both.
    """
    shown, first = key_name(key), key.split(" ")[0]
    if key in owners and owners[key].id == change.command:
        raise change.refused(f"{shown} is given to {change.command} twice: take one of them out")
    if key in owners:
        other = owners[key]
        raise change.refused(
            f"{shown} is a key of {other.id} already ({other.description}): take another for {change.command}, "
            f'or write a line "{other.id}" = […] without {shown}'
        )
    if key in firsts:
        both = firsts[key]
        raise change.refused(
            f"{shown} alone cannot be a key of {change.command}: {key_name(both)} of {owners[both].id} begins with it"
        )
    if " " in key and first in owners:
        raise change.refused(
            f"{shown} cannot be a key of {change.command}: {key_name(first)} alone is one of {owners[first].id}"
        )


def _spelled(typed: str, change: KeyChange) -> str:
    """Return a key, or one after another, in Textual's spelling."""
    parts = [typed] if typed == " " else typed.split()
    if not 1 <= len(parts) <= 2:
        raise change.refused(f'{typed!r} is more than one key after another: write such as "ctrl+n" or "z n"')
    keys = [_key(part, change) for part in parts]
    if len(keys) == 2 and "escape" in keys:
        raise change.refused(f"{typed!r} cannot be: escape alone gives up what was begun")
    fixed = _FIXED.get(keys[0], change.command)
    if fixed != change.command or keys[0] == "ctrl+c":
        raise change.refused(f"{keys[0]} cannot be given away: it is the same on every screen")
    return " ".join(keys)


def _key(typed: str, change: KeyChange) -> str:
    *modifiers, base = typed.split("+") if typed != "+" and not typed.endswith("++") else (*typed[:-2].split("+"), "+")
    modifiers = [each.lower() for each in modifiers if each]
    unknown = [each for each in modifiers if each not in _MODIFIERS]
    if unknown:
        raise change.refused(f"there is no key {typed!r}: {unknown[0]!r} is none of {', '.join(_MODIFIERS)}")
    name = _base(base if not modifiers else base.lower(), typed, change)
    if modifiers == ["shift"] and len(name) == 1:
        upper = name.upper() if name.isalpha() else "the character that it makes"
        raise change.refused(f"terminals do not send {typed!r}: write {upper}")
    key = "+".join([*sorted(set(modifiers), key=_MODIFIERS.index), name])
    if key in _SAME:
        raise change.refused(f"terminals send {typed!r} as {_SAME[key]}: take another key, or write {_SAME[key]}")
    return key


def _base(base: str, typed: str, change: KeyChange) -> str:
    """Return the key without what is held down with it."""
    if len(base) == 1:
        if not base.isprintable():
            raise change.refused(f"{typed!r} is no key that can be pressed: write its name, such as enter or tab")
        return base if base.isalnum() else _called(base)
    name = base.lower()
    name = _OTHERS.get(name, name)
    if name in _NAMED:
        return name
    for written in (name, *(old for old, new in KEY_NAME_REPLACEMENTS.items() if new == name)):
        try:
            return _called(unicodedata.lookup(written.replace("_", " ")))
        except KeyError:
            continue
    close = get_close_matches(name, [*_NAMED, *KEY_NAME_REPLACEMENTS.values()], 1)
    say = f"do you mean {close[0]}?" if close else 'write a character, or a name such as "enter", "f2", "ctrl+n"'
    raise change.refused(f"there is no key {typed!r}: {say}")


def _called(character: str) -> str:
    """Return Textual's name of a character that is neither letter nor digit."""
    if character == " ":
        return "space"
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_") or character
    return KEY_NAME_REPLACEMENTS.get(name, name)

"""TOML files, read strictly: whatever is not understood is refused with its line and what may stand there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ner_tui.domain.checked_values import CheckedObject
from ner_tui.errors import FormatError, InputError

LARGEST = 1_000_000
"""Bytes that such a file has at the most."""
Place = tuple[str | int, ...]
"""Where something stands: the names of tables and keys, and the numbers of tables in arrays, from 0."""
_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_LINE = re.compile(rf"[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=)")
_DEEPEST = 30
"""Parts of a dotted key at the most; to read it takes time and memory with the square of their number."""
_DEEP = re.compile(rf"{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY}){{{_DEEPEST},}}")
_WHERE = re.compile(r"\s*\(at (?:line (\d+)[^)]*|end of document)\)$")


class TomlFile:
    """The tables of a file, and the lines they stand in."""

    def __init__(self, path: Path) -> None:
        """Read a file.

        Raises:
            InputError: it cannot be read, is too large, or is not TOML.
        """
        self.path = path
        text = read_text(path)
        try:
            self.table: dict[str, Any] = parse(path, text)
        except tomllib.TOMLDecodeError as error:
            found = _WHERE.search(str(error))
            reason = f"this is not TOML: {_WHERE.sub('', str(error))}"
            line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
            raise FormatError(str(path), line, reason) from error
        self._lines = dict(reversed(list(_places(text))))

    def line(self, place: Place) -> int:
        """Return the line, counted from 1, of a key or table, or else of what it stands in."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def refused(self, place: Place, reason: str) -> FormatError:
        """Return the error that says why what stands at ``place`` cannot be used."""
        return FormatError(str(self.path), self.line(place), reason)

    def at(self, *place: str | int) -> TomlTable:
        """Return the table at a place, where there has to be one."""
        value: Any = self.table
        for name in place:
            value = value[name]
        return TomlTable(str(self.path), self.line(place), value, self, place)


@dataclass(frozen=True, slots=True)
class TomlTable(CheckedObject):
    """A table of a file."""

    file: TomlFile
    place: Place

    def error(self, reason: str, key: str = "") -> FormatError:
        """Return an error at the line of a key, or of the table."""
        return self.file.refused((*self.place, key) if key else self.place, reason)

    def optional_flag(self, key: str) -> bool:
        """Return the true or false under ``key``; False where there is no such key."""
        found = self.value.get(key, False)
        if not isinstance(found, bool):
            raise self.error(f"{key!r} has to be true or false, without quotes", key)
        return found

    def optional_number(self, key: str) -> int | None:
        """Return the whole number under ``key``, 0 or more; None where there is no such key."""
        found = self.value.get(key)
        if found is None or (isinstance(found, int) and not isinstance(found, bool) and found >= 0):
            return found
        raise self.error(f"{key!r} has to be a whole number, 0 or more, without quotes", key)

    def optional_text(self, key: str) -> str | None:
        """Return the text under ``key``, without white space around it; None where there is no such key."""
        if key not in self.value:
            return None
        if text := self.text(key).strip():
            return text
        raise self.error(f"{key!r} is empty where a text is needed", key)


def parse(path: Path, text: str) -> dict[str, Any]:
    """Return the tables of a file's text.

    Raises:
        FormatError: a key has more parts than any real one.
        TOMLDecodeError: it is not TOML.
    """
    if deep := _DEEP.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise FormatError(str(path), line, f"a key of more than {_DEEPEST} parts: this cannot be the right file")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise FormatError(str(path), 1, "tables within tables without end: this cannot be the right file") from error


def read_text(path: Path) -> str:
    """Return the text of a TOML file.

    Raises:
        InputError: it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: this is a folder; a TOML file is needed")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}): check the name") from error
    if len(data) > LARGEST:
        raise InputError(f"{path}: larger than {LARGEST:,} bytes: this cannot be the right file")
    try:
        # Line ends of Windows are as good as any to TOML, a byte order mark is not.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FormatError(str(path), line, "this is not UTF-8: save the file as UTF-8") from error


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Yield each place with its line, as far as lines alone show it; tomllib gives none."""
    table: Place = ()
    number: dict[Place, int] = {}
    for line, words in enumerate(text.split("\n"), 1):
        found = _LINE.match(words)
        if found is None:
            continue
        names = _names(found["table"] or found["key"])
        if found["open"] is None:
            yield (*table, *names), line
            continue
        table = _within(names[:-1], number) + names[-1:]
        if found["open"] == "[[":
            number[table] = number.get(table, -1) + 1
            table = (*table, number[table])
        yield table, line


def _within(names: Place, number: Mapping[Place, int]) -> Place:
    """Return the place of a table's name; in an array of tables it is in the last one so far."""
    place: Place = ()
    for name in names:
        place = (*place, name)
        if place in number:
            place = (*place, number[place])
    return place


def _names(dotted: str) -> Place:
    """Return the parts of a dotted key."""
    try:
        value: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    names: list[str] = []
    while isinstance(value, dict):
        ((name, value),) = value.items()
        names.append(name)
    return tuple(names)

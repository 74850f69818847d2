"""Objects and tables of a file, their values checked for type: what does not fit is refused with its line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ner_tui.errors import FormatError

_T = TypeVar("_T")
LARGEST = 1 << 53
"""No text has offsets so large, and no project can hold them."""


@dataclass(frozen=True, slots=True)
class CheckedObject:
    """An object of JSON or a table of TOML; every check raises ``FormatError``."""

    path: str
    line: int
    """Where it begins, counted from 1."""
    value: Mapping[str, object]

    def error(self, reason: str, key: str = "") -> FormatError:
        """Return an error at this object, or more exactly at one of its keys where the line of that is known."""
        return FormatError(self.path, self.line, reason)

    def check_keys(self, name: str, allowed: Iterable[str], needed: Iterable[str] = ()) -> None:
        """Refuse a key that is not among ``allowed``, and the lack of one that is ``needed``.

        Args:
            name: what to call the object.
        """
        if missing := set(needed) - self.value.keys():
            raise self.error(f"{name} lacks {min(missing)!r}")
        known = sorted(allowed)
        for key in self.value:
            if key not in known:
                raise self.error(f"{name} has no {key!r}{_similar(key, known)}; it may have: {', '.join(known)}", key)

    def text(self, key: str = "text") -> str:
        """Return the text under ``key``."""
        if key not in self.value:
            raise self.error(f"the record has no {key!r}")
        return self.string(self.value[key], repr(key), key)

    def items(self, key: str) -> list[object]:
        """Return the list under ``key``; nothing and null are an empty one."""
        return self.listed(self.value.get(key), repr(key))

    def number(self, key: str) -> int:
        """Return the whole number from 0 under ``key``."""
        value = self.value.get(key)
        if type(value) is int and 0 <= value < LARGEST:
            return value
        raise self._unfit(value, repr(key), "a number from 0", key)

    def switch(self, key: str) -> bool:
        """Return whether ``key`` is true; without it, it is not."""
        return self._of_type(bool, self.value.get(key, False), repr(key), "true or false", key)

    def choice(self, key: str, choices: Iterable[str]) -> str:
        """Return the text under ``key``, which has to be one of ``choices``."""
        value = self.text(key)
        if value in choices:
            return value
        raise self._unfit(value, repr(key), f"one of {', '.join(choices)}", key)

    def rows(self, key: str, *kinds: type) -> Iterator[list[object]]:
        """Yield the rows of the list under ``key``, each with values of these types."""
        for row in self._of_type(list, self.value.get(key, []), repr(key), "a list", key):
            fits = isinstance(row, list) and [type(each) for each in row] == list(kinds)
            if not fits or any(isinstance(each, int) and abs(each) >= LARGEST for each in row):
                raise self.error(f"{key!r} holds {json.dumps(row, ensure_ascii=False)[:60]}, which does not fit")
            yield row

    def string(self, value: object, what: str, key: str = "") -> str:
        """Return ``value``, which has to be a text."""
        return self._of_type(str, value, what, "a text", key)

    def offset(self, value: object, what: str) -> int:
        """Return ``value``, which has to be a whole number."""
        return self._of_type(int, value, what, "a whole number")

    def listed(self, value: object, what: str) -> list[object]:
        """Return ``value``, which has to be a list or null."""
        return [] if value is None else self._of_type(list, value, what, "a list")

    def mapping(self, value: object, what: str) -> dict[str, object]:
        """Return ``value``, which has to be an object."""
        return self._of_type(dict, value, what, "an object")

    def probability(self, value: object, what: str, least: float = 0) -> float:
        """Return ``value``, which has to be a number from ``least`` to 1."""
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= 1:
            return float(value)
        raise self._unfit(value, what, f"a number from {least:g} to 1")

    def _of_type(self, kind: type[_T], value: object, what: str, needed: str, key: str = "") -> _T:
        # True is a whole number to isinstance.
        if type(value) is kind:
            return value
        raise self._unfit(value, what, needed, key)

    def _unfit(self, value: object, what: str, needed: str, key: str = "") -> FormatError:
        return self.error(f"{what} is {described(value)} where {needed} is needed", key)


def described(value: object) -> str:
    """Return a value for a message, in a few words."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    try:
        shown = json.dumps(value)
    except (TypeError, ValueError):
        return "a date or time" if not isinstance(value, int) else "a number of thousands of digits"
    return shown if len(shown) < 40 else f"{shown[:40]}…"


def _similar(word: str, known: Iterable[str]) -> str:
    """Return `` (do you mean …?)`` if one of ``known`` looks like ``word``, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), 1)
    return f" (do you mean {close[0]!r}?)" if close else ""

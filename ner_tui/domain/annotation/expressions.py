"""Regular expressions that people write: with the syntax of ``re``, and a limit on the time that one text may take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from ner_tui.errors import InputError

if TYPE_CHECKING:
    from regex import Match

TIME_LIMIT = 0.1
"""Seconds that an expression may look at one text."""
MOST_REPEATED = 100_000
"""How often a part may have to be repeated; compiling takes time and memory for each."""
_REPEATED = re.compile(r"\{([0-9]+)")
_PART = re.compile(
    r"(?P<kept>\\N\{[^}]*\}|\\.|\{[0-9]*(?:,[0-9]*)?\})|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|\{", re.DOTALL
)


class Expression:
    """An expression, compiled."""

    def __init__(self, text: str) -> None:
        """Compile it.

        Raises:
            InputError: it cannot be read.
        """
        import regex

        try:
            re.compile(text)
            if prod(int(number) or 1 for number in _REPEATED.findall(text)) > MOST_REPEATED:
                raise re.error(f"its parts are repeated more than {MOST_REPEATED:,} times")
            self._pattern = regex.compile(_PART.sub(_as_in_re, text))
        except (re.error, regex.error, RecursionError, OverflowError, ValueError) as error:
            raise InputError(f"this expression cannot be read: {error}") from error

    def finditer(self, text: str) -> Iterator[Match[str]]:
        """Yield the matches in a text, in order; take them at once, as the time runs.

        Raises:
            InputError: it takes longer than ``TIME_LIMIT``.
        """
        try:
            yield from self._pattern.finditer(text, timeout=TIME_LIMIT)
        except TimeoutError as error:
            raise InputError("this expression takes too long on one sentence: make it simpler") from error


def _as_in_re(found: re.Match[str]) -> str:
    """Return a part of an expression with a backslash before braces and brackets that are syntax to ``regex`` alone."""
    if found["kept"]:
        return found["kept"]
    if found["set"]:
        return found["set"][0] + re.sub(r"(\\.)|\[", lambda each: each[1] or r"\[", found["set"][1:], flags=re.DOTALL)
    return r"\{"

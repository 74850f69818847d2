"""What the values of arguments have to be; each raises ``ArgumentTypeError`` with what is wrong."""

from __future__ import annotations

from argparse import ArgumentTypeError

from ner_tui.domain.schemes import scheme_named
from ner_tui.domain.spelling import Spelling, spelling_of
from ner_tui.errors import InputError


def names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ArgumentTypeError("give names with commas between them")
    return names


def positive(text: str) -> int:
    """Return a number from 1."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError("give a number, 1 or more")


def shard(text: str) -> tuple[int, int]:
    """Return a part and how many there are, of ``K/N``."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise ArgumentTypeError("give a part and how many there are, such as 1/4")
    return int(number), int(of)


def number(text: str) -> int:
    """Return a number from 0."""
    if not text.isdecimal():
        raise ArgumentTypeError("give a number, 0 or more")
    return int(text)


def scheme(text: str) -> str:
    """Return the key of a tag scheme, by any of its names."""
    try:
        return scheme_named(text)
    except InputError as error:
        raise ArgumentTypeError(str(error)) from error


def confirmed(text: str) -> str:
    """Return the one choice of sentences, by either of its names."""
    return "confirmed" if text == "reviewed" else text


def tags_as(text: str) -> Spelling:
    """Return the spelling that examples with commas between them show."""
    try:
        return spelling_of(names(text))
    except InputError as error:
        raise ArgumentTypeError(str(error)) from error

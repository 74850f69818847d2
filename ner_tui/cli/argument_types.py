"""What the values of arguments have to be; each raises ``ArgumentTypeError`` with what is wrong."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from pathlib import Path

from ner_tui.domain.schemes import scheme_named
from ner_tui.domain.spelling import Spelling, spelling_of
from ner_tui.errors import InputError
from ner_tui.formats.files.utf8 import open_utf8


def names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ArgumentTypeError("give names with commas between them")
    return names


def tag_names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas, or of a file: one a line, or a list of JSON."""
    if "," in text and not Path(text).is_file():
        return names(text)
    try:
        found = open_utf8(text).text.strip()
        listed = json.loads(found) if found.startswith("[") else [line.strip() for line in found.split("\n")]
    except (InputError, ValueError, RecursionError) as error:
        raise ArgumentTypeError(f"give names with commas between them, or a file of names: {error}") from error
    if found.startswith("{") or not all(isinstance(name, str) and name for name in listed):
        raise ArgumentTypeError(f"{text} holds something else than names of tags, one a line or as a list of JSON")
    return tuple(listed)


def model_spec(text: str) -> str:
    """Return what names a model; an empty name, as of a variable that is not set, names none."""
    if not text.strip():
        raise ArgumentTypeError("it is empty: leave it out, or name a model")
    return text


def positive(text: str) -> int:
    """Return a number from 1."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError("give a number, 1 or more")


def probability(text: str) -> float:
    """Return a number from 0 to 1."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if 0 <= found <= 1:
        return found
    raise ArgumentTypeError("give a number from 0 to 1")


def share(text: str) -> float:
    """Return a share from 0 to 1, given in percent such as ``20%``, or as a number from 0 to 1."""
    percent = text.endswith("%")
    try:
        found = float(text.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        found = -1.0
    if 0 <= found <= 1:
        return found
    raise ArgumentTypeError("give a share such as 20%")


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


def tag_examples(text: str) -> tuple[str, ...]:
    """Return the same examples as they stand, for who keeps them."""
    tags_as(text)
    return names(text)

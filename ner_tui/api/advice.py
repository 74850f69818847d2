"""What an error advises, for who calls a function: options of commands become its arguments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from ner_tui.errors import FormatError, NerTuiError

READING = frozenset({"fmt", "encoding", "column", "text", "names", "tags_as", "ignore_tags"})
"""The arguments of ``read`` that say how a file is read."""
_ARGUMENTS = {
    "from": "fmt", "to": "fmt", "encoding": "encoding", "column": "column", "text": "text", "names": "names",
    "tags-as": "tags_as", "ignore-tags": "ignore_tags", "scheme": "scheme", "sep": "separator", "labels": "labels",
    "map": "label_map", "context": "context", "threshold": "threshold", "patterns": "patterns",
    "model-tags": "model_tags", "allow-pickle": "allow_pickle", "trained-on": "trained_on",
}  # fmt: skip
"""What the options of commands are called as arguments."""
_FLAGS = {"ignore_tags", "allow_pickle"}
_LISTS = {"names", "model_tags", "labels"}
_NO_VALUES = {"to", "what", "this", "if", "and", "or", "with"}
"""Words that follow an option and are none of its values."""
_OPTION = re.compile(r"""(?<![\w-])--([a-z]+(?:-[a-z]+)*)(?: ("[^"]*"|'[^']*'|[\w.…,=<>|/+-]*[\w…=>|/+]))?""")


@contextmanager
def advised(takes: Collection[str], otherwise: str = "") -> Iterator[None]:
    """Have errors of the block name arguments in place of options of commands.

    Args:
        takes: the arguments that can be given here.
        otherwise: what to do about those of ``READING`` that cannot be.
    """
    try:
        yield
    except NerTuiError as error:
        if error.args and isinstance(error.args[0], str):
            error.args = (_in_arguments(error.args[0], takes, otherwise), *error.args[1:])
        if isinstance(error, FormatError):
            error.reason = _in_arguments(error.reason, takes, otherwise)
        raise


def _in_arguments(sentence: str, takes: Collection[str], otherwise: str) -> str:
    elsewhere = False

    def argument(found: re.Match[str]) -> str:
        nonlocal elsewhere
        option, value = found[1], found[2] or ""
        name = _ARGUMENTS.get(option, "")
        if name not in takes and not (otherwise and name in READING):
            return found[0]
        elsewhere = elsewhere or name not in takes
        if name in _FLAGS:
            return f"{name}=True{f' {value}' if value else ''}"
        given = _value(name, value)
        return f"{name}={given}" if given else f"{name}{f' {value}' if value else ''}"

    told = _OPTION.sub(argument, sentence)
    return f"{told}; {otherwise}" if elsewhere else told


def _value(name: str, value: str) -> str:
    """Return the value of an option as an argument's; empty where it is none, or a placeholder such as FILE."""
    if not value or value in _NO_VALUES or (value.isupper() and value.isalpha() and len(value) > 1):
        return ""
    if value[0] in "\"'":
        return value
    if name in _LISTS:
        listed = ", ".join("..." if each == "…" else f'"{each}"' for each in value.split(","))
        return f"[{listed}]" if "," in value else ""
    if name == "label_map":
        label, equals, other = value.partition("=")
        return f'{{"{label}": "{other}"}}' if equals and "," not in value else ""
    return f'"{value}"'

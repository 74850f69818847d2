"""Conditions on a token, as spaCy's patterns have them: ``{"LOWER": "san"}``, ``{"TEXT": {"REGEX": "^[A-Z]"}}``."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne

from ner_tui.domain.annotation.expressions import Expression
from ner_tui.domain.checked_values import CheckedObject, described
from ner_tui.errors import FormatError, InputError

Value = str | int | bool
_LONG = 100
"""Characters from which a word has no shape but this one."""
_RUN = 4
"""Characters of a kind that a shape has in a row at the most."""


@dataclass(frozen=True, slots=True)
class LocatedExpression:
    """A regular expression and where it was written."""

    expression: Expression
    path: str
    line: int

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return ``[start, end)`` of the matches in a text, in order.

        Raises:
            FormatError: it takes too long.
        """
        try:
            return [match.span() for match in self.expression.finditer(text)]
        except InputError as error:
            raise FormatError(self.path, self.line, str(error)) from error


def compiled(at: CheckedObject, text: str) -> LocatedExpression:
    """Compile the regular expression of a pattern.

    Raises:
        FormatError: it cannot be read.
    """
    try:
        return LocatedExpression(Expression(text), at.path, at.line)
    except InputError as error:
        raise at.error(str(error)) from error


@dataclass(frozen=True, slots=True)
class Condition:
    """What one attribute of a token has to be."""

    attribute: str
    operator: str
    """``==`` and the like, ``IN``, ``NOT_IN`` or ``REGEX``."""
    value: Value | frozenset[Value]
    """Of ``REGEX``, the expression as it was written."""
    expression: LocatedExpression | None = field(default=None, compare=False)

    def holds(self, word: str) -> bool:
        """Whether a word fulfils it.

        Raises:
            FormatError: an expression takes too long.
        """
        found = ATTRIBUTES[self.attribute](word)
        if self.expression is not None:
            return bool(self.expression.spans(str(found)))
        if isinstance(self.value, frozenset):
            return (found in self.value) == (self.operator == "IN")
        return _COMPARED[self.operator](found, self.value)


@dataclass(frozen=True, slots=True)
class TokenTest:
    """All conditions on one token; none: any token will do."""

    conditions: tuple[Condition, ...] = ()

    def holds(self, word: str) -> bool:
        """Whether a word fulfils them all."""
        return all(condition.holds(word) for condition in self.conditions)


def token_test(at: CheckedObject, spec: Mapping[str, object]) -> TokenTest:
    """Return the conditions of a token, as JSON has them; what says how often it stands there is left out.

    Args:
        at: the pattern, for errors.

    Raises:
        FormatError: something in it is not supported.
    """
    found: list[Condition] = []
    for key, value in spec.items():
        name = "ORTH" if key.upper() == "TEXT" else key.upper()
        if name == "OP":
            continue
        if name not in ATTRIBUTES:
            raise at.error(f"the token attribute {key!r} is not supported; there are {', '.join((*ATTRIBUTES, 'OP'))}")
        if not isinstance(value, dict):
            found.append(Condition(name, "==", _fitting(at, name, value)))
        elif not value:
            raise at.error(f"{key!r} says nothing: give a value, or leave it out")
        else:
            found += [_predicate(at, name, str(operator), wanted) for operator, wanted in value.items()]
    return TokenTest(tuple(found))


def _predicate(at: CheckedObject, name: str, written: str, wanted: object) -> Condition:
    operator, kind = written.upper(), _KINDS.get(name, bool)
    allowed = {str: ("REGEX", "IN", "NOT_IN"), int: ("IN", "NOT_IN", *_COMPARED), bool: ()}[kind]
    if operator not in allowed:
        there = f"; there are {', '.join(allowed)}" if allowed else ": give true or false"
        raise at.error(f"{name} with {written!r} is not supported{there}")
    if operator == "REGEX":
        text = at.string(wanted, f"the expression of {name}")
        return Condition(name, operator, text, compiled(at, text))
    if operator in ("IN", "NOT_IN"):
        values = at.listed(wanted, f"{operator} of {name}")
        return Condition(name, operator, frozenset(_fitting(at, name, each) for each in values))
    return Condition(name, operator, _fitting(at, name, wanted))


def _fitting(at: CheckedObject, name: str, value: object) -> Value:
    kind = _KINDS.get(name, bool)
    # To spaCy, true and 1 are the same.
    if kind is bool and type(value) is int and value in (0, 1):
        return bool(value)
    if isinstance(value, str | int) and type(value) is kind:
        return value
    needed = {str: "a text", int: "a whole number", bool: "true or false"}[kind]
    raise at.error(f"{name} is {described(value)} where {needed} is needed")


def shape(word: str) -> str:
    """Return what a word looks like, as spaCy has it: ``X`` for capitals, ``x`` for letters, ``d`` for digits."""
    if len(word) >= _LONG:
        return "LONG"
    found, last, run = [], "", 0
    for char in word:
        kind = char
        if char.isalpha():
            kind = "X" if char.isupper() else "x"
        elif char.isdigit():
            kind = "d"
        run = run + 1 if kind == last else 1
        last = kind
        if run <= _RUN:
            found.append(kind)
    return "".join(found)


def _is_punctuation(word: str) -> bool:
    return all(unicodedata.category(char).startswith("P") for char in word)


ATTRIBUTES: Mapping[str, Callable[[str], Value]] = {
    "ORTH": str,
    "LOWER": str.lower,
    "SHAPE": shape,
    "LENGTH": len,
    "IS_TITLE": str.istitle,
    "IS_UPPER": str.isupper,
    "IS_LOWER": str.islower,
    "IS_DIGIT": str.isdigit,
    "IS_ALPHA": str.isalpha,
    "IS_ASCII": str.isascii,
    "IS_PUNCT": _is_punctuation,
}
"""What can be asked of a token; ``TEXT`` is another name of ``ORTH``."""
_KINDS: Mapping[str, type[str] | type[int]] = {"ORTH": str, "LOWER": str, "SHAPE": str, "LENGTH": int}
"""Of what type an attribute is; the others are true or false."""
_COMPARED: Mapping[str, Callable[[Value, Value], bool]] = {
    "==": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt,
}  # fmt: skip

"""Token patterns: conditions on consecutive tokens, some of which may stand there several times or not at all.

The matches are those of spaCy's ``Matcher``: all there are, of every length. ``+`` is one, then ``*``; ``!`` is one
token that does not fit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from ner_tui.domain.checked_values import CheckedObject, described
from ner_tui.patterns.conditions import TokenTest, token_test

LONGEST = 500
"""Tokens of a match at the most: what goes on for longer is no entity, and takes time with the square of its length."""
MOST_STEPS = 100
"""Tokens of a pattern at the most, those counted that ``{2,5}`` stands for."""
_WORDS_KEPT = 100_000
_COUNTED = re.compile(r"\{(\d{0,6})(?:(,)(\d{0,6}))?\}")


class Times(Enum):
    """How often the token of a step stands there."""

    ONCE = auto()
    NOT = auto()
    """One token that does not fulfil the conditions."""
    OPTIONAL = auto()
    ANY = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a token pattern."""

    test: TokenTest
    times: Times = Times.ONCE


Steps = tuple[Step, ...]


def steps_of(at: CheckedObject, specs: Sequence[object]) -> Steps:
    """Return the steps of a pattern, as JSON has it.

    Raises:
        FormatError: something in it is not supported.
    """
    found: list[Step] = []
    for each in specs:
        spec = at.mapping(each, "a token of the pattern")
        test = token_test(at, spec)
        for key, value in spec.items():
            if key.upper() == "OP":
                found += [Step(test, times) for times in _times(at, value)]
                break
        else:
            found.append(Step(test))
        if len(found) > MOST_STEPS:
            raise at.error(f"a pattern of more than {MOST_STEPS} tokens is not supported")
    return tuple(found)


def _times(at: CheckedObject, written: object) -> list[Times]:
    known = {
        "1": [Times.ONCE], "!": [Times.NOT], "?": [Times.OPTIONAL], "*": [Times.ANY], "+": [Times.ONCE, Times.ANY],
    }  # fmt: skip
    if isinstance(written, str):
        if written in known:
            return known[written]
        counted = _COUNTED.fullmatch(written)
        if counted and (counted[1] or counted[3]):
            least = int(counted[1] or 0)
            most = int(counted[3]) if counted[3] else None if counted[2] else least
            if max(least, most or 0) <= MOST_STEPS and (most is None or least <= most):
                rest = [Times.ANY] if most is None else [Times.OPTIONAL] * (most - least)
                return [Times.ONCE] * least + rest
    raise at.error(f"OP is {described(written)} where one of ! ? + * 1 {{n}} {{n,m}} {{n,}} {{,m}} is needed")


class _Compiled(NamedTuple):
    """A pattern with its tests by their numbers."""

    number: int
    steps: tuple[tuple[int, Times], ...]
    tail: int
    """The step from which on all may stand for no token."""


class TokenPatterns:
    """Any number of token patterns, each with a number."""

    def __init__(self) -> None:
        self._tests: dict[TokenTest, int] = {}
        self._compiled: list[_Compiled] = []
        self._by_text: dict[str, list[int]] = defaultdict(list)
        """Tests that one word alone fulfils, so that it is not asked of all of them."""
        self._by_lower: dict[str, list[int]] = defaultdict(list)
        self._others: list[tuple[int, TokenTest]] = []
        self._beginnings: dict[int, list[int]] = defaultdict(list)
        """By a test that has to hold for the first token: patterns, by their places in ``_compiled``."""
        self._anywhere: list[int] = []
        """Patterns of which that cannot be told."""
        self._words: dict[str, tuple[frozenset[int], tuple[int, ...]]] = {}

    def __len__(self) -> int:
        return len(self._compiled)

    def add(self, steps: Steps, number: int) -> None:
        """Add a pattern; of several with the same matches, the one with the least number is meant."""
        found = tuple((self._number_of(step.test), step.times) for step in steps)
        if found[0][1] is Times.ONCE:
            self._beginnings[found[0][0]].append(len(self._compiled))
        else:
            self._anywhere.append(len(self._compiled))
        tail = len(found)
        while tail and found[tail - 1][1] in (Times.OPTIONAL, Times.ANY):
            tail -= 1
        self._compiled.append(_Compiled(number, found, tail))

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yield ``[start, end)`` in tokens of each match in a sentence, and the number of its pattern.

        Raises:
            FormatError: an expression takes too long.
        """
        if not self._compiled:
            return
        known = [self._known(word) for word in words]
        true = [tests for tests, _ in known]
        for start, (_, patterns) in enumerate(known):
            for at in patterns:
                pattern = self._compiled[at]
                for end in _ends(pattern, true, start):
                    yield start, end, pattern.number

    def _number_of(self, test: TokenTest) -> int:
        number = self._tests.get(test)
        if number is not None:
            return number
        number = self._tests[test] = len(self._tests)
        first = test.conditions[0] if len(test.conditions) == 1 else None
        if first and first.operator == "==" and first.attribute in ("ORTH", "LOWER"):
            (self._by_text if first.attribute == "ORTH" else self._by_lower)[str(first.value)].append(number)
        else:
            self._others.append((number, test))
        return number

    def _known(self, word: str) -> tuple[frozenset[int], tuple[int, ...]]:
        """Return the tests that hold for a word, and the patterns that may begin with it."""
        found = self._words.get(word)
        if found is None:
            others = (number for number, test in self._others if test.holds(word))
            tests = frozenset((*self._by_text.get(word, ()), *self._by_lower.get(word.lower(), ()), *others))
            begun = [at for test in tests for at in self._beginnings.get(test, ())]
            if len(self._words) >= _WORDS_KEPT:
                self._words.clear()
            found = self._words[word] = (tests, (*self._anywhere, *begun))
        return found


def _ends(pattern: _Compiled, true: Sequence[frozenset[int]], start: int) -> set[int]:
    """Return where the matches of a pattern end that begin at ``start``; none is empty.

    Args:
        true: the tests that hold for each token.
    """
    steps, last = pattern.steps, len(pattern.steps) - 1
    found, states, limit = set[int](), {0}, min(len(true), start + LONGEST)
    for at in range(start, limit):
        following: set[int] = set()
        for state in states:
            for step in range(state, last + 1):
                test, times = steps[step]
                fits = (test in true[at]) != (times is Times.NOT)
                if times in (Times.ONCE, Times.NOT):
                    if fits and step == last:
                        found.add(at + 1)
                    elif fits:
                        following.add(step + 1)
                    break
                if fits and times is Times.ANY:
                    following.add(step)
                elif fits and step < last:
                    following.add(step + 1)
                elif fits:
                    found.add(at + 1)
                if step == last:
                    found.add(at)
        states = following
        if not states:
            break
    # What is left of these may stand for nothing.
    if any(state >= pattern.tail for state in states):
        found.add(limit)
    found.discard(start)
    return found

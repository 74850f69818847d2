"""Broken bytes for ``benchmarks/fuzz.py``: those of good files changed at random, and what hypothesis makes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any

from fuzz_targets import Target
from hypothesis import strategies as st

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 3, 1 << 60, 10**400, 0.5, float("nan"), float("inf"), "", "PER", "B-PER", " ", "\ud800", "a\0b",
    "\x1b[2J", "9" * 30, "x" * 500, "../../x", [], [[]], [0, 3, "PER"], {}, {"text": "Ada"},
    {"start": 0, "end": 3, "label": "PER"},
)  # fmt: skip
"""In place of values of JSON."""


def inputs(name: str, target: Target, dice: random.Random, number: int) -> Iterator[bytes]:
    """Yield broken bytes: some broken badly, some in one place, and JSON that is JSON still."""
    from mutations import mutated

    parsed = _parsed(target.corpus)
    for _ in range(number):
        how = dice.random()
        if target.corpus == (b"",):
            yield _changed(dice, name)
        elif parsed and how < 0.6:
            values = json.loads(json.dumps(dice.choice(parsed)))
            for _ in range(dice.choice((1, 1, 2, 3))):
                _break(values, dice)
            yield "\n".join(map(json.dumps, values)).encode()
        elif how < 0.8:
            data = dice.choice(target.corpus)
            at = dice.randint(0, len(data))
            yield data[:at] + dice.choice(target.pieces) + data[at + dice.choice((0, 0, 1, 2, 4)) :]
        else:
            yield mutated(dice, dice.choice(target.corpus), target.corpus)


def _parsed(corpus: Sequence[bytes]) -> list[list[Any]]:
    """Return the JSON values of the files that hold nothing else, one a line or one in all."""
    found = []
    for raw in corpus:
        with suppress(ValueError):
            found.append([json.loads(line) for line in ([raw] if raw.startswith(b"[") else raw.splitlines())])
    return found


def _break(value: Any, dice: random.Random) -> None:
    """Change something in a list or object, however deep."""
    while value:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = dice.choice(keys)
        inner = value[key]
        if isinstance(inner, (dict, list)) and inner and dice.random() < 0.8:
            value = inner
            continue
        how = dice.randrange(4)
        if how == 0:
            del value[key]
        elif how == 1 and isinstance(value, list):
            value.insert(key, deepcopy(inner))
        else:
            value[key] = deepcopy(dice.choice(ODD))
        return


def strategy(target: Target) -> st.SearchStrategy[bytes]:
    """Return what hypothesis makes for a target: its words in any order, JSON with the keys of the formats."""
    words = st.lists(st.sampled_from([*target.pieces, *target.corpus]) | st.binary(max_size=6), max_size=30)
    texts = st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
    made = st.one_of(words.map(b"".join), texts, st.binary(max_size=60))
    if not _parsed(target.corpus):
        return made
    keys = sorted(_keys(_parsed(target.corpus)))
    numbers = st.integers(-2, 40) | st.floats()
    leaves = st.none() | st.booleans() | numbers | st.text(max_size=12) | st.sampled_from(keys)
    values = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(keys), inner, max_size=6),
        max_leaves=30,
    )
    lines = st.lists(values, min_size=1, max_size=3).map(lambda found: "\n".join(map(json.dumps, found)).encode())
    return made | lines


def _keys(value: Any) -> set[str]:
    """Return the keys of all objects in a value."""
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    return set[str]().union(*map(_keys, value)) if isinstance(value, list) else set()


def _changed(dice: random.Random, name: str) -> bytes:
    """Return the bytes of a few changes, for the targets whose bytes are not a file's own."""
    size = 4 * dice.randint(1, 6) + (3 if name == "project" and dice.random() < 0.1 else 0)
    return dice.randbytes(size)

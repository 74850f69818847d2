"""Terms: a million strings of words, found wherever they stand, in flat arrays.

Each word is cut into symbols, each symbol has a number, and the terms are a tree of symbols: its nodes are numbered
level by level, and node ``n`` is reached by edge ``n - 1``, whose key is its parent and its symbol in one number. The
keys ascend, so that all places of a text go down the tree at once, a binary search a step.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ner_tui.domain.segmentation.tokens import tokenize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

BREAK = ""
"""Stands between the words of two sentences; it is in no term."""
_UNKNOWN = 0
_WORDS_KEPT = 200_000
_PART = re.compile(r"\w+|[^\w\s]")
Cut = Callable[[str], tuple[str, ...]]
"""From a word to its symbols, at least one."""


def whole(word: str) -> tuple[str, ...]:
    """Return a word as its only symbol."""
    return (word,)


def lowered(word: str) -> tuple[str, ...]:
    """Return a word in lower case as its only symbol."""
    return (word.lower(),)


def parts(word: str) -> tuple[str, ...]:
    """Return the runs of letters and digits, and the signs, of a word.

    So a term is found however text is cut into tokens: the file's own tokens, or ours, where a full stop may belong to
    the word before it or not.
    """
    found = tuple(part for start, end in tokenize(word) for part in _PART.findall(word[start:end]))
    return found or (word,)


class TermTable:
    """Terms, each with a number; it is filled, then asked."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._ids: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        """Of words met lately: a symbol's number, or -n for entry n - 1 of ``_several``."""
        self._several: list[tuple[int, ...]] = []
        self._symbols = array("i")
        """Of all terms, one after another, until the tree is made."""
        self._lengths = array("i")
        self._numbers = array("i")
        self._tree: _Tree | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, words: Iterable[str], number: int) -> None:
        """Add a term; of equal ones the first is meant."""
        self._forget()
        before = len(self._symbols)
        for word in words:
            code = self._codes.get(word)
            if code is None:
                code = self._new_code(word)
            if code > 0:
                self._symbols.append(code)
            else:
                self._symbols.extend(self._several[-code - 1])
        self._lengths.append(len(self._symbols) - before)
        self._numbers.append(number)

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Return ``[start, end)`` of each match, counted in words, and the number of its term.

        Args:
            words: of any number of sentences, with ``BREAK`` between them.
        """
        if not self._numbers:
            return []
        if self._tree is None:
            self._tree = _Tree(self._symbols, self._lengths, self._numbers, len(self._ids))
            self._symbols, self._lengths = array("i"), array("i")
            # A code of a text's word may be another: that of a word with unknown symbols.
            self._codes.clear()
            self._several.clear()
        self._forget()
        codes = self._codes
        return self._tree.find([codes[word] if word in codes else self._code(word) for word in words], self._several)

    def _forget(self) -> None:
        if len(self._codes) >= _WORDS_KEPT:
            self._codes.clear()
            self._several.clear()

    def _new_code(self, word: str) -> int:
        """Return the code of a word of a term, whose symbols get numbers if they have none."""
        ids = self._ids
        return self._keep(word, tuple(ids.setdefault(symbol, len(ids) + 1) for symbol in self._cut(word)))

    def _code(self, word: str) -> int:
        """Return the code of a word of a text; a word with a symbol that is in no term is in none itself."""
        numbers = tuple(self._ids.get(symbol, _UNKNOWN) for symbol in self._cut(word))
        return self._keep(word, (_UNKNOWN,) if word == BREAK or _UNKNOWN in numbers else numbers)

    def _keep(self, word: str, numbers: tuple[int, ...]) -> int:
        if len(numbers) > 1:
            self._several.append(numbers)
        code = self._codes[word] = numbers[0] if len(numbers) == 1 else -len(self._several)
        return code


class _Tree:
    """The terms as a tree of symbols."""

    def __init__(self, symbols: array[int], lengths: array[int], numbers: array[int], symbol_count: int) -> None:
        import numpy as np

        flat = np.frombuffer(symbols, np.int32)
        left = np.frombuffer(lengths, np.int32).astype(np.int64)
        number = np.frombuffer(numbers, np.int32)
        at = np.concatenate(([0], np.cumsum(left)[:-1]))
        node = np.zeros(len(left), np.int64)
        keys: list[Numbers] = []
        ends: list[NDArray[np.int32]] = [np.full(1, -1, np.int32)]
        made = 1
        while len(node):
            level, place = np.unique((node << 32) | flat[at], return_inverse=True)
            end = np.full(len(level), -1, np.int32)
            last = left == 1
            # Of several values for a place the last is kept: that of the first term.
            end[place[last][::-1]] = number[last][::-1]
            keys.append(level)
            ends.append(end)
            more = ~last
            node, at, left, number = place[more] + made, at[more] + 1, left[more] - 1, number[more]
            made += len(level)
        self._keys = np.concatenate(keys)
        self._ends = np.concatenate(ends)
        """Of each node, the number of the term that ends there, or -1."""
        self._first = np.full(symbol_count + 1, -1, np.int32)
        """Of each symbol, the node that it leads to from the root, or -1."""
        self._first[keys[0]] = np.arange(1, len(keys[0]) + 1)

    def find(self, codes: list[int], several: Sequence[tuple[int, ...]]) -> list[tuple[int, int, int]]:
        """Return the matches, as in ``TermTable``."""
        import numpy as np

        symbols = np.array(codes, np.int64)
        owners, begins, ends = np.arange(len(symbols)), np.ones(len(symbols), bool), np.ones(len(symbols), bool)
        if (wide := np.flatnonzero(symbols < 0)).size:
            counts = np.ones(len(symbols), np.int64)
            cut = {place: several[-codes[place] - 1] for place in wide.tolist()}
            counts[wide] = [len(numbers) for numbers in cut.values()]
            edges = np.concatenate(([0], np.cumsum(counts)))
            owners = np.repeat(owners, counts)
            symbols = np.repeat(symbols, counts)
            for place, numbers in cut.items():
                symbols[edges[place] : edges[place + 1]] = numbers
            begins, ends = np.zeros(len(symbols), bool), np.zeros(len(symbols), bool)
            begins[edges[:-1]] = ends[edges[1:] - 1] = True
        node = np.where(begins, self._first[symbols], -1).astype(np.int64)
        start = np.flatnonzero(node >= 0)
        node, at = node[start], start + 1
        found: list[tuple[int, int, int]] = []
        while len(start):
            number = self._ends[node]
            done = np.flatnonzero((number >= 0) & ends[at - 1])
            found += zip(
                owners[start[done]].tolist(), (owners[at[done] - 1] + 1).tolist(), number[done].tolist(), strict=True
            )
            inside = at < len(symbols)
            start, node, at = start[inside], node[inside], at[inside]
            key = (node << 32) | symbols[at]
            edge = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
            hit = self._keys[edge] == key
            start, node, at = start[hit], edge[hit] + 1, at[hit] + 1
        return found

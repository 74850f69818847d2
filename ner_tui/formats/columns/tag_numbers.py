"""Tags by number: of millions of cells few differ, so many are numbered at a time and none is made a string (numpy)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.evaluation.labelled_texts import Numbers
from ner_tui.domain.schemes import EDGE

Bytes = NDArray[np.uint8]
_Blocks = NDArray[np.uint64]

BLOCK = 8
"""Bytes that are compared as one number."""
LONGEST = 4 * BLOCK
"""Bytes of a tag at most."""
_MOST = 250
"""Different tags at most: of more, tables of all pairs would be large."""
_BITS = np.uint64(16)
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(BLOCK + 1)], np.uint64)
"""What keeps so many bytes of a block, the first ones."""


class TagNumbers:
    """The numbers of the tags of a file."""

    def __init__(self) -> None:
        self.names = [EDGE]
        """The tags by number; 0 is none's."""
        self._blocks = [_Numbering() for _ in range(LONGEST // BLOCK)]
        self._tags = _Numbering()

    def of(self, raw: Bytes, starts: Numbers, ends: Numbers) -> Numbers | None:
        """Return the numbers of tags; None: one is too long, or too many differ.

        Args:
            raw: UTF-8 without a NUL, but for ``LONGEST`` of them at its end.
            starts: of the tags in ``raw``; none is empty.
            ends: the same.
        """
        lengths = ends - starts
        longest = int(lengths.max(initial=0))
        if longest > LONGEST:
            return None
        # At every byte begins a block of eight.
        blocks: _Blocks = np.ndarray((len(raw) - BLOCK + 1,), "<u8", raw, 0, (1,))
        first = self._blocks[0].of(blocks[starts] & _MASKS[np.minimum(lengths, BLOCK)])
        keys = first.astype(np.uint64)
        for number, numbering in enumerate(self._blocks[1:], 1):
            begin = number * BLOCK
            if longest <= begin:
                break
            rows = np.flatnonzero(lengths > begin)
            kept = _MASKS[np.minimum(lengths[rows] - begin, BLOCK)]
            further = numbering.of(blocks[starts[rows] + begin] & kept).astype(np.uint64)
            keys[rows] |= further << np.uint64(number) * _BITS
        if max(map(len, self._blocks)) > _MOST:
            return None
        numbers = self._tags.of(keys)
        if len(self._tags) > _MOST:
            return None
        for number in range(len(self.names), len(self._tags)):
            at = int(np.argmax(numbers == number))
            self.names.append(raw[starts[at] : ends[at]].tobytes().decode("utf-8", "surrogatepass"))
        return numbers


class _Numbering:
    """Numbers from 1 for values other than 0, in no order."""

    def __init__(self) -> None:
        self._values = np.zeros(1, np.uint64)
        self._numbers = np.zeros(1, np.int64)

    def __len__(self) -> int:
        return len(self._values)

    def of(self, values: _Blocks) -> Numbers:
        """Return the number of each value; what is new gets the next ones."""
        places = self._places(values)
        fresh = self._values[places] != values
        if fresh.any():
            new = np.unique(values[fresh])
            numbers = np.concatenate((self._numbers, np.arange(len(self), len(self) + len(new))))
            together = np.concatenate((self._values, new))
            order = np.argsort(together)
            self._values, self._numbers = together[order], numbers[order]
            places = self._places(values)
        found: Numbers = self._numbers[places]
        return found

    def _places(self, values: _Blocks) -> Numbers:
        return np.minimum(np.searchsorted(self._values, values), len(self) - 1)

"""Windows to tensors: sub-tokens, token types, the target of each word's first sub-token.

The loss and every prediction look at the first sub-token of a word alone; the others carry `IGNORED`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

import torch
from tokenizers import Tokenizer

from ner_tui.predictors.shapes import ShapeTable
from ner_tui.training.data import IGNORED, TrainingSentence


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window as sub-tokens, special tokens included; the lists are of one length."""

    ids: list[int]
    types: list[int]
    """Letter shapes, 0 for special tokens; all 0 when the model is not fed shapes."""
    targets: list[int]
    heads: list[int]
    """For the first sub-token of each word the word's number in the window; -1 for all others."""
    before: int = 0
    """Words of the windows that were encoded with it and stand before it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded on the right: integer tensors of shape (windows, longest)."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    targets: torch.Tensor
    rows: torch.Tensor
    """For first sub-tokens the number of the word among all that were encoded together; -1 for all others."""


class WindowEncoder:
    """A tokenizer with the model's limits."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        letter_shapes: ShapeTable | None,
        max_pieces: int,
        pad_id: int,
        sees_padding: bool = False,
    ) -> None:
        """
        Args:
            tokenizer: splits words into sub-tokens; its own padding and truncation are switched off here.
            letter_shapes: what is given as token types; None: nothing is.
            max_pieces: sub-tokens the model can take at once; what is beyond is cut (in training alone).
            pad_id: what fills a batch up.
            sees_padding: what fills a batch up changes what the model says.
        """
        self.sees_padding = sees_padding
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._letter_shapes = letter_shapes
        self._max_pieces = max_pieces
        self._pad_id = pad_id

    def encode(self, windows: Sequence[TrainingSentence]) -> list[Encoded]:
        """Split windows into sub-tokens. A word without any (a lone control character) gets no target."""
        encodings = self._tokenizer.encode_batch([list(w.words) for w in windows], is_pretokenized=True)
        before = accumulate((len(window.words) for window in windows), initial=0)
        return [
            self._one(window, encoding.ids, encoding.word_ids, first)
            for window, encoding, first in zip(windows, encodings, before, strict=False)
        ]

    def _one(self, window: TrainingSentence, ids: list[int], words: list[int | None], first: int) -> Encoded:
        shapes = [self._letter_shapes.shape(word) if self._letter_shapes else 0 for word in window.words]
        types = [0 if word is None else shapes[word] for word in words]
        heads = [
            -1 if word is None or word == before else word for word, before in zip(words, [None, *words], strict=False)
        ]
        if len(ids) > self._max_pieces:
            last = self._max_pieces - 1
            ids, types, heads = [*ids[:last], ids[-1]], [*types[:last], 0], [*heads[:last], -1]
        targets = [IGNORED if head < 0 else window.targets[head] for head in heads]
        return Encoded(ids, types, targets, heads, first)

    def batch(self, windows: Sequence[Encoded]) -> Batch:
        """Pad windows to the longest of them."""
        longest = max(len(w.ids) for w in windows)

        def padded(rows: Sequence[list[int]], filler: int) -> torch.Tensor:
            return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])

        return Batch(
            ids=padded([w.ids for w in windows], self._pad_id),
            mask=padded([[1] * len(w.ids) for w in windows], 0),
            types=padded([w.types for w in windows], 0),
            targets=padded([w.targets for w in windows], IGNORED),
            rows=padded([[head if head < 0 else w.before + head for head in w.heads] for w in windows], -1),
        )


def bucket(windows: Sequence[Encoded], pieces: int, random: Random | None = None) -> Iterator[list[Encoded]]:
    """Group windows of like lengths into batches of at most so many sub-tokens, padding included.

    With `random` ties are broken and batches come in random order; without it the shortest come first.
    """
    order = list(windows)
    if random:
        random.shuffle(order)
    order.sort(key=lambda window: len(window.ids))
    batches: list[list[Encoded]] = [[]]
    for window in order:
        # Sorted by length, so this window is the longest of its batch.
        if batches[-1] and len(window.ids) * (len(batches[-1]) + 1) > pieces:
            batches.append([])
        batches[-1].append(window)
    if random:
        random.shuffle(batches)
    yield from (batch for batch in batches if batch)

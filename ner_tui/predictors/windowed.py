"""The part all backends share: a block of sentences through windows and batches to probabilities per word.

A backend brings a ``Forward``: arrays of sub-tokens in, logits out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ner_tui.domain.document import Sentence
from ner_tui.domain.printable import without_surrogates
from ner_tui.domain.schemes import prefix_role, split_tag
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.errors import ModelError
from ner_tui.predictors.base import Context, ModelInfo, Piece, TrainedOn, WordProbabilities
from ner_tui.predictors.batch_threads import BatchThreads, StartedBatch, sentences_read
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.forward import FloatArray, Forward, StateArray, StateForward, padded
from ner_tui.predictors.pieces import IntArray, Pieces, WordEncoder, encoder_for, tame, training_text
from ner_tui.predictors.shapes import ShapeTable
from ner_tui.predictors.weights import Weights
from ner_tui.predictors.windows import Limits, Window, batches, overlapping, plan, rule

LARGEST = float(np.finfo(np.float16).max)
"""Larger states are cut: a model that is sound has none."""


class WindowedPredictor:
    """A predictor over a model's forward pass."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        weights: Weights,
        tokenizer: Tokenizer,
        forward: Forward,
        tags: tuple[str, ...],
        *,
        precision: str,
        pad_id: int,
        batch_pieces: int,
        threads: int = 0,
        trained_on: TrainedOn | None = None,
        states: StateForward | None = None,
    ) -> None:
        """Join a checkpoint's parts.

        Args:
            checkpoint: names the model and says how it wants to be fed.
            weights: what is hashed for ``info``.
            tokenizer: it is changed, see ``pieces.tame`` and ``pieces.encoder_for``.
            forward: runs the model.
            tags: the model's tags in the order of its outputs.
            precision: for ``info``.
            pad_id: the sub-token that fills windows up.
            batch_pieces: sub-tokens of a batch, padding included, at most; 0 to have each window read by itself.
            threads: batches that are read at a time, in threads; 0 if ``forward`` keeps all processors busy by itself,
                and each is read when it is asked for.
            trained_on: what a person says of its training; None: what its files say.
            states: runs the model for its states too; None: it gives none.
        """
        tame(tokenizer, checkpoint.name)
        before, after = special_ids(tokenizer)
        self._before, self._after = before, after
        self._limits = checkpoint.limits(len(before) + len(after))
        self._temperature = checkpoint.temperature
        self._letter_shapes = checkpoint.letter_shapes
        shape = checkpoint.letter_shapes.shape if checkpoint.letter_shapes else None
        self._trained_on, guess = training_text(tokenizer, trained_on or checkpoint.trained_on)
        self._remarks = (*checkpoint.remarks(weights, tags), *([f"{checkpoint.name}: {guess}"] if guess else []))
        self._encoder = encoder_for(tokenizer, self._limits.word_pieces, shape, self._trained_on)
        self._tokenizer = tokenizer
        self._forward: Forward | None = forward
        self._states = states
        self._tags = tags
        self._pad_id = pad_id
        self._batch_pieces = 0 if checkpoint.sees_padding else batch_pieces
        self._name = checkpoint.name
        self._weights = weights
        self._precision = precision
        self._info: ModelInfo | None = None
        # What shares a batch is fixed before, so which thread reads it changes no result.
        self._pool = BatchThreads(threads) if threads else None
        self._encoding = Lock()

    @property
    def info(self) -> ModelInfo:
        """What it is. The first call hashes the weights."""
        if self._info is None:
            digest = self._weights.sha256()
            cut = rule(self._limits, self._batch_pieces)
            # Runs of models of word pieces, which are always read so, are known without these words.
            if self._trained_on == "words" and not isinstance(self._encoder, WordEncoder):
                cut += ", split words"
            self._info = ModelInfo(self._name, digest, self._precision, self._tags, cut, self._remarks)
        return self._info

    @property
    def channels(self) -> int:
        """As in ``StatePredictor``."""
        return self._states.channels if self._states else 0

    def predict(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """Return one value for each sentence of ``block`` in order, as soon as the windows it needs have been read.

        Reading begins at once, so that a caller can have the next blocks read while it deals with one.

        Raises:
            ModelError: the model failed, now or while the values are taken.
        """
        return self._predict(block, context, None)

    def predict_with_states(self, block: Sequence[Sentence], context: Context) -> Iterator[WordProbabilities]:
        """As in ``StatePredictor``."""
        return self._predict(block, context, self._states)

    def _predict(
        self, block: Sequence[Sentence], context: Context, asked: StateForward | None
    ) -> Iterator[WordProbabilities]:
        with self._encoding, reported_as(f"{self._name}: the tokenizer failed"):
            pieces = self._encoder.encode(block)
        sizes = [len(sentence.tokens) for sentence in block]
        windows = plan(sizes, pieces.counts, self._limits, context)
        words = _Words(pieces, list(accumulate(pieces.counts, initial=0)))
        probabilities = np.tile(_outside_row(self._tags), (len(pieces.counts), 1))
        states = np.zeros((len(pieces.counts), asked.channels), dtype=np.float16) if asked else None
        found = _Found(probabilities, states, asked)
        special = len(self._before) + len(self._after)
        cut = batches([len(words.of(window)) + special for window in windows], self._batch_pieces)
        reads = [partial(self._read, [windows[index] for index in batch], words, found) for batch in cut]
        done = self._started(reads)

        def rows() -> Iterator[WordProbabilities]:
            unseen = pieces.heads < 0
            ends = list(accumulate(sizes))
            for sentence in sentences_read(ends, windows, cut, done):
                places = slice(ends[sentence] - sizes[sentence], ends[sentence])
                yield found.of(places, unseen)

        return rows()

    def _started(self, reads: Sequence[Callable[[], None]]) -> Sequence[Callable[[], None]]:
        """Have batches read in the background if the backend can; calling one waits for it, or reads it then."""
        if self._forward is None:
            raise ModelError(f"{self._name}: the model was closed")
        if self._pool is None:
            return reads
        return [StartedBatch(self._pool.submit(read), self._name) for read in reads]

    def _read(self, windows: Sequence[Window], words: _Words, found: _Found) -> None:
        """Run one batch and write what it says of the windows' own words."""
        ranges = [words.of(window) for window in windows]
        if not any(ranges):
            return
        logits, states = self._run(
            [words.pieces.ids[places.start : places.stop] for places in ranges],
            [words.pieces.types[places.start : places.stop] for places in ranges],
            found.asked,
        )
        for row, (window, places) in enumerate(zip(windows, ranges, strict=True)):
            heads = words.pieces.heads[window.own_start : window.own_end]
            seen = np.flatnonzero(heads >= 0)
            columns = np.maximum(heads[seen] - places.start, 0) + len(self._before)
            found.probabilities[window.own_start + seen] = self._softmax(logits[row, columns])
            if found.states is not None and states is not None:
                found.states[window.own_start + seen] = np.clip(states[row, columns], -LARGEST, LARGEST)

    def _run(
        self, ids: Sequence[IntArray], types: Sequence[IntArray], asked: StateForward | None = None
    ) -> tuple[FloatArray, FloatArray | None]:
        """Run windows together, special sub-tokens around each; states are given where they are asked for."""
        forward = self._forward
        if forward is None:
            raise ModelError(f"{self._name}: the model was closed")
        inputs = padded(ids, types, self._before, self._after, self._pad_id)
        states = None
        if asked is None:
            logits = forward(inputs)
        else:
            logits, states = asked.run(inputs)
        if logits.shape != (*inputs.ids.shape, len(self._tags)):
            given = logits.shape[-1] if logits.ndim else 0
            raise ModelError(f"{self._name}: the model gives {given} values a sub-token for {len(self._tags)} tags")
        return logits, states

    def _softmax(self, logits: FloatArray) -> FloatArray:
        # What is no number is reported below, in one sentence.
        with np.errstate(all="ignore"):
            scaled = logits / np.float32(self._temperature)
            powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
            result: FloatArray = powers / powers.sum(axis=-1, keepdims=True)
        if not np.isfinite(result).all():
            raise ModelError(f"{self._name}: the model returned values that are not numbers; it may be damaged")
        return result

    def wordpieces(self, text: str) -> Iterator[Piece]:
        """Yield every sub-token of ``text``, the special ones once, as the original recipe lists them.

        Text past the model's limit is read in windows that overlap.

        Raises:
            ModelError: the model failed.
        """
        clean = without_surrogates(text)
        with self._encoding:
            # The recipe takes text that spells a special sub-token for one.
            self._tokenizer.encode_special_tokens = False
            try:
                with reported_as(f"{self._name}: the tokenizer failed"):
                    encoding = self._tokenizer.encode(clean)
            finally:
                self._tokenizer.encode_special_tokens = True
        start, count = len(self._before), len(encoding.ids) - len(self._before) - len(self._after)
        ids = np.array(encoding.ids[start : start + count], dtype=np.int64)
        types = np.zeros(count, dtype=np.int64)
        if self._letter_shapes:
            types[:] = _shapes(self._letter_shapes, clean, encoding.offsets[start : start + count])
        windows = [Window(0, 0, count, count)] if encoding.ids else []
        if count > self._limits.pieces:
            windows = overlapping(0, count, range(count + 1), Limits(count, self._limits.pieces))
        names = encoding.tokens
        for window in windows:
            places = slice(window.start, window.end)
            rows = self._softmax(self._run([ids[places]], [types[places]])[0][0])
            # The special sub-tokens before belong to the first window, those behind to the last.
            first = 0 if window.own_start == 0 else start + window.own_start
            last = start + window.own_end + (len(self._after) if window.own_end == count else 0)
            best = rows.argmax(axis=-1)
            for place in range(first, last):
                row = place - window.start
                yield Piece(names[place], self._tags[best[row]], float(rows[row, best[row]]))

    def close(self) -> None:
        """Let go of the model; what was not read yet is not read any more."""
        self._forward = self._states = None
        if self._pool:
            self._pool.close()


class _Found(NamedTuple):
    """What the batches of a block write into."""

    probabilities: FloatArray
    states: StateArray | None
    asked: StateForward | None

    def of(self, places: slice, unseen: NDArray[np.bool_]) -> WordProbabilities:
        """Return what was found of some words."""
        states = None if self.states is None else self.states[places]
        return WordProbabilities(self.probabilities[places], unseen[places], states)


class _Words(NamedTuple):
    """A block's sub-tokens with where each word's begin."""

    pieces: Pieces
    bounds: Sequence[int]

    def of(self, window: Window) -> range:
        """Return the window's places in ``pieces.ids``."""
        return range(self.bounds[window.start], self.bounds[window.end])


def special_ids(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Return the special sub-tokens a tokenizer puts before and behind a text."""
    encoding = tokenizer.encode("a")
    plain = [index for index, special in enumerate(encoding.special_tokens_mask) if not special]
    first, last = (plain[0], plain[-1]) if plain else (len(encoding.ids), len(encoding.ids))
    return encoding.ids[:first], encoding.ids[last + 1 :]


def _outside_row(tags: Sequence[str]) -> NDArray[np.float32]:
    """Return the row of a word the model did not see: O is certain, or all zeros for a model without O."""
    row = np.zeros(len(tags), dtype=np.float32)
    outside = [index for index, tag in enumerate(tags) if prefix_role(split_tag(tag)[0]) == "outside"]
    row[outside[:1]] = 1.0
    return row


def _shapes(table: ShapeTable, text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Return the letter shape of the word each sub-token of running text begins in."""
    words = tokenize(text)
    ends = [word.end for word in words]
    shapes = [table.shape(text[word.start : word.end]) for word in words]
    places = (bisect_right(ends, start) for start, _ in offsets)
    return [shapes[place] if place < len(shapes) else 0 for place in places]

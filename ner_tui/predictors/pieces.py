"""Sub-tokens: a block of sentences as a model's vocabulary sees it, and which of them speaks for each word.

Words are matched to sub-tokens by construction or by offset, never by counting. Two ways of encoding:

- WordPiece models were trained on words: each word is encoded by itself, so a word met before costs a look-up.
- Byte-level and sentence-piece vocabularies were trained on running text, where a space belongs to the word after it:
  the sentence is encoded whole, behind a space, and sub-tokens go to the word where their first visible character is.
  Many a model of words was made with them from words already split, though, each encoded by itself with or without a
  space before it, as the tokenizer is set up: those are read so too.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece

from ner_tui.domain.document import Sentence
from ner_tui.predictors.base import TrainedOn
from ner_tui.predictors.checkpoint_limits import refuse_growth
from ner_tui.predictors.faults import reported_as

IntArray = NDArray[np.int64]

WORD_CHARACTERS = 2_000
"""Characters of a word that are looked at: far more than the sub-tokens of a word that are read."""
REMEMBERED = 50_000
"""Words whose sub-tokens are kept in memory; when there are more, remembering starts anew."""
REMEMBERED_CHARACTERS = 50
"""Longer words are not remembered: they hardly come back, and cost memory."""

_SURROGATES = re.compile("[\ud800-\udfff]")

_GUESSED: dict[bool, tuple[TrainedOn, str]] = {
    True: (
        "words",
        "its tokenizer puts a space before each word, so it is read as trained on split words; if it was trained on "
        "running text, pass --trained-on text",
    ),
    False: (
        "text",
        "its byte-level tokenizer puts no space before a word, so it is read as trained on running text; if it was "
        "trained on split words, pass --trained-on words",
    ),
}
"""What is taken for granted, and told, by whether a byte-level tokenizer begins a text with a space that is not there:
nothing but split words needs that."""

Shape = Callable[[str], int]
"""Gives a word's token type."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The sub-tokens of a block's words, one sentence after the other, special ones left out."""

    ids: IntArray
    """Vocabulary ids."""
    types: IntArray
    """Token type of each sub-token."""
    counts: list[int]
    """How many sub-tokens each word has; they stand in ``ids`` in order."""
    heads: IntArray
    """For each word the index in ``ids`` of the sub-token that speaks for it; -1 where the vocabulary has none."""


class Encoder(Protocol):
    """Turns words into sub-tokens."""

    def encode(self, sentences: Sequence[Sentence]) -> Pieces:
        """Encode the words of a block."""
        ...


def tame(tokenizer: Tokenizer, name: str) -> None:
    """Switch off what a checkpoint's tokenizer does to a text as a whole, before it is given any.

    Args:
        tokenizer: it is changed: it pads nothing, to any length that a file may name, and cuts nothing.
        name: of the checkpoint.

    Raises:
        ModelError: it makes far more of a text than there is.
    """
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if tokenizer.normalizer is not None:
        with reported_as(f"{name}: its tokenizer cannot be used"):
            refuse_growth(name, json.loads(tokenizer.normalizer.__getstate__()))


def training_text(tokenizer: Tokenizer, asked: TrainedOn | None) -> tuple[TrainedOn, str]:
    """Return what a model was trained on, and what to tell where that was guessed and may be wrong.

    Args:
        tokenizer: the model's.
        asked: what a person or the checkpoint says; None: nothing is said.
    """
    if isinstance(tokenizer.model, WordPiece):
        return "words", ""
    spaced = _space_before_text(tokenizer)
    if asked or spaced is None:
        return asked or "text", ""
    return _GUESSED[spaced]


def encoder_for(tokenizer: Tokenizer, word_pieces: int, shape: Shape | None, trained_on: TrainedOn = "text") -> Encoder:
    """Choose how to encode for a vocabulary.

    Args:
        tokenizer: one that was tamed; it is changed: text that looks like a special sub-token is text.
        word_pieces: sub-tokens of one word, at most; further ones are dropped.
        shape: gives each word's token type; None: all are 0.
        trained_on: see ``training_text``.
    """
    tokenizer.encode_special_tokens = True
    if isinstance(tokenizer.model, WordPiece):
        return WordEncoder(tokenizer, word_pieces, shape)
    kind = SplitEncoder if trained_on == "words" else TextEncoder
    return kind(tokenizer, word_pieces, shape)


class WordEncoder:
    """Encodes word by word."""

    def __init__(self, tokenizer: Tokenizer, word_pieces: int, shape: Shape | None) -> None:
        self._tokenizer = tokenizer
        self._word_pieces = word_pieces
        self._shape = shape
        self._known: dict[str, tuple[tuple[int, ...], int]] = {}

    def encode(self, sentences: Sequence[Sentence]) -> Pieces:
        """Encode the words of a block."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        words = [word for sentence in sentences for word in sentence.words]
        new = [word for word in dict.fromkeys(words) if word not in self._known]
        if new:
            self._learn(new)
        draft = _Draft()
        for word in words:
            pieces, kind = self._known[word]
            draft.heads.append(len(draft.ids) if pieces else -1)
            draft.add(pieces, kind)
        for word in new:
            if len(word) > REMEMBERED_CHARACTERS:
                del self._known[word]
        return draft.pieces()

    def _learn(self, words: list[str]) -> None:
        encodings = self._tokenizer.encode_batch([readable(word) for word in words], add_special_tokens=False)
        for word, encoding in zip(words, encodings, strict=True):
            kind = self._shape(word) if self._shape else 0
            self._known[word] = tuple(encoding.ids[: self._word_pieces]), kind


class TextEncoder:
    """Encodes sentence by sentence, as running text."""

    def __init__(self, tokenizer: Tokenizer, word_pieces: int, shape: Shape | None) -> None:
        self._tokenizer = tokenizer
        self._word_pieces = word_pieces
        self._shape = shape

    def encode(self, sentences: Sequence[Sentence]) -> Pieces:
        """Encode the words of a block."""
        laid = [_running_text(sentence) for sentence in sentences]
        encodings = self._tokenizer.encode_batch([text for text, _ in laid], add_special_tokens=False)
        draft = _Draft()
        for sentence, (text, places), encoding in zip(sentences, laid, encodings, strict=True):
            ids = encoding.ids
            owned, shared = _by_word(text, places, encoding.offsets)
            # Where a sub-token of this sentence went; those beyond a word's share went nowhere.
            placed: dict[int, int] = {}
            for word, indices, other in zip(sentence.words, owned, shared, strict=True):
                kept = indices[: self._word_pieces]
                placed.update(zip(kept, range(len(draft.ids), len(draft.ids) + len(kept)), strict=True))
                draft.heads.append(placed.get(kept[0] if kept else other, -1))
                draft.add([ids[index] for index in kept], self._shape(word) if self._shape else 0)
        return draft.pieces()


class SplitEncoder:
    """Encodes words that were split before, as transformers does in training with ``is_split_into_words``."""

    def __init__(self, tokenizer: Tokenizer, word_pieces: int, shape: Shape | None) -> None:
        self._tokenizer = tokenizer
        self._word_pieces = word_pieces
        self._shape = shape

    def encode(self, sentences: Sequence[Sentence]) -> Pieces:
        """Encode the words of a block."""
        given = [[readable(word) for word in sentence.words] for sentence in sentences]
        encodings = self._tokenizer.encode_batch(given, is_pretokenized=True, add_special_tokens=False)
        draft = _Draft()
        for sentence, encoding in zip(sentences, encodings, strict=True):
            owned: list[list[int]] = [[] for _ in sentence.words]
            for number, word in zip(encoding.ids, encoding.word_ids, strict=True):
                if word is not None:
                    owned[word].append(number)
            for text, ids in zip(sentence.words, owned, strict=True):
                draft.heads.append(len(draft.ids) if ids else -1)
                draft.add(ids[: self._word_pieces], self._shape(text) if self._shape else 0)
        return draft.pieces()


class _Draft:
    """``Pieces`` while they are collected."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.types: list[int] = []
        self.counts: list[int] = []
        self.heads: list[int] = []

    def add(self, ids: Sequence[int], kind: int) -> None:
        """Add the sub-tokens of the next word."""
        self.ids += ids
        self.types += [kind] * len(ids)
        self.counts.append(len(ids))

    def pieces(self) -> Pieces:
        """Return what was collected."""
        ids, types, heads = (np.array(values, dtype=np.int64) for values in (self.ids, self.types, self.heads))
        return Pieces(ids, types, self.counts, heads)


def _space_before_text(tokenizer: Tokenizer) -> bool | None:
    """Whether a byte-level tokenizer begins a text, or a word alone, with a space; None for one of another kind."""
    if tokenizer.pre_tokenizer is None:
        return None
    step = json.loads(tokenizer.pre_tokenizer.__getstate__())
    steps = step.get("pretokenizers", [step])
    found = [each.get("add_prefix_space") is True for each in steps if each.get("type") == "ByteLevel"]
    return any(found) if found else None


def without_surrogates(text: str) -> str:
    """Return a text as a vocabulary can take it: lone surrogates, which are no characters, replaced one by one."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def readable(word: str) -> str:
    """Return a word as a vocabulary can take it, cut if it is absurdly long."""
    return without_surrogates(word[:WORD_CHARACTERS])


def _running_text(sentence: Sentence) -> tuple[str, list[tuple[int, int]]]:
    """Return a sentence behind a space, one space for each stretch of white space, and the words' places in it."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length, end = 0, -1
    for token, word in zip(sentence.tokens, sentence.words, strict=True):
        gap = "" if token.start == end else " "
        text = readable(word)
        start = length + len(gap)
        parts += (gap, text)
        length = start + len(text)
        places.append((start, length))
        end = token.end
    return "".join(parts), places


def _by_word(
    text: str, places: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]
) -> tuple[list[list[int]], list[int]]:
    """Give sub-tokens to words.

    Returns:
        For each word the sub-tokens whose first visible character it holds (one that is only space goes to the word
        behind it, as in training), and the last earlier one that reaches into it, or -1.
    """
    ends = [end for _, end in places]
    owned: list[list[int]] = [[] for _ in places]
    shared = [-1] * len(places)
    for index, (start, end) in enumerate(offsets):
        while start < end and text[start] == " ":
            start += 1
        word = bisect_right(ends, start)
        if word == len(places):
            continue
        owned[word].append(index)
        for following in range(word + 1, len(places)):
            if places[following][0] >= end:
                break
            shared[following] = index
    return owned, shared

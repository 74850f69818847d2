"""Words as GLiNER counts them, with their sub-tokens: what windows and prompts are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from tokenizers import Tokenizer

from ner_tui.domain.document import Sentence
from ner_tui.errors import ModelError
from ner_tui.predictors import checkpoint_limits as limits
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.gliner.settings import Settings
from ner_tui.predictors.pieces import REMEMBERED, REMEMBERED_CHARACTERS, readable, tame
from ner_tui.predictors.windowed import special_ids

_WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")
"""A word or a mark, as models of GLiNER saw them in training."""


@dataclass(frozen=True, slots=True)
class BlockWords:
    """The words of a block of sentences."""

    places: list[tuple[int, int]]
    """Offsets of each in the document."""
    pieces: list[tuple[int, ...]]
    """Sub-tokens of each; none where the vocabulary has none."""
    sizes: list[int]
    """How many each sentence has; a word lies inside one sentence."""


class Words:
    """Splits and encodes, and remembers."""

    def __init__(self, settings: Settings, tokenizer: Tokenizer) -> None:
        """Take a tokenizer, which is changed: see ``pieces.tame``.

        Raises:
            ModelError: it has no marks to stand between labels and text, or makes far more of a text than there is.
        """
        self._name = settings.name
        tame(tokenizer, settings.name)
        with reported_as(f"{settings.name}: the tokenizer failed"):
            self.before, self.after = special_ids(tokenizer)
        self.entity = _mark(tokenizer, settings.name, settings.entity_token)
        self.separator = _mark(tokenizer, settings.name, settings.separator_token)
        # A text that spells a mark is text.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}
        self._lock = Lock()

    def of_prompt(self, text: str) -> tuple[int, ...]:
        """Return the sub-tokens of what stands for a label."""
        with reported_as(f"{self._name}: the tokenizer failed"):
            return self._encoded([text])[0]

    def of_block(self, block: Sequence[Sentence], most: int) -> BlockWords:
        """Return a block's words.

        Args:
            most: sub-tokens of a word, at most; further ones are left out.
        """
        found = [
            [(match.group(), match.start() + sentence.start) for match in _WORD.finditer(sentence.text)]
            for sentence in block
        ]
        words = [word for of_sentence in found for word, _ in of_sentence]
        with self._lock, reported_as(f"{self._name}: the tokenizer failed"):
            if len(self._known) > REMEMBERED:
                self._known.clear()
            new = [word for word in dict.fromkeys(words) if word not in self._known]
            self._known.update(zip(new, self._encoded(new), strict=True))
            pieces = [self._known[word][:most] for word in words]
            for word in new:
                if len(word) > REMEMBERED_CHARACTERS:
                    del self._known[word]
        places = [(start, start + len(word)) for of_sentence in found for word, start in of_sentence]
        return BlockWords(places, pieces, [len(of_sentence) for of_sentence in found])

    def _encoded(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        given = [[readable(word)] for word in words]
        encodings = self._tokenizer.encode_batch(given, is_pretokenized=True, add_special_tokens=False)
        return [tuple(encoding.ids) for encoding in encodings]


def _mark(tokenizer: Tokenizer, name: str, mark: str) -> int:
    """Return the sub-token that stands before a label or before the text."""
    number: int | None = tokenizer.token_to_id(mark)
    if number is None:
        raise ModelError(
            f"{name}: tokenizer.json has no {limits.shown(mark)}, which stands between labels and text: copy the "
            "tokenizer that belongs to the model"
        )
    return number

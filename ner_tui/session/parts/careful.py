"""A model asked with care: where it fails at a block, or its process dies of it, the block is halved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ner_tui.domain.document import Sentence
from ner_tui.errors import ModelError
from ner_tui.session.parts.tries import Tries, key_of

if TYPE_CHECKING:
    from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
    from ner_tui.predictors.base import SuggestedPart, TextSource

DEATHS = 2
"""Processes that end at the same sentences before these are taken for the reason: one may have been killed."""
MOST_DEATHS = 8
"""The same where both halves can be read: processes are killed by what is no fault of the sentences, too."""
MOST_FAILED = 20
"""Sentences of a part that are given up at the most: where more fail, they are not the reason."""


class CarefulSource:
    """A source of suggestions in place of another one, which it asks for one block after the other.

    A block that nothing is wrong with is read in one piece, so that it gets what it would get otherwise.
    """

    def __init__(self, source: TextSource, reopened: Callable[[], TextSource], tries: Tries) -> None:
        """Take a source.

        Args:
            reopened: makes another one in its place, after it failed.
        """
        self._source = source
        self._reopened = reopened
        self._tries = tries
        self.labels, self.unmapped, self.remarks = source.labels, source.unmapped, source.remarks

    @property
    def run(self) -> PredictionRun:
        """As in ``SuggestionSource``."""
        return self._source.run

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        """As in ``SuggestionSource``."""
        return self._source.suggest(block)

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        """As in ``TextSource``, but for what is taken ahead: nothing.

        Raises:
            ModelError: it fails at too many sentences.
        """
        for block in blocks:
            yield block, self._said(block) if block else []

    def close(self) -> None:
        """As in ``SuggestionSource``."""
        self._source.close()

    def _said(self, block: Sequence[Sentence]) -> list[tuple[Suggestion, ...]]:
        reason = "the process that read it ended, twice"
        deaths = self._tries.deaths.get(key_of(block), 0)
        if deaths < DEATHS:
            try:
                return self._in_one_piece(block)
            except ModelError as error:
                reason = self._failed(error)
        if len(block) > 1:
            middle = len(block) // 2
            halves = [*self._said(block[:middle]), *self._said(block[middle:])]
            if DEATHS <= deaths < MOST_DEATHS and not self._tries.gave_up(block):
                try:
                    return self._in_one_piece(block)
                except ModelError as error:
                    self._failed(error)
            return halves
        self._tries.give_up(block[0], reason)
        if len(self._tries.failed) > MOST_FAILED:
            raise ModelError(f"the model failed at more than {MOST_FAILED} sentences of one part: {reason}")
        return [()]

    def _in_one_piece(self, block: Sequence[Sentence]) -> list[tuple[Suggestion, ...]]:
        with self._tries.at(block):
            return [some for _, part in self._source.ahead([block]) for some in part]

    def _failed(self, error: ModelError) -> str:
        """Open the model anew, and return why it failed."""
        self._source.close()
        self._source = self._reopened()
        return str(error)

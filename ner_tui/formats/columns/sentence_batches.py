"""Many sentences at a time, as columns of words and tags: they are stored without a look at each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, starmap
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.domain.schemes import decode, objection, transitions, validate

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.labelled_texts import WordRows
    from ner_tui.domain.packing import PackedSentences


class RowBatch(NamedTuple):
    """Sentences of which nothing but words and spans is wanted."""

    line: int
    """Of the first word, counted from 1."""
    rows: WordRows


LONGEST = 255
"""Characters of a word in a batch."""


class SentenceBatch:
    """Sentences as rows of words and tags, a row with an empty word after each; their document goes on after them."""

    __slots__ = ("_between", "_ends", "_lengths", "_line", "tags", "words")

    def __init__(self, words: list[str], tags: list[str], line: int, between: list[int]) -> None:
        """Take the rows.

        Args:
            words: an empty one after each sentence, the last included.
            tags: ``schemes.EDGE`` where a sentence ends; none at all where there are no tags.
            line: of what stands first, a row or what is none, counted from 1.
            between: how many lines, comments, are no rows, up to the first word of each sentence; empty: none is.
        """
        self.words = words
        self.tags = tags
        self._line = line
        self._between = between or [0] * words.count("")
        self._lengths = list(map(len, words))
        self._ends = list(_positions("", words))

    @property
    def line(self) -> int:
        """Of the first word, counted from 1."""
        return self._line + self._between[0]

    @property
    def last(self) -> int:
        """The line of the last word."""
        return self._line + len(self.words) - 2 + self._between[-1]

    @property
    def sentences(self) -> int:
        """How many there are."""
        return len(self._ends)

    def bounds(self) -> Iterator[tuple[int, int, int]]:
        """Yield the first row of each sentence, the one behind its last, and the line of its first word."""
        firsts = [0, *(end + 1 for end in self._ends)]
        for first, last, between in zip(firsts, self._ends, self._between, strict=False):
            yield first, last, self._line + first + between

    def count_valid(self, scheme: str | None) -> int:
        """Return how many sentences, from the first on, have no problem and no word too long."""
        problems = list[int]()
        # There are few different pairs of neighbours.
        if scheme is not None and any(objection(*pair, scheme) for pair in set(transitions(self.tags))):
            problems = [problem.token for problem in validate(self.tags, scheme)[:1]]
        if max(self._lengths) > LONGEST:
            problems.append(next(at for at, length in enumerate(self._lengths) if length > LONGEST))
        return bisect_left(self._ends, min(problems)) if problems else self.sentences

    def first(self, sentences: int) -> SentenceBatch:
        """Return a batch of the first sentences."""
        rows = self._ends[sentences - 1] + 1
        return SentenceBatch(self.words[:rows], self.tags[:rows], self._line, self._between[:sentences])

    def packed(self, start: int, *, tagged: bool) -> PackedSentences:
        """Return the sentences as they are stored.

        Args:
            start: of the first, in the document's text.
            tagged: whether the tags are decisions.
        """
        # The preview needs no sentences as they are stored: it is not to wait for the import.
        from ner_tui.domain.packing import PackedSentences, PackedSpan, pack_spaced

        words = self.words
        before = list(accumulate(self._lengths, initial=0))
        bounds = list(self.bounds())
        tokens = pack_spaced(self._lengths, ((first, last) for first, last, _ in bounds))
        assert tokens is not None, "a word is too long for a batch"
        return PackedSentences(
            # A space or a line end follows each word; a row that ends a sentence is nothing in the text.
            [start + before[first] + first - number for number, (first, _, _) in enumerate(bounds)],
            [" ".join(words[first:last]) + "\n" for first, last, _ in bounds],
            tokens,
            [last - first for first, last, _ in bounds],
            [line for _, _, line in bounds],
            list(starmap(PackedSpan, self._spans(start, before))) if tagged else [],
        )

    def _spans(self, start: int, before: list[int]) -> Iterator[tuple[int, int, str, str]]:
        number = 0
        for first, last, label in decode(self.tags):
            while self._ends[number] < first:
                number += 1
            at = start + before[first] + first - number
            text = self.words[first] if last == first + 1 else " ".join(self.words[first:last])
            yield at, at + len(text), label, text


def _positions(value: str, values: list[str]) -> Iterator[int]:
    """Yield each position of ``value``; it has to be the last of the values, too."""
    at, last = -1, len(values) - 1
    while at < last:
        at = values.index(value, at + 1)
        yield at

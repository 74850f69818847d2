"""Sentences with their tags and lines in a file, and pairs of them from two annotations of the same tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from ner_tui.domain.schemes import TagSpan
from ner_tui.errors import InputError


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with its spans, and where each of its words stands."""

    path: str
    """Of the file, as people know it."""
    words: Sequence[str]
    lines: Sequence[int]
    """The line of each word, counted from 1; as long as ``words``."""
    tags: Sequence[str]
    """As they are in the file, one for each word; empty where the source has none, such as JSON Lines."""
    spans: Sequence[TagSpan]
    """Ascending by start; in words."""
    confirmed: bool = False
    """Whether a person has confirmed it, as far as the source says that."""
    text: str = ""
    """That the words are of, with what stands between them; empty: a space does."""

    def stretch(self, start: int, end: int) -> str:
        """Return the words from ``start`` to before ``end`` as they stand in the text, with what is between them."""
        if not self.text:
            return " ".join(self.words[start:end])
        first = last = 0
        for at, word in enumerate(islice(self.words, end)):
            # What is between two words is blank, and words are not.
            begin = self.text.index(word, last)
            first, last = begin if at <= start else first, begin + len(word)
        return self.text[first:last]

    def place(self, word: int) -> str:
        """Return ``file:line`` of a word, counted from 0."""
        return f"{self.path}:{self.lines[word]}"


SentencePair = tuple[TaggedSentence, TaggedSentence]


def aligned(
    ours: Iterable[TaggedSentence], theirs: Iterable[TaggedSentence], names: tuple[str, str], step: str = ""
) -> Iterator[SentencePair]:
    """Yield the sentences of two annotations side by side; those without words are skipped.

    Args:
        names: the paths of both, for the message where one of them ends before the other.
        step: the end of that message, with what else can be done.

    Raises:
        InputError: their tokens or sentences differ; says where first, in both.
    """
    before: list[str] = list(names)
    for one, other in zip_longest(filter(_has_words, ours), filter(_has_words, theirs)):
        if one is None or other is None or one.words != other.words:
            raise InputError(f"{_difference((one, other), before)}: both must have the same tokens and sentences{step}")
        yield one, other
        before = [one.place(-1), other.place(-1)]


def _has_words(sentence: TaggedSentence) -> bool:
    return len(sentence.words) > 0


def _difference(sentences: tuple[TaggedSentence | None, TaggedSentence | None], before: list[str]) -> str:
    """Return where two sentences, one of which may be missing, first differ."""
    one, other = sentences
    if one is None or other is None:
        longer, ended = (other, before[0]) if one is None else (one, before[1])
        assert longer is not None
        return f"{longer.place(0)} has {longer.words[0]!r} where the other file ends, after {ended}"
    for at, (word, theirs) in enumerate(zip(one.words, other.words, strict=False)):
        if word != theirs:
            return f"{one.place(at)} has {word!r} where {other.place(at)} has {theirs!r}"
    longer, shorter = (one, other) if len(one.words) > len(other.words) else (other, one)
    at = len(shorter.words)
    return f"{longer.place(at)} goes on with {longer.words[at]!r} where a sentence ends after {shorter.place(-1)}"

"""Texts with the spans that one annotator sees in them, and the words that several annotators' texts have in common.

A text is held as arrays over its words. Its characters are those of its words alone, so that the same text is the same
whether it came from columns, from a record or from a file of prose, and however it was cut into words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
WordNote = tuple[int, int, str]
"""The first word that a note is on, the word behind the last, and what it says."""


@dataclass(frozen=True, slots=True, eq=False)
class WordRows:
    """Sentences of one document that follow each other, by their words and spans alone; everything in them counts."""

    characters: str
    """Of all words, nothing between."""
    lengths: Numbers
    """Of the words, in characters."""
    sentence_ends: Numbers
    """Behind which word each sentence ends; ascending."""
    spans: Numbers
    """A row for each span: its first word, the word behind its last, its label's place in ``labels``; ascending."""
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledText:
    """A document as one annotator has it."""

    name: str
    characters: str
    """Of all words, nothing between."""
    ends: Numbers
    """Where each word ends in ``characters``; ascending."""
    sentences: Numbers
    """Behind which word each sentence ends; ascending."""
    spans: Numbers
    """A row for each span: its first word, the word behind its last, the number of its label; ascending."""
    counts: Flags
    """Of each word, whether what is said of it counts: it was confirmed, and stands in the others' text, too."""
    notes: tuple[WordNote, ...] = ()
    """A person's remarks."""

    @property
    def key(self) -> bytes:
        """The same for texts of the same characters."""
        return blake2b(self.characters.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True, eq=False)
class SharedTexts:
    """The words that all annotators' texts have, one document after the other, and the spans of each annotator.

    Where the texts are cut into words in several ways, a word is what none of them cuts.
    """

    names: tuple[str, ...]
    """Of the documents."""
    document_ends: Numbers
    """Behind which word each document ends."""
    sentence_ends: Numbers
    """Behind which word each sentence of the first annotator ends."""
    spans: tuple[Numbers, ...]
    """Of each annotator, as in ``LabelledText``; words are counted over all documents."""
    of_words: int
    """How many words there are with those that do not count."""
    of_sentences: int
    """How many sentences there are with those of which a word does not count."""
    recut: int = 0
    """How many documents are cut into words in several ways."""

    @property
    def words(self) -> int:
        """How many count."""
        return int(self.document_ends[-1]) if len(self.document_ends) else 0


def in_common(sides: Sequence[Sequence[LabelledText]]) -> list[tuple[LabelledText, ...]]:
    """Return the texts that all sides have, in the order of the first; equal ones one for one."""
    found: list[dict[tuple[bytes, int], LabelledText]] = []
    for texts in sides:
        seen: Counter[bytes] = Counter()
        of_side: dict[tuple[bytes, int], LabelledText] = {}
        for text in texts:
            key = text.key
            of_side[key, seen[key]] = text
            seen[key] += 1
        found.append(of_side)
    return [tuple(side[key] for side in found) for key in found[0] if all(key in side for side in found)]


def shared_texts(documents: Iterable[Sequence[LabelledText]]) -> SharedTexts:
    """Put the texts that all annotators have one behind the other; what does not count for one is left out."""
    names: list[str] = []
    document_ends, sentence_ends, words, all_words, all_sentences, recut = [0], [np.empty(0, np.int64)], 0, 0, 0, 0
    spans: list[list[Numbers]] = []
    for texts in documents:
        first = texts[0]
        spans = spans or [[] for _ in texts]
        ends = first.ends
        if any(len(text.ends) != len(ends) or not np.array_equal(text.ends, ends) for text in texts[1:]):
            ends = reduce(np.union1d, (text.ends for text in texts))
            recut += 1
        keep = reduce(np.logical_and, (_counts(text, ends) for text in texts))
        at = np.concatenate(([0], np.cumsum(keep)))
        for side, text in zip(spans, texts, strict=True):
            side.append(_kept(_recut(text, ends), at, words))
        stops = _words_at(first, ends, first.sentences)
        begins = np.concatenate(([0], stops[:-1]))
        whole = (at[stops] - at[begins] == stops - begins) & (stops > begins)
        sentence_ends.append(at[stops[whole]] + words)
        all_sentences += int(np.count_nonzero(stops > begins))
        all_words += len(ends)
        words += int(at[-1])
        names.append(first.name)
        document_ends.append(words)
    return SharedTexts(
        tuple(names),
        np.array(document_ends[1:], np.int64),
        np.concatenate(sentence_ends),
        tuple(np.concatenate(side) for side in spans),
        all_words,
        all_sentences,
        recut,
    )


def _counts(text: LabelledText, ends: Numbers) -> Flags:
    """Return which of the words that end at ``ends`` count."""
    if ends is text.ends or len(ends) == len(text.ends):
        return text.counts
    counts: Flags = text.counts[np.searchsorted(text.ends, ends)]
    return counts


def _words_at(text: LabelledText, ends: Numbers, places: Numbers) -> Numbers:
    """Return behind how many of the words that end at ``ends`` places stand that are behind so many words of a text."""
    if len(ends) == len(text.ends):
        return places
    behind = np.concatenate(([0], text.ends))[places]
    found: Numbers = np.searchsorted(ends, behind, side="right")
    return found


def _recut(text: LabelledText, ends: Numbers) -> Numbers:
    if len(ends) == len(text.ends):
        return text.spans
    places = [_words_at(text, ends, text.spans[:, column]) for column in (0, 1)]
    return np.stack([*places, text.spans[:, 2]], axis=1)


def _kept(spans: Numbers, at: Numbers, before: int) -> Numbers:
    """Return the spans of which every word counts, where they are among the words that do.

    Args:
        at: how many words count before each.
        before: how many words stand before the document.
    """
    begin, end = at[spans[:, 0]], at[spans[:, 1]]
    whole = end - begin == spans[:, 1] - spans[:, 0]
    found: Numbers = np.stack([begin + before, end + before, spans[:, 2]], axis=1)[whole]
    return found

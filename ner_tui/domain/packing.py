"""Tokens as bytes and sentences as columns: the form in which millions of them are imported and stored.

Between a file and the project file no sentence is needed on its own, so none is made an object: many sentences are a
few lists. What works on a sentence gets ``Sentence`` and ``Token`` from what is stored.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple, TypeVar

from ner_tui.domain.annotation.edits import Note
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.document import Status
from ner_tui.domain.spans import Token, make_token
from ner_tui.domain.stream import AnnotatedSentence, Metadata

_T = TypeVar("_T")
_BYTES, _WORDS = b"\x00", b"\x01"
_LIMIT = 256


def pack_tokens(tokens: Sequence[Token], base: int) -> bytes:
    """Write tokens as the gaps and lengths between their edges, a byte each where they fit."""
    steps: list[int] = []
    at = base
    for start, end in tokens:
        steps += (start - at, end - start)
        at = end
    if not steps or max(steps) < _LIMIT:
        return _BYTES + bytes(steps)
    words = array("I", steps)
    if sys.byteorder == "big":
        words.byteswap()
    return _WORDS + words.tobytes()


def pack_spaced(lengths: Sequence[int], bounds: Iterable[tuple[int, int]]) -> list[bytes] | None:
    """Write the tokens of many sentences in each of which one character stands between two tokens, and no other.

    Args:
        lengths: of all tokens, in characters.
        bounds: the first token of each sentence and the one behind its last, counted in ``lengths``.

    Returns:
        What ``pack_tokens`` would for each; None if a length does not fit into a byte.
    """
    if max(lengths, default=0) >= _LIMIT:
        return None
    steps = bytearray(b"\x01") * (2 * len(lengths))
    steps[1::2] = bytes(lengths)
    # Nothing stands before the first token.
    head = _BYTES + bytes(1)
    return [head + steps[2 * first + 1 : 2 * last] for first, last in bounds]


def count_tokens(packed: bytes) -> int:
    """Return how many tokens ``pack_tokens`` wrote."""
    steps = len(packed) - 1
    return steps // 2 if packed[:1] == _BYTES else steps // (2 * array("I").itemsize)


def unpack_edges(packed: bytes, base: int) -> list[int]:
    """Return the tokens' edges in order: start, end, start, end, …, as offsets in the document."""
    steps: Iterable[int] = memoryview(packed)[1:]
    if packed[:1] == _WORDS:
        words = array("I", packed[1:])
        if sys.byteorder == "big":
            words.byteswap()
        steps = words
    return list(accumulate(steps, initial=base))[1:]


def unpack_tokens(packed: bytes, base: int) -> tuple[Token, ...]:
    """Return the tokens that ``pack_tokens`` wrote."""
    edges = unpack_edges(packed, base)
    return tuple(map(make_token, zip(edges[::2], edges[1::2], strict=True)))


class PackedSpan(NamedTuple):
    """A span with its words."""

    start: int
    end: int
    label: str
    text: str


@dataclass(slots=True)
class PackedSentences:
    """Sentences of one document that follow each other, with all that a file has for them; one entry a sentence."""

    starts: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tokens: list[bytes] = field(default_factory=list)
    """As ``pack_tokens`` writes them."""
    words: list[int] = field(default_factory=list)
    """How many tokens each has."""
    lines: list[int] = field(default_factory=list)
    """Of the source, counted from 1, where the first token stands."""
    spans: list[PackedSpan] = field(default_factory=list)
    """Of all of them, ascending."""
    states: list[tuple[int, Status, bool]] = field(default_factory=list)
    """Start, status and whether it is flagged of each sentence that is not untouched or is flagged; ascending."""
    notes: list[Note] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    """Of all of them, ascending."""
    metadata: list[tuple[int, Metadata]] = field(default_factory=list)
    """Start and metadata of each sentence that has some, ascending."""

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def end(self) -> int:
        """Offset after the last sentence; there has to be one."""
        return self.starts[-1] + len(self.texts[-1])

    def add(self, sentences: AnnotatedSentence | PackedSentences) -> None:
        """Append one, or many."""
        if isinstance(sentences, PackedSentences):
            for name in self.__slots__:
                getattr(self, name).extend(getattr(sentences, name))
        else:
            self._add(sentences)

    def _add(self, annotated: AnnotatedSentence) -> None:
        sentence = annotated.sentence
        base, text = sentence.start, sentence.text
        self.starts.append(base)
        self.texts.append(text)
        # What is stored is packed already, and need not be taken apart.
        packed = pack_tokens(sentence.tokens, base) if sentence.packed is None else sentence.packed
        self.tokens.append(packed)
        self.words.append(count_tokens(packed))
        self.lines.append(sentence.line)
        self.spans += [
            PackedSpan(s.start, s.end, s.label, text[s.start - base : s.end - base]) for s in annotated.spans
        ]
        if annotated.status != "untouched" or annotated.flagged:
            self.states.append((base, annotated.status, annotated.flagged))
        self.notes += annotated.notes
        self.suggestions += annotated.suggestions
        if annotated.metadata:
            self.metadata.append((base, annotated.metadata))

    def cut(self, number: int) -> PackedSentences:
        """Remove the first ``number`` sentences and return them."""
        at = self.starts[number] if number < len(self) else self.end
        return PackedSentences(
            _cut(self.starts, number),
            _cut(self.texts, number),
            _cut(self.tokens, number),
            _cut(self.words, number),
            _cut(self.lines, number),
            spans=_cut(self.spans, bisect_left(self.spans, at, key=lambda span: span.start)),
            states=_cut(self.states, bisect_left(self.states, at, key=lambda state: state[0])),
            notes=_cut(self.notes, bisect_left(self.notes, at, key=lambda note: note.start)),
            suggestions=_cut(self.suggestions, bisect_left(self.suggestions, at, key=lambda each: each.span.start)),
            metadata=_cut(self.metadata, bisect_left(self.metadata, at, key=lambda each: each[0])),
        )


def _cut(values: list[_T], number: int) -> list[_T]:
    taken = values[:number]
    del values[:number]
    return taken

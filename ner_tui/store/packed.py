"""Stored sentences whose tokens are unpacked when they are asked for.

Who writes them out mostly needs their words, and who edits one of thousands of tokens a few of these.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from ner_tui.domain.document import Sentence
from ner_tui.domain.packing import unpack_edges, unpack_tokens
from ner_tui.domain.spans import Token

_IN_BYTES = bytes(1)
"""How ``pack_tokens`` begins where each gap and each length has one byte."""
_ONE_SPACE = b"\x01"


class PackedSentence(Sentence):
    """A sentence as the project file has it."""

    __slots__ = ("_packed", "_unpacked", "_words")
    _packed: bytes
    _unpacked: tuple[Token, ...] | None
    _words: list[str] | None

    def __init__(self, start: int, text: str, packed: bytes, line: int) -> None:
        # It is frozen like every sentence; `tokens` is not put there, it is the property below.
        put = object.__setattr__
        put(self, "start", start)
        put(self, "text", text)
        put(self, "line", line)
        put(self, "_packed", packed)
        put(self, "_unpacked", None)
        put(self, "_words", None)

    @property
    def packed(self) -> bytes:
        """As in ``Sentence``."""
        return self._packed

    @property
    def tokens(self) -> tuple[Token, ...]:
        """As in ``Sentence``."""
        if self._unpacked is None:
            object.__setattr__(self, "_unpacked", unpack_tokens(self._packed, self.start))
        return self._unpacked or ()

    def tokens_touching(self, start: int, end: int) -> tuple[Token, ...]:
        """As in ``Sentence``; the others are not made."""
        edges = unpack_edges(self._packed, self.start)
        starts, ends = edges[::2], edges[1::2]
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        return tuple(map(Token, starts[first:last], ends[first:last]))

    @property
    def words(self) -> list[str]:
        """As in ``Sentence``, but the same list each time."""
        if self._words is None:
            object.__setattr__(self, "_words", self._cut() or super().words)
        return self._words or []

    def _cut(self) -> list[str]:
        """Return the text cut at its spaces if one stands between any two words and nowhere else, or else nothing."""
        words, packed = self.text.removesuffix("\n").split(" "), self._packed
        gaps = packed[1::2]
        alone = (
            packed.startswith(_IN_BYTES)
            and gaps.startswith(_IN_BYTES)
            and gaps.count(_ONE_SPACE) == len(words) - 1
            and [*map(len, words)] == [*packed[2::2]]
        )
        return words if alone else []

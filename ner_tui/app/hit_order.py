"""The hits of a search as an order to go through: counted beside the keys, so that it can be said which one this is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ner_tui.app.sliced_stream import SlicedStream

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from ner_tui.session.search import Hit

MOST = 100_000
"""Hits that are counted at the most."""


class HitOrder:
    """Where the hits of a project stand, as far as they are counted."""

    def __init__(self, node: DOMNode, hits: Iterator[Hit | None], changed: Callable[[], object]) -> None:
        """Begin to count ``hits``, which come in order; ``changed`` is called when there are more."""
        self._places: list[tuple[int, int]] = []
        self._changed = changed
        self._stream = SlicedStream(node, hits, self._take, self._ended)
        self._stream.resume()

    def stop(self) -> None:
        """Count no further."""
        self._stream.stop()

    def words(self, document: int, token: tuple[int, int]) -> str:
        """Return which hit stands on ``token`` of a document, of how many, such as ``hit 3/17``."""
        before = bisect_left(self._places, (document, token[0]))
        # A hit may begin inside the token that it is found by.
        on = bisect_right(self._places, (document, max(token[0], token[1] - 1))) > before
        return f"hit {before + on:,}/{len(self._places):,}{'' if self._stream.over else '+'}"

    def _ended(self, error: str) -> None:
        self._changed()

    def _take(self, found: list[Hit]) -> bool:
        self._places += [(hit.document, hit.start) for hit in found]
        self._changed()
        return len(self._places) < MOST

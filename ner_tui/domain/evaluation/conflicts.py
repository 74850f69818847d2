"""Conflicts: maximal groups of overlapping spans of several readers that are not the same for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """What stands at ``[start, end)``."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


S = TypeVar("S", bound=Placed)


def span_groups(readers: Sequence[Sequence[S]]) -> Iterator[tuple[tuple[S, ...], ...]]:
    """Yield the groups of overlapping spans in the order of the text, each as what every reader has in it.

    Spans of one group share a word with each other, or with one that does; no word is shared between two groups.

    Args:
        readers: the spans of each, of one sentence or document.
    """
    marked = sorted(
        ((span, reader) for reader, spans in enumerate(readers) for span in spans),
        key=lambda each: (each[0].start, each[0].end, each[1]),
    )
    group: list[list[S]] = [[] for _ in readers]
    end = None
    for span, reader in marked:
        if end is not None and span.start >= end:
            yield tuple(map(tuple, group))
            group, end = [[] for _ in readers], None
        group[reader].append(span)
        end = span.end if end is None else max(end, span.end)
    if end is not None:
        yield tuple(map(tuple, group))


def is_conflict(group: Sequence[Sequence[S]]) -> bool:
    """Whether what readers have in a group is not the same for all."""
    return any(list(each) != list(group[0]) for each in group[1:])

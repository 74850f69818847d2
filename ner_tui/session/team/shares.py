"""Who gets which documents: whole ones, so that everybody has as many words as the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_MOST = 2_000
"""Documents of two annotators of which every exchange is looked at."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Documents by their numbers, ascending."""

    shared: tuple[int, ...]
    """For everybody."""
    own: tuple[tuple[int, ...], ...]
    """For one annotator each."""


def share_out(
    words: Sequence[int], before: Sequence[int], overlap: float, *, seed: int = 0, shared_before: int = 0
) -> Shares:
    """Share documents out.

    Args:
        words: of each document that nobody has yet.
        before: the words that each annotator has already.
        overlap: the share of all words that everybody gets, 0 to 1.
        seed: of the choice: the same one, the same choice.
        shared_before: the words that everybody has already; they count among those of ``before``.
    """
    people = len(before)
    random = Random(seed)
    order = list(range(len(words)))
    random.shuffle(order)
    # What each has alone, and once what all have.
    total = sum(words) + sum(before) - (people - 1) * shared_before
    shared = _chosen(words, order, overlap * total - shared_before)
    held = [have + sum(words[at] for at in shared) for have in before]
    own: list[list[int]] = [[] for _ in before]
    rest = [at for at in order if at not in shared]
    # The longest first: the last and shortest even out what is left.
    for at in sorted(rest, key=lambda each: -words[each]):
        poorest = min(range(people), key=held.__getitem__)
        own[poorest].append(at)
        held[poorest] += words[at]
    while _evened(words, own, held):
        pass
    return Shares(tuple(sorted(shared)), tuple(tuple(sorted(each)) for each in own))


def _chosen(words: Sequence[int], order: Sequence[int], wanted: float) -> set[int]:
    """Return documents that have as many words as are wanted, as far as whole ones can."""
    found: set[int] = set()
    for at in order:
        if words[at] and abs(wanted - words[at]) < abs(wanted):
            found.add(at)
            wanted -= words[at]
    return found


def _evened(words: Sequence[int], own: list[list[int]], held: list[int]) -> bool:
    """Give a document of who has most to who has least, or exchange two, where that evens them out; whether it did."""
    rich, poor = (choose(range(len(held)), key=held.__getitem__) for choose in (max, min))
    gap = held[rich] - held[poor]
    if gap < 2 or len(own[rich]) + len(own[poor]) > _MOST:
        return False
    offers = [(words[one], one, -1) for one in own[rich]]
    offers += [(words[one] - words[other], one, other) for one in own[rich] for other in own[poor]]
    change, one, other = min(offers, key=lambda each: abs(gap - 2 * each[0]), default=(0, -1, -1))
    if not 0 < change < gap:
        return False
    own[rich].remove(one)
    own[poor].append(one)
    if other >= 0:
        own[poor].remove(other)
        own[rich].append(other)
    held[rich] -= change
    held[poor] += change
    return True

"""Numbers of things in sentences for people."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 sentence``, ``2,000 sentences``.

    Args:
        noun: of one thing, with what follows it, as in ``sentence without a span``, if the plural is given.
        plural: of several; None: the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"

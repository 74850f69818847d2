"""How much a run of the tests tries: `make check` a part of what `make thorough` does."""

from __future__ import annotations

import os

THOROUGH = "NER_TUI_THOROUGH"
"""The variable that asks for everything."""
_PART = 8


def examples(number: int) -> int:
    """Return how many examples of a property are tried, of ``number`` where everything is."""
    return number if os.environ.get(THOROUGH) else max(5, number // _PART)
